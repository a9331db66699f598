"""The roster as it is asked for: which tab, which order, which filters (R059 to R062). Plain values; storage turns them into SQL."""

from dataclasses import dataclass
from enum import StrEnum

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import Status


class Tab(StrEnum):
    """Which kind of principals is listed."""

    PEOPLE = "people"
    """Users and service accounts."""
    GROUPS = "groups"


class Sort(StrEnum):
    """By what the list is ordered; ties by address, then by number, so that every order is total and stable."""

    NAME = "name"
    ADDRESS = "address"
    PERMISSIONS = "permissions"
    """By rank: closed sets compared as numbers (reading 15)."""
    SOURCE = "source"
    """Who holds nothing of their own at the resource comes first."""
    UNTIL = "until"
    """Who keeps everything for good comes last."""
    LAST_SEEN = "last_seen"
    """Who was never seen comes first."""


class Origin(StrEnum):
    """Where somebody's access stands; each excludes the others."""

    DIRECT = "direct"
    """A binding of their own at this very resource is among it: something can be changed here."""
    INHERITED = "inherited"
    """All of it comes from above, through groups or by an organization role."""
    BELOW = "below"
    """They hold nothing at the resource, but something at a node below it: the one value that asks for people who are not on the list."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a row must match; what is empty or None is not asked. All are combined."""

    search: str = ""
    """Part of a name, of an address, or of the name of a group that somebody is in, directly or through groups."""
    name: str = ""
    address: str = ""
    organization_admin: bool | None = None
    group: PrincipalId | None = None
    """In this group, directly or through groups."""
    permission: str = ""
    """Held here, in whatever way; of who has access only below, held there."""
    violation: bool | None = None
    """Outside the organization's user policy (R088)."""
    origin: Origin | None = None
    status: Status | None = None
    """Suspended: everywhere, or within the organization that the account is linked to."""
    expiring_days: int | None = None
    """Something held here ends within so many days."""
