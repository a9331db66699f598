"""Read models: what queries return. Frozen plain values with names in them; no row of a table leaves the services."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.sentences import Sentence
from keyholder.engine.sources import SourceKind


class Badge(StrEnum):
    """A word beside a principal's name."""

    YOU = "you"
    OPERATOR = "operator"
    ORGANIZATION_ADMIN = "organization_admin"
    USER_ADMIN = "user_admin"
    SUSPENDED = "suspended"
    SUSPENDED_HERE = "suspended_here"
    """Within the organization only."""
    OUTSIDE_POLICY = "outside_policy"
    UNPROVEN = "unproven"
    """They came by a link that was handed over by hand: whoever invited them vouches for the address."""


@dataclass(frozen=True, slots=True)
class PrincipalView:
    """A person, a group or a service account by name; only a person has an address, as it was typed."""

    id: PrincipalId
    kind: PrincipalKind
    name: str
    address: str = ""

    @property
    def shown(self) -> str:
        """The name, or the address of who has none."""
        return self.name or self.address

    @property
    def is_gone(self) -> bool:
        """Whether only the number is left: whoever it was, was deleted."""
        return not self.shown


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource by name."""

    id: ResourceId
    ref: ResourceRef
    name: str
    parent: ResourceId | None = None

    @property
    def type(self) -> str:
        """The name of its type."""
        return self.ref.type


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization by name."""

    id: OrganizationId
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """Names of permissions in declared order: all of them, closed, and the fewest that say the same (reading 40)."""

    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.names)


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where something comes from, in words, and the resource where it stands and can be changed (R017)."""

    kind: SourceKind
    label: Sentence
    resource: ResourceView
    inherited: bool
    """It stands above the resource asked about."""
    permissions: PermissionSet
    """What it gives at the resource asked about."""
    role: str = ""
    groups: tuple[PrincipalView, ...] = ()
    """From the group that somebody is in to the group that is bound."""
    organization: OrganizationView | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessView:
    """What a principal has at a resource: local there, inherited beyond that, and in force altogether (R016).

    For who is suspended nothing is effective; local and inherited say what the suspension holds back.
    """

    principal: PrincipalView
    resource: ResourceView
    local: PermissionSet
    inherited: PermissionSet
    effective: PermissionSet
    local_roles: tuple[str, ...] = ()
    """Roles that are bound at the resource itself, directly or to a group."""
    sources: tuple[SourceView, ...] = ()
