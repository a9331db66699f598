"""Organizations as pages show them: their tabs, their policy in sentences, their people and accounts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.state import IdentitySource
from keyholder.interfaces.console.forms.roster import YES
from keyholder.interfaces.console.parts.lists import AccountRow, OrganizationPerson
from keyholder.interfaces.console.parts.marks import Fact, Who
from keyholder.interfaces.console.parts.navigation import Crumb, Tab
from keyholder.interfaces.console.shown import groups, places, principals
from keyholder.interfaces.console.shown.paging import query
from keyholder.services.queries.organization_people import Kind, People, PersonRow
from keyholder.services.queries.organizations import LinkedAccount, OrganizationPage
from keyholder.services.queries.unlinking import GroupAccess
from keyholder.services.read_models import Badge, OrganizationView

ROLES: Mapping[OrganizationRole, object] = {
    OrganizationRole.ADMIN: pgettext_lazy("a role in an organization", "Admin"),
    OrganizationRole.USER_ADMIN: gettext_lazy("User admin"),
}
KINDS: Mapping[Kind, object] = {
    Kind.EVERYBODY: gettext_lazy("Everybody"),
    Kind.ADMINS: gettext_lazy("With a role"),
    Kind.SUSPENDED: gettext_lazy("Suspended"),
    Kind.OUTSIDE: gettext_lazy("Outside the policy"),
}
SOURCES: Mapping[IdentitySource, object] = {
    IdentitySource.OPEN: gettext_lazy("People may come from anywhere: unknown addresses are invited."),
    IdentitySource.DIRECTORY: gettext_lazy("People come only from the directory or the sign-in provider."),
}
MODES: Mapping[PolicyMode, object] = {
    PolicyMode.ANYBODY: gettext_lazy("Anybody can be added, whatever their address."),
    PolicyMode.ADVISORY: gettext_lazy("Advisory: who is outside can be added, and is marked."),
    PolicyMode.ENFORCED: gettext_lazy("Enforced: who is outside can't be added. Who was here before stays, and is marked."),
}
HERE = frozenset({Badge.ORGANIZATION_ADMIN, Badge.USER_ADMIN})
"""Badges that a column of their own stands for."""


def crumbs(home: OrganizationView, *pages: str) -> tuple[Crumb, ...]:
    """Return the way to an organization's page, and to a page about it."""
    above = Crumb(_("Organizations"), reverse("console:organizations"))
    if not pages:
        return above, Crumb(home.name)
    return above, Crumb(home.name, groups.home_url(home)), *map(Crumb, pages)


def tabs(page: OrganizationPage, current: str, people: int | None = None) -> tuple[Tab, ...]:
    """Return the tabs of an organization: its people only for who manages them."""
    home = page.organization
    found = [Tab(_("Overview"), groups.home_url(home), current=current == "overview")]
    if page.manages_people:
        found.append(Tab(_("People"), people_url(home), people, current=current == "people"))
    found.append(Tab(_("Groups"), groups.list_url(home), page.groups))
    if page.manages_people:
        found.append(Tab(_("Activity"), reverse("console:activity") + query({"organization": home.key})))
    return tuple(found)


def people_url(home: OrganizationView, kind: Kind = Kind.EVERYBODY) -> str:
    """Return the address of the list of an organization's people."""
    return reverse("console:organization-people", args=[home.id]) + query({"kind": "" if kind is Kind.EVERYBODY else kind.value})


def policy(found: Policy) -> tuple[Fact, ...]:
    """Say in sentences whom an organization takes (R085 to R088)."""
    return tuple(_policy(found))


def leaders(page: OrganizationPage) -> tuple[tuple[Who, str, str], ...]:
    """Show who leads an organization: the person, the role, and where it can be changed by the reader."""
    home = page.organization.id
    return tuple(
        (
            principals.who(leader.person, linked=page.manages_people),
            str(ROLES[leader.role]),
            reverse("console:organization-role", args=[home, leader.person.id]) if page.is_admin else "",
        )
        for leader in page.leaders
    )


def accounts(page: OrganizationPage) -> tuple[AccountRow, ...]:
    """Show the accounts that are linked to an organization."""
    return tuple(_account(account, page.organization) for account in page.accounts)


def kinds(found: People, current: Kind) -> tuple[Tab, ...]:
    """Lead from one kind of people to another, each with its number."""
    return tuple(Tab(str(text), people_url(found.organization, kind), found.totals[kind], kind is current) for kind, text in KINDS.items())


def removing(page: OrganizationPage) -> tuple[tuple[str, str], ...]:
    """Lead to the lists of who is outside the policy at each linked account, where they are removed together (R088)."""
    rows = (account.resource for account in page.accounts)
    return tuple((row.name, reverse("console:users", args=[row.type, row.ref.key]) + query({"outside": YES})) for row in rows)


def people(found: People, reader: int | None) -> tuple[OrganizationPerson, ...]:
    """Show the people of a page."""
    return tuple(_person(row, found, reader) for row in found.rows)


def taken(bindings: Sequence[GroupAccess]) -> Iterator[Fact]:
    """Say which groups lose what with a link."""
    for binding in bindings:
        yield Fact(
            _("The group %(group)s loses its access to %(place)s.") % {"group": binding.group_name, "place": binding.resource_name},
            "users-round",
        )


def _policy(found: Policy) -> Iterator[Fact]:
    yield Fact(str(MODES[found.mode]), "shield" if found.mode is PolicyMode.ANYBODY else "shield-check")
    if found.mode is PolicyMode.ANYBODY:
        return
    if found.allowed_domains:
        yield Fact(_("Inside are addresses at %(domains)s.") % {"domains": ", ".join(found.allowed_domains)}, "at-sign")
    if found.allowed_addresses:
        count = len(found.allowed_addresses)
        text = ngettext("One single address is inside as well: %(few)s", "%(count)d single addresses are inside as well: %(few)s", count)
        yield Fact(text % {"count": count, "few": _few(found.allowed_addresses)}, "user-check")
    if found.blocked_addresses:
        count = len(found.blocked_addresses)
        text = ngettext("One address is blocked: %(few)s", "%(count)d addresses are blocked: %(few)s", count)
        yield Fact(text % {"count": count, "few": _few(found.blocked_addresses)}, "ban")
    if found.verified_only:
        yield Fact(_("Only addresses that have been proven are inside."), "badge-check")


def _few(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _account(account: LinkedAccount, home: OrganizationView) -> AccountRow:
    view = account.resource
    unlink = reverse("console:organization-unlink", args=[home.id, view.type, view.ref.key]) if account.can_unlink else ""
    return AccountRow(view.name, places.kind(view), places.icon(view), view.ref.key, places.url(view), unlink)


def _person(row: PersonRow, found: People, reader: int | None) -> OrganizationPerson:
    arguments = [found.organization.id, row.person.id]
    is_out = Badge.SUSPENDED_HERE in row.badges
    may = found.is_admin or row.role is None
    status_url = reverse("console:organization-activate" if is_out else "console:organization-suspend", args=arguments) if may else ""
    return OrganizationPerson(
        replace(principals.who(row.person, row.badges - HERE), url=reverse("console:organization-person", args=arguments)),
        str(ROLES[row.role]) if row.role else "",
        row.last_seen,
        reverse("console:organization-role", args=arguments) if found.is_admin or row.person.id == reader else "",
        "" if row.person.id == reader else status_url,
        is_out,
    )
