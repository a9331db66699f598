"""Rows: the lists inside a state taken apart, each entry with its own key, so that two states can be compared row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.state import (
    AccessState,
    AssetRef,
    AssetState,
    GroupState,
    OrganizationState,
    PrincipalRef,
    State,
    group_ref,
    user_ref,
)
from keyholder.domain.windows import ALWAYS, Window


@dataclass(frozen=True, slots=True)
class RoleState:
    """A person (canonical address) who is an admin or a user admin of an organization."""

    organization: str
    user: str
    role: OrganizationRole


@dataclass(frozen=True, slots=True)
class SuspensionState:
    """A person suspended within one organization."""

    organization: str
    user: str


@dataclass(frozen=True, slots=True)
class OwnerState:
    """A person who owns a group."""

    group: PrincipalRef
    user: str


@dataclass(frozen=True, slots=True)
class MembershipState:
    """A person or a group in a group, for a window."""

    group: PrincipalRef
    member: PrincipalRef
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with the organization it belongs to."""

    organization: str
    group: GroupState

    @property
    def ref(self) -> PrincipalRef:
        """How access entries name it."""
        return group_ref(self.organization, self.group.key)


@dataclass(frozen=True, slots=True)
class AppliedState:
    """An asset put to use at a node below its own."""

    asset: AssetRef
    name: str
    resource: ResourceRef


BindingKey = tuple[PrincipalRef, ResourceRef, Window]


def roles(state: State) -> Mapping[tuple[str, str], RoleState]:
    """Return who administers which organization, by organization and person; who is in both lists is an admin."""
    found: dict[tuple[str, str], RoleState] = {}
    for organization in state.organizations:
        lists = ((organization.user_admins, OrganizationRole.USER_ADMIN), (organization.admins, OrganizationRole.ADMIN))
        for people, role in lists:
            found |= {(organization.key, user): RoleState(organization.key, user, role) for user in people}
    return dict(sorted(found.items()))


def suspensions(state: State) -> Mapping[tuple[str, str], SuspensionState]:
    """Return who is suspended in which organization."""
    return {(o.key, user): SuspensionState(o.key, user) for o in state.organizations for user in o.suspended}


def groups(state: State) -> Mapping[PrincipalRef, GroupRow]:
    """Return the groups of all organizations by their references."""
    return {row.ref: row for row in _group_rows(state)}


def owners(state: State) -> Mapping[tuple[PrincipalRef, str], OwnerState]:
    """Return who owns which group."""
    return {(row.ref, user): OwnerState(row.ref, user) for row in _group_rows(state) for user in row.group.owners}


def memberships(state: State) -> Mapping[MembershipState, MembershipState]:
    """Return every membership, of people and of groups; a membership is its own key."""
    return {membership: membership for row in _group_rows(state) for membership in _memberships_of(row)}


def access(state: State) -> Mapping[BindingKey, AccessState]:
    """Return the bindings, each by its principal, resource and window."""
    return {binding_key(row): row for row in state.access}


def binding_key(row: AccessState) -> BindingKey:
    """Return what makes a binding that very binding (semantics 3)."""
    return row.principal, row.resource, row.window


def assets(state: State) -> Mapping[AssetRef, AssetState]:
    """Return the assets by what makes each that very asset."""
    return {row.ref: row for row in state.assets}


def applied_assets(state: State) -> Mapping[tuple[AssetRef, ResourceRef], AppliedState]:
    """Return where which asset is put to use."""
    return {(row.ref, place): AppliedState(row.ref, row.name, place) for row in state.assets for place in row.applied}


def organizations(state: State) -> Mapping[str, OrganizationState]:
    """Return the organizations by their keys."""
    return {row.key: row for row in state.organizations}


def _group_rows(state: State) -> Iterator[GroupRow]:
    for organization in state.organizations:
        for group in organization.groups:
            yield GroupRow(organization.key, group)


def _memberships_of(row: GroupRow) -> Iterator[MembershipState]:
    for member in row.group.members:
        yield MembershipState(row.ref, user_ref(member.user), member.window)
    for nested in row.group.groups:
        yield MembershipState(row.ref, group_ref(row.organization, nested.group), nested.window)
