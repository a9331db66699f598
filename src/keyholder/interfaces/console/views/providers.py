"""Identity providers: set up, tested, switched on and off by an operator (semantics 7)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.interfaces.console.forms.providers import NewProviderForm, ProviderForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, Outcome, confirmation, filled
from keyholder.interfaces.console.shown import providers as shown
from keyholder.interfaces.http.asking import ask_anew
from keyholder.interfaces.http.requests import Request
from keyholder.services import openid
from keyholder.services.commands import providers as commands
from keyholder.services.queries import providers
from keyholder.services.queries.providers import Listed

ask = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: Request) -> HttpResponse:
    """List the providers, and explain the two that many use; for an operator."""
    found = providers.providers(by=request.caller)
    keys = {row.provider.key for row in found}
    context = {
        "crumbs": (Crumb(_("Identity providers")),),
        "cards": shown.cards(found),
        "presets": tuple(each for each in shown.presets() if each.key not in keys),
    }
    return render(request, "providers.html", context)


@sensitive_post_parameters("secret")
@ask
def create(request: Request) -> HttpResponse:
    """Ask for a new provider, and set it up, switched off."""
    providers.providers(by=request.caller)
    preset = shown.PRESETS.get(request.GET.get("preset", ""))
    begin = {"key": preset.key, "name": preset.name, "issuer": preset.issuer} if preset else {}
    form = NewProviderForm(posted(request, *NewProviderForm.base_fields), initial=begin)
    outcome = submit(form, lambda: commands.add(by=request.caller, **form.cleaned_data))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s is set up. Test it and switch it on.") % {"name": form.cleaned_data["name"]})
        return redirect("console:provider", form.cleaned_data["key"])
    title = _("New identity provider")
    page = FormPage(_crumbs(title), title, _("Set it up"), reverse("console:providers"), facts=shown.facts())
    return _form(request, page, form, outcome, key=preset.key if preset else "")


@sensitive_post_parameters("secret")
@ask
def provider(request: Request, key: str) -> HttpResponse:
    """Show a provider, and change it."""
    found = providers.provider(by=request.caller, key=key)
    form = ProviderForm(posted(request, *ProviderForm.base_fields), initial=_present(found))
    outcome = submit(form, lambda: commands.change(by=request.caller, provider=key, **form.cleaned_data))
    if isinstance(outcome, Done):
        messages.success(request, _("The provider was changed."))
        return redirect("console:provider", key)
    name = found.provider.name
    page = FormPage(_crumbs(name), name, _("Save"), reverse("console:providers"), eyebrow=_("Identity provider"), facts=shown.facts())
    return _form(request, page, form, outcome, key=key, found=found)


@ask
def switch(request: Request, key: str, *, on: bool) -> HttpResponse:
    """Ask before a provider is switched on, which tests it, or off, which ends sessions; then do it."""
    found = providers.provider(by=request.caller, key=key)
    name = {"name": found.provider.name}
    outcome = attempt(lambda: _switch(request, found, on=on)) if posted(request) is not None else None
    if isinstance(outcome, Done):
        messages.success(request, (_("%(name)s is on.") if on else _("%(name)s is off.")) % name)
        return redirect("console:provider", key)
    title = (_("Test %(name)s and switch it on") if on else _("Switch %(name)s off")) % name
    page = Confirmation(
        _crumbs(title),
        title,
        _("Test and switch on") if on else _("Switch off"),
        reverse("console:provider", args=[key]),
        icon="log-in",
        about=found.provider.issuer,
        consequences=shown.consequences(found, on=on),
        danger=not on,
    )
    return confirmation(request, page, outcome)


@ask
def remove(request: Request, key: str) -> HttpResponse:
    """Ask before a provider is removed; then do it."""
    found = providers.provider(by=request.caller, key=key)
    outcome = attempt(lambda: commands.remove(by=request.caller, provider=key)) if posted(request) is not None else None
    name = {"name": found.provider.name}
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s was removed.") % name)
        return redirect("console:providers")
    title = _("Remove %(name)s") % name
    back = reverse("console:provider", args=[key])
    page = Confirmation(_crumbs(title), title, title, back, icon="log-in", about=found.provider.issuer, consequences=shown.removal(found))
    return confirmation(request, page, outcome)


def _switch(request: Request, found: Listed, *, on: bool) -> None:
    if on:
        discovery = openid.discover(found.provider.issuer, ask_anew)
        commands.enable(by=request.caller, provider=found.provider.key, discovery=discovery)
    else:
        commands.disable(by=request.caller, provider=found.provider.key)


def _present(found: Listed) -> dict[str, object]:
    row = found.provider
    return {"name": row.name, "issuer": row.issuer, "client": row.client, "scopes": row.scopes, "text_counts": row.text_counts}


def _form(request: Request, page: FormPage, form: ProviderForm, outcome: Outcome, *, key: str, found: Listed | None = None) -> HttpResponse:
    context = {
        "page": page,
        "crumbs": page.crumbs,
        "form": form,
        "redirect_address": shown.redirect(key) if key else "",
        "found": found,
        "people": shown.people(found.people) if found else "",
    }
    return filled(request, "provider.html", context, outcome)


def _crumbs(title: str) -> tuple[Crumb, ...]:
    return (Crumb(_("Identity providers"), reverse("console:providers")), Crumb(title))
