"""Authorization: I-AZ-1 to 4 on a sample of bindings, I-AZ-7 on every set that any binding holds."""

from collections.abc import Iterator
from dataclasses import replace

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment, Reason
from keyholder.services.verifying.findings import Finding, Instance, finding
from keyholder.services.verifying.recomputation import effective, names
from keyholder.storage import samples, slices, tallies

DIFFERS = _("The engine finds {found} for principal {principal} at resource {row}; the rules plainly say {expected}.")
SHRINKS = _("Principal {principal} holds more above resource {row} than what arrives there.")
GROWS = _("Principal {principal} would hold more at resource {row} if a row were gone.")
AWAKE = _("Principal {principal} is suspended or deleted and holds something at resource {row}.")
SLEEPLESS = _("A session of {noun} {row} goes on, who is suspended or deleted.")
OPEN = _("What principal {principal} holds at resource {row} lacks what it includes.")
NO_SET = _("{noun} {row} holds what can't be bound there, or is stored as something else than it says.")


def answers(instance: Instance) -> Iterator[Finding]:
    """I-AZ-1, 2, 3, 7: the engine's answers are what the rules say, arrive below, shrink with the facts, and are closed."""
    for principal, resource in samples.pairs(instance.sample, instance.at):
        facts = slices.of([principal], [resource])
        moment = Moment(facts, instance.catalogue, instance.at)
        for invariant, template, holds in (
            ("I-AZ-2", SHRINKS, _arrives(moment, principal, resource)),
            ("I-AZ-3", GROWS, _shrinks(facts, instance, principal, resource)),
            ("I-AZ-7", OPEN, _is_closed(moment, principal, resource)),
        ):
            if not holds:
                yield finding(invariant, template, "resource", resource, principal=principal)
        yield from _compared(moment, instance.catalogue, principal, resource)


def sleepers(instance: Instance) -> Iterator[Finding]:
    """I-AZ-4: who is suspended or deleted holds nothing, and no session of theirs goes on."""
    for principal, resource in samples.held_back(instance.sample):
        if Moment(slices.of([principal], [resource]), instance.catalogue, instance.at).effective(principal, resource):
            yield finding("I-AZ-4", AWAKE, "resource", resource, principal=principal)
    for user in tallies.sleepless():
        yield finding("I-AZ-4", SLEEPLESS, "user", user)


def sets(instance: Instance) -> Iterator[Finding]:
    """I-AZ-7: every stored set can be bound where it is, in declared order, and its mask says the same."""
    for kind, role, permissions, mask, binding in tallies.sets():
        try:
            wanted = bindable(instance.catalogue, kind, permissions=permissions.split(), role=role)
        except Invalid:
            yield finding("I-AZ-7", NO_SET, "binding", binding)
        else:
            if (wanted.mask, " ".join(wanted.permissions)) != (mask, permissions):
                yield finding("I-AZ-7", NO_SET, "binding", binding)


def _compared(moment: Moment, catalogue: Catalogue, principal: PrincipalId, resource: ResourceId) -> Iterator[Finding]:
    kind = moment.facts.resources[resource].ref.type
    found = names(catalogue.of(kind), moment.effective(principal, resource)) if kind in catalogue.types else frozenset()
    expected = effective(principal, resource, catalogue, moment.at)
    if found != expected:
        shown = {"found": ", ".join(sorted(found)) or "-", "expected": ", ".join(sorted(expected)) or "-"}
        yield finding("I-AZ-1", DIFFERS, "resource", resource, principal=principal, **shown)


def _arrives(moment: Moment, principal: PrincipalId, resource: ResourceId) -> bool:
    """Say whether all that is held above and crosses the edge is held here, unless the trash or a suspension bars it here."""
    node = moment.facts.resources[resource]
    if node.parent is None or moment.obstacle(principal, resource) in {Reason.TRASHED, Reason.SUSPENDED_IN_ORGANIZATION}:
        return True
    above = moment.effective(principal, node.parent)
    kind = moment.catalogue.types.get(node.ref.type)
    arriving = above if kind is None or kind.parent is None else moment.passed_down(above, node)
    return not arriving & ~moment.effective(principal, resource)


def _shrinks(facts: Facts, instance: Instance, principal: PrincipalId, resource: ResourceId) -> bool:
    """Say whether nothing more is held without any single binding, membership or organization role."""
    whole = Moment(facts, instance.catalogue, instance.at).effective(principal, resource)
    return not any(Moment(fewer, instance.catalogue, instance.at).effective(principal, resource) & ~whole for fewer in _without_one(facts))


def _without_one(facts: Facts) -> Iterator[Facts]:
    for place in range(len(facts.bindings)):
        yield replace(facts, bindings=facts.bindings[:place] + facts.bindings[place + 1 :])
    for place in range(len(facts.memberships)):
        yield replace(facts, memberships=facts.memberships[:place] + facts.memberships[place + 1 :])
    for place in range(len(facts.organization_members)):
        yield replace(facts, organization_members=facts.organization_members[:place] + facts.organization_members[place + 1 :])


def _is_closed(moment: Moment, principal: PrincipalId, resource: ResourceId) -> bool:
    held = moment.effective(principal, resource)
    return not held or moment.catalogue.of(moment.facts.resources[resource].ref.type).closure(held) == held
