"""Groups as pages show them: rows of lists, tabs, what can be done with one."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms import windows
from keyholder.interfaces.console.parts.access import Node, Platform
from keyholder.interfaces.console.parts.lists import Column, GroupChoice, GroupRow, MemberRow
from keyholder.interfaces.console.parts.marks import Act, Fact, Who
from keyholder.interfaces.console.parts.navigation import Crumb, Tab
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.console.shown.paging import query
from keyholder.services.queries import groups as queries
from keyholder.services.queries.group_members import Member, Members
from keyholder.services.queries.group_nesting import Containing, Containings
from keyholder.services.queries.groups import GroupPage, Groups
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView

MOST_PLACES = 3
"""Places and groups that a row of the list names; then it says how many more there are."""


def who(page: GroupPage) -> Who:
    """Show a group as the head of its own page."""
    return principals.who(page.group, linked=False)


def list_url(home: OrganizationView | None = None) -> str:
    """Return the address of the list of an organization's groups."""
    return reverse("console:groups") + (query({"organization": str(home.id)}) if home else "")


def home_url(home: OrganizationView) -> str:
    """Return the address of an organization's page."""
    return home_url_of(home.id)


def home_url_of(number: OrganizationId) -> str:
    """Return the address of the page of an organization with this number."""
    return reverse("console:organization", args=[number])


def create_url(home: OrganizationView) -> str:
    """Return the address at which a group of an organization is made."""
    return reverse("console:group-create") + query({"organization": str(home.id)})


def columns() -> tuple[Column, ...]:
    """Return the heads of the list of groups."""
    return tuple(map(Column, (_("Group"), _("People"), _("Has access at"), _("In groups"), _("Owners"))))


def rows(found: Groups) -> tuple[GroupRow, ...]:
    """Show the groups of a page."""
    return tuple(map(_row, found.rows))


def tabs_of_organizations(found: Groups) -> tuple[Tab, ...]:
    """Lead from one organization's groups to another's."""
    here = None if found.organization is None else found.organization.id
    return tuple(Tab(home.name, list_url(home), current=home.id == here) for home in found.organizations)


def crumbs(page: GroupPage, *pages_below: str) -> tuple[Crumb, ...]:
    """Return the way to a group's page, and to a page about it."""
    home = Crumb(page.organization.name, home_url(page.organization))
    above = (home, Crumb(_("Groups"), list_url(page.organization)))
    if not pages_below:
        return (*above, Crumb(page.group.name))
    return (*above, Crumb(page.group.name, url(page.group)), *map(Crumb, pages_below))


def url(group: PrincipalView, tab: str = "") -> str:
    """Return the address of a group's page, or of one of its tabs."""
    return principals.url_of(group) + (f"?tab={tab}" if tab else "")


def tabs(page: GroupPage, current: str) -> tuple[Tab, ...]:
    """Return the tabs of a group's page."""
    members = page.counts.direct + page.counts.groups
    found = (("members", _("Members"), members), ("memberships", _("Group memberships"), page.within), ("access", _("Access"), None))
    return tuple(Tab(text, url(page.group, name), count, current=name == current) for name, text, count in found)


def acts(page: GroupPage, me: int | None) -> Iterator[Act]:
    """Go through what can be done with a group; what the reader may not do says who may."""
    number = page.group.id
    if page.is_member and not page.can_manage:
        yield Act(_("Leave"), "log-out", reverse("console:group-member-remove", args=[number, me]), danger=True, dialog=True)
    refusal = "" if page.can_manage else _("Its owners and the admins of its organization can do this.")
    yield Act(_("Rename"), "pencil", "" if refusal else reverse("console:group-change", args=[number]), refusal)
    refusal = "" if page.can_delete else _("Admins of its organization can delete it, and who manages users wherever it has access.")
    yield Act(_("Delete"), "trash-2", "" if refusal else reverse("console:group-delete", args=[number]), refusal, danger=True, dialog=True)


def owners(page: GroupPage) -> tuple[Who, ...]:
    """Show who owns a group."""
    return tuple(principals.who(person, linked=person.id in page.known) for person in page.owners)


def confers(platforms: Iterable[Platform]) -> tuple[Fact, ...]:
    """Say what whoever owns a group can give others by putting them into it, place by place, as far as the reader sees."""
    found = [fact for platform in platforms for node in platform.nodes for fact in _conferred(node)]
    return tuple(found) or (Fact(_("Nothing at the moment, as far as you can see."), "circle-check"),)


