"""Settings of a node: its name, what it is, and whether a hosted account is managed from above (R100)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.console.forms.resources import NameForm
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.console.shown import gains, places
from keyholder.interfaces.console.shown import settings as shown
from keyholder.interfaces.console.shown.accounts import accounts
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import resources
from keyholder.services.queries import ownership, settings
from keyholder.services.queries.settings import Settings


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show a node's settings, or give it another name."""
    found = settings.settings(by=request.caller, ref=ResourceRef(type, key))
    form = NameForm(posted(request, "name"), initial={"name": found.resource.name})
    outcome = submit(form, lambda: resources.rename(by=request.caller, resource=found.resource.id, name=form.cleaned_data["name"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The name was changed."))
        return redirect(places.page_url("settings", found.resource))
    context = {
        "crumbs": places.crumbs(found.path, _("Settings")),
        "place": places.place(found.path),
        "form": form,
        "rename_refusal": shown.rename_refusal(found),
        "about": shown.about(found),
        "tabs": shown.tabs(found),
        "ownership": _ownership(request, found),
        "accounts": accounts(request.caller, found.path) if found.is_host else (),
        "remarks": shown.remarks(found),
        "switch": shown.switch(found),
        "belonging": shown.belonging(found),
        "leaving": shown.leaving(found),
    }
    return filled(request, "settings.html", context, outcome)


def _ownership(request: Request, found: Settings) -> shown.Owners | None:
    """Show who owns the node, to who manages it."""
    owned = ownership.ownership(by=request.caller, ref=found.resource.ref) if found.rights.manage else None
    return shown.owners(found, owned) if owned is not None else None


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say who gains and loses by opening or closing the edge to the host; then open or close it."""
    found = settings.settings(by=request.caller, ref=ResourceRef(type, key))
    if found.managed is None:
        raise not_there()
    sent = posted(request, "managed")
    if sent is None:
        return _ask(request, found, to=not found.managed)
    # What the page said is done, or nothing: somebody else may have moved the switch meanwhile.
    to = sent.get("managed") == "yes"
    outcome = attempt(lambda: resources.delegate(by=request.caller, account=found.resource.id, managed=to))
    if not isinstance(outcome, Done):
        return _ask(request, found, outcome, to=to)
    messages.success(request, shown.switched(found, on=to))
    return redirect(places.page_url("settings", found.resource))


def _ask(request: Request, found: Settings, outcome: Outcome = None, *, to: bool) -> HttpResponse:
    preview = settings.of_delegation(by=request.caller, ref=found.resource.ref, managed=to)
    people = () if to else settings.staying(by=request.caller, ref=found.resource.ref)
    stays = tuple(shown.stays(found, person) for person in people)
    context = {
        "crumbs": places.crumbs(found.path, _("Settings")),
        "title": shown.switching(found, on=to),
        "icon": "plug" if to else "unplug",
        "about": found.resource.name,
        "kept": (("managed", "yes" if to else "no"),),
        "consequences": (*shown.consequences(found, on=to), *stays, *gains.unsaid(preview)),
        "gains": gains.gains(preview),
        "verb": shown.verb(on=to),
        "danger": not to,
        "back_url": places.page_url("settings", found.resource),
    }
    return filled(request, "confirm.html", context, outcome)
