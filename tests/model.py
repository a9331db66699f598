"""The model: semantics 3 word for word, by brute force and with sets of names. It shares no code with the engine, only the facts' values.

Slow and plain on purpose: whoever doubts the engine reads this page beside the formulas.
"""

from collections.abc import Iterable
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.windows import Window
from keyholder.engine.facts import Binding, Facts, Resource

Names = frozenset[str]


def effective(facts: Facts, catalogue: Catalogue, u: PrincipalId, n: ResourceId, at: datetime) -> Names:
    """Return what is in force for u at n."""
    if u not in facts.principals or n not in facts.resources or not facts.principals[u].active:
        return frozenset()
    path = upwards(facts, facts.resources[n])
    suspended = any(s.user == u and s.organization == linked(path) for s in facts.suspensions)
    return frozenset() if suspended or any(node.trashed for node in path) else held(facts, catalogue, u, path, at)


def held(facts: Facts, catalogue: Catalogue, u: PrincipalId, path: list[Resource], at: datetime) -> Names:
    node, above = path[0], path[1:]
    blueprint = catalogue.of(node.ref.type)
    roles = [m for m in facts.organization_members if m.user == u and node.organization is not None and m.organization == node.organization]
    org = closure(blueprint, names(blueprint, blueprint.organization_admins_hold)) if roles else frozenset()
    own = local(facts, catalogue, u, path, at) | org
    if not above or not node.open:
        return own
    return own | (held(facts, catalogue, u, above, at) - names(blueprint, blueprint.types[node.ref.type].stops))


def local(facts: Facts, catalogue: Catalogue, u: PrincipalId, path: list[Resource], at: datetime) -> Names:
    blueprint = catalogue.of(path[0].ref.type)
    everybody = principals(facts, u, at)
    here = [b for b in facts.bindings if b.principal in everybody and b.resource == path[0].id and counts(facts, blueprint, b, path, at)]
    return closure(blueprint, {name for b in here for name in ticked(blueprint, b)})


def counts(facts: Facts, blueprint: Blueprint, b: Binding, path: list[Resource], at: datetime) -> bool:
    """Say whether a binding is in force: its window, its group's organization, the role that an assignment wants."""
    holder, wanted = facts.principals[b.principal], blueprint.types[path[0].ref.type].assignment
    if not in_force(b.window, at) or (
        holder.kind is PrincipalKind.GROUP and (holder.organization is None or holder.organization != linked(path))
    ):
        return False
    places = {node.id for node in path if wanted and node.ref.type == wanted.at}
    roles = {o.role for o in facts.bindings if o.principal == b.principal and o.resource in places and in_force(o.window, at)}
    return wanted is None or wanted.role in roles


def principals(facts: Facts, u: PrincipalId, at: datetime) -> set[PrincipalId]:
    found = {u}
    groups = {p.id for p in facts.principals.values() if p.kind is PrincipalKind.GROUP}
    for _round in groups:
        found |= {m.group for m in facts.memberships if m.member in found and m.group in groups and in_force(m.window, at)}
    return found


def upwards(facts: Facts, node: Resource) -> list[Resource]:
    return [node] if node.parent is None else [node, *upwards(facts, facts.resources[node.parent])]


def linked(path: list[Resource]) -> object:
    return next((node.organization for node in path if node.organization is not None), "to no organization")


def in_force(window: Window, at: datetime) -> bool:
    return (window.starts_at or at) <= at and (window.ends_at is None or at < window.ends_at)


def ticked(blueprint: Blueprint, b: Binding) -> Names:
    return blueprint.roles[b.role].permissions if b.role else names(blueprint, b.mask)


def names(blueprint: Blueprint, mask: int) -> Names:
    return frozenset(p.name for p in blueprint.permissions.values() if p.mask & mask)


def closure(blueprint: Blueprint, chosen: Iterable[str]) -> Names:
    found = frozenset(chosen)
    wider = found | {included for name in found for included in blueprint.permissions[name].includes}
    return found if wider == found else closure(blueprint, wider)
