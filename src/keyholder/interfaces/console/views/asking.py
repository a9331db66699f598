"""Asking for access, and what went wrong: pages for who does not get in, signed in or not (R109 to R111, R-ENU-1)."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.interfaces.console.forms.asking import LONGEST_PAGE, AskForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import causes, principals
from keyholder.interfaces.console.shown.causes import CAUSES, Cause
from keyholder.interfaces.http.callers import newcomer
from keyholder.interfaces.http.entering import CAUSE
from keyholder.interfaces.http.requests import Request
from keyholder.services.caller import Caller
from keyholder.services.commands import requests
from keyholder.services.queries.frames import holds_anything
from keyholder.services.queries.newcomers import contacts

FIELDS = ("page", "email", "what", "reason", "days")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for access to a page; whatever there is, what follows is the same."""
    asked, by = cast("Request", request), _caller(request)
    form = AskForm(posted(asked, *FIELDS), request.GET.get("page", "")[:LONGEST_PAGE], signed_in=by.principal is not None)
    outcome = submit(form, lambda: _ask(by, form))
    if isinstance(outcome, Done):
        return redirect("console:ask-sent")
    return filled(asked, "ask.html", {"form": form, "support": settings.SUPPORT_EMAIL}, outcome)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that those who manage it have been asked, if it exists."""
    return render(request, "ask_sent.html", {"support": settings.SUPPORT_EMAIL})


@login_not_required
@require_safe
def went_wrong(request: HttpRequest) -> HttpResponse:
    """Say which cause applies: what a page left in the session, else the reader's own state, else words that the address chooses."""
    cause = _cause(request)
    found = contacts(by=_caller(request)) if cause is Cause.NO_PERMISSIONS else ()
    people = [principals.who(person, linked=False) for person in found]
    context = {"cause": CAUSES[cause], "contacts": people, "support": settings.SUPPORT_EMAIL}
    return render(request, "what_went_wrong.html", context)


@login_not_required
@require_safe
def help_access(request: HttpRequest) -> HttpResponse:
    """Explain how people get in: the address, the grant, and what to do where the company is not set up yet (R111)."""
    template = "help_access.html"
    return render(request, template, {"crumbs": (Crumb(_("How people get access")),), "support": settings.SUPPORT_EMAIL})


def _caller(request: HttpRequest) -> Caller:
    caller: Caller | None = getattr(request, "caller", None)
    return caller or newcomer(request)


def _ask(by: Caller, form: AskForm) -> None:
    given = form.cleaned_data
    requests.ask(
        by=by,
        at=form.at,
        email=given.get("email", ""),
        permissions=form.permissions,
        role=form.role,
        reason=given["reason"],
        days=form.days_asked,
        language=get_language() or "",
    )


def _cause(request: HttpRequest) -> Cause:
    by = _caller(request)
    kept = request.session.get(CAUSE, "")
    if kept:
        return causes.cause(kept)
    if by.principal is not None and not holds_anything(by=by):
        return Cause.NO_PERMISSIONS
    return causes.cause(request.GET.get(CAUSE, ""))
