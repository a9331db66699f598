"""What the log says in tests."""

from keyholder.storage import audit
from keyholder.storage.models import Event


def actions(since: int = 0, *, tenant: int | None = None) -> list[str]:
    """Return the actions of the events after one, in order, of one tenant or of all."""
    rows = Event.objects.filter(pk__gt=since).order_by("pk")
    return list((rows if tenant is None else rows.filter(tenant=tenant)).values_list("action", flat=True))


def last() -> int:
    """Return the number of the newest event of all tenants."""
    return Event.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def chains_hold() -> bool:
    """Say whether every chain verifies."""
    return list(audit.verify()) == []
