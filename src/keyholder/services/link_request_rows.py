"""The rows of link requests: settling them, each told by an event. Steps of commands."""

from collections.abc import Sequence

from keyholder.domain.events import Event
from keyholder.domain.identifiers import ResourceId, TenantId
from keyholder.domain.letters import LetterKind
from keyholder.domain.requests import RequestState
from keyholder.services import letters, link_letters
from keyholder.services.act import Act
from keyholder.storage import link_requests
from keyholder.storage.models import LinkRequest, Resource

ACTIONS = {RequestState.APPROVED: "link.accepted", RequestState.REFUSED: "link.refused", RequestState.WITHDRAWN: "link.withdrawn"}


def settle(act: Act, row: LinkRequest, state: RequestState, reason: str = "", *, also: Sequence[TenantId] = ()) -> None:
    """Write how a request ended, tell it in the log of who asked and of who answered, and by a letter to who asked."""
    act.ledger.change(row, state=state.value, decided_at=act.at, decided_by=act.by.principal)
    act.record(about(row, ACTIONS[state], reason), tenant=home_of(row), also=also)
    letters.withdraw(act, LetterKind.LINK_ASKED, row.pk)
    if state is not RequestState.WITHDRAWN:
        link_letters.answer(act, row, approved=state is RequestState.APPROVED, words=reason)


def close(act: Act, account: Resource) -> None:
    """Withdraw what an account has asked for: it is linked by now."""
    for row in link_requests.open_of(accounts=[account.pk]):
        settle(act, row, RequestState.WITHDRAWN)


def about(row: LinkRequest, action: str, reason: str = "") -> Event:
    """Make an event about a request. The other side is called as it was asked for: who asked may know no more of it."""
    account, organization = row.account, row.organization
    names = {
        "resource": account.name if account is not None else row.asked,
        "organization": organization.name if organization is not None else row.asked,
    }
    place = ResourceId(account.pk) if account is not None else None
    return Event(action, "link_request", row.pk, place, None, dict(names), reason)


def home_of(row: LinkRequest) -> TenantId:
    """Return the tenant of the side that asked."""
    side = row.account or row.organization
    if side is None:
        message = "the table holds the side that asks"
        raise AssertionError(message)
    return TenantId(side.tenant_id)
