"""The rows of requests for access: settling them, each told by an event and, where it was answered, by a letter. Steps of commands."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from keyholder.domain.addresses import Address
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef, TenantId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.requests import RequestState
from keyholder.services import authority, letters
from keyholder.services.act import Act
from keyholder.storage.models import AccessRequest, User

QUEUE = "/requests/"
"""The page of the console where requests are decided, and where one's own are."""


def close(act: Act, rows: Iterable[AccessRequest]) -> None:
    """Close the requests of who was suspended or removed: nobody is left to be let in, and nothing is answered."""
    for row in rows:
        settle(act, row, RequestState.WITHDRAWN, "request.closed")


def readdress(act: Act, person: PrincipalId, address: Address) -> list[TenantId]:
    """Let what somebody asked signed in go by their new address, for the next event to tell, and return the tenants where it is.

    What was asked under it, at the same places, by nobody who was signed in is theirs from now on, and closed: one request is enough.
    """
    mine = list(AccessRequest.objects.filter(person=person, state=RequestState.OPEN.value).select_related("resource").order_by("pk"))
    same = AccessRequest.objects.filter(person__isnull=True, canonical=address.canonical, resource__in=[row.resource_id for row in mine])
    close(act, same.filter(state=RequestState.OPEN.value).select_related("resource").order_by("pk"))
    for row in mine:
        act.ledger.change(row, canonical=address.canonical, shown=address.shown)
    return [act.tenant_of(row.resource) for row in mine]


def answer(
    act: Act,
    row: AccessRequest,
    state: RequestState,
    words: str,
    given: Sequence[str] = (),
    until: datetime | None = None,
    *,
    invited: bool = False,
) -> None:
    """Settle a request as its managers decided, and write to who asked: to the address that stands in the rows.

    A refusal names the resource as it was asked for, never by its name: who asked may not know that. Who is no person here gets no link
    to a page of persons, and is told where they are ``invited``.
    """
    approved = state is RequestState.APPROVED
    settle(act, row, state, "request.approved" if approved else "request.refused", words)
    person = User.objects.filter(pk=row.person_id).first()
    details = {
        "place": row.resource.name if approved else str(ResourceRef(row.resource.type, row.resource.key)),
        "type": row.resource.type,
        "approved": approved,
        "invited": invited,
        "what": list(given),
        "answer": words,
        "until": until.isoformat() if until else "",
    }
    to = Letter(
        LetterKind.REQUEST_ANSWERED,
        person.email if person else row.shown,
        person.name if person else "",
        person.language if person else row.language,
        about=row.pk,
        path=QUEUE if person else "",
        details=details,
    )
    letters.post(act, to)


def settle(act: Act, row: AccessRequest, state: RequestState, action: str, words: str = "") -> None:
    """Write how a request ended, tell it where the resource is, and take back letters about it that still wait."""
    act.ledger.change(row, state=state.value, decided_at=act.at, decided_by=act.by.principal, answer=words)
    place = row.resource
    details = {"subject": called(row), "resource": place.name}
    act.record(Event(action, "access_request", row.pk, ResourceId(place.pk), None, details, words), tenant=act.tenant_of(place))
    letters.withdraw(act, LetterKind.REQUEST_MADE, row.pk)


def called(row: AccessRequest) -> str:
    """Return what the asker is called: a person who was signed in by name, everybody else by the address they gave."""
    name = authority.name_of(PrincipalId(row.person_id)) if row.person_id is not None else ""
    return name or row.shown
