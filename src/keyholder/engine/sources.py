"""Sources: where an effective permission comes from (R017): direct, through which groups, from which resource, as which role, until when.

The union of the sources of a person at a resource is exactly what is effective there; a property test says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.blueprint import NOTHING, Catalogue, Mask
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, ResourceId
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.facts import Binding, Facts, Resource
from keyholder.engine.moment import Moment, granted

MOST_ROUTES = 10
"""To one group; where there are more, the shortest are shown."""


class SourceKind(StrEnum):
    """As whom somebody holds something."""

    DIRECT = "direct"
    GROUP = "group"
    ORGANIZATION = "organization"
    """As an organization's admin or user admin."""


@dataclass(frozen=True, slots=True)
class Source:
    """One binding reached on one way, or one organization role: what it gives at the resource asked about."""

    kind: SourceKind
    resource: ResourceId
    """Where it stands and can be changed."""
    inherited: bool
    """It stands above the resource asked about (or, in a near miss, below)."""
    permissions: Mask
    """What it gives at the resource asked about, closed."""
    binding: BindingId | None = None
    role: str = ""
    """The role that is bound, or the one in the organization."""
    organization: OrganizationId | None = None
    groups: tuple[PrincipalId, ...] = ()
    """From the group that the person is in to the group that is bound."""
    window: Window = ALWAYS
    """When it is in force: the binding and all memberships on the way."""

    @property
    def until(self) -> datetime | None:
        """Return when it ends; None where it has no end."""
        return self.window.ends_at


@dataclass(frozen=True, slots=True)
class Route:
    """A way up from a principal: to itself over no group, or to a group. ``windows`` are those of the memberships on it."""

    groups: tuple[PrincipalId, ...] = ()
    windows: tuple[Window, ...] = ()


def sources(facts: Facts, catalogue: Catalogue, principal: PrincipalId, resource: ResourceId, at: datetime) -> tuple[Source, ...]:
    """Return everything that gives a principal something at a resource, the simplest first: few groups, near, without an end."""
    return sources_at(Moment(facts, catalogue, at), principal, resource)


def sources_at(moment: Moment, principal: PrincipalId, resource: ResourceId) -> tuple[Source, ...]:
    """Return the same at a moment that may have answered other questions before."""
    if moment.obstacle(principal, resource):
        return ()
    lineage = moment.lineage(resource)
    found = [*_bound(moment, principal, lineage), *appointed(moment, principal, lineage)]
    distance = {node.id: steps for steps, node in enumerate(lineage)}
    return tuple(sorted((s for s in found if s.permissions), key=lambda s: simplicity(s, distance)))


def simplicity(source: Source, distance: Mapping[ResourceId, int]) -> tuple[object, ...]:
    """Return what sources are ordered by: few groups, near, without an end; then anything that makes the order total."""
    steps = distance.get(source.resource, len(distance))
    return (len(source.groups), steps, source.until is not None, source.binding or 0, source.groups, str(source.window))


def routes(moment: Moment, principal: PrincipalId, *, ever: bool = False) -> Mapping[PrincipalId, Sequence[Route]]:
    """Return the ways from a principal to itself and to every group it is in, the shortest first, at most MOST_ROUTES to each.

    By memberships in force or, with ``ever``, by all of them. No way goes through a group twice.
    """
    found: dict[PrincipalId, list[Route]] = {}
    to_extend = [(principal, Route())] if principal in moment.facts.principals else []
    for party, route in to_extend:
        known = found.setdefault(party, [])
        if len(known) == MOST_ROUTES:
            continue
        known.append(route)
        steps = (step for step in moment.ways_up(party) if ever or step.window.holds(moment.at))
        onwards = (step for step in steps if step.group not in (principal, *route.groups))
        to_extend.extend((step.group, Route((*route.groups, step.group), (*route.windows, step.window))) for step in onwards)
    return found


def appointed(moment: Moment, principal: PrincipalId, lineage: Sequence[Resource]) -> Iterator[Source]:
    """Go through the organization roles of a principal that stand somewhere in a lineage; what they give is that at its first node."""
    for node in lineage:
        role = moment.facts.roles_in.get(node.organization, {}).get(principal) if node.organization is not None else None
        if role is not None:
            given = carried(moment, moment.organization_role(principal, node), lineage, node)
            inherited = node is not lineage[0]
            yield Source(SourceKind.ORGANIZATION, node.id, inherited, given, role=role.value, organization=node.organization)


def carried(moment: Moment, mask: Mask, lineage: Sequence[Resource], origin: Resource) -> Mask:
    """Return what of a set held at ``origin`` arrives at the first node of a lineage."""
    for node in reversed(lineage[: lineage.index(origin)]):
        mask = moment.passed_down(mask, node)
    return mask


def source_of(binding: Binding, route: Route, permissions: Mask, *, inherited: bool, at: datetime) -> Source:
    """Describe a binding that is reached on a route."""
    kind = SourceKind.GROUP if route.groups else SourceKind.DIRECT
    window = _together((binding.window, *route.windows), at)
    return Source(kind, binding.resource, inherited, permissions, binding.id, binding.role, None, route.groups, window)


def _bound(moment: Moment, principal: PrincipalId, lineage: Sequence[Resource]) -> Iterator[Source]:
    ways = routes(moment, principal)
    for node in lineage:
        for party, ways_there in ways.items():
            for binding in moment.facts.binding_index.get((party, node.id), ()):
                counts = moment.fault(binding) is None
                given = carried(moment, granted(moment.blueprint_of(node), binding), lineage, node) if counts else NOTHING
                for route in ways_there if given else ():
                    yield source_of(binding, route, given, inherited=node is not lineage[0], at=moment.at)


def _together(windows: Sequence[Window], at: datetime) -> Window:
    """Return when all of these are in force; where they never are at once, the first that is not in force now."""
    starts_at = max((w.starts_at for w in windows if w.starts_at), default=None)
    ends_at = min((w.ends_at for w in windows if w.ends_at), default=None)
    if starts_at is None or ends_at is None or starts_at < ends_at:
        return Window(starts_at, ends_at)
    return next(w for w in windows if not w.holds(at))
