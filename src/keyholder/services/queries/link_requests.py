"""Requests for links as either side sees them: what is to be decided, and what one's own side waits for (semantics 5)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.linking import Side
from keyholder.services import naming
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.link_rights import speaks_for_asked
from keyholder.services.queries.linking import administered_by
from keyholder.services.queries.organizations import linkable_by, view_of
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import link_requests, locks
from keyholder.storage.models import LinkRequest


@dataclass(frozen=True, slots=True)
class LinkRequestView:
    """One open request. To who decides both sides are there; to who asked the other one is only what they called it, ``asked``."""

    number: int
    side: Side
    account: ResourceView | None
    organization: OrganizationView | None
    asked: str
    asker: PrincipalView | None
    """None for the command line."""
    asked_at: datetime
    reason: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class LinkRequests:
    """What waits for the reader to decide, and what the sides that the reader speaks for have asked."""

    to_decide: tuple[LinkRequestView, ...] = ()
    own: tuple[LinkRequestView, ...] = ()


def requests(*, by: Caller) -> LinkRequests:
    """Return the open requests that the caller may answer, and those that they may withdraw, the oldest first.

    The command line, which speaks for every side, is shown each once, among its own.
    """
    authority = authority_of(by)
    if by.principal is None:
        return LinkRequests((), tuple(_views(link_requests.every_open(), whole=False)))
    with locks.snapshot():
        homes, accounts = administered_by(authority), linkable_by(authority)
        asked = link_requests.open_for([home.key for home in homes], [account.ref for account in accounts])
        own = link_requests.open_of(organizations=[home.id for home in homes], accounts=[account.id for account in accounts])
        return LinkRequests(tuple(_views(asked, whole=True)), tuple(_views(own, whole=False)))


def waiting(*, by: Caller) -> int:
    """Return how many open requests the caller may answer."""
    return len(requests(by=by).to_decide)


def request(*, by: Caller, number: int) -> LinkRequestView:
    """Return one open request that the caller may answer; raises NotFound for every other, Forbidden for one closed to their session."""
    row = link_requests.every_open().filter(pk=number).first()
    if row is None or not speaks_for_asked(authority_of(by), row, link_requests.sides(row)):
        raise not_there()
    found = next((view for view in requests(by=by).to_decide if view.number == number), None)
    if found is None:
        raise not_there()
    return found


def _views(rows: Iterable[LinkRequest], *, whole: bool) -> list[LinkRequestView]:
    found = list(rows)
    people = naming.principal_views([PrincipalId(row.asked_by) for row in found if row.asked_by is not None])
    return [_view(row, None if row.asked_by is None else people.get(PrincipalId(row.asked_by)), whole=whole) for row in found]


def _view(row: LinkRequest, asker: PrincipalView | None, *, whole: bool) -> LinkRequestView:
    sides = link_requests.sides(row) if whole else link_requests.Sides(row.account, row.organization)
    return LinkRequestView(
        row.pk,
        Side(row.side),
        naming.resource_view(sides.account) if sides.account is not None else None,
        view_of(sides.organization) if sides.organization is not None else None,
        row.asked,
        asker,
        row.asked_at,
        reason=row.reason,
    )
