"""Requests for access: asking without learning anything, and deciding (semantics 6, R109, R111, R-ENU-1, R-RAT-1, R-TEN-1).

Whoever asks gets the same answer, after the same work, whether or not there is such a thing, whether or not they asked before. For what is
not there, or was asked already, the work is done all the same and taken back.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from keyholder.domain.addresses import Address
from keyholder.domain.events import Channel, Event
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.names import clean_description
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Conflict, Forbidden, TooMany
from keyholder.domain.requests import RequestState, duration
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import authority, request_letters, request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, inviting
from keyholder.services.commands.inviting import Invited
from keyholder.services.jurisdictions import acquainted
from keyholder.storage import attempts, blueprints, lineages, locks, requests
from keyholder.storage.models import AccessRequest, Resource, User

SPAN = timedelta(minutes=15)
FROM_ONE_ASKER = 6
"""Requests that are taken from one person, or one address that nobody has proven, within the span."""
FROM_ONE_ADDRESS = 20
"""The same from one client address: offices share one."""
FROM_EVERYBODY = 300
"""The same altogether."""
NOWHERE = -1
"""The number of no resource."""
WAIT = _("Too many requests for access. Wait {minutes} minutes and try again.")
NOT_OPEN = _("This request is settled already: it was {state}.")
OWN = _("Nobody decides their own request: somebody else who manages this has to.")
STATES = {
    RequestState.APPROVED: _("approved"),
    RequestState.REFUSED: _("refused"),
    RequestState.WITHDRAWN: _("withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: by which address, as which person where they are signed in, whether that address is proven."""

    address: Address
    person: PrincipalId | None = None
    name: str = ""
    proven: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for; nothing named leaves it to the managers."""

    what: Bindable | None
    reason: str
    days: int | None


def ask(
    *,
    by: Caller,
    at: ResourceRef | None,
    email: str = "",
    permissions: Sequence[str] = (),
    role: str = "",
    reason: str = "",
    days: int | None = None,
    language: str = "",
    also: Collection[PrincipalId] = (),
) -> None:
    """Ask those who manage a resource for access; whoever is signed in asks as themselves, everybody else by ``email``.

    ``also`` are told as well, those of them who may grant there: who invited the asker before.

    Says nothing, whatever there is: nothing is kept for what does not exist (``at`` None is an address that can't be one of ours), nor
    twice while a request is open. Attempts are counted first. Raises Invalid for what can't be an address, a reason, a number of days or
    a set of that type, TooMany, and Forbidden for who is suspended: none of which depends on what there is.
    """
    asker = _asker(by, email, language)
    wish = _wish(at, permissions, role, reason, days)
    _count(by, asker)
    with locks.together(), suppress(Conflict):
        attempts.mark("ask:done", by.at)
        place = _place(at, asker)
        with locks.together() if place is not None else locks.rehearsal():
            _put_down(by, asker, place, at, wish, also)


def approve(
    *,
    by: Caller,
    request: int,
    permissions: Sequence[str] = (),
    role: str = "",
    window: Window = ALWAYS,
    answer: str = "",
    random: bytes,
) -> Invited | None:
    """Let somebody in who asked: as asked, with less, or with an end; by the same rules as everybody who gives access.

    A person who is known here, or asked signed in by a proven address, gets a binding; anybody else an invitation, which is returned with
    its link, made of 32 random bytes from the door. Raises NotFound for a request that is not the caller's to see, Forbidden for who may
    not grant there and for who asked, Conflict where it is settled already, and what
    :func:`keyholder.services.commands.bindings.grant` and :func:`keyholder.services.commands.inviting.invite` raise.
    """
    words = clean_description(answer)
    with acting(by, scopes.of_request(request)) as act:
        row = _decidable(act, request)
        wanted = bindable(act.catalogue, row.resource.type, permissions=permissions, role=role)
        person, invited = _person(act, row), None
        if person is None:
            invited = _invite(act, row, wanted, window, random)
        else:
            bindings.give(act, row.resource, [person], wanted, window, words, keeping=True)
        given = (wanted.role,) if wanted.role else wanted.permissions
        request_rows.answer(act, row, RequestState.APPROVED, words, given, window.ends_at, invited=invited is not None)
        return invited


def refuse(*, by: Caller, request: int, answer: str = "") -> None:
    """Refuse a request, with a reason that who asked is told. Raises as :func:`approve` does."""
    words = clean_description(answer)
    with acting(by, scopes.of_request(request)) as act:
        request_rows.answer(act, _decidable(act, request), RequestState.REFUSED, words)


def withdraw(*, by: Caller, request: int) -> None:
    """Take one's own request back. Raises NotFound for anybody else's and for one that one is not shown, Conflict where it is settled."""
    _require_own(by, request)
    with acting(by, scopes.of_request(request)) as act:
        row = AccessRequest.objects.select_related("resource").get(pk=request)
        act.authority.see(row.resource)
        require_open(row)
        request_rows.settle(act, row, RequestState.WITHDRAWN, "request.withdrawn")


def _require_own(by: Caller, request: int) -> None:
    """Raise NotFound unless it is the caller's request, for what exists for them: asked before any lock, so that the time tells nothing."""
    row = AccessRequest.objects.select_related("resource").filter(pk=request, person=by.principal or NOWHERE).first()
    authority.Authority(by, blueprints.catalogue()).seen(row.resource if row is not None else None)


def _invite(act: Act, row: AccessRequest, wanted: Bindable, window: Window, random: bytes) -> Invited:
    """Invite an address that asked and is nobody's who is known here, by the rules of every invitation."""
    wish = inviting.Wish(wanted.permissions if not wanted.role else (), wanted.role, window=window, language=row.language)
    return inviting.send(act, row.resource, [Address.of(row.shown)], wish, [random])[0]


def require_open(row: AccessRequest) -> None:
    """Raise Conflict for a request that is settled."""
    state = RequestState(row.state)
    if state is not RequestState.OPEN:
        raise Conflict("not_open", sentence(NOT_OPEN, state=sentence(STATES[state])))


def _asker(by: Caller, email: str, language: str) -> Asker:
    if by.principal is None:
        return Asker(Address.of(email), language=language)
    row = User.objects.filter(pk=by.principal, status=Status.ACTIVE.value).first()
    if row is None:
        raise Forbidden("suspended", sentence(authority.SUSPENDED))
    return Asker(Address(row.email, row.canonical), PrincipalId(row.pk), row.name, row.email_verified, row.language)


def _wish(at: ResourceRef | None, permissions: Sequence[str], role: str, reason: str, days: int | None) -> Wish:
    catalogue = blueprints.catalogue()
    is_named = at is not None and at.type in catalogue.types and (permissions or role)
    what = bindable(catalogue, at.type, permissions=permissions, role=role) if at is not None and is_named else None
    return Wish(what, clean_description(reason), duration(days))


def _count(by: Caller, asker: Asker) -> None:
    """Count an attempt against who asks, where they ask from and everybody; raises TooMany (R-RAT-1).

    Somebody who is signed in is counted as themselves: nobody else can use up what they have by giving their address.
    """
    own = f"ask:address:{asker.address.canonical}" if asker.person is None else f"ask:person:{asker.person}"
    most = {own: FROM_ONE_ASKER, "ask:everybody": FROM_EVERYBODY}
    if by.address:
        most[f"ask:from:{by.address}"] = FROM_ONE_ADDRESS
    if not attempts.take(most, by.at, SPAN):
        raise TooMany("too_many_requests", sentence(WAIT, minutes=int(SPAN.total_seconds() // 60)), seconds=int(SPAN.total_seconds()))


def _place(at: ResourceRef | None, asker: Asker) -> Resource | None:
    """Return the resource that is asked for, unless it is asked for already, or it or what is above it is in the trash."""
    ref = at or ResourceRef("", "")
    row = Resource.objects.filter(type=ref.type, key=ref.key).first()
    if lineages.is_in_trash(row or Resource(path=f"/{NOWHERE}/")):
        row = None
    there = AccessRequest.objects.filter(resource=row.pk if row else NOWHERE, state=RequestState.OPEN.value)
    is_asked = (there.filter(canonical=asker.address.canonical) | there.filter(person=asker.person or NOWHERE)).exists()
    return None if is_asked else row


def _put_down(by: Caller, asker: Asker, place: Resource | None, at: ResourceRef | None, wish: Wish, also: Collection[PrincipalId]) -> None:
    """Write the request, its event and its letters; for who is not signed in the system does it, in the name of their address."""
    writer = by if by.principal is not None else replace(by, channel=Channel.SYSTEM, name=asker.address.shown)
    number = ResourceId(place.pk if place is not None else NOWHERE)
    name = place.name if place is not None else str(at)
    with acting(writer, scopes.of_place(number)) as act:
        row = AccessRequest(
            resource_id=number,
            canonical=asker.address.canonical,
            shown=asker.address.shown,
            person_id=asker.person,
            proven=asker.proven,
            language=asker.language,
            role=wish.what.role if wish.what else "",
            permissions=" ".join(wish.what.permissions) if wish.what else "",
            reason=wish.reason,
            days=wish.days,
            asked_at=by.at,
        )
        act.ledger.add(row)
        act.record(Event("request.made", "access_request", row.pk, number, None, {"resource": name}, wish.reason))
        request_letters.ask_managers(act, row, asker.name, place, at, also)


def _decidable(act: Act, request: int) -> AccessRequest:
    """Return an open request that the caller may decide; 404 before 403, and nobody decides their own."""
    row = AccessRequest.objects.select_related("resource").get(pk=request)
    act.authority.require_granting(row.resource)
    if act.by.principal is not None and requests.is_of(row, act.by.principal):
        raise Forbidden("own_request", sentence(OWN))
    require_open(row)
    return row


def _person(act: Act, row: AccessRequest) -> PrincipalId | None:
    """Return the person who asked where a binding may be theirs at once: known here, or signed in by an address that is proven."""
    person = User.objects.filter(pk=row.person_id).first() or User.objects.filter(canonical=row.canonical).first()
    if person is None:
        return None
    number = PrincipalId(person.pk)
    if row.person_id is not None and person.email_verified:
        act.introduced.add(number)
        return number
    known = acquainted(act.authority, row.resource, [number])
    return number if known or act.by.is_instance else None
