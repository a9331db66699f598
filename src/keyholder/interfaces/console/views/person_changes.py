"""What an operator does with a person: another name, a password, suspension, being an operator (semantics 2)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.people import NewPasswordForm, PersonNameForm, ReasonForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, filled, form_page
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.console.shown.person_changes import CHANGES, Change, words_of
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import people
from keyholder.services.queries import directory
from keyholder.services.queries.people import Person
from keyholder.services.queries.people import person as person_seen

ask = require_http_methods(["GET", "HEAD", "POST"])
Command = Callable[[Request, PrincipalId, str], None]
COMMANDS: dict[Change, Command] = {
    Change.SUSPEND: lambda request, user, reason: people.suspend(by=request.caller, user=user, reason=reason),
    Change.ACTIVATE: lambda request, user, reason: people.activate(by=request.caller, user=user, reason=reason),
    Change.APPOINT: lambda request, user, _reason: people.appoint_operator(by=request.caller, user=user),
    Change.DISMISS: lambda request, user, _reason: people.dismiss_operator(by=request.caller, user=user),
}


@ask
def rename(request: Request, pk: int) -> HttpResponse:
    """Give a person another name."""
    found = _for_operator(request, pk)
    form = PersonNameForm(posted(request, "name"), initial={"name": found.principal.name})
    outcome = submit(form, lambda: people.rename_user(by=request.caller, user=found.principal.id, name=form.cleaned_data["name"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The name was changed."))
        return redirect("console:person", pk)
    title = _("Rename %(name)s") % {"name": found.principal.shown}
    return form_page(request, _page(found, title, _("Save the name")), form, outcome)


@sensitive_post_parameters("password", "again")
@ask
def password(request: Request, pk: int) -> HttpResponse:
    """Set a person's password, which ends all their sessions."""
    found = _for_operator(request, pk)
    form = NewPasswordForm(posted(request, "password", "again"))
    outcome = submit(form, lambda: people.set_password(by=request.caller, user=found.principal.id, password=form.cleaned_data["password"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The password was set. Hand it over in person or by a way you trust."))
        return redirect("console:person", pk)
    title = _("Set a password for %(name)s") % {"name": found.principal.shown}
    facts = (
        Fact(_("All sessions of %(name)s end.") % {"name": found.principal.shown}, "log-out"),
        Fact(_("Nothing is mailed: you tell them. They can change it under their own name."), "message-square"),
    )
    return form_page(request, _page(found, title, _("Set the password"), facts), form, outcome)


@ask
def change(request: Request, pk: int, change: Change) -> HttpResponse:
    """Ask before a person is suspended, made active, made an operator or ended being one; then do it."""
    found, said = _for_operator(request, pk), CHANGES[change]
    fields = ("reason",) if said.asks_reason else ()
    form = ReasonForm(posted(request, *fields) if fields else posted(request))
    outcome = submit(form, lambda: COMMANDS[change](request, found.principal.id, form.cleaned_data["reason"]))
    name = found.principal.shown
    if isinstance(outcome, Done):
        messages.success(request, words_of(said.done, name))
        return redirect("console:person", pk)
    context = {
        "crumbs": _crumbs(found, words_of(said.title, name)),
        "who": principals.who(found.principal, found.badges),
        "title": words_of(said.title, name),
        "about": found.principal.address,
        "consequences": tuple(Fact(words_of(text, name), icon) for text, icon in said.consequences),
        "form": form if said.asks_reason else (),
        "verb": words_of(said.verb, name),
        "danger": said.is_grave,
        "back_url": principals.url_of(found.principal),
    }
    return filled(request, "confirm.html", context, outcome)


def _for_operator(request: Request, pk: int) -> Person:
    """Return a person, to an operator only. Raises Forbidden to everybody else, whoever they ask about, and NotFound."""
    directory.require(by=request.caller)
    return person_seen(by=request.caller, of=PrincipalId(pk))


def _page(found: Person, title: str, verb: str, facts: tuple[Fact, ...] = ()) -> FormPage:
    url = principals.url_of(found.principal)
    return FormPage(_crumbs(found, title), title, verb, url, eyebrow=found.principal.address, facts=facts)


def _crumbs(found: Person, title: str) -> tuple[Crumb, ...]:
    above = Crumb(_("People"), reverse("console:people"))
    return (above, Crumb(found.principal.shown, principals.url_of(found.principal)), Crumb(title))
