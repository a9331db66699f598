"""Sessions: ending one's own in other browsers; and an operator ending somebody's (R-SES-3)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted
from keyholder.interfaces.console.rendering import Confirmation, confirmation
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import sessions
from keyholder.services.queries import directory
from keyholder.services.queries.people import person


@require_POST
def end_one(request: Request) -> HttpResponse:
    """End one session of one's own."""
    data = posted(request, "session")
    sessions.end_one(by=request.caller, handle=data.get("session", "") if data else "")
    messages.success(request, _("The session has ended."))
    return redirect("console:me")


@require_POST
def end_others(request: Request) -> HttpResponse:
    """End every session of one's own but this one."""
    posted(request)
    sessions.end_others(by=request.caller, keep=request.session.session_key or "")
    messages.success(request, _("Every other session has ended."))
    return redirect("console:me")


@require_http_methods(["GET", "HEAD", "POST"])
def end_of(request: Request, pk: int) -> HttpResponse:
    """Ask before every session of a person is ended; for an operator."""
    directory.require(by=request.caller)
    found = person(by=request.caller, of=PrincipalId(pk))
    outcome = attempt(lambda: sessions.end_of(by=request.caller, user=found.principal.id)) if posted(request) is not None else None
    name = {"name": found.principal.shown}
    if isinstance(outcome, Done):
        messages.success(request, _("The sessions of %(name)s have ended.") % name)
        return redirect("console:person", pk)
    title = _("End the sessions of %(name)s") % name
    above = Crumb(_("People"), reverse("console:people"))
    page = Confirmation(
        (above, Crumb(found.principal.shown, principals.url_of(found.principal)), Crumb(title)),
        title,
        _("End them"),
        principals.url_of(found.principal),
        who=principals.who(found.principal),
        about=found.principal.address,
        consequences=(
            Fact(_("%(name)s is signed out in every browser, at the next request.") % name, "log-out"),
            Fact(_("They can sign in again at once; whoever must not is suspended."), "circle-check"),
        ),
    )
    return confirmation(request, page, outcome)
