"""Coming in and going out."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.refusals import Invalid, TooMany
from keyholder.interfaces.console.forms.signing_in import SignInForm
from keyholder.interfaces.http.callers import newcomer
from keyholder.interfaces.http.entering import BACKEND, go_on
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.refusals import status_of
from keyholder.interfaces.http.wording import words
from keyholder.services import known_providers
from keyholder.services.commands.signing_in import Admission
from keyholder.services.commands.signing_in import sign_in as admitted

__all__ = ["BACKEND", "sign_in", "sign_out"]


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; who has come in goes on to where they wanted to go, if that is here (R-RED-1, R-SES-1)."""
    goal = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(goal)
    form = SignInForm(request.POST if request.method == "POST" else None)
    refusal = _come_in(request, form) if form.is_valid() else None
    if isinstance(refusal, Admission):
        return go_on(request, refusal, goal)
    status = status_of(refusal) if refusal else 422 if form.is_bound else 200
    context = {"form": form, "next": goal, "support": settings.SUPPORT_EMAIL, "providers": known_providers.offered()}
    page = render(request, "sign_in.html", context, status=status)
    if isinstance(refusal, TooMany):
        page["Retry-After"] = str(refusal.seconds)
    return page


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; whoever comes in then, with another address, goes on to where this one could not."""
    goal = safe_next(request.POST.get("next"))
    auth.logout(request)
    return redirect(reverse("console:sign-in") + (f"?{urlencode({'next': goal})}" if goal != "/" else ""))


def _come_in(request: HttpRequest, form: SignInForm) -> Admission | Invalid | TooMany:
    try:
        return admitted(by=newcomer(request), email=form.cleaned_data["address"], password=form.cleaned_data["password"])
    except (Invalid, TooMany) as refusal:
        form.add_error(None, words(refusal.sentence))
        return refusal
