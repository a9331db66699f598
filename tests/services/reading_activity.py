"""Reading activity in tests: every page of it, and what it tells."""

from keyholder.domain.activity import Filters
from keyholder.domain.identifiers import PrincipalId
from keyholder.services.queries.activity import Entry, activity
from keyholder.storage.models import Event
from tests.cast import caller


def entries(principal: PrincipalId | None, **filters: object) -> list[Entry]:
    """Return everything that somebody may see, page by page."""
    found: list[Entry] = []
    cursor = ""
    while True:
        page = activity(by=caller(principal), filters=Filters(**filters), cursor=cursor, size=5)  # type: ignore[arg-type]  # as the test says
        found += page.entries
        cursor = page.next
        if not cursor:
            return found


def told(principal: PrincipalId | None, **filters: object) -> list[str]:
    return [str(row.sentence) for row in entries(principal, **filters)]


def since(last: int, principal: PrincipalId | None) -> list[str]:
    """Return what somebody may see of what happened after an event."""
    return [str(row.sentence) for row in entries(principal) if row.id > last]


def newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
