"""The roster: everybody with access at a resource, found, filtered, ordered, counted and paged in one statement (R040, R047, R059 to R062).

What a binding gives at the resource is computed in SQL as the engine computes it: closed, less what an edge on the way stops, nothing
over a closed edge, nothing from a group of another organization. Suspension is a mark here and takes nobody off the list. Who has access
only below the resource is on a list of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.policies import Policy
from keyholder.domain.roster import Filters, Origin, Sort, Tab
from keyholder.storage.lineages import organization_of
from keyholder.storage.models import Resource
from keyholder.storage.roster_access import NOBODY, anchors, held
from keyholder.storage.roster_below import held_below, standing
from keyholder.storage.roster_filters import conditions
from keyholder.storage.statements import FAR_FUTURE, FAR_PAST, Line, fetch, moment_of

Key = str | int | datetime
Position = tuple[Key, str, int]
"""Where a row stands in the order: the key that is sorted by, the address, the number."""

KEYS: Mapping[Sort, str] = {
    Sort.NAME: "name",
    Sort.ADDRESS: "address",
    Sort.PERMISSIONS: "mask",
    Sort.SOURCE: "direct",
    Sort.UNTIL: "until",
    Sort.LAST_SEEN: "seen",
}
TABS: Mapping[Tab, str] = {Tab.PEOPLE: "kind <> 'group'", Tab.GROUPS: "kind = 'group'"}

ONLY_BELOW = """
    SELECT principal, 0 AS mask, MAX(somewhere) AS somewhere, MAX(until) AS until, 0 AS direct FROM (
      SELECT principal, mask AS somewhere, until, 0 AS here FROM scattered
      UNION ALL SELECT principal, 0, until, 1 FROM held WHERE mask <> 0) either
     GROUP BY principal HAVING MAX(here) = 0"""
"""Who is among ``scattered`` and holds nothing here: one pass over both, whatever a database expects of their sizes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of which list; ``after`` is the last row of the page before it, in the direction of the order."""

    tab: Tab = Tab.PEOPLE
    filters: Filters = field(default_factory=Filters)
    policy: Policy = field(default_factory=Policy)
    """The one that ``filters.violation`` is judged by."""
    sort: Sort = Sort.NAME
    descending: bool = False
    after: Position | None = None
    most: int = 50
    closed: Collection[int] = ()
    """Tenants whose nodes are closed to the reader: nobody is listed for what they have there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One principal with access: what is held here (also by who is suspended), until when all of it lasts, whether it is held directly."""

    principal: PrincipalId
    kind: PrincipalKind
    held: Mask
    until: datetime | None
    """The first moment at which something held here ends; of who has access only below, the last moment of that; None where it lasts."""
    direct: bool
    suspended: bool
    seen: datetime | None
    position: Position


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and how many match in each tab."""

    rows: tuple[Row, ...]
    people: int
    groups: int


def page(lineage: Sequence[Resource], catalogue: Catalogue, wanted: Wanted, at: datetime) -> Page:
    """Return a page of who has access at the first node of a lineage; nobody where one of the lineage is in the trash. One query."""
    candidates, parameters = _candidates(lineage, catalogue, wanted, at)
    key, direction = KEYS[wanted.sort], "DESC" if wanted.descending else "ASC"
    order = f"{key} {direction}, address {direction}, id {direction}"
    beyond = f"AND ({key}, address, id) {'<' if wanted.descending else '>'} (%(key)s, %(address)s, %(id)s)" if wanted.after else ""
    statement = f"""
      WITH RECURSIVE {candidates}
      SELECT t.people, t.others, c.id, c.kind, c.mask, c.until, c.direct, c.suspended, c.seen, c.{key}, c.address
        FROM (SELECT COALESCE(SUM(CASE WHEN {TABS[Tab.PEOPLE]} THEN 1 ELSE 0 END), 0) AS people,
                     COALESCE(SUM(CASE WHEN {TABS[Tab.GROUPS]} THEN 1 ELSE 0 END), 0) AS others FROM candidate) t
        LEFT JOIN (SELECT * FROM candidate WHERE {TABS[wanted.tab]} {beyond} ORDER BY {order} LIMIT %(most)s) c ON 1 = 1
       ORDER BY {", ".join(f"c.{part}" for part in order.split(", "))}"""
    where = dict(zip(("key", "address", "id"), wanted.after or ("", "", 0), strict=True))
    lines = fetch(statement, {**parameters, **where, "most": wanted.most})
    return Page(tuple(_row(line, wanted.sort) for line in lines if line[2] is not None), int(lines[0][0]), int(lines[0][1]))


