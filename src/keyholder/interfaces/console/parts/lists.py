"""Lists: rows of tables, their heads, their filters and where they go on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from keyholder.interfaces.console.parts.marks import Chip, Source, Tone, Who


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
class FilterField:
    """One filter that can be added: a choice where it has options, else a text."""

    name: str
    label: str
    icon: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list goes on. There are no page numbers: a page begins after the last row of the one before."""

    total: int
    previous_url: str = ""
    next_url: str = ""


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
    take_url: str = ""
    """Where what is given at this very node is taken away."""
    give_up_url: str = ""
    """Where the reader gives up their own."""
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the list of groups: everybody in it, who is in it directly, where it has access, which groups it is in."""

    who: Who
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
    begins: datetime | None = None
    """Where it begins later."""
    until: datetime | None = None
    remove_url: str = ""
    until_url: str = ""
    """Where its end can be changed."""


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """A group that a person is in; ``via`` is empty where they are in it directly."""

    who: Who
    via: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group that can be ticked."""

    id: int
    label: str
    description: str = ""
    people: int = 0
    checked: bool = False


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """One of the addresses somebody typed, and what would become of it."""

    who: Who
    verdict: str
    tone: Tone
    detail: str = ""
    link: str = ""
    """Shown this once, to be handed over."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account linked to an organization."""

    label: str
    kind: str
    icon: str
    key: str
    url: str
    unlink_url: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationPerson:
    """A person of an organization; ``status_url`` suspends them in it or ends that, as ``suspended`` says."""

    who: Who
    role: str
    seen: datetime | None
    role_url: str = ""
    status_url: str = ""
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """An account of an organization that somebody can be removed from: what goes, what stays, or why it can't be."""

    id: int
    label: str
    kind: str
    url: str
    lines: tuple[str, ...] = ()
    kept: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note about a person."""

    text: str
    writer: str
    written: datetime
    remove_url: str
