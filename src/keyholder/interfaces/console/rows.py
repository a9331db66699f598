"""Rows: the frozen values of which the console's pages are made, beside the parts that all pages share."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.interfaces.console.parts import Badge, Chip, Fact, Happening, Node, Source, Step, Tone, Who


@dataclass(frozen=True, slots=True)
class Place:
    """A resource as a page's title names it. ``account`` is the name of the account it belongs to."""

    type: str
    key: str
    name: str
    kind: str
    icon: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A line that leads somewhere."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with what the page shows; without an address it can't be, and ``refusal`` says why."""

    label: str
    icon: str
    url: str = ""
    refusal: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for the reader."""

    title: str
    detail: str
    icon: str
    tone: Tone
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number worth a look, with a sentence about it."""

    label: str
    value: int
    detail: str
    icon: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the check-list of a new instance."""

    label: str
    url: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class AdminNode:
    """A resource in a column of the administration; ``people`` is how many have access there, None where that is not shown."""

    label: str
    key: str
    url: str
    current: bool = False
    people: int | None = None
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminColumn:
    """One level of a platform. ``empty`` is what stands there instead of nodes."""

    type: str
    label: str
    icon: str
    nodes: tuple[AdminNode, ...] = ()
    total: int | None = None
    links: tuple[Link, ...] = ()
    empty: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A principal in a user list. Without ``remove_url``, ``remove_refusal`` says why it can't be removed."""

    id: int
    who: Who
    chips: tuple[Chip, ...]
    sources: tuple[Source, ...]
    permissions_url: str
    why_url: str
    until: datetime | None = None
    seen: datetime | None = None
    remove_url: str = ""
    remove_refusal: str = ""


@dataclass(frozen=True, slots=True)
class FilterField:
    """One filter that can be added: a choice where it has options, else a text."""

    name: str
    label: str
    icon: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """One of the addresses somebody typed, and what would become of it."""

    who: Who
    verdict: str
    tone: Tone
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group that can be ticked."""

    id: int
    label: str
    description: str = ""
    people: int = 0
    checked: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the list of groups: everybody in it, who is in it directly, where it has access, which groups it is in."""

    who: Who
    description: str
    people: int
    direct: int
    places: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    owners: tuple[Who, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a group, or a group that a principal is in; ``how`` is ``directly`` or ``through Interns``."""

    who: Who
    how: str
    until: datetime | None = None
    remove_url: str = ""


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """A group that a person is in; ``via`` is empty where they are in it directly."""

    who: Who
    via: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """A tree of what somebody holds on one platform."""

    label: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about what the page shows."""

    text: str
    icon: str = "info"
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Path:
    """One way by which a permission comes about."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, with every reason; for a denial what would change it, and who can."""

    allowed: bool
    sentence: str
    reason: str
    chips: tuple[Chip, ...] = ()
    paths: tuple[Path, ...] = ()
    remedies: tuple[Fact, ...] = ()
    helpers: tuple[Who, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    label: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found; ``who`` where it is a principal."""

    label: str
    url: str
    detail: str = ""
    place: str = ""
    icon: str = ""
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, of one kind."""

    label: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class GuidedStep:
    """One step of several that belong together."""

    label: str
    done: bool = False
    current: bool = False