def members(found: Members, page: GroupPage, at: datetime) -> tuple[MemberRow, ...]:
    """Show the members of a page, with the ways to change each where the reader manages them."""
    return tuple(_member(member, page, at) for member in found.rows)


def memberships(found: Containings, page: GroupPage, at: datetime) -> tuple[MemberRow, ...]:
    """Show the groups that a group is in."""
    return tuple(_containing(row, page, at) for row in found.rows)


def choices(groups: Iterable[queries.GroupRow], chosen: str = "") -> tuple[GroupChoice, ...]:
    """Offer groups to choose one from."""
    return tuple(
        GroupChoice(row.group.id, row.group.name, row.description, row.counts.people, checked=str(row.group.id) == chosen) for row in groups
    )


def add_label(people: int, strangers: int, *, is_whole: bool) -> str:
    """Say on the button who is put into a group and who is invited to it."""
    if people and strangers:
        text = _("Add %(added)d and invite %(invited)d") % {"added": people, "invited": strangers}
    elif strangers:
        text = ngettext("Invite %(count)d person", "Invite %(count)d people", strangers) % {"count": strangers}
    else:
        text = ngettext("Add %(count)d person", "Add %(count)d people", people) % {"count": people}
    return text if is_whole else _("%(act)s, without the others") % {"act": text}


def inviting(strangers: int, place: ResourceView | None) -> Iterator[Fact]:
    """Say what an invitation to a group is about."""
    if place is None:
        yield Fact(_("Who is not known yet can't be invited: no account of the organization is there for you."), "circle-alert")
    elif strangers:
        text = ngettext(
            "%(count)d person who is not known here gets an invitation to %(place)s, and is in the group once they accept.",
            "%(count)d people who are not known here get an invitation to %(place)s, and are in the group once they accept.",
            strangers,
        )
        yield Fact(text % {"count": strangers, "place": place.name}, "mail")


def how(via: Iterable[PrincipalView]) -> str:
    """Say how somebody is in a group."""
    steps = " > ".join(step.shown for step in via)
    return _("through %(groups)s") % {"groups": steps} if steps else _("directly")


def _conferred(node: Node) -> Iterator[Fact]:
    """Go through a tree; what only comes from above is told where it begins."""
    what = ", ".join(chip.label for chip in node.chips if chip.local or chip.via == "group")
    if what:
        yield Fact(_("%(what)s at %(place)s") % {"what": what, "place": node.label}, node.icon)
    for child in node.children:
        yield from _conferred(child)


def _row(row: queries.GroupRow) -> GroupRow:
    return GroupRow(
        principals.who(row.group, detail=_first_line(row.description)),
        row.counts.people,
        row.counts.direct,
        tuple(_shortened([place.name for place in row.places])),
        tuple(_shortened([group.name for group in row.within])),
        tuple(principals.who(owner, linked=False) for owner in row.owners),
    )


def _shortened(names: list[str]) -> Iterator[str]:
    yield from names[:MOST_PLACES]
    rest = len(names) - MOST_PLACES
    if rest > 0:
        yield ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest}


def _member(member: Member, page: GroupPage, at: datetime) -> MemberRow:
    begins = _later(member.window, at)
    who = principals.who(member.principal, member.badges, linked=member.can_open)
    if member.via or not page.can_manage:
        return MemberRow(who, how(member.via), begins, member.window.ends_at)
    arguments, window = [page.group.id, member.principal.id], query(windows.written(member.window))
    until_url = reverse("console:group-member-until", args=arguments) + window
    remove_url = reverse("console:group-member-remove", args=arguments) + window
    return MemberRow(who, how(()), begins, member.window.ends_at, remove_url, until_url)


def _containing(row: Containing, page: GroupPage, at: datetime) -> MemberRow:
    who = principals.who(row.group)
    kept = {**windows.written(row.window), "back": url(page.group, "memberships")}
    remove_url = reverse("console:group-member-remove", args=[row.group.id, page.group.id]) + query(kept) if row.can_end else ""
    return MemberRow(who, how(row.via), _later(row.window, at), row.window.ends_at, remove_url)


def _later(window: Window, at: datetime) -> datetime | None:
    return window.starts_at if window.starts_at and window.starts_at > at else None


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
