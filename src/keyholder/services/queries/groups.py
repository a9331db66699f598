"""Groups as pages show them: those of the reader's organizations, and one of them with what may be done with it (R067, R081)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.services import cursors, group_rights, naming, turning
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.closed import open_ones, require_open
from keyholder.services.jurisdictions import known
from keyholder.services.naming import Names
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.services.turning import Wish
from keyholder.storage import group_lists, locks, visibility
from keyholder.storage.group_lists import Counts, Listed, Wanted
from keyholder.storage.models import Group, Organization

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a list: how much is in it, where it is bound as far as the reader may see, which groups it is in, who owns it."""

    group: PrincipalView
    description: str
    organization: OrganizationView
    counts: Counts
    places: tuple[ResourceView, ...] = ()
    within: tuple[PrincipalView, ...] = ()
    owners: tuple[PrincipalView, ...] = ()


@dataclass(frozen=True, slots=True)
class Groups:
    """One page of the groups of an organization; ``organizations`` are all that the reader belongs to, by name."""

    organizations: tuple[OrganizationView, ...] = ()
    organization: OrganizationView | None = None
    """Whose groups these are; None where the reader belongs to none."""
    rows: tuple[GroupRow, ...] = ()
    total: int = 0
    next: str = ""
    previous: str = ""
    can_create: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group. Who may not see its members still sees how many they are, and its owners, who can be asked."""

    group: PrincipalView
    key: str
    description: str
    organization: OrganizationView
    counts: Counts
    owners: tuple[PrincipalView, ...] = ()
    within: int = 0
    """Groups that it is in directly."""
    can_manage: bool = field(default=False, kw_only=True)
    """Name and description, members, owners: as an owner, or by a role in the organization (R080)."""
    can_delete: bool = field(default=False, kw_only=True)
    sees_members: bool = field(default=False, kw_only=True)
    is_member: bool = field(default=False, kw_only=True)
    """The reader is in it directly, and may leave it."""
    known: frozenset[PrincipalId] = field(default=frozenset(), kw_only=True)
    """Those of the owners whose own page the reader may see."""


def groups(
    *, by: Caller, organization: OrganizationId | None = None, search: str = "", cursor: str = "", size: int = cursors.USUAL
) -> Groups:
    """Return a page of the groups of an organization that the caller belongs to, by name; of the first one where none is named (R081).

    As many queries for one group as for a page of them. Raises NotFound outside the organization, Forbidden for one that the caller's
    session does not open, Invalid for a cursor of another list.
    """
    authority = authority_of(by)
    with locks.snapshot():
        homes = homes_of(authority)
        if organization is not None and organization not in homes:
            raise not_there()
        if not homes:
            return Groups()
        here = homes[organization or next(iter([*open_ones(by, homes), *homes]))]
        require_open(by, organization=here.id)

        def read(wish: Wish) -> list[Listed]:
            return group_lists.page([here.id], wanted(search, wish))

        page = turning.turn(read, lambda row: (row.name_key, row.id), cursor, size, "groups", here.id, search)
        return Groups(
            tuple(homes.values()),
            here,
            _rows(authority, here, page.rows),
            group_lists.total([here.id], search),
            page.next,
            page.previous,
            can_create=group_rights.may_create(authority, Organization.objects.get(pk=here.id)),
        )


def group(*, by: Caller, of: PrincipalId, managing: bool = False) -> GroupPage:
    """Return one group of an organization that the caller belongs to, ``managing`` for a page that only who manages it has.

    A fixed number of queries. Raises NotFound (R081), and Forbidden for who manages it and may not.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        if managing:
            authority.require_owner(row)
        people = [person for _group, person in group_lists.owners([of])]
        views = naming.principal_views([of, *people])
        can_manage = by.principal is None or authority.owns(row)
        mine = by.principal is not None and bool(group_lists.direct_total(of, "", by.at, by.principal))
        return GroupPage(
            views[of],
            row.key,
            row.description,
            OrganizationView(OrganizationId(row.organization_id), row.organization.key, row.organization.name),
            group_lists.counts([of], by.at).get(of, Counts()),
            tuple(views[person] for person in people),
            len({edge.group for edge in group_lists.outer([of], by.at)}),
            can_manage=can_manage,
            can_delete=group_rights.may_delete(authority, row),
            sees_members=can_manage or group_rights.may_create(authority, row.organization),
            is_member=mine,
            known=frozenset(known(authority, people)),
        )


