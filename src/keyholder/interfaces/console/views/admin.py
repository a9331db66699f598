"""Admin: the columns of a platform; one is picked in each (R040, R063)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.domain.blueprint import Blueprint
from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.shown import columns as shown
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.authority import not_there
from keyholder.services.queries import tree
from keyholder.services.queries.rights import rights

MOST_LEVELS = 9
"""Columns that can be searched in by an address."""


@require_safe
def show(request: Request, platform: str) -> HttpResponse:
    """Show a platform's columns, with the node that the address names selected."""
    blueprint = blueprint_named(platform)
    find = tuple(request.GET.get(f"find{depth}", "").strip() for depth in range(MOST_LEVELS))
    selected = selection(request)
    found = tree.columns(by=request.caller, platform=platform, selected=selected, find=find)
    path = [column.selected for column in found if column.selected is not None]
    allowed = rights(by=request.caller, at=[node.id for node in path])
    context = {
        "crumbs": places.crumbs(path) if path else (Crumb(_("Admin")), Crumb(label(blueprint.labels))),
        "platform": label(blueprint.labels),
        "columns": shown.columns(blueprint, found, allowed, find, may_create=may_create_tops(request)),
        "kept": [("at", str(selected))] if selected else [],
    }
    return render(request, "admin.html", context)


def blueprint_named(platform: str) -> Blueprint:
    """Return a platform by name; raises NotFound."""
    blueprint = platforms.catalogue().blueprints.get(platform)
    if blueprint is None:
        raise not_there()
    return blueprint


def selection(request: Request) -> ResourceRef | None:
    """Return the node that the address selects; raises NotFound for what can't be one."""
    text = request.GET.get("at", "")
    try:
        return ResourceRef.parse(text) if text else None
    except ValueError as error:
        raise not_there() from error


def may_create_tops(request: Request) -> bool:
    """Say whether the reader may make what stands at the top of a platform (reading 19)."""
    return not settings.ACCOUNTS_BY_OPERATOR or request.reader.is_operator
