"""The roster as a page shows it: its heads, its rows with what can be done with each, its tabs (R016, R017, R040, R050, R062)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.roster import Origin, Sort, Tab
from keyholder.interfaces.console.forms.roster import DESCENDING, Asked
from keyholder.interfaces.console.parts import navigation
from keyholder.interfaces.console.parts.lists import Column, RosterRow
from keyholder.interfaces.console.shown import access, nodes, places, principals
from keyholder.interfaces.console.shown.nodes import Node
from keyholder.services.queries import roster as queries
from keyholder.services.queries.roster import Roster
from keyholder.services.read_models import Badge, ResourceView, SourceView

HEADS: Mapping[Sort, object] = {
    Sort.NAME: gettext_lazy("Person"),
    Sort.PERMISSIONS: gettext_lazy("Permissions here"),
    Sort.SOURCE: gettext_lazy("Source"),
    Sort.UNTIL: gettext_lazy("Until"),
    Sort.LAST_SEEN: gettext_lazy("Last seen"),
}
TABS: Mapping[Tab, object] = {Tab.PEOPLE: gettext_lazy("People"), Tab.GROUPS: gettext_lazy("Groups")}


def columns(asked: Asked) -> tuple[Column, ...]:
    """Return the heads, each a link that sorts by it, and the other way round at the second click (R062)."""
    heads = {**HEADS, Sort.NAME: _("Group")} if asked.tab is Tab.GROUPS else HEADS
    return tuple(_column(asked, sort, str(label)) for sort, label in heads.items())


def tabs(found: Roster, asked: Asked, node: Node) -> tuple[navigation.Tab, ...]:
    """Return the tabs with how many match in each; the other one is asked with the same search and filters."""
    counts = counted(found, node)
    return tuple(navigation.Tab(str(TABS[tab]), asked.query(tab=tab.value), count, tab is asked.tab) for tab, count in counts.items())


def counted(found: Roster, node: Node) -> Mapping[Tab, int]:
    """Return how many match in each tab; there is none of groups where a platform binds none."""
    groups = {Tab.GROUPS: found.groups} if places.blueprint_of(node.here).binds_groups else {}
    return {Tab.PEOPLE: found.people, **groups}


def only_below(found: Roster, asked: Asked, node: Node) -> tuple[int, str]:
    """Return how many more have access only below, and the address of their list; of the other tab where this one has none of them."""
    counts = {tab: found.only_below.get(tab, 0) for tab in counted(found, node)}
    tab = asked.tab if counts.get(asked.tab) else next((tab for tab, count in counts.items() if count), asked.tab)
    return counts.get(tab, 0), asked.query(tab=tab.value, origin=Origin.BELOW.value)


def requests_tab(node: Node, count: int, *, current: bool = False) -> navigation.Tab:
    """Return the tab of the requests for access to a node and what is below it."""
    return navigation.Tab(_("Requests"), node.url("node-requests"), count, current)


def rows(found: Roster, node: Node) -> tuple[RosterRow, ...]:
    """Show the rows of a page."""
    return tuple(_row(row, node) for row in found.rows)


def _column(asked: Asked, sort: Sort, label: str) -> Column:
    is_current = asked.sort is sort
    url = asked.query(sort=sort.value, order=DESCENDING if is_current and not asked.descending else "")
    return Column(label, url, ("descending" if asked.descending else "ascending") if is_current else "")


def _row(row: queries.RosterRow, node: Node) -> RosterRow:
    principal = row.access.principal
    if not node.is_managed:
        return RosterRow(
            principal.id,
            principals.who(principal, row.badges, linked=False),
            access.chips(row.access, lambda _source: ""),
            access.sources(row.access, lambda _source: "") + access.below(row.below, row.more_below),
            "",
            "",
            row.until,
            row.last_seen,
        )
    is_reader = Badge.YOU in row.badges

    def lead(source: SourceView) -> str:
        return node.lead(source, principal.id)

    def place(below: ResourceView) -> str:
        return places.page_url("user", below, principal.id)

    return RosterRow(
        principal.id,
        principals.who(principal, row.badges),
        access.chips(row.access, lead),
        access.sources(row.access, lead) + access.below(row.below, row.more_below, place),
        node.url("permissions", principal.id),
        nodes.why_url(principal, node.here) if principal.kind is PrincipalKind.USER else "",
        row.until,
        row.last_seen,
        node.url("remove", principal.id) if node.is_account else "",
        "" if node.is_account else nodes.removed_elsewhere(node),
        node.url("take-away", principal.id) if row.is_direct and not is_reader else "",
        node.url("give-up") if row.is_direct and is_reader else "",
        edit_url=node.url("user", principal.id),
    )
