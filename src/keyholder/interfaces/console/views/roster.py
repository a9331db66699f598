"""User management at a node: who has access, in whatever way, and the same as a table for spreadsheets (R040, R047, R059 to R064)."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.domain.roster import Origin, Tab
from keyholder.interfaces.console.forms import roster as forms
from keyholder.interfaces.console.forms.roster import FILTERS, Asked
from keyholder.interfaces.console.parts import navigation
from keyholder.interfaces.console.shown import invitations, paging, places, roster_files, roster_filters
from keyholder.interfaces.console.shown import roster as shown
from keyholder.interfaces.console.shown.accounts import accounts
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.csv_files import csv_file
from keyholder.interfaces.http.requests import Request
from keyholder.services.cursors import LARGEST, USUAL
from keyholder.services.queries import requests
from keyholder.services.queries import roster as queries
from keyholder.services.queries.invitations import count_open
from keyholder.services.queries.joinable_groups import joinable_groups
from keyholder.services.queries.roster import Roster, RosterRow


@require_safe
def users(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show who has access at a node."""
    node, asked = node_of(request.caller, type, key), forms.read(request.GET)
    found = _page(request, node, asked, asked.cursor)
    groups = joinable_groups(by=request.caller, at=node.here.id) if node.is_managed else ()
    fields = roster_filters.fields(node.here, groups, asked)
    context = {
        "crumbs": places.crumbs(node.path, _("User management")),
        "place": places.place(node.path),
        "help": places.blueprint_of(node.here).help,
        "users_label": places.said(node.here, "users"),
        "add_label": places.said(node.here, "add"),
        "assigned_url": node.url("assigned") if places.type_of(node.here).assignment is not None else "",
        "is_managed": node.is_managed,
        "accounts": accounts(request.caller, node.path),
        "binds_groups": places.blueprint_of(node.here).binds_groups,
        "tabs": _tabs(request, node, asked, found),
        "tab_label": str(shown.TABS[asked.tab]),
        "columns": shown.columns(asked),
        "rows": shown.rows(found, node),
        "filter_fields": fields,
        "filters": roster_filters.chips(fields, asked),
        "query": asked.text,
        "fills_groups": asked.tab is Tab.PEOPLE and any(row.can_fill for row in groups),
        "takes_permissions": bool(places.type_of(node.here).permissions),
        "is_account": node.is_account,
        **_addresses(request, node, asked, found),
    }
    return render(request, "users.html", context)


@require_safe
def export(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Hand over everybody who matches as a table for spreadsheets, in the order of the page (R-CSV-1)."""
    node, asked = node_of(request.caller, type, key), forms.read(request.GET)
    rows = (roster_files.row(row) for row in _all(request, node, asked))
    return csv_file(f"{asked.tab.value}-{node.here.type}-{node.here.ref.key}", roster_files.head(), rows)


def _page(request: Request, node: Node, asked: Asked, cursor: str = "", size: int = USUAL) -> Roster:
    return queries.roster(
        by=request.caller,
        at=node.here.id,
        tab=asked.tab,
        filters=asked.filters,
        sort=asked.sort,
        descending=asked.descending,
        cursor=cursor,
        size=size,
    )


def _all(request: Request, node: Node, asked: Asked) -> Iterator[RosterRow]:
    page = _page(request, node, asked, size=LARGEST)
    yield from page.rows
    while page.next:
        page = _page(request, node, asked, page.next, LARGEST)
        yield from page.rows


def _tabs(request: Request, node: Node, asked: Asked, found: Roster) -> tuple[navigation.Tab, ...]:
    """Return the tabs; that of the invitations counts those that are open, and match where something is searched for."""
    if not node.is_managed:
        return shown.tabs(found, asked, node)
    open_ones = count_open(by=request.caller, at=node.here.id, text=asked.text)
    asked_for = requests.count_at(by=request.caller, at=node.here.id)
    return (*shown.tabs(found, asked, node), invitations.tab(node, open_ones, asked.text), shown.requests_tab(node, asked_for))


def _addresses(request: Request, node: Node, asked: Asked, found: Roster) -> dict[str, object]:
    """Return where the page leads: to its neighbours, to what is done with the rows, and to the other tab where this one is empty."""
    total = found.groups if asked.tab is Tab.GROUPS else found.people
    below, below_url = shown.only_below(found, asked, node)
    return {
        "pages": paging.pages(total, found.previous, found.next, asked.given),
        "csv_url": node.url("users-csv") + asked.query(),
        "bulk_url": node.url("users-selection") + asked.query(),
        "is_below": asked.filters.origin is Origin.BELOW,
        "only_below": below,
        "below_url": below_url,
        "clear_url": roster_filters.cleared(asked),
        "kept": asked.kept("q"),
        "kept_by_filters": asked.kept(*FILTERS),
        "elsewhere": tuple(tab for tab in _tabs(request, node, asked, found) if tab.count and not tab.current),
    }
