"""Explanations: why the answer is what it is, what would change it, and whom to ask. The verdict is that of a check.

For a whole answer the facts hold more than a check needs: what stands below the resource, ended rows, and everybody with access there.
With fewer rows the verdict stays the same, and less is said about what is near.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.windows import Window
from keyholder.engine.decision import Decision, Question, decide
from keyholder.engine.facts import Facts, Resource
from keyholder.engine.management import standing_at
from keyholder.engine.moment import Moment, granted
from keyholder.engine.reasons import Reason
from keyholder.engine.search import holders
from keyholder.engine.sources import Source, appointed, carried, routes, simplicity, source_of, sources_at

MOST_NEAR_MISSES = 20
MOST_TO_ASK = 10

_EASIEST_FIRST = (
    Reason.NOT_YET,
    Reason.UNASSIGNED,
    Reason.CLOSED_EDGE,
    Reason.NOT_PASSED_ON,
    Reason.ENDED,
    Reason.BELOW_ONLY,
    Reason.LACKS_PERMISSION,
)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A source that would give the permission here but for these reasons; ``place`` is the resource whose edge is in the way, if one is.

    The permissions of its source are those it would give.
    """

    reasons: tuple[Reason, ...]
    source: Source
    place: ResourceId | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision; its reason in full; every path that gives the permission, or the nearest misses and whom to ask."""

    decision: Decision
    reason: Reason
    paths: tuple[Source, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    ask: tuple[PrincipalId, ...] = ()


def explain(facts: Facts, catalogue: Catalogue, question: Question, at: datetime) -> Explanation:
    """Answer a question and say why (R017, R110)."""
    moment = Moment(facts, catalogue, at)
    decision = decide(moment, question)
    if question.principal is None or decision.resource is None:
        return Explanation(decision, decision.reason)
    bit = catalogue.of(facts.resources[decision.resource].ref.type).permissions[decision.permission].mask
    if decision.allowed:
        found = sources_at(moment, question.principal, decision.resource)
        # An action that is also open to who holds anything above has no path of its own permission then: what is held there is the path.
        paths = tuple(s for s in found if s.permissions & bit) or found
        return Explanation(decision, decision.reason, paths)
    near = near_misses(moment, question.principal, decision.resource, bit) if decision.reason is Reason.NOT_HELD else ()
    ask = tuple(person for person in _who_can_help(moment, decision) if person != question.principal)
    return Explanation(decision, _in_full(decision, near), (), near, ask[:MOST_TO_ASK])


def near_misses(moment: Moment, principal: PrincipalId, resource: ResourceId, bit: Mask) -> tuple[NearMiss, ...]:
    """Return what comes nearest to giving a permission that is not held: few reasons first, then those that are easiest to change."""
    lineage = moment.lineage(resource)
    found = [*_roles_that_miss(moment, principal, lineage, bit), *_bindings_that_miss(moment, principal, lineage, bit)]
    distance = {node.id: steps for steps, node in enumerate(lineage)}
    found.sort(key=lambda miss: (len(miss.reasons), _EASIEST_FIRST.index(miss.reasons[0]), simplicity(miss.source, distance)))
    return tuple(found[:MOST_NEAR_MISSES])


def managers(moment: Moment, resource: ResourceId) -> tuple[PrincipalId, ...]:
    """Return the people who can give access at a resource, standing managers first; what is in the trash is judged as if it were not."""
    moment = Moment(moment.facts.without_trash(), moment.catalogue, moment.at)
    lineage = moment.lineage(resource)
    standing = {person for node in lineage for person in standing_at(moment, node.id)}
    granting = moment.blueprint_of(lineage[0]).granting
    people = (p for p in holders(moment, resource, granting) if moment.facts.principals[p].kind is PrincipalKind.USER)
    return tuple(sorted(people, key=lambda person: (person not in standing, person)))


def _in_full(decision: Decision, near: Sequence[NearMiss]) -> Reason:
    if decision.reason is not Reason.NOT_HELD:
        return decision.reason
    return near[0].reasons[0] if near else Reason.NO_BINDING


def _who_can_help(moment: Moment, decision: Decision) -> Sequence[PrincipalId]:
    """Return whom to ask: managers; the organization's admins where they have suspended the person; an operator, not known here, else."""
    if decision.resource is None or decision.reason is Reason.SUSPENDED:
        return ()
    organization = moment.organization_of(decision.resource)
    if decision.reason is Reason.SUSPENDED_IN_ORGANIZATION and organization is not None:
        known = moment.facts.principals
        return sorted(person for person in moment.facts.roles_in.get(organization, {}) if person in known and known[person].active)
    return managers(moment, decision.resource)


def _roles_that_miss(moment: Moment, principal: PrincipalId, lineage: Sequence[Resource], bit: Mask) -> Iterator[NearMiss]:
    for source in appointed(moment, principal, lineage):
        given = moment.organization_role(principal, moment.facts.resources[source.resource])
        yield from _miss(moment, lineage, replace(source, permissions=given), [], bit)


def _bindings_that_miss(moment: Moment, principal: PrincipalId, lineage: Sequence[Resource], bit: Mask) -> Iterator[NearMiss]:
    for party, ways in routes(moment, principal, ever=True).items():
        for binding in moment.facts.bindings_of.get(party, ()):
            place = moment.lineage(binding.resource)
            is_on_the_line = bool(place) and (place[0] in lineage or lineage[0] in place)
            if not is_on_the_line or moment.fault(binding) is Reason.FOREIGN_GROUP:
                continue
            given = granted(moment.blueprint_of(place[0]), binding)
            for route in ways:
                timing = _timing((binding.window, *route.windows), moment.at)
                faults = [*timing, *([] if moment.is_assigned(binding) else [Reason.UNASSIGNED])]
                source = source_of(binding, route, given, inherited=place[0] is not lineage[0], at=moment.at)
                yield from _miss(moment, lineage, source, faults, bit)


def _timing(windows: Sequence[Window], at: datetime) -> list[Reason]:
    """Say what is wrong with the time: what has ended does not come back, whatever else has not begun."""
    if any(window.ends_at is not None and window.ends_at <= at for window in windows):
        return [Reason.ENDED]
    return [Reason.NOT_YET] if not all(window.holds(at) for window in windows) else []


def _miss(moment: Moment, lineage: Sequence[Resource], source: Source, faults: Sequence[Reason], bit: Mask) -> Iterator[NearMiss]:
    """Yield a source that does not give the permission here, and what stands in its way; nothing where it is not near."""
    origin = moment.facts.resources[source.resource]
    is_below = origin not in lineage
    if source.permissions & bit:
        edges = [] if is_below else _edges(moment, lineage, origin, bit)
        reasons = (*faults, *([Reason.BELOW_ONLY] if is_below else []), *(reason for reason, _place in edges))
        yield NearMiss(reasons, source, edges[0][1] if edges else None)
    elif not faults and not is_below and (arrives := carried(moment, source.permissions, lineage, origin)):
        yield NearMiss((Reason.LACKS_PERMISSION,), replace(source, permissions=arrives))


def _edges(moment: Moment, lineage: Sequence[Resource], origin: Resource, bit: Mask) -> list[tuple[Reason, ResourceId]]:
    """Return the edges below ``origin`` that let the permission not through, the highest first, by the node that hangs on them."""
    found = []
    for node in reversed(lineage[: lineage.index(origin)]):
        if moment.type_of(node).stops & bit:
            found.append((Reason.NOT_PASSED_ON, node.id))
        if not node.open:
            found.append((Reason.CLOSED_EDGE, node.id))
    return found
