"""A reset link that an administrator makes for somebody: shown once to copy, or mailed to them (R112)."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.resets import COPY, WayForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.console.views.people import crumbs
from keyholder.interfaces.http.entering import proven
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import resets
from keyholder.services.proofs import COPIED_BYTES
from keyholder.services.queries import resets as queries
from keyholder.services.queries.people import Person
from keyholder.services.queries.people import person as person_seen


@require_http_methods(["GET", "HEAD", "POST"])
@proven
def make(request: Request, pk: int) -> HttpResponse:
    """Ask how somebody gets a link to choose a new password; then show it once, or mail it."""
    if pk == request.caller.principal:
        return redirect("console:me")
    found = person_seen(by=request.caller, of=PrincipalId(pk))
    ways = queries.ways(by=request.caller, of=found.principal.id)
    if ways is None:
        raise not_there()
    form = WayForm(posted(request, "way"), ways)
    outcome = submit(form, lambda: _make(request, found, form.cleaned_data["way"]))
    if isinstance(outcome, Done) and outcome.value:
        return _shown(request, found, outcome.value)
    if isinstance(outcome, Done):
        messages.success(request, _("The letter to %(name)s is on its way.") % {"name": found.principal.shown})
        return redirect("console:person", pk)
    return _asked(request, found, form, ways, outcome)


def _make(request: Request, found: Person, way: str) -> str:
    """Make the link, and return where it leads if it is shown."""
    if way != COPY:
        resets.mail_link(by=request.caller, user=found.principal.id)
        return ""
    secret = resets.copy_link(by=request.caller, user=found.principal.id, random=secrets.token_bytes(COPIED_BYTES))
    return f"{settings.PUBLIC_URL}{reverse('console:reset-open', args=[secret])}"


def _asked(request: Request, found: Person, form: WayForm, ways: queries.Ways, outcome: Refused | None) -> HttpResponse:
    name = {"name": found.principal.shown}
    facts = [
        Fact(_("The link works for 24 hours, once. Until it is used the present password stays."), "clock"),
        Fact(_("When it is used, every session of %(name)s ends; a second factor stays.") % name, "log-out"),
    ]
    if ways.shown:
        facts.append(Fact(_("A copied link is judged again when it is used: you must still be the one to make it."), "shield"))
    else:
        facts.append(Fact(_("A link to copy can't be shown to you: it goes only to their own address."), "shield"))
    if not ways.mailed:
        facts.append(Fact(_("Nothing can be mailed: this instance has no mail server. An operator can help."), "circle-alert"))
    title = _("Reset the password of %(name)s") % name
    submit_words = _("Make the link") if ways.shown else _("Mail the link")
    page = FormPage(
        crumbs(request, title), title, submit_words, principals.url_of(found.principal), eyebrow=found.principal.address, facts=tuple(facts)
    )
    return form_page(request, page, form, outcome)


def _shown(request: Request, found: Person, link: str) -> HttpResponse:
    context = {
        "crumbs": crumbs(request, _("Reset link")),
        "who": principals.who(found.principal),
        "link": link,
        "back_url": principals.url_of(found.principal),
    }
    return render(request, "reset_link.html", context)
