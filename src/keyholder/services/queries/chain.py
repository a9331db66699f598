"""The chain of the log: whether it holds, where it ends, and every event as it was hashed. For operators (R-AUD-2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import audit, locks
from keyholder.storage.audit import Flaw
from keyholder.storage.models import Event, Tenant

CHUNK = 2000
GONE = "the event that was kept elsewhere as the last one is not there any more, or is another one"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log of a tenant ended: the number and the hash of its last event."""

    tenant: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found: how many events there are, and every place where a chain does not hold."""

    events: int
    flaws: tuple[Flaw, ...]


def verified(*, by: Caller, heads: Sequence[Head] = ()) -> Verified:
    """Go through every chain, as of one moment; ``heads`` that were kept elsewhere show a log that was cut off and closed again.

    Raises Forbidden for anybody but an operator.
    """
    authority_of(by).require_operator()
    with locks.snapshot():
        flaws = (*audit.verify(), *(Flaw(head.tenant, head.number, GONE) for head in heads if not _stands(head)))
        return Verified(Event.objects.count(), flaws)


def heads(*, by: Caller) -> tuple[Head, ...]:
    """Return where each log ends: to be kept elsewhere. Raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    rows = Tenant.objects.filter(number__gt=0).order_by("pk").values_list("pk", "number", "head")
    return tuple(Head(pk, number, head) for pk, number, head in rows)


def events(*, by: Caller, since: datetime | None = None) -> Iterator[Mapping[str, object]]:
    """Go through every event from a moment on, in the order in which they were written, with all that its hash covers.

    Raises Forbidden for anybody but an operator.
    """
    authority_of(by).require_operator()
    rows = Event.objects.order_by("pk") if since is None else Event.objects.filter(at__gte=since).order_by("pk")
    return (audit.plain(row) for row in rows.iterator(chunk_size=CHUNK))


def _stands(head: Head) -> bool:
    return Event.objects.filter(tenant=head.tenant, number=head.number, hash=head.hash).exists()