def group_seen(authority: Authority, group: PrincipalId) -> Group:
    """Return a group, with its organization, that exists for the caller; raises NotFound (R081)."""
    row = Group.objects.select_related("organization").filter(pk=group).first()
    me = authority.by.principal
    if row is None or (me is not None and OrganizationId(row.organization_id) not in visibility.organizations_for(me, authority.by.at)):
        raise not_there()
    require_open(authority.by, organization=row.organization_id)
    return row


def homes_of(authority: Authority) -> Mapping[OrganizationId, OrganizationView]:
    """Return the organizations that the caller belongs to, by name; all of them for the instance."""
    me = authority.by.principal
    rows = Organization.objects.order_by("name_key", "pk")
    if me is not None:
        rows = rows.filter(pk__in=visibility.organizations_for(me, authority.by.at))
    found = rows.values_list("pk", "key", "name")
    return {OrganizationId(pk): OrganizationView(OrganizationId(pk), key, name) for pk, key, name in found}


def wanted(search: str, wish: Wish) -> Wanted:
    """Return a page's wish as storage takes it."""
    after = None if wish.after is None else (str(wish.after[0]), int(str(wish.after[1])))
    return Wanted(search, after, wish.backwards, wish.most)


def visible_among(authority: Authority, resources: Collection[ResourceId]) -> set[ResourceId]:
    """Return those of the resources that exist for the caller, not by name alone: one query. What is bound at them is theirs to know."""
    me = authority.by.principal
    if me is None or not resources:
        return set(resources)
    return visibility.concerning(me, resources, authority.by.at)


def _rows(authority: Authority, home: OrganizationView, listed: tuple[Listed, ...]) -> tuple[GroupRow, ...]:
    numbers, at = [row.id for row in listed], authority.by.at
    counts = group_lists.counts(numbers, at)
    places = _grouped(group_lists.bound(numbers, at))
    within = _grouped([(edge.member, edge.group) for edge in group_lists.outer(numbers, at)])
    owners = _grouped(group_lists.owners(numbers))
    seen = visible_among(authority, {place for found in places.values() for place in found})
    everybody = {*numbers, *(g for found in within.values() for g in found), *(p for found in owners.values() for p in found)}
    names = naming.names(authority.catalogue, everybody, seen, [])
    return tuple(_row(row, home, names, counts, places, within, owners) for row in listed)


def _row(
    row: Listed,
    home: OrganizationView,
    names: Names,
    counts: Mapping[PrincipalId, Counts],
    places: Mapping[PrincipalId, list[ResourceId]],
    within: Mapping[PrincipalId, list[PrincipalId]],
    owners: Mapping[PrincipalId, list[PrincipalId]],
) -> GroupRow:
    return GroupRow(
        names.principal(row.id),
        row.description,
        home,
        counts.get(row.id, Counts()),
        tuple(names.resources[place] for place in places.get(row.id, ()) if place in names.resources),
        tuple(map(names.principal, within.get(row.id, ()))),
        tuple(map(names.principal, owners.get(row.id, ()))),
    )


def _grouped(pairs: Collection[tuple[Key, Value]]) -> Mapping[Key, list[Value]]:
    found: dict[Key, list[Value]] = {}
    for key, value in dict.fromkeys(pairs):
        found.setdefault(key, []).append(value)
    return found
