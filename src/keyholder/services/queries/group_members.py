"""Who is in a group, directly or through other groups, as far as the reader may know (R071, R072, R077, R080)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Route, routes
from keyholder.services import cursors, group_rights, naming, turning
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import known
from keyholder.services.policies import policy_of
from keyholder.services.queries.badges import badges_of
from keyholder.services.queries.groups import group_seen, wanted
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import Badge, PrincipalView
from keyholder.services.turning import Wish
from keyholder.storage import group_lists, locks, slices
from keyholder.storage.group_lists import Edge, Wanted
from keyholder.storage.models import Group


@dataclass(frozen=True, slots=True)
class Member:
    """A person or a group in a group: by a membership of its own, or through other groups."""

    principal: PrincipalView
    badges: frozenset[Badge] = frozenset()
    window: Window = ALWAYS
    """When the membership holds; of somebody who is in it through groups, only until when."""
    via: tuple[PrincipalView, ...] = ()
    """From the group that they are in directly to the one that is in this group; empty for a direct member."""
    can_open: bool = field(default=False, kw_only=True)
    """The reader may see the member's own page."""


@dataclass(frozen=True, slots=True)
class Members:
    """One page of a group's members; ``total`` counts the rows of all pages."""

    rows: tuple[Member, ...] = ()
    total: int = 0
    next: str = ""
    previous: str = ""
    is_partial: bool = field(default=False, kw_only=True)
    """The reader may not see who is in it, and is shown nobody but themselves."""


def members(
    *, by: Caller, of: PrincipalId, everybody: bool = False, search: str = "", cursor: str = "", size: int = cursors.USUAL
) -> Members:
    """Return a page of a group's direct members, or of everybody in it, people only, each with the way they are in it.

    To who manages the group, and to who manages users somewhere in its organization; anybody else there is shown only themselves. As many
    queries for ten members as for ten thousand. Raises NotFound outside the organization, Invalid for a cursor of another list.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        only = None if sees_members(authority, row) else by.principal
        context = ("members", of, everybody, search, only)
        if everybody:
            return _everybody(authority, row, only, search, cursor, size, context)

        def read(wish: Wish) -> list[Edge]:
            return group_lists.direct(of, wanted(search, wish), by.at, only)

        page = turning.turn(read, lambda edge: (edge.name_key, edge.id), cursor, size, *context)
        shown = _named(authority, row, [edge.member for edge in page.rows])
        rows = tuple(_member(shown, edge.member, edge.window) for edge in page.rows)
        total = group_lists.direct_total(of, search, by.at, only)
        return Members(rows, total, page.next, page.previous, is_partial=only is not None)


def member(*, by: Caller, of: PrincipalId, member: PrincipalId) -> Member:
    """Return one direct member of a group, with the first of its windows: before it is taken out, or given another end.

    Raises NotFound outside the organization, for who is not in it directly, and for a person whom the caller may not see in it.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        edges = group_lists.direct(of, Wanted(most=1), by.at, member)
        shown = _named(authority, row, [member])
        is_group = member in shown.views and shown.views[member].kind is PrincipalKind.GROUP
        if not edges or not (is_group or member == by.principal or sees_members(authority, row)):
            raise not_there()
        return _member(shown, member, edges[0].window)


def sees_members(authority: Authority, group: Group) -> bool:
    """Say whether the caller may see who is in a group: its members' managers may, and who manages users somewhere in its organization."""
    return authority.by.principal is None or authority.owns(group) or group_rights.may_create(authority, group.organization)


def end_of(way: Route) -> datetime | None:
    """Return when a way into a group ends: with the first of its memberships that does."""
    return min((window.ends_at for window in way.windows if window.ends_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Shown:
    views: Mapping[PrincipalId, PrincipalView]
    badges: Mapping[PrincipalId, frozenset[Badge]]
    open: Collection[PrincipalId]


def _everybody(
    authority: Authority, row: Group, only: PrincipalId | None, search: str, cursor: str, size: int, context: tuple[object, ...]
) -> Members:
    of, at = PrincipalId(row.pk), authority.by.at

    def read(wish: Wish) -> list[tuple[PrincipalId, str]]:
        return group_lists.everybody(of, wanted(search, wish), at, only)

    page = turning.turn(read, lambda found: (found[1], found[0]), cursor, size, *context)
    people = [person for person, _name in page.rows]
    moment = Moment(slices.of(people, []), authority.catalogue, at)
    ways = {person: routes(moment, person).get(of, ()) for person in people}
    steps = {step for found in ways.values() for step in (found[0].groups if found else ())}
    shown = _named(authority, row, [*people, *steps])
    rows = tuple(_member(shown, person, Window(ends_at=_last(ways[person])), ways[person][0].groups[:-1]) for person in people)
    total = group_lists.everybody_total(of, search, at, only)
    return Members(rows, total, page.next, page.previous, is_partial=only is not None)


def _named(authority: Authority, group: Group, principals: Sequence[PrincipalId]) -> _Shown:
    views = naming.principal_views(principals)
    groups = {number for number, view in views.items() if view.kind is PrincipalKind.GROUP}
    return _Shown(
        views, badges_of(authority.by, views, policy_of(group.organization), group.organization_id), groups | known(authority, views)
    )


def _member(shown: _Shown, principal: PrincipalId, window: Window, via: Sequence[PrincipalId] = ()) -> Member:
    badges, ways = shown.badges.get(principal, frozenset()), tuple(shown.views[step] for step in via)
    return Member(shown.views[principal], badges, window, ways, can_open=principal in shown.open)


def _last(ways: Sequence[Route]) -> datetime | None:
    """Return until when somebody is in a group that they are in on several ways: the longest counts."""
    ends = [end_of(way) for way in ways]
    finite = [end for end in ends if end is not None]
    return max(finite) if finite and len(finite) == len(ends) else None
