"""The roster of a resource: everybody with access there, whatever way it comes (R040, R047, R059 to R064).

SQL finds, filters, orders and pages; what each row of the page shows is decided by the engine, so that lists agree with single answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from keyholder.domain.blueprint import Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.policies import Policy
from keyholder.domain.roster import Filters, Origin, Sort, Tab
from keyholder.engine.moment import Moment
from keyholder.engine.search import Access, access
from keyholder.services import cursors, naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.cursors import Cursor
from keyholder.services.policies import policy_of
from keyholder.services.queries.badges import badges_of
from keyholder.services.queries.seeing import authority_of, known_permission, resource_with_users
from keyholder.services.read_models import AccessView, Badge, ResourceView
from keyholder.storage import lineages, locks, roster_below, slices
from keyholder.storage import roster as rows
from keyholder.storage.models import Resource
from keyholder.storage.roster import Position, Row, Wanted

MOST_PLACES = 2
"""Places below that a row names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One principal of a roster: what it has at the resource, with sources; until when all of it lasts; when it was last seen."""

    access: AccessView
    badges: frozenset[Badge] = frozenset()
    until: datetime | None = None
    """The first moment at which something held here ends; of who has access only below, the last moment of that; None where it lasts."""
    last_seen: datetime | None = None
    is_direct: bool = False
    """A binding of its own at this very resource is among it."""
    below: tuple[ResourceView, ...] = ()
    """Where who has access only below has it: the first places by name."""
    more_below: int = 0
    """How many places there are beside those."""


@dataclass(frozen=True, slots=True)
class Roster:
    """One page of a roster, and how many match in each tab; a cursor is empty where there is no such page."""

    resource: ResourceView
    rows: tuple[RosterRow, ...] = ()
    people: int = 0
    groups: int = 0
    next: str = ""
    previous: str = ""
    is_account: bool = field(default=False, kw_only=True)
    """Removal is judged here (R050)."""
    only_below: Mapping[Tab, int] = field(default_factory=dict, kw_only=True)
    """How many match in each tab who hold nothing here, but something at a node below; empty where origins are filtered by."""


def roster(
    *,
    by: Caller,
    at: ResourceId,
    tab: Tab = Tab.PEOPLE,
    filters: Filters | None = None,
    sort: Sort = Sort.NAME,
    descending: bool = False,
    cursor: str = "",
    size: int = cursors.USUAL,
) -> Roster:
    """Return a page of who has access at a resource; who is suspended is on it, marked, with nothing effective.

    Raises NotFound where the resource does not exist for the caller, Forbidden for who may not see its users (R064, R098), Invalid for an
    unknown permission among the filters or a cursor of another list.
    """
    authority = authority_of(by)
    with locks.snapshot():
        lineage = _lineage(authority, at)
        context = ("roster", at, tab, filters, sort, descending)
        since = cursors.unseal(cursor, *context)
        wanted = _wanted(authority, lineage, filters, tab, sort=sort, descending=descending)
        found, page = _page(lineage, authority, wanted, since, cursors.clamp(size))
        shown = _shown(authority, lineage, found, wanted)
        only_below = _only_below(authority, lineage, wanted)
    ends = [Cursor(found[0].position, backwards=True), Cursor(found[-1].position)] if found else []
    before, after = (cursors.seal(end, *context) for end in ends) if ends else ("", "")
    has_more = len(page.rows) > len(found)
    is_back = since is not None and since.backwards
    return Roster(
        naming.resource_view(lineage[0]),
        shown,
        page.people,
        page.groups,
        next=after if is_back or has_more else "",
        previous=before if (has_more if is_back else since is not None) else "",
        is_account=authority.catalogue.types[lineage[0].type].account_level,
        only_below=only_below,
    )


def everybody(*, by: Caller, at: ResourceId, tab: Tab = Tab.PEOPLE, filters: Filters | None = None) -> tuple[PrincipalId, ...]:
    """Return all who match, on whatever page: what "select all 3,058" stands for. Raises as :func:`roster` does."""
    authority = authority_of(by)
    with locks.snapshot():
        lineage = _lineage(authority, at)
        wanted = _wanted(authority, lineage, filters, tab)
        return tuple(rows.everybody(lineage, authority.catalogue, wanted, by.at))


def _lineage(authority: Authority, at: ResourceId) -> tuple[Resource, ...]:
    return lineages.of(resource_with_users(authority, at))


def _wanted(
    authority: Authority,
    lineage: Sequence[Resource],
    filters: Filters | None,
    tab: Tab,
    *,
    sort: Sort = Sort.NAME,
    descending: bool = False,
) -> Wanted:
    asked = filters or Filters()
    known_permission(authority, lineage[0].type, asked.permission)
    organization = next((node.organization for node in lineage if node.organization is not None), None)
    return Wanted(
        tab,
        asked,
        policy_of(organization) if organization else Policy(),
        sort,
        descending,
        closed=tuple(one.tenant for one in authority.by.closed),
    )


def _only_below(authority: Authority, lineage: Sequence[Resource], wanted: Wanted) -> Mapping[Tab, int]:
    if wanted.filters.origin is not None or not roster_below.types_below(lineage, authority.catalogue):
        return {}
    asked = replace(wanted, filters=replace(wanted.filters, origin=Origin.BELOW))
    return rows.totals(lineage, authority.catalogue, asked, authority.by.at)


def _page(
    lineage: Sequence[Resource], authority: Authority, wanted: Wanted, since: Cursor | None, size: int
) -> tuple[list[Row], rows.Page]:
    """Return the rows of a page in order, and the page as storage gave it: with one row more where the list goes on."""
    is_back = since is not None and since.backwards
    after: Position | None = None if since is None else _position(since)
    asked = replace(wanted, after=after, most=size + 1, descending=wanted.descending is not is_back)
    page = rows.page(lineage, authority.catalogue, asked, authority.by.at)
    found = list(page.rows[:size])
    return (found[::-1] if is_back else found), page


def _position(cursor: Cursor) -> Position:
    key, address, number = cursor.position
    return key, str(address), int(str(number))


def _shown(authority: Authority, lineage: Sequence[Resource], found: Sequence[Row], wanted: Wanted) -> tuple[RosterRow, ...]:
    if not found:
        return ()
    here = ResourceId(lineage[0].pk)
    facts = slices.of([row.principal for row in found], [here])
    decided = Moment(facts, authority.catalogue, authority.by.at)
    unheld = Moment(facts.without_shadows(), authority.catalogue, authority.by.at)
    answers = {row.principal: _answer(decided, unheld, row.principal, here) for row in found}
    sources = [source for answer, _held in answers.values() for source in answer.sources]
    names = naming.of_sources(authority.catalogue, sources, principals=answers, resources=[here])
    badges = badges_of(authority.by, answers, wanted.policy, lineages.organization_of(lineage))
    shown = tuple(_row(names.access(*answers[row.principal]), row, badges) for row in found)
    return _placed(authority, lineage, shown, wanted) if wanted.filters.origin is Origin.BELOW else shown


def _placed(authority: Authority, lineage: Sequence[Resource], shown: Sequence[RosterRow], wanted: Wanted) -> tuple[RosterRow, ...]:
    """Say of rows of who has access only below where that is."""
    who = [row.access.principal.id for row in shown]
    found = roster_below.places_of(who, lineage, authority.catalogue, wanted.closed, MOST_PLACES, authority.by.at)
    views = naming.resource_views({place for below in found.values() for place in below.places})
    placed = []
    for row in shown:
        below = found[row.access.principal.id]
        placed.append(replace(row, below=tuple(views[place] for place in below.places), more_below=below.total - len(below.places)))
    return tuple(placed)


def _answer(decided: Moment, unheld: Moment, principal: PrincipalId, here: ResourceId) -> tuple[Access, Mask]:
    """Return what the engine says, the sources as if nobody were suspended, and what would be effective then."""
    return replace(access(unheld, principal, here), effective=decided.effective(principal, here)), unheld.effective(principal, here)


def _row(view: AccessView, row: Row, badges: Mapping[PrincipalId, frozenset[Badge]]) -> RosterRow:
    return RosterRow(view, badges.get(row.principal, frozenset()), row.until, row.seen, row.direct)