def everybody(lineage: Sequence[Resource], catalogue: Catalogue, wanted: Wanted, at: datetime) -> list[PrincipalId]:
    """Return all who match in a tab, whatever the page, in the order of their numbers: what a bulk command on all of them is given."""
    candidates, parameters = _candidates(lineage, catalogue, wanted, at)
    lines = fetch(f"WITH RECURSIVE {candidates} SELECT id FROM candidate WHERE {TABS[wanted.tab]} ORDER BY id", parameters)
    return [PrincipalId(line[0]) for line in lines]


def totals(lineage: Sequence[Resource], catalogue: Catalogue, wanted: Wanted, at: datetime) -> Mapping[Tab, int]:
    """Return how many match in each tab: one query."""
    candidates, parameters = _candidates(lineage, catalogue, wanted, at)
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {TABS[tab]} THEN 1 ELSE 0 END), 0)" for tab in Tab)
    line = fetch(f"WITH RECURSIVE {candidates} SELECT {sums} FROM candidate", parameters)[0]
    return {tab: int(number) for tab, number in zip(Tab, line, strict=True)}


def _candidates(lineage: Sequence[Resource], catalogue: Catalogue, wanted: Wanted, at: datetime) -> tuple[str, Mapping[str, object]]:
    """Return the parts of the statement up to ``candidate``, a row for each principal that matches."""
    organization = organization_of(lineage) or NOBODY
    blueprint = catalogue.of(lineage[0].type)
    access, roles = held(anchors(lineage, catalogue), blueprint)
    asked = conditions(wanted.filters, blueprint, wanted.policy, at)
    below, source = "", "SELECT principal, mask, mask AS somewhere, until, direct FROM held WHERE mask <> 0"
    if wanted.filters.origin is Origin.BELOW:
        parts, kinds = standing(lineage, catalogue, wanted.closed)
        below, roles = f",{parts}{held_below(blueprint)}", {**roles, **kinds}
        source = ONLY_BELOW
    statement = f"""{access}{below}{asked.parts},
  found AS ({source}),
  listed AS (
    SELECT h.principal AS id, p.kind AS kind, h.mask AS mask, h.somewhere AS somewhere, h.until AS until, h.direct AS direct,
           u.email_verified AS verified,
           COALESCE(u.name_key, g.name_key, s.name_key) AS name, COALESCE(u.canonical, '') AS address, u.search_key AS search_key,
           COALESCE(u.last_seen_at, %(past)s) AS seen,
           (SELECT o.role FROM organization_member o WHERE o.user_id = u.principal_id AND o.organization_id = %(organization)s) AS role,
           CASE WHEN u.status <> 'active' OR EXISTS (SELECT 1 FROM organization_suspension x
                 WHERE x.user_id = u.principal_id AND x.organization_id = %(organization)s) THEN 1 ELSE 0 END AS suspended
      FROM found h JOIN principal p ON p.id = h.principal AND p.deleted_at IS NULL LEFT JOIN "user" u ON u.principal_id = p.id
      LEFT JOIN "group" g ON g.principal_id = p.id LEFT JOIN service_account s ON s.principal_id = p.id),
  candidate AS (SELECT * FROM listed WHERE {asked.where})"""
    given = {"at": at, "far": FAR_FUTURE, "past": FAR_PAST, "organization": organization}
    return statement, {**given, **roles, **asked.parameters}


def _row(line: Line, sort: Sort) -> Row:
    _, _, number, kind, mask, until, direct, suspended, seen, key, address = line
    ends, last = moment_of(until), moment_of(seen)
    place: Key = moment_of(key) or FAR_PAST if sort in {Sort.UNTIL, Sort.LAST_SEEN} else key
    return Row(
        PrincipalId(number),
        PrincipalKind(kind),
        Mask(mask),
        None if ends == FAR_FUTURE else ends,
        bool(direct),
        bool(suspended),
        None if last == FAR_PAST else last,
        (place, address, number),
    )
