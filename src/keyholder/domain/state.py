"""The state as a file holds it: frozen values named by the names people use, in one canonical order (contract 3).

An address inside a reference is canonical, a service account is named by its name key, a group by ``ORGANIZATION/KEY``. Two states that
mean the same are equal, whatever order they were written in; a resource always stands after its parent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.names import name_key
from keyholder.domain.policies import Policy
from keyholder.domain.principals import Status
from keyholder.domain.windows import ALWAYS, Window

VERSION = 1
"""Of the format."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_DEEPEST = 32
"""More levels than any blueprint has: a walk up the parents ends there whatever they are."""


class IdentitySource(StrEnum):
    """Where an organization's people come from: unknown addresses are invited, or only the directory's are taken (semantics 7)."""

    OPEN = "open"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, order=True)
class PrincipalRef:
    """Who is meant: a user by canonical address, a group by ``ORGANIZATION/KEY``, a service account by its name key."""

    kind: PrincipalKind
    key: str

    def __str__(self) -> str:
        """Return the name alone."""
        return self.key


@dataclass(frozen=True, slots=True)
class UserState:
    """A person: the address as typed and its canonical form. ``outside_policy`` marks a tolerated violator (semantics 5)."""

    email: str
    canonical: str
    name: str
    status: Status = Status.ACTIVE
    outside_policy: bool = False


@dataclass(frozen=True, slots=True)
class ServiceAccountState:
    """A service account, unique by the key of its name."""

    name: str

    @property
    def key(self) -> str:
        """What references call it."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class MemberState:
    """A person (canonical address) in a group, for a window."""

    user: str
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class NestedState:
    """A group (its key in the same organization) in a group, for a window."""

    group: str
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class GroupState:
    """A group of an organization with its owners (canonical addresses) and members."""

    key: str
    name: str
    description: str = ""
    owners: tuple[str, ...] = ()
    members: tuple[MemberState, ...] = ()
    groups: tuple[NestedState, ...] = ()

    def __post_init__(self) -> None:
        """Bring the lists into their order."""
        _settle(
            self,
            owners=sorted(self.owners),
            members=sorted(self.members, key=lambda row: (row.user, window_order(row.window))),
            groups=sorted(self.groups, key=lambda row: (row.group, window_order(row.window))),
        )


@dataclass(frozen=True, slots=True)
class OrganizationState:
    """An organization: who administers it, whom it suspended within itself (canonical addresses), its policy and its groups."""

    key: str
    name: str
    admins: tuple[str, ...] = ()
    user_admins: tuple[str, ...] = ()
    suspended: tuple[str, ...] = ()
    identity_source: IdentitySource = IdentitySource.OPEN
    policy: Policy = field(default_factory=Policy)
    groups: tuple[GroupState, ...] = ()

    def __post_init__(self) -> None:
        """Bring the lists into their order."""
        _settle(
            self,
            admins=sorted(self.admins),
            user_admins=sorted(self.user_admins),
            suspended=sorted(self.suspended),
            groups=sorted(self.groups, key=lambda row: row.key),
        )


@dataclass(frozen=True, slots=True)
class ResourceState:
    """A node of the tree. ``managed`` means something where the edge to the parent can be closed; ``trashed`` is since when."""

    ref: ResourceRef
    name: str
    parent: ResourceRef | None = None
    organization: str | None = None
    managed: bool = True
    awaiting_manager: bool = False
    trashed: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessState:
    """A binding: permissions or a role of a principal at a resource, for a window.

    ``without_role`` marks an assignment whose principal has no longer the role beside which it counts (semantics 1).
    """

    principal: PrincipalRef
    resource: ResourceRef
    permissions: tuple[str, ...] = ()
    role: str = ""
    window: Window = ALWAYS
    without_role: bool = False

    def __post_init__(self) -> None:
        """Bring the permissions into their order."""
        _settle(self, permissions=sorted(self.permissions))


@dataclass(frozen=True, slots=True, order=True)
class AssetRef:
    """Which asset is meant: its node, its kind, whose it is (None for a shared one), and the key of its name."""

    resource: ResourceRef
    kind: str
    owner: PrincipalRef | None
    key: str

    def __str__(self) -> str:
        """Return the node, the kind and the owner; the name stands beside it wherever it is shown."""
        return f"{self.resource} {self.kind}" + (f" ({self.owner})" if self.owner else "")


@dataclass(frozen=True, slots=True)
class AssetState:
    """An asset of a node: shared where it has no owner; ``applied`` are the nodes where it is put to use."""

    resource: ResourceRef
    kind: str
    name: str
    owner: PrincipalRef | None = None
    description: str = ""
    body: str = ""
    marked: bool = False
    applied: tuple[ResourceRef, ...] = ()

    def __post_init__(self) -> None:
        """Bring the list into its order."""
        _settle(self, applied=sorted(self.applied))

    @property
    def ref(self) -> AssetRef:
        """What makes it that very asset."""
        return AssetRef(self.resource, self.kind, self.owner, name_key(self.name))


@dataclass(frozen=True)
class State:
    """Everything a state file declares."""

    organizations: tuple[OrganizationState, ...] = ()
    users: tuple[UserState, ...] = ()
    service_accounts: tuple[ServiceAccountState, ...] = ()
    resources: tuple[ResourceState, ...] = ()
    access: tuple[AccessState, ...] = ()
    assets: tuple[AssetState, ...] = ()

    def __post_init__(self) -> None:
        """Bring everything into its order: by key; resources as a tree, from the root down."""
        parents = {row.ref: row.parent for row in self.resources}
        _settle(
            self,
            organizations=sorted(self.organizations, key=lambda row: row.key),
            users=sorted(self.users, key=lambda row: row.canonical),
            service_accounts=sorted(self.service_accounts, key=lambda row: row.key),
            resources=sorted(self.resources, key=lambda row: _path(row.ref, parents)),
            access=sorted(self.access, key=lambda row: (row.resource, row.principal, window_order(row.window))),
            assets=sorted(self.assets, key=lambda row: asset_order(row.ref)),
        )


def group_ref(organization: str, key: str) -> PrincipalRef:
    """Name a group by its organization and its key."""
    return PrincipalRef(PrincipalKind.GROUP, f"{organization}/{key}")


def user_ref(canonical: str) -> PrincipalRef:
    """Name a person by the canonical address."""
    return PrincipalRef(PrincipalKind.USER, canonical)


def window_order(window: Window) -> tuple[bool, datetime, bool, datetime]:
    """Return a key that puts windows into order: the standing one first, then by start and end."""
    starts, ends = window.starts_at, window.ends_at
    return starts is not None, starts or _EARLIEST, ends is not None, ends or _EARLIEST


def asset_order(ref: AssetRef) -> tuple[ResourceRef, str, bool, str, str]:
    """Return a key that puts assets into order: by node and kind, the shared ones first, then by owner and name."""
    return ref.resource, ref.kind, ref.owner is not None, str(ref.owner or ""), ref.key


def _settle(row: object, **parts: list[Any]) -> None:
    for name, part in parts.items():
        object.__setattr__(row, name, tuple(part))


def _path(ref: ResourceRef | None, parents: Mapping[ResourceRef, ResourceRef | None]) -> tuple[ResourceRef, ...]:
    path: list[ResourceRef] = []
    while ref is not None and len(path) < _DEEPEST:
        path.append(ref)
        ref = parents.get(ref)
    return tuple(reversed(path))
