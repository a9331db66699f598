"""A person's page: who they are, what they hold where, and the groups they are in, as far as the reader may know (R017, R063, R064)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Route, routes
from keyholder.services import access_trees
from keyholder.services.access_trees import PlatformAccess
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.closed import open_ones
from keyholder.services.jurisdictions import Jurisdiction, jurisdiction_of, manages, open_places
from keyholder.services.naming import Names
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import Badge, OrganizationView, PrincipalView
from keyholder.storage import jurisdictions, locks, slices, visibility
from keyholder.storage import people as rows
from keyholder.storage.models import Identity, User


class SignInMethod(StrEnum):
    """How somebody can prove who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class GroupOfPerson:
    """A group that somebody is in: directly, or by way of other groups; ``until`` is when that ends."""

    group: PrincipalView
    organization: OrganizationView
    via: tuple[PrincipalView, ...] = ()
    """From the group that they are in directly on; empty where that is this very group."""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganizationOfPerson:
    """What somebody is in an organization of the reader's."""

    organization: OrganizationView
    role: OrganizationRole | None
    suspended: bool


@dataclass(frozen=True)
class Person:
    """Everything the reader may know of somebody: access within what the reader manages, or everywhere of oneself."""

    principal: PrincipalView
    status: Status
    badges: frozenset[Badge]
    sign_in_methods: tuple[SignInMethod, ...]
    last_seen: datetime | None
    platforms: tuple[PlatformAccess, ...] = ()
    groups: tuple[GroupOfPerson, ...] = ()
    organizations: tuple[OrganizationOfPerson, ...] = ()
    is_verified: bool = field(default=False, kw_only=True)
    """The address has been proven."""
    is_reader: bool = field(default=False, kw_only=True)


def person(*, by: Caller, of: PrincipalId) -> Person:
    """Return a person's page.

    Raises NotFound for who is nobody, and for who has nothing within what the caller manages; oneself is always there, and for an operator
    everybody is.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = User.objects.filter(pk=of).first()
        jurisdiction = jurisdiction_of(authority)
        if row is None or not _may_know(authority, jurisdiction, of):
            raise not_there()
        nodes = open_places(authority, _nodes(jurisdiction, of))
        moment = Moment(slices.of([of, *([by.principal] if by.principal else [])], nodes), authority.catalogue, by.at)
        changeable = {node for node in moment.facts.resources if by.principal is None or manages(moment, by.principal, node)}
        own = _own(authority, of, nodes)
        shown = [node for node in nodes if node in changeable or node in own]
        held = access_trees.held(moment.facts, authority.catalogue, of, shown, by.at)
        homes = None if by.principal is None else set(open_ones(by, visibility.organizations_for(by.principal, by.at)))
        ways = [way for way in _ways(moment, of) if homes is None or moment.facts.groups[way.groups[-1]] in homes]
        roles = [(OrganizationId(o), role, out) for o, role, out in rows.standing_everywhere(of) if homes is None or o in homes]
        names = _names(authority, held, moment, ways, [organization for organization, _role, _out in roles])
    return Person(
        names.principal(of),
        Status(row.status),
        frozenset(_badges(authority, row)),
        tuple(_methods(row)),
        row.last_seen_at,
        access_trees.forest(held, names, changeable),
        tuple(_group(way, names, moment) for way in ways),
        tuple(OrganizationOfPerson(names.organizations[o], OrganizationRole(role) if role else None, out) for o, role, out in roles),
        is_verified=row.email_verified,
        is_reader=of == by.principal,
    )


def _methods(row: User) -> Iterator[SignInMethod]:
    if row.has_usable_password():
        yield SignInMethod.PASSWORD
    if Identity.objects.filter(user=row).exists():
        yield SignInMethod.PROVIDER


def _may_know(authority: Authority, jurisdiction: Jurisdiction, of: PrincipalId) -> bool:
    if jurisdiction.everything or of == authority.by.principal or authority.is_operator():
        return True
    return jurisdictions.holds(jurisdiction.ground, of, authority.by.at)


def _nodes(jurisdiction: Jurisdiction, of: PrincipalId) -> list[ResourceId]:
    """Return where something of the person's stands, and the tops of what the reader manages: there it may arrive from above."""
    return list(dict.fromkeys([*jurisdictions.bearing([of]), *jurisdiction.ground.roots]))


def _own(authority: Authority, of: PrincipalId, nodes: Collection[ResourceId]) -> set[ResourceId]:
    """Return those of the nodes that are there for the reader because this is the reader's own page."""
    if of != authority.by.principal:
        return set()
    return visibility.concerning(of, nodes, authority.by.at)


def _ways(moment: Moment, of: PrincipalId) -> list[Route]:
    """Return the simplest way to each group that somebody is in."""
    found = [ways[0] for ways in routes(moment, of).values() if ways[0].groups]
    return sorted(found, key=lambda way: (len(way.groups), way.groups))


def _names(
    authority: Authority, held: access_trees.Held, moment: Moment, ways: Sequence[Route], organizations: Sequence[OrganizationId]
) -> Names:
    homes = {moment.facts.groups[way.groups[-1]] for way in ways}
    groups = {group for way in ways for group in way.groups}
    return access_trees.names_of(held, authority.catalogue, groups, [*organizations, *(o for o in homes if o is not None)])


def _group(way: Route, names: Names, moment: Moment) -> GroupOfPerson:
    group = way.groups[-1]
    home = moment.facts.groups[group]
    ends = [window.ends_at for window in way.windows if window.ends_at is not None]
    via = tuple(names.principal(step) for step in way.groups[:-1])
    return GroupOfPerson(names.principal(group), names.organizations[home or OrganizationId(0)], via, min(ends, default=None))


def _badges(authority: Authority, row: User) -> Iterator[Badge]:
    if row.pk == authority.by.principal:
        yield Badge.YOU
    if row.is_operator and (row.pk == authority.by.principal or authority.is_operator()):
        yield Badge.OPERATOR
    if row.status != Status.ACTIVE.value:
        yield Badge.SUSPENDED
