"""Marks: the small values that stand for people, permissions and circumstances on every page.

Every text is either what people wrote (a name, an address) or already translated; templates escape all of it.
"""

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

Tone = Literal["", "ok", "warn", "bad", "info", "accent"]
"""What a mark means; each has its words too, none speaks by colour alone."""

HUES = 8
"""How many colours avatars have."""


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
    detail: str = ""
    """What stands below the name of who has no address: a group's description."""

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
    is_code: bool = False
    """The value is a name that programs use, the same in every language."""


@dataclass(frozen=True, slots=True)
class Link:
    """A line that leads somewhere; without an address it does not, and ``refusal`` says why. ``count`` is how many wait there."""

    label: str
    icon: str
    url: str = ""
    refusal: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with what the page shows; without an address it can't be, and ``refusal`` says why."""

    label: str
    icon: str
    url: str = ""
    refusal: str = ""
    danger: bool = False
    dialog: bool = False
    """It asks for no more than a yes, which can be asked over the page."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about what the page shows."""

    text: str
    icon: str = "info"
    tone: Tone = "info"
