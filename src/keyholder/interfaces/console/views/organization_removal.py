"""Removing a person from a whole organization or from some of its accounts, once it is said what goes (semantics 4 and 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.interfaces.console.forms.organizations import CHOSEN, WHOLE, DepartureForm
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import organization_person as shown
from keyholder.interfaces.console.shown import organizations as homes
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import organization_removal as commands
from keyholder.services.queries import organization_people, organization_removal, organizations


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int, person: int) -> HttpResponse:
    """Say what goes from each account and from the whole organization; then remove."""
    by, number = request.caller, PrincipalId(person)
    home = organizations.organization(by=by, of=OrganizationId(pk)).organization
    found = organization_people.person(by=by, of=home.id, number=number)
    departures = organization_removal.preview(by=by, organization=home.id, user=number)
    form = DepartureForm([one.account.id for one in departures.accounts], posted(request, "scope", "accounts", "reason"))

    def act() -> None:
        given = form.cleaned_data
        chosen = None if given["scope"] == WHOLE else [ResourceId(account) for account in given["accounts"]]
        commands.remove(by=by, organization=home.id, user=number, accounts=chosen, reason=given["reason"])

    outcome = submit(form, act)
    names = {"name": found.person.shown, "organization": home.name}
    if isinstance(outcome, Done):
        whole = form.cleaned_data["scope"] == WHOLE
        text = _("%(name)s was removed from %(organization)s.") if whole else _("%(name)s was removed from the chosen accounts.")
        messages.success(request, text % names)
        return redirect(homes.people_url(home))
    refusals = shown.refusals(departures)
    context = {
        "crumbs": shown.crumbs(home, found.person.shown, _("Remove")),
        "title": _("Remove %(name)s from %(organization)s") % names,
        "verb": _("Remove %(name)s") % names,
        "who": principals.who(found.person, linked=False),
        "accounts": shown.departures(departures),
        "facts": shown.whole(departures),
        "whole_refusals": refusals,
        "scope": form["scope"].value() or (CHOSEN if refusals else WHOLE),
        "ticked": [int(value) for value in form["accounts"].value() or () if str(value).isdigit()],
        "form": form,
        "back_url": shown.url(home.id, person),
    }
    return filled(request, "organization_remove.html", context, outcome)
