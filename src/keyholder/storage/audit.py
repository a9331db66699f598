"""The audit log: appending events to their tenant's chain, and verifying the chain (R-AUD-1 to 4)."""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

from keyholder.domain.events import Change
from keyholder.domain.events import Event as Happened
from keyholder.domain.identifiers import TenantId
from keyholder.storage.models import Event, Tenant
from keyholder.storage.sql import insert, moment

GENESIS = "0" * 64
CHUNK = 2000
HASHED = (
    "tenant_id",
    "number",
    "revision",
    "at",
    "actor",
    "actor_name",
    "on_behalf_of",
    "channel",
    "action",
    "target_kind",
    "target",
    "resource",
    "subject",
    "details",
    "changes",
    "reason",
    "refused",
    "request_id",
    "address",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did it, when, through which door: the same for all events of one command."""

    at: datetime
    actor: int | None
    actor_name: str
    channel: str
    request_id: str
    address: str = ""
    on_behalf_of: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An event about to be appended to a tenant's log, with the rows it changed."""

    tenant: TenantId
    event: Happened
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """Where a tenant's log stands: its last number and that event's hash."""

    tenant: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place where a chain does not hold."""

    tenant: int
    number: int
    why: str


def append(signature: Signature, tenants: dict[TenantId, Tenant], entries: Sequence[Entry], *, refused: str = "") -> None:
    """Append entries to the logs of locked tenants; each tenant's revision goes up by one, unless the attempt was refused."""
    rows: list[Event] = []
    feed: list[tuple[object, ...]] = []
    touched: dict[TenantId, int] = {}
    for entry in entries:
        tenant = tenants[entry.tenant]
        if not refused and entry.tenant not in touched:
            tenant.revision += 1
        start = touched.get(entry.tenant, 0)
        rows.append(_chained(tenant, signature, entry, refused))
        feed.extend((tenant.pk, tenant.revision, start + place, change.noun, change.id) for place, change in enumerate(entry.changes, 1))
        touched[entry.tenant] = start + len(entry.changes)
    insert("event", (*HASHED, "previous", "hash"), [_line(row) for row in rows])
    insert("feed_entry", ("tenant_id", "revision", "sequence", "noun", "row"), feed)
    for tenant_id in sorted(touched):
        tenants[tenant_id].save(update_fields=["revision", "number", "head"])


def heads() -> tuple[Head, ...]:
    """Return where every log stands: kept elsewhere, they show later that nothing before them was cut off and written anew."""
    return tuple(Head(row.pk, row.number, row.head or GENESIS) for row in Tenant.objects.order_by("pk"))


def verify(*, known: Collection[Head] = ()) -> Iterator[Flaw]:
    """Go through every chain and report where it does not hold: edited, missing, inserted, swapped or cut off at the end.

    ``known`` are heads that were kept elsewhere: the logs must still go through them.
    """
    gone = {head.tenant for head in known}
    for tenant in Tenant.objects.order_by("pk"):
        gone.discard(tenant.pk)
        yield from _walk(tenant, {head.number: head.hash for head in known if head.tenant == tenant.pk and head.number})
    yield from (Flaw(tenant, 0, "the whole log is gone") for tenant in sorted(gone))


def _walk(tenant: Tenant, known: dict[int, str]) -> Iterator[Flaw]:
    number, head = 0, GENESIS
    for row in Event.objects.filter(tenant=tenant).order_by("number").iterator(chunk_size=CHUNK):
        number += 1
        if row.number != number:
            yield Flaw(tenant.pk, number, f"event {number} is missing; number {row.number} follows")
            number = row.number
        if row.previous != head:
            yield Flaw(tenant.pk, number, "it does not follow the event before it")
        if row.hash != digest(row):
            yield Flaw(tenant.pk, number, "it was changed after it was written")
        head = row.hash
        if known.pop(number, head) != head:
            yield Flaw(tenant.pk, number, "it is another one than was known")
    if number != tenant.number or head != (tenant.head or GENESIS):
        yield Flaw(tenant.pk, tenant.number, f"the log ends at {number}, the tenant says {tenant.number}")
    yield from (Flaw(tenant.pk, kept, "the log was known to reach it") for kept in known)


def digest(row: Event) -> str:
    """Return the hash of an event: SHA-256 over the hash before it and its canonical JSON, each with its length in front."""
    body = json.dumps(_hashed(row), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    whole = hashlib.sha256()
    for part in (row.previous.encode(), body.encode("utf-8", "surrogatepass")):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def plain(row: Event) -> dict[str, object]:
    """Return an event with everything that its hash covers, the hash before it and its own: enough to prove the chain without us."""
    return {**_hashed(row), "previous": row.previous, "hash": row.hash}


def _hashed(row: Event) -> dict[str, object]:
    return {name: _canonical(row, name) for name in HASHED}


def _chained(tenant: Tenant, signature: Signature, entry: Entry, refused: str) -> Event:
    tenant.number += 1
    happened = entry.event
    row = Event(
        tenant=tenant,
        number=tenant.number,
        revision=None if refused else tenant.revision,
        at=signature.at,
        actor=signature.actor,
        actor_name=signature.actor_name,
        on_behalf_of=signature.on_behalf_of,
        channel=signature.channel,
        action=happened.action,
        target_kind=happened.target_kind,
        target=happened.target,
        resource=happened.resource,
        subject=happened.subject,
        details=dict(happened.details),
        changes=[[c.noun, c.id, _dict(c.before), _dict(c.after)] for c in entry.changes],
        reason=happened.reason,
        refused=refused,
        request_id=signature.request_id,
        address=signature.address,
        previous=tenant.head or GENESIS,
    )
    row.hash = tenant.head = digest(row)
    return row


def _line(row: Event) -> tuple[object, ...]:
    """Return an event as its table holds it: many at once go in without the ORM's detours."""
    plain = {name: getattr(row, name) for name in (*HASHED, "previous", "hash")}
    written = {name: json.dumps(plain[name], ensure_ascii=False) for name in ("details", "changes")}
    return tuple((plain | written | {"at": moment(row.at)}).values())


def _dict(values: Any) -> dict[str, object] | None:  # noqa: ANN401 - any mapping or None
    return None if values is None else dict(values)


def _canonical(row: Event, name: str) -> object:
    value = getattr(row, name)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.pk if isinstance(value, models.Model) else value
