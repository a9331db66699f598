"""Organizations as pages show them: those that the reader belongs to, one with its accounts and its policy, its people (semantics 5)."""

from collections.abc import Collection
from dataclasses import dataclass, field

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.policies import Policy
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.state import IdentitySource
from keyholder.engine.decision import Question, decide
from keyholder.engine.moment import Moment
from keyholder.services import group_rights, naming
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.closed import open_ones, require_open
from keyholder.services.jurisdictions import manages
from keyholder.services.link_rights import LINK
from keyholder.services.organization_rows import administered, visible
from keyholder.services.policies import policy_of
from keyholder.services.queries.groups import homes_of, visible_among
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import group_lists, jurisdictions, locks, slices
from keyholder.storage.models import Organization, OrganizationMember, Resource


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account linked to an organization; ``can_unlink`` says that the reader may end the link."""

    resource: ResourceView
    can_unlink: bool = False


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody with a role in an organization."""

    person: PrincipalView
    role: OrganizationRole


@dataclass(frozen=True)
class OrganizationPage:
    """One organization. Everybody who belongs to it sees who leads it, whom it takes and those of its accounts that exist for them."""

    organization: OrganizationView
    identity_source: IdentitySource
    policy: Policy
    groups: int
    leaders: tuple[Leader, ...] = ()
    accounts: tuple[LinkedAccount, ...] = ()
    linkable: tuple[ResourceView, ...] = ()
    """Accounts without an organization that the reader may link to this one at once."""
    is_admin: bool = field(default=False, kw_only=True)
    """May appoint, set the policy and link."""
    manages_people: bool = field(default=False, kw_only=True)
    """Is an admin or a user admin: sees its people and may suspend them within it."""
    can_create_groups: bool = field(default=False, kw_only=True)


def organizations(*, by: Caller) -> tuple[OrganizationView, ...]:
    """Return the organizations that the caller belongs to, by name; all of them for the command line."""
    with locks.snapshot():
        return tuple(homes_of(authority_of(by)).values())


def organization(*, by: Caller, of: OrganizationId, administering: bool = False) -> OrganizationPage:
    """Return one organization that the caller belongs to, ``administering`` for a page that only its admins have.

    Raises NotFound, and Forbidden for who administers it and is none of its admins.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = administered(authority, of) if administering else visible(authority, of)
        is_admin = authority.is_admin(of)
        return OrganizationPage(
            view_of(row),
            IdentitySource(row.identity_source),
            policy_of(row),
            group_lists.total([of]),
            _leaders(of),
            _accounts(authority, of, is_admin=is_admin),
            linkable_by(authority) if is_admin else (),
            is_admin=is_admin,
            manages_people=authority.manages_groups_of(of),
            can_create_groups=group_rights.may_create(authority, row),
        )


def home_of_new_group(*, by: Caller, asked: OrganizationId | None = None) -> OrganizationView | None:
    """Return the organization in which the caller makes a group: the one asked for, else the first by name where they may.

    None where they belong to none at all. Raises NotFound outside the organization, Forbidden where they may not make a group (R065).
    """
    authority = authority_of(by)
    with locks.snapshot():
        homes = homes_of(authority)
        if asked is not None and asked not in homes:
            raise not_there()
        if asked is not None:
            require_open(by, organization=asked)
        elif homes and not open_ones(by, homes):
            require_open(by, organization=next(iter(homes)))
        rows = Organization.objects.in_bulk([asked] if asked is not None else open_ones(by, homes))
        able = (home for number, home in homes.items() if number in rows and group_rights.may_create(authority, rows[number]))
        found = next(able, None)
        if found is None and rows:
            group_rights.require_creating(authority, next(iter(rows.values())))
        return found


def view_of(row: Organization) -> OrganizationView:
    """Return an organization by name."""
    return OrganizationView(OrganizationId(row.pk), row.key, row.name)


def _leaders(of: OrganizationId) -> tuple[Leader, ...]:
    rows = OrganizationMember.objects.filter(organization=of).order_by("role", "user__name_key", "user")
    found = [(PrincipalId(user), OrganizationRole(role)) for user, role in rows.values_list("user", "role")]
    views = naming.principal_views([person for person, _role in found])
    return tuple(Leader(views[person], role) for person, role in found)


def _accounts(authority: Authority, of: OrganizationId, *, is_admin: bool) -> tuple[LinkedAccount, ...]:
    rows = list(Resource.objects.filter(organization=of, trashed_at__isnull=True).order_by("name_key", "pk"))
    seen = visible_among(authority, [ResourceId(row.pk) for row in rows])
    mine = _may_link(authority, rows)
    return tuple(LinkedAccount(naming.resource_view(row), is_admin or row.pk in mine) for row in rows if row.pk in seen)


def linkable_by(authority: Authority) -> tuple[ResourceView, ...]:
    """Return the accounts without an organization that the caller may link, by name."""
    me = authority.by.principal
    links = [kind.name for kind in authority.catalogue.types.values() if kind.links]
    free = Resource.objects.filter(type__in=links, organization=None, trashed_at__isnull=True)
    if me is not None:
        free = free.filter(pk__in=jurisdictions.bearing([me]))
    rows = list(free.order_by("name_key", "pk"))
    mine = _may_link(authority, rows)
    return tuple(naming.resource_view(row) for row in rows if row.pk in mine)


def _may_link(authority: Authority, accounts: Collection[Resource]) -> set[int]:
    """Return those of the accounts for whose side the caller may speak, as :func:`keyholder.services.link_rights.may_link` judges."""
    me = authority.by.principal
    if me is None:
        return {row.pk for row in accounts}
    moment = Moment(slices.of([me], [ResourceId(row.pk) for row in accounts]), authority.catalogue, authority.by.at)
    granted = {row.pk for row in accounts if manages(moment, me, ResourceId(row.pk))}
    return {pk for pk in granted if decide(moment, Question(me, ResourceId(pk), action=LINK)).allowed}
