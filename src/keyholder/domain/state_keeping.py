"""What a state file keeps when it is applied with ``prune``, and what therefore ends (contract 3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keyholder.domain import state_rows as rows
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.state import AccessState, AssetRef, AssetState, PrincipalRef, ResourceState, State, group_ref
from keyholder.domain.state_rows import AppliedState, GroupRow, MembershipState, OwnerState, RoleState


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the file declares or names. Everything is judged by ``ends_...``: whether a row that the file lacks ends."""

    prune: bool
    organizations: frozenset[str]
    """Declared."""
    declared_groups: frozenset[PrincipalRef]
    groups: frozenset[PrincipalRef]
    """Declared or named."""
    resources: frozenset[ResourceRef]
    """Declared, named, or an ancestor of one."""
    in_trash: frozenset[ResourceRef]
    """Kept resources that are in the trash, by themselves or with an ancestor."""
    declared_resources: frozenset[ResourceRef] = frozenset()
    declared_assets: frozenset[AssetRef] = frozenset()

    @classmethod
    def everything(cls) -> "Keeping":
        """Nothing ends: without ``prune``."""
        nothing: frozenset[PrincipalRef] = frozenset()
        return cls(
            prune=False, organizations=frozenset(), declared_groups=nothing, groups=nothing, resources=frozenset(), in_trash=frozenset()
        )

    def ends_role(self, row: RoleState) -> bool:
        """Only in organizations that the file declares."""
        return self.prune and row.organization in self.organizations

    def ends_group(self, row: GroupRow) -> bool:
        """Unless the file names it."""
        return self.prune and row.ref not in self.groups

    def ends_owner(self, row: OwnerState) -> bool:
        """Only of groups that the file declares."""
        return self.prune and row.group in self.declared_groups

    def ends_membership(self, row: MembershipState) -> bool:
        """Only in groups that the file declares; a member that is deleted itself takes its membership along."""
        goes_along = row.member.kind is PrincipalKind.GROUP and row.member not in self.groups
        return self.prune and row.group in self.declared_groups and not goes_along

    def ends_resource(self, row: ResourceState) -> bool:
        """Only the topmost that the file lacks, unless it is in the trash already."""
        if not self.prune or row.ref in self.resources or row.trashed is not None:
            return False
        return row.parent is None or (row.parent in self.resources and row.parent not in self.in_trash)

    def ends_asset(self, row: AssetState) -> bool:
        """Only shared ones, at resources that the file declares: a file that forgets somebody's own work does not destroy it."""
        return self.prune and row.owner is None and row.resource in self.declared_resources

    def ends_applied_asset(self, row: AppliedState) -> bool:
        """Only of assets that the file declares; a deleted one is taken off everywhere by itself."""
        return self.prune and row.asset in self.declared_assets

    def ends_access(self, row: AccessState) -> bool:
        """Unless it goes along with a deleted group, or stays to come back with a resource in the trash."""
        goes_along = row.principal.kind is PrincipalKind.GROUP and row.principal not in self.groups
        return self.prune and row.resource in self.resources and not goes_along


def keeping(before: State, after: State) -> Keeping:
    """Work out what a file (``after``) keeps of what there is (``before``)."""
    nodes = {row.ref: row for row in before.resources} | {row.ref: row for row in after.resources}
    resources = frozenset(ref for named in _named_resources(after) for ref in _chain(named, nodes))
    declared = frozenset(rows.groups(after))
    return Keeping(
        prune=True,
        organizations=frozenset(rows.organizations(after)),
        declared_groups=declared,
        groups=declared | frozenset(_named_groups(after)),
        resources=resources,
        in_trash=frozenset(ref for ref in resources if any(nodes[r].trashed for r in _chain(ref, nodes) if r in nodes)),
        declared_resources=frozenset(row.ref for row in after.resources),
        declared_assets=frozenset(rows.assets(after)),
    )


def _named_resources(state: State) -> Iterable[ResourceRef]:
    yield from (row.ref for row in state.resources)
    yield from {row.resource for row in state.access}
    yield from {place for row in state.assets for place in row.applied}


def _named_groups(state: State) -> Iterator[PrincipalRef]:
    yield from {row.principal for row in state.access if row.principal.kind is PrincipalKind.GROUP}
    for organization in state.organizations:
        for group in organization.groups:
            yield from (group_ref(organization.key, nested.group) for nested in group.groups)


def _chain(ref: ResourceRef | None, nodes: dict[ResourceRef, ResourceState]) -> Iterator[ResourceRef]:
    """Go from a resource up; types nest, so this ends."""
    while ref is not None:
        yield ref
        node = nodes.get(ref)
        ref = node.parent if node else None
