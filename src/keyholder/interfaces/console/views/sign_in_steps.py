"""The steps after the first proof: a code or a passkey, setting one up where it is asked for; and coming in by a passkey alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keyholder.interfaces.console import challenges
from keyholder.interfaces.console.doorsteps import Doorstep, doorstep
from keyholder.interfaces.console.enrolling import new_authenticator, picture, random_codes, secret_of
from keyholder.interfaces.console.forms.factors import AnswerForm, AuthenticatorForm, CodeForm, NewPasskeyForm, PasskeyForm
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.http.callers import newcomer
from keyholder.interfaces.http.entering import enter, held
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.requests import Request
from keyholder.services.caller import Caller
from keyholder.services.commands import factors
from keyholder.services.commands.signing_in import Admission
from keyholder.services.factors import Step
from keyholder.services.queries import factors as queries

OTHER = "passkey_%s"
"""How the fields of the second form on a page are told apart from those of the first."""
ask = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@sensitive_post_parameters("code", "answer")
@ask
def second(request: Request) -> HttpResponse:
    """Ask who has proven one thing for their second factor."""
    admission, goal, by = held(request, Step.SECOND), safe_next(request.GET.get("next")), newcomer(request)
    if admission is None:
        return redirect("console:sign-in")
    data = posted(request, "code", "answer")
    code, answer = CodeForm(data if data and "code" in data else None), AnswerForm(data if data and "answer" in data else None)
    outcome = submit(code, lambda: factors.confirm_code(by=by, admission=admission, code=code.cleaned_data["code"])) or submit(
        answer,
        lambda: factors.confirm_passkey(
            by=by, admission=admission, challenge=challenges.taken(request), answer=answer.cleaned_data["answer"]
        ),
    )
    if isinstance(outcome, Done):
        enter(request, admission.user)
        return redirect(goal)
    own = queries.of_newcomer(by=by, user=admission.user)
    page = Doorstep(
        _("One more step"),
        _("You have proven one thing. Now prove by your second factor that it is you."),
        _("Go on") if own.has_code else "",
        "shield-check",
        ways=((reverse("console:sign-in"), _("Begin anew")),),
    )
    asked = challenges.ask_for_one(request, admission.user) if own.has_passkey else ""
    return doorstep(request, page, code, outcome, asked=asked)


@login_not_required
@sensitive_post_parameters("code", "answer")
@ask
def enrol(request: Request) -> HttpResponse:
    """Have who is asked for a second factor set one up; then they are in, and see their recovery codes."""
    admission, goal, by = held(request, Step.ENROL), safe_next(request.GET.get("next")), newcomer(request)
    own = queries.of_newcomer(by=by, user=admission.user) if admission is not None else None
    if admission is None or own is None or own.factors:
        return redirect("console:sign-in")
    secret = secret_of(request)
    data = posted(request, "name", "code", "answer")
    is_passkey = data is not None and "answer" in data
    form, key = AuthenticatorForm(None if is_passkey else data), NewPasskeyForm(data if is_passkey else None, auto_id=OTHER)
    outcome = submit(form, lambda: factors.enrol(by=by, admission=admission, new=new_authenticator(form.cleaned_data, secret))) or submit(
        key, lambda: _enrol_passkey(request, by, admission, key)
    )
    if isinstance(outcome, Done):
        enter(request, admission.user)
        return render(request, "recovery_codes_doorstep.html", {"codes": outcome.value, "next": goal})
    page = Doorstep(
        _("Set a second factor up"),
        _("An organization in which you manage access asks for one: an app that shows codes, or a passkey of this device."),
        _("Set it up and go on"),
        "smartphone",
        ways=((reverse("console:sign-in"), _("Not now")),),
    )
    asked, making = challenges.ask_for_new(request, admission.user), key if is_passkey else PasskeyForm(auto_id=OTHER)
    return doorstep(request, page, form, outcome, secret=secret, picture=picture(secret, own.address), asked=asked, making=making)


@login_not_required
@sensitive_post_parameters("answer")
@ask
def passkey(request: Request) -> HttpResponse:
    """Let somebody in by a passkey alone: it proves a device and who unlocked it."""
    goal, by = safe_next(request.GET.get("next")), newcomer(request)
    form = AnswerForm(posted(request, "answer"))

    def come_in() -> Admission:
        return factors.sign_in_with_passkey(by=by, challenge=challenges.taken(request), answer=form.cleaned_data["answer"])

    outcome = submit(form, come_in)
    if isinstance(outcome, Done):
        enter(request, outcome.value.user)
        return redirect(goal)
    page = Doorstep(
        _("Sign in with a passkey"),
        _("Your browser asks which one, and has you unlock it."),
        icon="key-round",
        ways=((reverse("console:sign-in"), _("With a password instead")),),
    )
    return doorstep(request, page, None, outcome, asked=challenges.ask_for_one(request, None), main=True)


def _enrol_passkey(request: Request, by: Caller, admission: Admission, form: NewPasskeyForm) -> tuple[str, ...]:
    given, challenge = form.cleaned_data, challenges.taken(request)
    return factors.enrol_passkey(
        by=by, admission=admission, name=given["name"], challenge=challenge, answer=given["answer"], random=random_codes()
    )
