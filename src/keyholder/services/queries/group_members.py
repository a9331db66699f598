"""Who is in a group, directly or through other groups, and which groups it is in itself (R071 to R073, R077, R080)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind
from keyholder.domain.principals import Status
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Route, routes
from keyholder.services import cursors, group_rights, naming, turning
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import known
from keyholder.services.policies import policy_of
from keyholder.services.queries.badges import badges_of
from keyholder.services.queries.groups import group_seen, wanted
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import Badge, PrincipalView
from keyholder.services.turning import Wish
from keyholder.storage import group_lists, locks, slices
from keyholder.storage.group_lists import Edge
from keyholder.storage.models import Group, GroupOwner, OrganizationSuspension

MOST_CANDIDATES = 200
"""Groups that a picker offers."""


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


@dataclass(frozen=True, slots=True)
class Containing:
    """A group that a group is in: directly, or by way of others; ``can_end`` says that the reader may take it out."""

    group: PrincipalView
    window: Window = ALWAYS
    via: tuple[PrincipalView, ...] = ()
    can_end: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Containings:
    """The groups that a group is in, and those that the reader could put it into."""

    rows: tuple[Containing, ...] = ()
    candidates: tuple[PrincipalView, ...] = ()


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


def containing(*, by: Caller, of: PrincipalId) -> Containings:
    """Return the groups that a group is in, direct ones first, and those of its organization that the caller may put it into (R073).

    A fixed number of queries. Raises NotFound outside the organization.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        edges = group_lists.outer([of], by.at)
        moment = Moment(slices.of([of], []), authority.catalogue, by.at)
        ways = {group: found[0] for group, found in routes(moment, of).items() if len(found[0].groups) > 1}
        managed = _managed(authority, row)
        direct = {edge.group for edge in edges}
        candidates = [group for group in managed if group != of and group not in direct][:MOST_CANDIDATES]
        views = naming.principal_views({*direct, *candidates, *(step for way in ways.values() for step in way.groups)})
    mine = set(managed)
    rows = [Containing(views[e.group], e.window, can_end=of in mine or e.group in mine) for e in edges]
    for group, way in ways.items():
        if group not in direct:
            rows.append(Containing(views[group], Window(ends_at=_end(way)), tuple(views[step] for step in way.groups[:-1])))
    return Containings(tuple(rows), tuple(views[group] for group in candidates))


def sees_members(authority: Authority, group: Group) -> bool:
    """Say whether the caller may see who is in a group: its members' managers may, and who manages users somewhere in its organization."""
    return authority.by.principal is None or authority.owns(group) or group_rights.may_create(authority, group.organization)


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


def _managed(authority: Authority, group: Group) -> list[PrincipalId]:
    """Return the groups of the same organization whose members the caller manages, by name."""
    me, organization = authority.by.principal, OrganizationId(group.organization_id)
    inside = Group.objects.filter(organization=organization).order_by("name_key", "pk")
    if me is not None and not authority.manages_groups_of(organization):
        out = OrganizationSuspension.objects.filter(organization=organization, user=me)
        owned = GroupOwner.objects.filter(user=me, user__status=Status.ACTIVE.value).exclude(user__in=out.values("user"))
        inside = inside.filter(pk__in=owned.values("group"))
    return [PrincipalId(pk) for pk in inside.values_list("pk", flat=True)]


def _end(way: Route) -> datetime | None:
    return min((window.ends_at for window in way.windows if window.ends_at is not None), default=None)


def _last(ways: Sequence[Route]) -> datetime | None:
    """Return until when somebody is in a group that they are in on several ways: the longest counts."""
    ends = [_end(way) for way in ways]
    finite = [end for end in ends if end is not None]
    return max(finite) if finite and len(finite) == len(ends) else None
