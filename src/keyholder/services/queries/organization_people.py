"""An organization's people, found and filtered, for its admins and user admins (R084, R088)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.services import cursors, naming, turning
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.organization_rows import managed
from keyholder.services.policies import policy_of
from keyholder.services.queries.badges import badges_of
from keyholder.services.queries.groups import wanted
from keyholder.services.queries.organizations import view_of
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import Badge, OrganizationView, PrincipalView
from keyholder.services.turning import Wish
from keyholder.storage import locks, organization_lists
from keyholder.storage.organization_lists import Home, Kind
from keyholder.storage.organization_lists import Person as Listed

__all__ = ["Kind", "People", "PersonRow", "people", "person"]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of an organization."""

    person: PrincipalView
    role: OrganizationRole | None
    badges: frozenset[Badge]
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class People:
    """One page of an organization's people, and how many there are of each kind."""

    organization: OrganizationView
    rows: tuple[PersonRow, ...] = ()
    totals: Mapping[Kind, int] = field(default_factory=dict)
    next: str = ""
    previous: str = ""
    is_admin: bool = field(default=False, kw_only=True)


def people(
    *,
    by: Caller,
    of: OrganizationId,
    kind: Kind = Kind.EVERYBODY,
    search: str = "",
    cursor: str = "",
    size: int = cursors.USUAL,
) -> People:
    """Return a page of an organization's people by name: who has access, a group or a role in it (R084, R088).

    Its admins and user admins may look. Raises NotFound outside the organization, Forbidden for everybody else in it, Invalid for a cursor
    of another list.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = managed(authority, of)
        home = Home(row.pk, row.tenant_id, policy_of(row))

        def read(wish: Wish) -> list[Listed]:
            return organization_lists.page(home, kind, wanted(search, wish))

        page = turning.turn(read, lambda found: (found.name_key, found.id), cursor, size, "people", of, kind, search)
        totals = organization_lists.totals(home, search)
        views = naming.principal_views([found.id for found in page.rows])
        badges = badges_of(by, views, home.policy, row.pk)
        return People(
            view_of(row),
            tuple(_person(found, views, badges) for found in page.rows),
            totals,
            page.next,
            page.previous,
            is_admin=authority.is_admin(of),
        )


def person(*, by: Caller, of: OrganizationId, number: PrincipalId) -> PersonRow:
    """Return one person of an organization, for its admins and user admins.

    Raises NotFound outside the organization and for who is not of it, Forbidden for everybody else in it.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = managed(authority, of)
        home = Home(row.pk, row.tenant_id, policy_of(row))
        found = organization_lists.person(home, number)
        if found is None:
            raise not_there()
        return _person(found, naming.principal_views([number]), badges_of(by, [number], home.policy, row.pk))


def _person(found: Listed, views: Mapping[PrincipalId, PrincipalView], badges: Mapping[PrincipalId, frozenset[Badge]]) -> PersonRow:
    role = OrganizationRole(found.role) if found.role else None
    return PersonRow(views[found.id], role, badges.get(found.id, frozenset()), found.last_seen)
