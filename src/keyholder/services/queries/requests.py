"""Requests for access as their askers and as those who decide them see them (semantics 6, R111)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.requests import RequestState
from keyholder.domain.sentences import Sentence
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.differences import Preview
from keyholder.services.jurisdictions import ground_at, jurisdiction_of
from keyholder.services.naming import permission_set, resource_view
from keyholder.services.proposals import Proposal
from keyholder.services.queries import previews
from keyholder.services.queries.request_evidence import Evidence, gather
from keyholder.services.queries.seeing import authority_of, resource_managed
from keyholder.services.read_models import PermissionSet, PrincipalView, ResourceView
from keyholder.storage import locks, requests, visibility
from keyholder.storage.models import AccessRequest

OWN = 100
"""Of one's own requests, the newest."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as those see it who may decide it, and what to judge it by."""

    number: int
    resource: ResourceView
    address: str
    person: PrincipalView | None
    """Who was signed in, or whoever is known here by this address."""
    signed_in: bool
    proven: bool
    """Whether the address is proven to be the person's, now."""
    known: bool
    """Whether a binding can be theirs at once; everybody else has to be invited."""
    role: str
    permissions: PermissionSet
    """What was asked for; nothing where it was left to the managers."""
    reason: str
    days: int | None
    asked_at: datetime
    held: PermissionSet
    """What the person holds here now."""
    outside: Sentence | None = None
    """Why the organization's policy would not take the address."""
    refuses: bool = False
    """The policy is enforced."""
    is_own: bool = False
    """The reader asked this: somebody else has to decide it."""
    state: RequestState = RequestState.OPEN


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One's own request; ``resource`` is None where it does not exist for the reader, who knows it by what was asked for alone."""

    number: int
    ref: ResourceRef
    resource: ResourceView | None
    state: RequestState
    asked_at: datetime
    decided_at: datetime | None
    answer: str

    @property
    def can_withdraw(self) -> bool:
        """Whether it is still open."""
        return self.state is RequestState.OPEN


def own(*, by: Caller) -> tuple[OwnRequest, ...]:
    """Return the caller's own requests, newest first: those that were answered, and those for what exists for the caller.

    An open request for anything else is not shown: it would tell that there is such a thing.
    """
    me = _me(by)
    with locks.snapshot():
        rows = AccessRequest.objects.filter(person=me).select_related("resource").order_by("-pk")[:OWN]
        seen = {row.resource_id: visibility.exists_for(me, row.resource.path, by.at) for row in rows}
    answered = (RequestState.APPROVED.value, RequestState.REFUSED.value)
    return tuple(_own(row, seen=seen[row.resource_id]) for row in rows if row.state in answered or seen[row.resource_id])


def waiting(*, by: Caller) -> int:
    """Return how many open requests the caller may decide: those of others, where the caller manages."""
    return len(_numbers(authority_of(by)))


def to_decide(*, by: Caller, most: int | None = None) -> tuple[RequestView, ...]:
    """Return the open requests where the caller manages, the oldest first, at most so many; to an operator's command line all."""
    authority = authority_of(by)
    with locks.snapshot():
        return _views(authority, _numbers(authority)[:most])


def at_node(*, by: Caller, at: ResourceId, most: int | None = None) -> tuple[RequestView, ...]:
    """Return the open requests at a node and below it over open edges, at most so many, the oldest first.

    Raises NotFound, Forbidden without the granting permission.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, at)
        return _views(authority, requests.open_within(ground_at(authority, row), most=most))


def count_at(*, by: Caller, at: ResourceId) -> int:
    """Return how many open requests there are at a node and below it. Raises as :func:`at_node` does."""
    authority = authority_of(by)
    with locks.snapshot():
        return len(requests.open_within(ground_at(authority, resource_managed(authority, at))))


def request(*, by: Caller, number: int) -> RequestView:
    """Return one request to decide, settled or not. Raises NotFound where there is none or it is not the caller's to see, Forbidden."""
    authority = authority_of(by)
    with locks.snapshot():
        return _views(authority, [_managed(authority, number).pk])[0]


def preview(*, by: Caller, number: int, proposal: Proposal) -> Preview:
    """Return what approving a request so would give; nothing for who would have to be invited. Raises as :func:`request` does."""
    authority = authority_of(by)
    with locks.snapshot():
        row = _managed(authority, number)
        return previews.of_proposal(authority, row.resource, proposal) if row.state == RequestState.OPEN.value else Preview()


def _managed(authority: Authority, number: int) -> AccessRequest:
    row = AccessRequest.objects.select_related("resource").filter(pk=number).first()
    authority.seen(row.resource if row is not None else None)
    if row is None:
        raise not_there()
    authority.require_granting(row.resource)
    return row


def _me(by: Caller) -> PrincipalId:
    if by.principal is None:
        raise not_there()
    return by.principal


def _numbers(authority: Authority) -> list[int]:
    jurisdiction = jurisdiction_of(authority)
    found = requests.open_within(None if jurisdiction.everything else jurisdiction.ground)
    me = authority.by.principal
    own = _own_numbers(me) if me is not None and found else set()
    return [number for number in found if number not in own]


def _own_numbers(me: PrincipalId) -> set[int]:
    return {row.pk for row in requests.open_in(None, me)}


def _own(row: AccessRequest, *, seen: bool) -> OwnRequest:
    resource = row.resource
    return OwnRequest(
        row.pk,
        ResourceRef(resource.type, resource.key),
        resource_view(resource) if seen else None,
        RequestState(row.state),
        row.asked_at,
        row.decided_at,
        row.answer,
    )


def _views(authority: Authority, numbers: Sequence[int]) -> tuple[RequestView, ...]:
    rows = AccessRequest.objects.select_related("resource").in_bulk(numbers)
    evidence = gather(authority, list(rows.values()))
    return tuple(_view(authority.catalogue, rows[number], evidence) for number in numbers)


def _view(catalogue: Catalogue, row: AccessRequest, evidence: Evidence) -> RequestView:
    place, shown, is_signed_in = row.resource, evidence.shown(row), row.person_id is not None
    blueprint = catalogue.of(place.type)
    proven = shown is not None and shown.email_verified
    verdict = evidence.verdict(row, verified=proven)
    return RequestView(
        row.pk,
        resource_view(place),
        row.shown,
        None if shown is None else PrincipalView(PrincipalId(shown.pk), PrincipalKind.USER, shown.name, shown.email),
        is_signed_in,
        proven,
        row.pk in evidence.known or (is_signed_in and proven),
        row.role,
        permission_set(blueprint, blueprint.mask(row.permissions.split())),
        row.reason,
        row.days,
        row.asked_at,
        permission_set(blueprint, evidence.held(shown, place.pk)),
        verdict.why,
        verdict.refuses,
        row.pk in evidence.own,
        RequestState(row.state),
    )
