"""Second factors of one's own: setting them up, naming and removing them, recovery codes."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console import challenges, enrolling
from keyholder.interfaces.console.forms.factors import AuthenticatorForm, FactorNameForm, NewPasskeyForm, PasskeyForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, filled, form_page
from keyholder.interfaces.http.entering import proven
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import factors
from keyholder.services.queries import factors as queries
from keyholder.services.queries.factors import Factor

ask = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("code")
@ask
@proven
def add_authenticator(request: Request) -> HttpResponse:
    """Show what an authenticator reads and ask for its first code; then show the recovery codes."""
    secret = enrolling.secret_of(request)
    form = AuthenticatorForm(posted(request, "name", "code"))
    new = submit(form, lambda: factors.add_authenticator(by=request.caller, new=enrolling.new_authenticator(form.cleaned_data, secret)))
    if isinstance(new, Done):
        enrolling.done(request)
        return _added(request, new.value)
    title = _("Set an authenticator up")
    picture = enrolling.picture(secret, request.reader.address)
    context = {"crumbs": _crumbs(title), "title": title, "form": form, "secret": secret, "picture": picture}
    return filled(request, "factor_add.html", context, new)


@sensitive_post_parameters("answer")
@ask
@proven
def add_passkey(request: Request) -> HttpResponse:
    """Have the browser make a passkey; then show the recovery codes."""
    form = NewPasskeyForm(posted(request, "name", "answer"))
    new = submit(form, lambda: _add_passkey(request, form))
    if isinstance(new, Done):
        return _added(request, new.value)
    title = _("Set a passkey up")
    asked = challenges.ask_for_new(request, PrincipalId(request.caller.principal or 0))
    shown: forms.Form = form if form.is_bound else PasskeyForm()
    context = {"crumbs": _crumbs(title), "title": title, "form": shown, "asked": asked}
    return filled(request, "factor_add.html", context, new)


@ask
@proven
def rename(request: Request, kind: str, number: int) -> HttpResponse:
    """Give a second factor another name."""
    found = _own(request, kind, number)
    form = FactorNameForm(posted(request, "name"), initial={"name": found.name})
    outcome = submit(form, lambda: factors.rename(by=request.caller, kind=found.kind, number=found.number, name=form.cleaned_data["name"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The name was changed."))
        return redirect("console:me")
    title = _("Rename %(name)s") % {"name": found.name}
    return form_page(request, FormPage(_crumbs(title), title, _("Save the name"), reverse("console:me")), form, outcome)


@ask
@proven
def remove(request: Request, kind: str, number: int) -> HttpResponse:
    """Ask before a second factor is removed; then remove it."""
    found, own = _own(request, kind, number), queries.own(by=request.caller)
    outcome = _do(request, lambda: factors.remove(by=request.caller, kind=found.kind, number=found.number))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
        return redirect("console:me")
    facts = [Fact(_("It proves nothing here any more."), "shield-off")]
    if len(own.factors) == 1:
        facts.append(Fact(_("It is your last one: your recovery codes go with it, and your password alone lets you in."), "triangle-alert"))
        if own.is_asked_for_one:
            facts.append(Fact(_("An organization asks you for one: you set another up at your next sign-in."), "building-2"))
    title = _("Remove %(name)s") % {"name": found.name}
    page = Confirmation(
        _crumbs(title), title, _("Remove it"), reverse("console:me"), icon="shield-off", about=_("Second factor"), consequences=tuple(facts)
    )
    return confirmation(request, page, outcome)


@ask
@proven
def recovery_codes(request: Request) -> HttpResponse:
    """Ask before new recovery codes are made; then show them, once."""
    if not queries.own(by=request.caller).factors:
        raise not_there()
    outcome = _do(request, lambda: factors.make_recovery_codes(by=request.caller, random=enrolling.random_codes()))
    if isinstance(outcome, Done):
        return _shown(request, outcome.value)
    title = _("Make new recovery codes")
    page = Confirmation(
        _crumbs(title),
        title,
        _("Make them"),
        reverse("console:me"),
        icon="life-buoy",
        about=_("Ten codes, each for one day on which your second factor is lost."),
        consequences=(Fact(_("The codes that you have now work no more."), "circle-alert"),),
        danger=False,
    )
    return confirmation(request, page, outcome)


def _do(request: Request, act: Callable[[], tuple[str, ...] | None]) -> Done[tuple[str, ...] | None] | Refused | None:
    return attempt(act) if posted(request) is not None else None


def _add_passkey(request: Request, form: NewPasskeyForm) -> tuple[str, ...]:
    given, challenge = form.cleaned_data, challenges.taken(request)
    return factors.add_passkey(
        by=request.caller, name=given["name"], challenge=challenge, answer=given["answer"], random=enrolling.random_codes()
    )


def _own(request: Request, kind: str, number: int) -> Factor:
    """Return a second factor of the reader's own; raises NotFound."""
    for found in queries.own(by=request.caller).factors:
        if (found.kind.value, found.number) == (kind, number):
            return found
    raise not_there()


def _added(request: Request, codes: tuple[str, ...]) -> HttpResponse:
    messages.success(request, _("It is set up: you are asked for it from your next sign-in on."))
    return _shown(request, codes) if codes else redirect("console:me")


def _shown(request: Request, codes: tuple[str, ...] | None) -> HttpResponse:
    return render(request, "recovery_codes.html", {"crumbs": _crumbs(_("Recovery codes")), "codes": codes or ()})


def _crumbs(title: str) -> tuple[Crumb, ...]:
    return (Crumb(_("Your account"), reverse("console:me")), Crumb(title))
