"""Many questions at once, each answered as if it stood alone (R-PRV-12): what ``check --questions`` asks."""

from collections.abc import Mapping, Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.engine.decision import Question, decide
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.queries.decisions import Asked, canonical_of
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import locks, slices
from keyholder.storage.models import Resource, User

MOST = 20_000
"""People, or resources, that a slice of just these is worth; beyond that all facts are read."""


def check_all(*, by: Caller, questions: Sequence[Asked]) -> tuple[bool, ...]:
    """Answer questions in order, by the state of one moment; three queries however many there are.

    Whatever is unknown, or not the caller's to ask, is a no.
    """
    authority = authority_of(by)
    canonical = [canonical_of(asked.user) for asked in questions]
    with locks.snapshot():
        people = _people(set(canonical))
        facts = _facts(authority, people, {asked.resource for asked in questions})
    moments = {at: Moment(facts, authority.catalogue, at) for at in {asked.at or by.at for asked in questions}}
    return tuple(
        _allowed(authority, moments[asked.at or by.at], asked, people.get(address))
        for asked, address in zip(questions, canonical, strict=True)
    )


def _people(addresses: set[str]) -> Mapping[str, PrincipalId]:
    rows = User.objects.all() if len(addresses) > MOST else User.objects.filter(canonical__in=addresses)
    return {canonical: PrincipalId(pk) for canonical, pk in rows.values_list("canonical", "pk")}


def _facts(authority: Authority, people: Mapping[str, PrincipalId], refs: set[ResourceRef]) -> Facts:
    asking = {*people.values(), *([authority.by.principal] if authority.by.principal is not None else [])}
    if max(len(asking), len(refs)) > MOST:
        return slices.world()
    keys = {ref.key for ref in refs}
    rows = Resource.objects.filter(type__in={ref.type for ref in refs}, key__in=keys).values_list("pk", "type", "key")
    return slices.of(asking, [ResourceId(pk) for pk, type_, key in rows if ResourceRef(type_, key) in refs])


def _allowed(authority: Authority, moment: Moment, asked: Asked, person: PrincipalId | None) -> bool:
    node = moment.facts.by_ref.get(asked.resource)
    if node is None or not _may_ask(authority, moment, person, node.id):
        return False
    return decide(moment, Question(person, node.id, asked.permission, asked.action)).allowed


def _may_ask(authority: Authority, moment: Moment, person: PrincipalId | None, resource: ResourceId) -> bool:
    """Say whether a question is the caller's to ask: their own, or at a resource where they hold the granting permission."""
    me = authority.by.principal
    if me is None or me == person:
        return True
    lineage = moment.lineage(resource)
    return bool(lineage) and bool(moment.effective(me, resource) & moment.blueprint_of(lineage[0]).granting_mask)
