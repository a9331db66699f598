"""Proving once more who one is, before something dangerous; then back to it (semantics 7)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console import challenges
from keyholder.interfaces.console.forms.factors import AnswerForm, CodeForm, PasswordForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.http.entering import elevate
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import factors, signing_in
from keyholder.services.queries import factors as queries

FIELDS = ("password", "code", "answer")


@sensitive_post_parameters(*FIELDS)
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Request) -> HttpResponse:
    """Ask for the password, a code or a passkey; whichever is right leads back to what somebody was doing."""
    goal = safe_next(request.GET.get("next"))
    data = posted(request, *FIELDS)
    sent = next((name for name in FIELDS if data and name in data), "")
    password, code = PasswordForm(data if sent == "password" else None), CodeForm(data if sent == "code" else None)
    answer = AnswerForm(data if sent == "answer" else None)
    outcome = (
        submit(password, lambda: signing_in.prove_password(by=request.caller, password=password.cleaned_data["password"]))
        or submit(code, lambda: factors.prove_code(by=request.caller, code=code.cleaned_data["code"]))
        or submit(answer, lambda: _prove(request, answer))
    )
    if isinstance(outcome, Done):
        elevate(request)
        return redirect(goal)
    return _asked(request, password, code, outcome)


def _prove(request: Request, form: AnswerForm) -> None:
    challenge = challenges.taken(request)
    factors.prove_passkey(by=request.caller, challenge=challenge, answer=form.cleaned_data["answer"])


def _asked(request: Request, password: PasswordForm, code: CodeForm, outcome: Outcome) -> HttpResponse:
    own = queries.own(by=request.caller)
    context = {
        "crumbs": (Crumb(_("Prove that it is you")),),
        "own": own,
        "password_form": password if own.has_password else None,
        "code_form": code if own.has_code else None,
        "asked": challenges.ask_for_one(request, PrincipalId(request.caller.principal or 0)) if own.has_passkey else "",
    }
    return filled(request, "prove.html", context, outcome)
