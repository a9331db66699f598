"""Activity: what happened, told in sentences, to those who may know (R-AUD-4, semantics 9).

Whoever manages a node sees what happened there and below; admins and user admins the whole log of their organization; operators that of
the instance; everybody their own acts and what happened to themselves; the command line everything. Newest first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from keyholder.domain.activity import Filters
from keyholder.domain.blueprint import Blueprint
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId, TenantId
from keyholder.domain.moments import write_moment
from keyholder.domain.sentences import Sentence
from keyholder.services import cursors, event_changes, event_sentences, happenings, naming
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.cursors import Cursor
from keyholder.services.event_changes import FieldChange
from keyholder.services.event_sentences import Words
from keyholder.services.happenings import reach_of
from keyholder.services.organization_rows import visible
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.services.read_models import ResourceView
from keyholder.storage import activity as rows
from keyholder.storage import locks
from keyholder.storage.activity import Reach, Seen

COPIES = 20
"""Further rows that a page reads along, because one happening may stand in the logs of several tenants."""
BATCH = 500
"""Rows that an export reads at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening. Names are those of then; ``resource`` is the node as it is called now, None where it is gone or not the reader's."""

    id: int
    """For its own address: see :func:`entry`."""
    at: datetime
    actor: PrincipalId | None
    """None for the command line and the system."""
    actor_name: Words
    sentence: Sentence
    action: str
    channel: Channel
    target_kind: str
    target: int | None
    subject: PrincipalId | None
    subject_name: str
    resource: ResourceView | None
    changes: tuple[FieldChange, ...]
    reason: str
    refused: str
    """Code of the refusal; empty for what was done."""
    request_id: str
    tenant: TenantId
    number: int
    """In the log of its tenant."""
    revision: int | None
    """None for a refused attempt."""
    address: str = ""
    """Of the client; only for who may see the event in full, and for one's own acts."""
    on_behalf_of: PrincipalId | None = None
    is_self_grant: bool = field(default=False, kw_only=True)
    """Somebody gave this to themselves (semantics 4)."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One page, newest first; ``next`` is the cursor of the older ones, empty where there are none."""

    entries: tuple[Entry, ...] = ()
    next: str = ""


def activity(*, by: Caller, filters: Filters | None = None, cursor: str = "", size: int = cursors.USUAL) -> Activity:
    """Return a page of what the caller may see of what happened.

    Raises Forbidden for who is not signed in or suspended, NotFound for a resource among the filters that does not exist for the caller,
    Invalid for a cursor of another list.
    """
    asked, most = filters or Filters(), cursors.clamp(size)
    since = cursors.unseal(cursor, "activity", asked)
    last = None if since is None else int(str(since.position[0]))
    with locks.snapshot():
        authority, reach = _reader(by, asked)
        found = list(islice(happenings.before(last, reach, asked, most + COPIES), most + 1))
        entries = _entries(authority, [happening.told for happening in found[:most]])
    more = cursors.seal(Cursor((found[most - 1].last,)), "activity", asked) if len(found) > most else ""
    return Activity(entries, more)


def entry(*, by: Caller, number: int) -> Entry:
    """Return one happening by the ``id`` of its entry: what its own address shows. Raises NotFound for what the caller may not see."""
    with locks.snapshot():
        authority, reach = _reader(by, Filters())
        found = rows.page(reach, Filters(), 1, only=number)
        if not found:
            raise not_there()
        return _entries(authority, found)[0]


def exported(*, by: Caller, filters: Filters | None = None) -> Iterator[Mapping[str, object]]:
    """Go through everything the caller may see, newest first, as flat plain values: for CSV and for JSON lines.

    Read in batches as the reader goes on: what happens meanwhile is not in it. Raises at once as :func:`activity` does.
    """
    asked = filters or Filters()
    authority, reach = _reader(by, asked)
    return _exported(authority, reach, asked)


def _reader(by: Caller, filters: Filters) -> tuple[Authority, Reach]:
    authority = authority_of(by)
    authority.require_active()
    if filters.resource is not None:
        resource_seen(authority, filters.resource)
    if filters.organization is not None:
        visible(authority, filters.organization)
    return authority, reach_of(authority)


def _exported(authority: Authority, reach: Reach, filters: Filters) -> Iterator[Mapping[str, object]]:
    found = happenings.before(None, reach, filters, BATCH)
    while batch := [happening.told for happening in islice(found, BATCH)]:
        for seen, told in zip(batch, _entries(authority, batch), strict=True):
            yield _flat(seen, told)


def _flat(seen: Seen, told: Entry) -> Mapping[str, object]:
    row = seen.row
    return {
        "id": row.pk,
        "at": write_moment(row.at),
        "actor": str(told.actor_name),
        "actor_id": row.actor,
        "on_behalf_of": row.on_behalf_of,
        "action": row.action,
        "sentence": str(told.sentence),
        "subject": told.subject_name,
        "subject_id": row.subject,
        "resource": str(row.details.get("resource", "")),
        "resource_id": row.resource,
        "self_grant": told.is_self_grant,
        "refused": row.refused,
        "reason": row.reason,
        "channel": row.channel,
        "address": told.address,
        "request_id": row.request_id,
        "tenant": row.tenant_id,
        "number": row.number,
        "revision": row.revision,
        "changes": [{"noun": noun, "id": pk, "before": before, "after": after} for noun, pk, before, after in row.changes],
    }


def _entries(authority: Authority, found: Sequence[Seen]) -> tuple[Entry, ...]:
    named = {ResourceId(seen.row.resource) for seen in found if seen.row.resource is not None}
    resources = naming.resource_views(named.union(*(event_changes.resources_of(seen) for seen in found)))
    return tuple(_entry(authority, seen, resources) for seen in found)


def _entry(authority: Authority, seen: Seen, resources: Mapping[ResourceId, ResourceView]) -> Entry:
    row, place = seen.row, resources.get(ResourceId(seen.row.resource or 0))
    may_know = seen.whole or (row.actor is not None and row.actor == authority.by.principal)
    return Entry(
        row.pk,
        row.at,
        None if row.actor is None else PrincipalId(row.actor),
        event_sentences.actor_of(row),
        event_sentences.told(row, _blueprint(authority, place)),
        row.action,
        Channel(row.channel),
        row.target_kind,
        row.target,
        None if row.subject is None else PrincipalId(row.subject),
        str(row.details.get("subject", "")),
        place if seen.whole else None,
        event_changes.changes_of(seen, resources, authority.catalogue),
        row.reason,
        row.refused,
        row.request_id,
        TenantId(row.tenant_id),
        row.number,
        row.revision,
        row.address if may_know else "",
        None if row.on_behalf_of is None else PrincipalId(row.on_behalf_of),
        is_self_grant=event_sentences.is_self_grant(row),
    )


def _blueprint(authority: Authority, place: ResourceView | None) -> Blueprint | None:
    return authority.catalogue.of(place.type) if place is not None and place.type in authority.catalogue.types else None
