"""Activity in SQL: the events that somebody may see, newest first, each found by an index of its own way of being seen (R-AUD-4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from keyholder.domain.activity import Filters
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId, TenantId
from keyholder.storage import places
from keyholder.storage.models import Event
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch
from keyholder.storage.visibility import BELOW

BLIND = "request.made"
"""What somebody did without being told whether there was anything to do it to: only who manages the place sees it."""

SUSPENDED = "organization.person_suspended"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which events somebody may see: besides their own acts and what happened to themselves."""

    reader: PrincipalId | None
    """None sees everything."""
    roots: tuple[ResourceId, ...] = ()
    """The nodes that they manage, over open edges with everything below."""
    tenants: tuple[TenantId, ...] = ()
    """Of which they may see all."""
    without: tuple[TenantId, ...] = ()
    """Which keep them out: also of what they did there themselves, and of what happened to them, they see nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event, and whether it is seen in full: by who manages the place, not only by who did it or had it done to them."""

    row: Event
    whole: bool


def tenants_of(reader: PrincipalId, roots: Collection[ResourceId], catalogue: Catalogue) -> list[TenantId]:
    """Return the tenants whose whole log is the reader's to see: one query.

    Of the organizations where they are an admin or a user admin, not suspended within; of an account of its own that they manage, unless
    something below can be closed to them; for an operator the instance's.
    """
    closable = {kind.blueprint for kind in catalogue.types.values() if kind.closable}
    kinds = [kind.name for kind in catalogue.types.values() if kind.account_level and not kind.parent and kind.blueprint not in closable]
    named = {f"type{number}": name for number, name in enumerate(kinds)}
    statement = f"""
      SELECT o.tenant_id FROM organization_member m JOIN organization o ON o.id = m.organization_id
        JOIN "user" u ON u.principal_id = m.user_id AND u.status = 'active'
       WHERE m.user_id = %(reader)s AND NOT EXISTS (
         SELECT 1 FROM organization_suspension s WHERE s.organization_id = m.organization_id AND s.user_id = m.user_id)
      UNION SELECT r.tenant_id FROM resource r
       WHERE r.id IN ({ids(roots)}) AND r.parent_id IS NULL AND r.organization_id IS NULL
         AND r.type IN ({", ".join(f"%({name})s" for name in named) or "''"})
      UNION SELECT t.id FROM tenant t, "user" u
       WHERE t.kind = 'instance' AND u.principal_id = %(reader)s AND u.is_operator AND u.status = 'active'"""
    return sorted(TenantId(line[0]) for line in fetch(statement, {"reader": reader, **named}))


def suspending(reader: PrincipalId) -> list[TenantId]:
    """Return the tenants of the organizations that have suspended somebody within themselves."""
    statement = """
      SELECT o.tenant_id FROM organization_suspension s JOIN organization o ON o.id = s.organization_id WHERE s.user_id = %(reader)s"""
    return [TenantId(line[0]) for line in fetch(statement, {"reader": reader})]


def page(reach: Reach, filters: Filters, most: int, *, upto: int | None = None, only: int | None = None) -> Sequence[Seen]:
    """Return at most so many events, newest first, from number ``upto`` on backwards, or the one numbered ``only``: two queries."""
    where, parameters = _wanted(filters)
    for name, condition, value in (("upto", "e.id <= %(upto)s", upto), ("only", "e.id = %(only)s", only)):
        if value is not None:
            where, parameters[name] = f"{where} AND {condition}", value
    ways = [*_ways(reach, where), *([_placed(where)] if reach.roots else [])]
    branches = " UNION ALL ".join(f"SELECT * FROM ({way} ORDER BY 1 DESC LIMIT %(most)s) b{n}" for n, way in enumerate(ways))
    statement = f"""
      WITH RECURSIVE {places.within(reach.roots)}
      SELECT id, MAX(whole) FROM ({branches}) found GROUP BY id ORDER BY id DESC LIMIT %(most)s"""
    lines = fetch(statement, {**parameters, "most": most, "reader": -1 if reach.reader is None else reach.reader})
    rows = Event.objects.in_bulk([line[0] for line in lines])
    return [Seen(rows[number], bool(whole)) for number, whole in lines]


def _ways(reach: Reach, where: str) -> list[str]:
    """Return a statement for each way of seeing an event: its number, and whether that is in full."""
    if reach.reader is None:
        return [f"SELECT e.id AS id, 1 AS whole FROM event e WHERE {where}"]
    ways = (f"e.actor = %(reader)s AND e.action <> '{BLIND}'", "e.subject = %(reader)s")
    told = f"{where} AND {_outside(reach)}" if reach.without else where
    found = [f"SELECT e.id AS id, 0 AS whole FROM event e WHERE {way} AND {told}" for way in ways]
    if reach.tenants:
        found.append(f"SELECT e.id AS id, 1 AS whole FROM event e WHERE e.tenant_id IN ({ids(reach.tenants)}) AND {where}")
    return found


def _outside(reach: Reach) -> str:
    """Return the condition that an event belongs to no tenant that keeps the reader out; who is suspended within one is told of that."""
    listed = ids(reach.without)
    there = f"EXISTS (SELECT 1 FROM resource r WHERE r.id = e.resource AND r.tenant_id IN ({listed}))"
    return f"(e.action = '{SUSPENDED}' AND e.subject = %(reader)s OR NOT (e.tenant_id IN ({listed}) OR {there}))"


def _placed(where: str) -> str:
    """Return the statement for what happened at the places that the reader manages.

    PostgreSQL is told to look at the newest of each place: by itself it may go through everybody's events in search of a few.
    """
    if connection.vendor == "sqlite":
        return f"SELECT e.id AS id, 1 AS whole FROM event e WHERE e.resource IN (SELECT id FROM place) AND {where}"
    newest = f"SELECT e.id FROM event e WHERE e.resource = p.id AND {where} ORDER BY e.id DESC LIMIT %(most)s"
    return f"SELECT n.id AS id, 1 AS whole FROM place p CROSS JOIN LATERAL ({newest}) n"


def _wanted(filters: Filters) -> tuple[str, dict[str, object]]:
    """Return the condition of the filters and its parameters."""
    actions = {f"action{number}": action for number, action in enumerate(filters.actions)}
    within = f"SELECT r.id FROM resource h JOIN resource r ON {BELOW.format('r.path')} WHERE h.id = %(resource)s"
    plain: Mapping[str, tuple[str, object]] = {
        "actor": ("e.actor = %(actor)s", filters.actor),
        "subject": ("e.subject = %(subject)s", filters.subject),
        "resource": (f"e.resource IN ({within})", filters.resource),
        "organization": (
            "e.tenant_id = (SELECT o.tenant_id FROM organization o WHERE o.id = %(organization)s)",
            filters.organization,
        ),
        "channel": ("e.channel = %(channel)s", None if filters.channel is None else filters.channel.value),
        "since": ("e.at >= %(since)s", filters.since),
        "until": ("e.at < %(until)s", filters.until),
    }
    asked = {name: (condition, value) for name, (condition, value) in plain.items() if value is not None}
    where = ["1 = 1", *(condition for condition, _value in asked.values())]
    if actions:
        where.append(f"e.action IN ({', '.join(f'%({name})s' for name in actions)})")
    if filters.refused:
        where.append("e.refused <> ''")
    if filters.doings:
        where.append("e.action NOT IN ('sign_in.succeeded', 'sign_in.ended', 'sign_in.session_ended', 'sign_in.sessions_ended')")
    return " AND ".join(where), {**{name: value for name, (_condition, value) in asked.items()}, **actions}
