"""Search: people, groups, resources and pages by part of a name; the palette shows the same results (R060, R063)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.shown import finds, navigation
from keyholder.interfaces.http.requests import Request
from keyholder.services.queries import tree

LONGEST = 200
"""Characters of what is searched for."""


@require_safe
def search(request: Request) -> HttpResponse:
    """Show what was found, a few of each kind."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = tree.search(by=request.caller, text=text)
    pages = navigation.sections(request.caller, request.resolver_match, is_operator=request.reader.is_operator)
    context = {"crumbs": (Crumb(_("Search")),), "query": text, "sections": finds.sections(found, pages, text)}
    return render(request, "search.html", context)
