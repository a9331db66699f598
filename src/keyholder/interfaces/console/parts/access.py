"""Access: pickers, trees, previews and explanations of what somebody may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.interfaces.console.parts.marks import Badge, Chip, Fact, Link, Who


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
class Option:
    """One permission or role of a picker, with one line of meaning. ``floor`` says where it comes from when it can't be unticked."""

    name: str
    label: str
    meaning: str = ""
    includes: Mapping[str, str] = field(default_factory=dict)
    """Names and labels of what it brings along."""
    checked: bool = False
    floor: str = ""
    is_own: bool = False
    """It is given here as well, so that here it can be chosen and unchosen whatever comes from elsewhere."""


@dataclass(frozen=True, slots=True)
class Picker:
    """Permissions to tick, or roles of which one is chosen."""

    options: tuple[Option, ...]
    name: str = "permissions"
    exclusive: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one principal gains and loses at one place; ``stays`` is a sentence about what remains through somebody else."""

    who: Who
    where: str
    gains: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a tree: a resource by name, and what somebody holds there."""

    label: str
    kind: str
    icon: str
    key: str = ""
    url: str = ""
    chips: tuple[Chip, ...] = ()
    until: datetime | None = None
    edit_url: str = ""
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """A tree on one platform: what somebody holds there, or the first of ``total`` nodes that the platform's page shows at ``url``."""

    label: str
    nodes: tuple[Node, ...]
    url: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a path that explains a decision."""

    icon: str
    text: str
    url: str = ""
    detail: str = ""


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
    """One level of a platform. ``empty`` is what stands there instead of nodes; ``total`` is how many there are, shown or not."""

    type: str
    label: str
    icon: str
    nodes: tuple[AdminNode, ...] = ()
    total: int | None = None
    links: tuple[Link, ...] = ()
    empty: str = ""
    search: str = ""
    """The name of its search field; none where there is little to search in."""
    query: str = ""
