"""Facts: frozen rows that the engine decides on. A *slice* is the same thing with fewer rows: just those that can matter.

Every answer of the engine is the same on a slice as on the whole world; a property test says so.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from keyholder.domain.blueprint import NOTHING, Mask
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.windows import ALWAYS, Window

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, group or service account; ``active`` is false only for a user suspended everywhere.

    ``organization`` is the one a group belongs to, None for everybody else: a binding of a group counts only at what is linked to it.
    """

    id: PrincipalId
    kind: PrincipalKind
    active: bool = True
    organization: OrganizationId | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A principal (user, group) in a group, for a window."""

    group: PrincipalId
    member: PrincipalId
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class Resource:
    """A node of the tree. ``open`` is false where its edge to the parent is closed (an unmanaged account)."""

    id: ResourceId
    ref: ResourceRef
    parent: ResourceId | None = None
    organization: OrganizationId | None = None
    open: bool = True
    trashed: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A principal's local set at a resource: ``mask`` as it was ticked, or the mask of ``role``; for a window."""

    id: BindingId
    principal: PrincipalId
    resource: ResourceId
    mask: Mask = NOTHING
    role: str = ""
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class OrganizationMember:
    """An admin or user admin of an organization."""

    organization: OrganizationId
    user: PrincipalId
    role: OrganizationRole


@dataclass(frozen=True, slots=True)
class Suspension:
    """A person suspended within one organization only."""

    organization: OrganizationId
    user: PrincipalId


@dataclass(frozen=True)
class Facts:
    """Rows at one revision, with the indexes the engine walks. No order among the rows has a meaning."""

    principals: Mapping[PrincipalId, Principal] = field(default_factory=dict)
    resources: Mapping[ResourceId, Resource] = field(default_factory=dict)
    bindings: tuple[Binding, ...] = ()
    memberships: tuple[Membership, ...] = ()
    organization_members: tuple[OrganizationMember, ...] = ()
    suspensions: tuple[Suspension, ...] = ()

    def chain(self, resource: ResourceId) -> Iterator[Resource]:
        """Go from a resource up to its root, the resource first."""
        node = self.resources.get(resource)
        while node is not None:
            yield node
            node = self.resources.get(node.parent) if node.parent is not None else None

    def within(self, principals: Iterable[PrincipalId], holds: Callable[[Window], bool]) -> set[PrincipalId]:
        """Return these principals and all members of the groups among them, directly or through groups, by memberships that hold."""
        found = set(principals)
        to_visit = [principal for principal in found if principal in self.groups]
        while to_visit:
            rows = self.members_of.get(to_visit.pop(), ())
            members = {row.member for row in rows if holds(row.window)} - found
            found |= members
            to_visit.extend(member for member in members if member in self.groups)
        return found

    def without_trash(self) -> "Facts":
        """Return the same facts with nothing in the trash: restoring and purging are judged on these (semantics 4)."""
        return replace(self, resources={r.id: replace(r, trashed=False) for r in self.resources.values()})

    def without_shadows(self) -> "Facts":
        """Return the same facts with nothing in the trash and nobody suspended: what there is once both are undone."""
        principals = {p.id: replace(p, active=True) for p in self.principals.values()}
        return replace(self.without_trash(), principals=principals, suspensions=())

    @cached_property
    def turns(self) -> frozenset[datetime]:
        """The moments at which a window begins or ends: between two of them nothing changes."""
        windows = {row.window for rows in (self.bindings, self.memberships) for row in rows}
        return frozenset(turn for window in windows for turn in (window.starts_at, window.ends_at) if turn is not None)

    @cached_property
    def by_ref(self) -> Mapping[ResourceRef, Resource]:
        """Resources by type and key."""
        return {r.ref: r for r in self.resources.values()}

    @cached_property
    def groups(self) -> Mapping[PrincipalId, OrganizationId | None]:
        """Groups and the organization that each belongs to."""
        return {p.id: p.organization for p in self.principals.values() if p.kind is PrincipalKind.GROUP}

    @cached_property
    def children(self) -> Mapping[ResourceId, tuple[Resource, ...]]:
        """Resources by their parent."""
        found: defaultdict[ResourceId, list[Resource]] = defaultdict(list)
        for resource in self.resources.values():
            if resource.parent is not None:
                found[resource.parent].append(resource)
        return {parent: tuple(nodes) for parent, nodes in found.items()}

    @cached_property
    def linked_to(self) -> Mapping[OrganizationId | None, tuple[Resource, ...]]:
        """Resources by the organization that they are linked to; under None those that carry no link."""
        return _grouped(self.resources.values(), lambda row: row.organization)

    @cached_property
    def appointments_of(self) -> Mapping[PrincipalId, tuple[OrganizationMember, ...]]:
        """Organization roles by person."""
        return _grouped(self.organization_members, lambda row: row.user)

    @cached_property
    def memberships_of(self) -> Mapping[PrincipalId, tuple[Membership, ...]]:
        """Memberships by their member: the way up."""
        return _grouped(self.memberships, lambda row: row.member)

    @cached_property
    def members_of(self) -> Mapping[PrincipalId, tuple[Membership, ...]]:
        """Memberships by their group: the way down."""
        return _grouped(self.memberships, lambda row: row.group)

    @cached_property
    def bindings_at(self) -> Mapping[ResourceId, tuple[Binding, ...]]:
        """Bindings by resource."""
        return _grouped(self.bindings, lambda row: row.resource)

    @cached_property
    def bindings_of(self) -> Mapping[PrincipalId, tuple[Binding, ...]]:
        """Bindings by principal."""
        return _grouped(self.bindings, lambda row: row.principal)

    @cached_property
    def binding_index(self) -> Mapping[tuple[PrincipalId, ResourceId], tuple[Binding, ...]]:
        """Bindings by principal and resource."""
        return _grouped(self.bindings, lambda row: (row.principal, row.resource))

    @cached_property
    def roles_in(self) -> Mapping[OrganizationId, Mapping[PrincipalId, OrganizationRole]]:
        """Organization to its admins and user admins; who is both is an admin."""
        found: defaultdict[OrganizationId, dict[PrincipalId, OrganizationRole]] = defaultdict(dict)
        for member in sorted(self.organization_members, key=lambda row: row.role is OrganizationRole.ADMIN):
            found[member.organization][member.user] = member.role
        return found

    @cached_property
    def suspended_in(self) -> frozenset[tuple[OrganizationId, PrincipalId]]:
        """Pairs of organization and user."""
        return frozenset((s.organization, s.user) for s in self.suspensions)


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, tuple[Row, ...]]:
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {name: tuple(group) for name, group in found.items()}
