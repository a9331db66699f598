"""Explanations: every way by which a permission comes about, or what would change a no and who can (R017, R110)."""

from dataclasses import dataclass, replace

from keyholder.domain.blueprint import NOTHING
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.decision import Question
from keyholder.engine.explanation import Explanation, explain
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment, Reason
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.naming import Names, permission_set
from keyholder.services.queries.decisions import Asked, admitted, canonical_of, person_of, question_of, refuse_nonsense
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import PermissionSet, PrincipalView, ResourceView, SourceView
from keyholder.storage import belonging, locks, slices
from keyholder.storage.models import Resource


@dataclass(frozen=True, slots=True)
class NearMissView:
    """Something that would give the permission but for these reasons; ``place`` is where the edge is that is in the way."""

    reasons: tuple[Reason, ...]
    source: SourceView
    place: ResourceView | None = None


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """The answer with every reason. ``judged_at`` is not the resource asked about where an action is judged further up.

    The principal is None where nobody has the address (or nobody whom the caller may know), the resource where there is none.
    """

    allowed: bool
    reason: Reason
    permission: str
    principal: PrincipalView | None
    resource: ResourceView | None
    judged_at: ResourceView | None
    effective: PermissionSet
    """What is held there altogether."""
    paths: tuple[SourceView, ...] = ()
    near_misses: tuple[NearMissView, ...] = ()
    ask: tuple[PrincipalView, ...] = ()
    """People who can change a no, standing managers first; nobody where the reader sees no more of the resource than its name."""


def explanation(*, by: Caller, asked: Asked) -> ExplanationView:
    """Answer one question and say why. Raises as :func:`keyholder.services.queries.decisions.check` does."""
    authority = authority_of(by)
    refuse_nonsense(authority, asked)
    canonical = canonical_of(asked.user)
    with locks.snapshot():
        row = None if by.is_instance else resource_named(authority, asked.resource)
        if row is not None:
            canonical = admitted(authority, canonical, asked.resource)
        facts = slices.of_question(canonical, asked.resource)
        question = question_of(facts, asked, person_of(facts))
        found = explain(facts, authority.catalogue, question, asked.at or by.at)
        judged = found.decision.resource
        if not found.decision.allowed and question.principal is not None and question.resource is not None and judged is not None:
            facts = _surroundings(question.principal, question.resource, judged)
            found = explain(facts, authority.catalogue, question, asked.at or by.at)
        if row is not None and not authority.sees_more_than_the_name(row):
            found = replace(found, ask=())
        names = _names(authority, found, question)
    return _view(Moment(facts, authority.catalogue, asked.at or by.at), names, found, question)


def _surroundings(principal: PrincipalId, asked: ResourceId, judged: ResourceId) -> Facts:
    """Return what a no is explained by: everybody where it was judged, and where the person is bound below that."""
    row = Resource.objects.get(pk=judged)
    near = slices.of([principal], [asked, judged, *belonging.bound_below(row, [principal])])
    there = slices.at([judged])
    return Facts(
        principals={**there.principals, **near.principals},
        resources={**there.resources, **near.resources},
        bindings=tuple(dict.fromkeys((*there.bindings, *near.bindings))),
        memberships=tuple(dict.fromkeys((*there.memberships, *near.memberships))),
        organization_members=tuple(dict.fromkeys((*there.organization_members, *near.organization_members))),
        suspensions=tuple(dict.fromkeys((*there.suspensions, *near.suspensions))),
    )


def _names(authority: Authority, found: Explanation, question: Question) -> Names:
    sources = [*found.paths, *(miss.source for miss in found.near_misses)]
    places = [miss.place for miss in found.near_misses if miss.place is not None]
    asked = [resource for resource in (question.resource, found.decision.resource) if resource is not None]
    people = [*found.ask, *([question.principal] if question.principal is not None else [])]
    return naming.of_sources(authority.catalogue, sources, principals=people, resources=[*places, *asked])


def _view(moment: Moment, names: Names, found: Explanation, question: Question) -> ExplanationView:
    judged = found.decision.resource
    held = moment.effective(question.principal, judged) if judged is not None and question.principal is not None else NOTHING
    return ExplanationView(
        found.decision.allowed,
        found.reason,
        found.decision.permission,
        None if question.principal is None else names.principal(question.principal),
        None if question.resource is None else names.resources.get(question.resource),
        None if judged is None else names.resources[judged],
        PermissionSet() if judged is None else permission_set(moment.blueprint_of(moment.facts.resources[judged]), held),
        tuple(names.source(path) for path in found.paths),
        tuple(
            NearMissView(miss.reasons, names.source(miss.source), None if miss.place is None else names.resources[miss.place])
            for miss in found.near_misses
        ),
        tuple(names.principal(person) for person in found.ask),
    )
