"""Management: who manages an account on their own right, and what a command gives away (semantics 4).

:func:`unjustified` is the one function that judges every command that can raise anybody's access; no door has its own rule (R-PRV-1).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Grants, Mask
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.engine.facts import Binding, Facts, Membership
from keyholder.engine.moment import Moment, granted
from keyholder.engine.search import reach


@dataclass(frozen=True, slots=True)
class Gain:
    """Permissions that a principal holds at a resource after a command and did not before, now or at any later time."""

    principal: PrincipalId
    resource: ResourceId
    permissions: Mask


def standing_managers(facts: Facts, catalogue: Catalogue, resource: ResourceId, at: datetime) -> frozenset[PrincipalId]:
    """Return the standing managers of an account (or of a host): see :func:`standing_at` (R055, R056, I-MG-1)."""
    return standing_at(Moment(facts, catalogue, at), resource)


def standing_at(moment: Moment, resource: ResourceId) -> frozenset[PrincipalId]:
    """Return the active people who manage a resource by bindings at that very resource and memberships that have begun and have no end.

    Neither what comes from above (a host) nor an organization role counts; a person suspended within the organization does not. Where the
    blueprint names a standing role, its holders are meant, else who holds the granting permission. The trash does not matter here: what
    is restored from it has its managers again.
    """
    lineage = moment.lineage(resource)
    if not lineage:
        return frozenset()
    bindings = (b for b in moment.facts.bindings_at.get(resource, ()) if b.window.stands(moment.at) and moment.fault(b) is None)
    bound = {binding.principal for binding in bindings if _manages(moment, binding)}
    organization = moment.organization_of(resource)
    people = moment.facts.within(bound, lambda window: window.stands(moment.at))
    return frozenset(p for p in people if _is_active_person(moment.facts, p) and (organization, p) not in moment.facts.suspended_in)


def unjustified(
    before: Facts, after: Facts, catalogue: Catalogue, actor: PrincipalId, at: datetime, *, conceded: Iterable[Binding | Membership] = ()
) -> tuple[Gain, ...]:
    """Return what a command gives that its actor may not give; empty where all is well (I-AZ-9, R-PRV-1, R-PRV-3).

    ``conceded`` are rows that the actor may write by a rule of their own, whatever they give with everything else as it was: memberships,
    where the actor manages the members of the group (semantics 5), and the bindings of a creator (semantics 1).
    """
    base = _base(before, after, tuple(conceded))
    return tuple(gain for gain in _gains(base, after, catalogue, at) if not may_confer(base, catalogue, actor, gain, at))


def gains(before: Facts, after: Facts, catalogue: Catalogue, at: datetime) -> tuple[Gain, ...]:
    """Return everything that anybody, groups too, holds in ``after`` and not in ``before``, from this moment on.

    Also what begins later or lasts longer is a gain. Suspension and trash are looked through: who undoes them gives nothing away, so that
    what is given in their shadow is judged when it is given. What is inherited by something new is no gain: it was there already.
    """
    return _gains(_base(before, after), after, catalogue, at)


def may_confer(facts: Facts, catalogue: Catalogue, actor: PrincipalId, gain: Gain, at: datetime) -> bool:
    """Say whether an actor holds the granting permission there, and also what is given where the blueprint's ``grants`` is ``held``.

    Manage Users may give what its holder lacks, to themselves too, and only where it is effective (R036, R037, R038).
    """
    moment = Moment(facts.without_trash(), catalogue, at)
    held = moment.effective(actor, gain.resource)
    if not held:
        return False
    blueprint = catalogue.of(facts.resources[gain.resource].ref.type)
    if not held & blueprint.granting_mask:
        return False
    return blueprint.grants is Grants.ANY or not gain.permissions & ~held


def _manages(moment: Moment, binding: Binding) -> bool:
    node = moment.facts.resources[binding.resource]
    blueprint = moment.blueprint_of(node)
    if blueprint.standing_role in moment.type_of(node).roles:
        return binding.role == blueprint.standing_role
    return bool(granted(blueprint, binding) & blueprint.granting_mask)


def _is_active_person(facts: Facts, principal: PrincipalId) -> bool:
    known = facts.principals.get(principal)
    return known is not None and known.kind is PrincipalKind.USER and known.active


def _base(before: Facts, after: Facts, conceded: Sequence[Binding | Membership] = ()) -> Facts:
    """Return what gains are counted from: the facts before, with what is new and still empty, and with what is conceded."""
    return replace(
        before,
        principals={**after.principals, **before.principals},
        resources={**after.resources, **before.resources},
        bindings=(*before.bindings, *(row for row in conceded if isinstance(row, Binding))),
        memberships=(*before.memberships, *(row for row in conceded if isinstance(row, Membership))),
    )


def _gains(base: Facts, after: Facts, catalogue: Catalogue, at: datetime) -> tuple[Gain, ...]:
    base, after = base.without_shadows(), after.without_shadows()
    concerned = sorted(_concerned(base, after))
    found: defaultdict[tuple[PrincipalId, ResourceId], int] = defaultdict(int)
    for turn in _turns(base, after, at):
        earlier, later = Moment(base, catalogue, turn), Moment(after, catalogue, turn)
        for principal in concerned:
            for resource in reach(later, principal):
                found[principal, resource] |= later.effective(principal, resource) & ~earlier.effective(principal, resource)
    return tuple(Gain(principal, resource, Mask(mask)) for (principal, resource), mask in sorted(found.items()) if mask)


def _turns(base: Facts, after: Facts, at: datetime) -> set[datetime]:
    """Return this moment and every later one at which something begins or ends: in between nothing changes."""
    return {at} | {turn for turn in base.turns | after.turns if turn > at}


def _concerned(base: Facts, after: Facts) -> set[PrincipalId]:
    """Return the principals whose access can differ: those of changed rows and everybody in them, or all where the tree changed."""
    everybody = set(after.principals)
    if any(base.resources[id_] != node for id_, node in after.resources.items()):
        return everybody
    touched = {row.principal for row in set(base.bindings) ^ set(after.bindings)}
    touched |= {row.member for row in set(base.memberships) ^ set(after.memberships)}
    touched |= {row.user for row in set(base.organization_members) ^ set(after.organization_members)}
    return everybody & (base.within(touched, lambda _window: True) | after.within(touched, lambda _window: True))
