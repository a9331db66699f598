"""States that every rule accepts, made of those that hypothesis makes up: whatever a rule would refuse is taken out or marked."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import strategies as st

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.state import AccessState, GroupState, OrganizationState, ResourceState, State
from tests.domain.made_up_states import states

TYPES = builtin().types


def accepted() -> st.SearchStrategy[State]:
    """Make up a state that can be applied to an empty database."""
    return states().map(acceptable)


def acceptable(state: State) -> State:
    """Mark accounts as awaiting a manager and people as outside a policy; take out circles, foreign groups and lonely pixels.

    What holds an account that is not in the trash is taken out of the trash.
    """
    holders = {row.parent for row in state.resources if TYPES[row.ref.type].account_level and row.trashed is None}
    return State(
        organizations=tuple(_without_circles(row) for row in state.organizations),
        users=tuple(replace(row, outside_policy=True) for row in state.users),
        service_accounts=state.service_accounts,
        resources=tuple(_standing(row, is_holder=row.ref in holders) for row in state.resources),
        access=tuple(_allowed(state)),
    )


def _standing(row: ResourceState, *, is_holder: bool) -> ResourceState:
    return replace(row, awaiting_manager=TYPES[row.ref.type].account_level, trashed=None if is_holder else row.trashed)


def _without_circles(row: OrganizationState) -> OrganizationState:
    """Let a group contain only those that stand after it."""
    return replace(row, groups=tuple(_downwards(group) for group in row.groups))


def _downwards(group: GroupState) -> GroupState:
    return replace(group, groups=tuple(nested for nested in group.groups if nested.group > group.key))


def _allowed(state: State) -> Iterator[AccessState]:
    nodes = {row.ref: row for row in state.resources}
    for row in state.access:
        way = list(_upwards(row.resource, nodes))
        linked = next((node.organization for node in way if node.organization is not None), None)
        rule = TYPES[row.resource.type].assignment
        is_own = row.principal.kind is not PrincipalKind.GROUP or row.principal.key.startswith(f"{linked}/")
        places = {node.ref for node in way if rule is not None and node.ref.type == rule.at}
        has_role = rule is None or any(
            other.principal == row.principal and other.resource in places and other.role == rule.role for other in state.access
        )
        if is_own and (rule is None or (row.principal.kind is PrincipalKind.USER and has_role)):
            yield row


def _upwards(ref: ResourceRef | None, nodes: dict[ResourceRef, ResourceState]) -> Iterator[ResourceState]:
    while ref is not None:
        yield nodes[ref]
        ref = nodes[ref].parent
