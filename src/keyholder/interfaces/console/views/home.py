"""Home: what needs the reader, and the way to what is theirs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.domain.activity import Filters
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.shown import happenings, link_requests, requests
from keyholder.interfaces.console.shown import home as shown
from keyholder.interfaces.http.requests import Request
from keyholder.services.queries import link_requests as link_queries
from keyholder.services.queries.activity import activity
from keyholder.services.queries.home import home
from keyholder.services.queries.invitations import expiring
from keyholder.services.queries.requests import waiting

FEW = 3
"""Invitations that wait."""
LATELY = 6
"""Events in the short list."""


@require_safe
def show(request: Request) -> HttpResponse:
    """Show the home page."""
    found, to_decide = home(by=request.caller), waiting(by=request.caller)
    lately = activity(by=request.caller, filters=Filters(doings=True), size=LATELY).entries
    context = {
        "crumbs": (Crumb(_("Home")),),
        "waiting": (
            *requests.matter(to_decide),
            *link_requests.matter(link_queries.waiting(by=request.caller)),
            *shown.waiting(found, request.caller),
            *shown.invitations(expiring(by=request.caller, most=FEW), request.caller),
        ),
        "counts": shown.counts(found),
        "platforms": shown.platforms(found),
        "checklist": shown.first_steps(found),
        "happenings": happenings.happenings(lately),
    }
    return render(request, "home.html", context)
