"""Recomputation: the formulas of semantics 3 once more, plainly, row by row and with names, sharing nothing with the engine (I-AZ-1).

Slow on purpose: verification compares the engine with it on a sample.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.principals import Status
from keyholder.storage.models import (
    Binding,
    Group,
    Membership,
    OrganizationMember,
    OrganizationSuspension,
    Principal,
    Resource,
    User,
)

Names = frozenset[str]
NOTHING: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts, by themselves and by their groups: their rows on the way up, the organizations of the groups, and where they are admin."""

    bindings: Sequence[Binding]
    groups: Mapping[int, int]
    administered: frozenset[int]


def effective(principal: PrincipalId, resource: ResourceId, catalogue: Catalogue, at: datetime) -> Names:
    """Return the names of everything in force for a principal at a resource: ``effective(u, n)``."""
    path = _upwards(resource)
    organization = next((node.organization_id for node in path if node.organization_id is not None), None)
    gone = not Principal.objects.filter(pk=principal, deleted_at__isnull=True).exists()
    suspended = User.objects.filter(pk=principal).exclude(status=Status.ACTIVE.value).exists()
    suspended_here = OrganizationSuspension.objects.filter(user=principal, organization=organization or 0).exists()
    if gone or suspended or suspended_here or any(node.trashed_at for node in path) or not _fits(path, catalogue):
        return NOTHING
    party = _party(principal, path, at)
    held = NOTHING
    for depth in reversed(range(len(path))):
        node, blueprint = path[depth], catalogue.of(path[depth].type)
        crossing = NOTHING if node.managed is False else held - names(blueprint, blueprint.types[node.type].stops)
        held = crossing | _local(path[depth:], party, blueprint, at) | _by_role(party, node, blueprint)
    return held


def names(blueprint: Blueprint, mask: int) -> Names:
    """Return the permissions whose bits are in a mask."""
    return frozenset(name for name, permission in blueprint.permissions.items() if permission.mask & mask)


def closure(blueprint: Blueprint, chosen: Iterable[str]) -> Names:
    """Return permissions with everything that they include."""
    found = frozenset(chosen)
    wider = found | {included for name in found for included in blueprint.permissions[name].includes}
    return found if wider == found else closure(blueprint, wider)


def _upwards(resource: ResourceId) -> list[Resource]:
    path: list[Resource] = []
    node = Resource.objects.filter(pk=resource).first()
    while node is not None and node not in path:
        path.append(node)
        node = node.parent
    return path


def _fits(path: Sequence[Resource], catalogue: Catalogue) -> bool:
    """Say whether each node hangs where its blueprint puts it: what does not decides nothing (R-PRV-7)."""
    parents = [node.type for node in path[1:]] + [None]
    return bool(path) and all(
        node.type in catalogue.types and catalogue.types[node.type].parent == parent for node, parent in zip(path, parents, strict=True)
    )


def _party(principal: PrincipalId, path: Sequence[Resource], at: datetime) -> Party:
    found = _principals(principal, at)
    return Party(
        bindings=list(Binding.objects.filter(resource__in=[node.pk for node in path], principal__in=found)),
        groups=dict(Group.objects.filter(pk__in=found).values_list("pk", "organization_id")),
        administered=frozenset(OrganizationMember.objects.filter(user=principal).values_list("organization_id", flat=True)),
    )


def _principals(principal: PrincipalId, at: datetime) -> set[int]:
    found: set[int] = {principal}
    newly = found
    while newly:
        rows = Membership.objects.filter(member__in=newly, group__principal__deleted_at__isnull=True)
        newly = {row.group_id for row in rows if _holds(row, at)} - found
        found = found | newly
    return found


def _local(path: Sequence[Resource], party: Party, blueprint: Blueprint, at: datetime) -> Names:
    """Return what the bindings in force at the first node of a path give."""
    organization = next((node.organization_id for node in path if node.organization_id is not None), None)
    rows = [row for row in party.bindings if row.resource_id == path[0].pk and _holds(row, at)]
    counting = (row for row in rows if _counts(row, path, party, organization, blueprint, at))
    return closure(blueprint, (name for row in counting for name in _ticked(row, blueprint)))


def _counts(row: Binding, path: Sequence[Resource], party: Party, organization: int | None, blueprint: Blueprint, at: datetime) -> bool:
    """Say whether a binding is one of a person, or of a group of the very organization, and has the role it depends on."""
    if row.principal_id in party.groups and party.groups[row.principal_id] != organization:
        return False
    wanted = blueprint.types[path[0].type].assignment
    if wanted is None:
        return True
    places = [node.pk for node in path if node.type == wanted.at]
    roles = [other for other in party.bindings if (other.principal_id, other.role) == (row.principal_id, wanted.role)]
    return any(role.resource_id in places and _holds(role, at) for role in roles)


def _ticked(row: Binding, blueprint: Blueprint) -> Iterable[str]:
    """Return the permissions of a binding by their names, as they were ticked; what the blueprint does not know is nothing."""
    if row.role:
        return blueprint.roles[row.role].permissions if row.role in blueprint.roles else ()
    return [name for name in row.permissions.split() if name in blueprint.permissions]


def _by_role(party: Party, node: Resource, blueprint: Blueprint) -> Names:
    if node.organization_id is None or node.organization_id not in party.administered:
        return NOTHING
    return closure(blueprint, names(blueprint, blueprint.organization_admins_hold))


def _holds(row: Binding | Membership, at: datetime) -> bool:
    return (row.starts_at is None or row.starts_at <= at) and (row.ends_at is None or at < row.ends_at)
