"""Parts: the frozen values that the console's templates show. Views make them from the services' read models.

Every text in a part is either what people wrote (a name, an address) or already translated; templates escape all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zlib import crc32

Tone = Literal["", "ok", "warn", "bad", "info", "accent"]
"""What a mark means; each has its words too, none speaks by colour alone."""

HUES = 8
"""How many colours avatars have."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path in the tree; the last one has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the navigation at the left. ``count`` is what waits there."""

    label: str
    icon: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavSection:
    """Some lines of the navigation under one heading (none for the first)."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab with the number of what it holds."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A word beside a name: operator, organization admin, outside the policy."""

    label: str
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """A principal as lists show it: a person, a group or a service account."""

    name: str
    address: str = ""
    url: str = ""
    kind: Literal["user", "group", "service_account"] = "user"
    badges: tuple[Badge, ...] = ()

    @property
    def shown(self) -> str:
        """The name, or the address of who has none."""
        return self.name or self.address

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word."""
        words = self.shown.split("@")[0].replace(".", " ").split() or ["?"]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()

    @property
    def hue(self) -> int:
        """A colour that stays the same for the same principal."""
        return crc32((self.address or self.name).encode()) % HUES


@dataclass(frozen=True, slots=True)
class Chip:
    """A permission or a role. Solid where it is local, an outline with its source where it comes from elsewhere."""

    label: str
    local: bool = True
    source: str = ""
    """A whole phrase: ``from account Shop``, ``through Analysts``."""
    via: Literal["resource", "group", "organization"] = "resource"
    url: str = ""
    """The place where it can be changed."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where access comes from, in words, with the place where it can be changed."""

    label: str
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; ``direction`` is what aria-sort says where the list is sorted by it."""

    label: str
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter in force and the address of the list without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list goes on. There are no page numbers: a page begins after the last row of the one before."""

    total: int
    previous_url: str = ""
    next_url: str = ""


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
class Step:
    """One stop of a path that explains a decision."""

    icon: str
    text: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the history, as a sentence."""

    actor: Who
    sentence: str
    at: datetime
    channel: str
    url: str
    differences: tuple[Difference, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One consequence or circumstance in a list."""

    text: str
    icon: str = "dot"
    url: str = ""
    action: str = ""
    """The words of the link that leads to ``url``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a list of facts about somebody: a word and a value."""

    label: str
    value: str
