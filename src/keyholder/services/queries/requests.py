"""Requests for access as their askers and as those who decide them see them (semantics 6, R111)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.requests import RequestState
from keyholder.domain.sentences import Sentence
from keyholder.engine.decision import effective
from keyholder.services.admittance import Applicant, Verdict, judge, known_to
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.differences import Preview
from keyholder.services.jurisdictions import acquainted, ground_at, jurisdiction_of
from keyholder.services.naming import permission_set, resource_view
from keyholder.services.proposals import Proposal
from keyholder.services.queries import previews
from keyholder.services.queries.seeing import authority_of, resource_managed
from keyholder.services.read_models import PermissionSet, PrincipalView, ResourceView
from keyholder.storage import lineages, locks, requests, slices, visibility
from keyholder.storage.models import AccessRequest, User

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


def to_decide(*, by: Caller) -> tuple[RequestView, ...]:
    """Return the open requests where the caller manages, the oldest first; to an operator's command line all."""
    authority = authority_of(by)
    with locks.snapshot():
        return _views(authority, _numbers(authority))


def at_node(*, by: Caller, at: ResourceId) -> tuple[RequestView, ...]:
    """Return the open requests at a node and below it over open edges. Raises NotFound, Forbidden without the granting permission."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_managed(authority, at)
        return _views(authority, requests.open_within(ground_at(authority, row)))


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
    addresses = {row.canonical for row in rows.values()}
    named = {row.person_id for row in rows.values()}
    people = {user.pk: user for user in User.objects.filter(pk__in=named)}
    by_address = {user.canonical: user for user in User.objects.filter(canonical__in=addresses)}
    found = []
    for number in numbers:
        row = rows[number]
        user = people.get(row.person_id) or by_address.get(row.canonical)
        found.append(_view(authority, row, user))
    return tuple(found)


def _view(authority: Authority, row: AccessRequest, user: User | None) -> RequestView:
    catalogue, place = authority.catalogue, row.resource
    blueprint = catalogue.of(place.type)
    here = user is not None and _is_known(authority, row, user)
    shown = user if user is not None and (here or row.person_id is not None) else None
    number = PrincipalId(shown.pk) if shown is not None else None
    proven = shown is not None and shown.email_verified
    verdict = _verdict(row, verified=proven)
    return RequestView(
        row.pk,
        resource_view(place),
        row.shown,
        None if shown is None or number is None else PrincipalView(number, PrincipalKind.USER, shown.name, shown.email),
        row.person_id is not None,
        proven,
        here or (row.person_id is not None and proven),
        row.role,
        permission_set(blueprint, blueprint.mask(row.permissions.split())),
        row.reason,
        row.days,
        row.asked_at,
        _held(catalogue, blueprint, number, ResourceId(place.pk), authority.by.at),
        verdict.why,
        verdict.refuses,
        _is_own(authority, row),
        RequestState(row.state),
    )


def _is_known(authority: Authority, row: AccessRequest, user: User) -> bool:
    return authority.by.is_instance or bool(acquainted(authority, row.resource, [PrincipalId(user.pk)]))


def _is_own(authority: Authority, row: AccessRequest) -> bool:
    me = authority.by.principal
    return me is not None and requests.is_of(row, me)


def _held(catalogue: Catalogue, blueprint: Blueprint, person: PrincipalId | None, at: ResourceId, when: datetime) -> PermissionSet:
    if person is None:
        return PermissionSet()
    return permission_set(blueprint, effective(slices.of([person], [at]), catalogue, person, at, when))


def _verdict(row: AccessRequest, *, verified: bool) -> Verdict:
    """Say whether the organization takes who asks; it is told in the same way whether or not they have a person here."""
    home = next((node.organization for node in lineages.of(row.resource) if node.organization is not None), None)
    is_known = home is None or bool(known_to(home, [row.canonical]))
    return judge(home, Applicant(row.shown, row.canonical, verified, is_known))
