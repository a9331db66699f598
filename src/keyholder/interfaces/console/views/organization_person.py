"""One person in an organization, for its admins and user admins; what its admins noted, for them alone (semantics 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.interfaces.console.forms.organizations import NoteForm
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import organization_person as shown
from keyholder.interfaces.console.shown import organizations as homes
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import organization_notes as commands
from keyholder.services.queries import organization_notes, organization_people, organization_removal, organizations


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, pk: int, person: int) -> HttpResponse:
    """Show what a person has in an organization; note something about them."""
    by, number = request.caller, PrincipalId(person)
    page = organizations.organization(by=by, of=OrganizationId(pk))
    home, found = page.organization, organization_people.person(by=by, of=OrganizationId(pk), number=number)
    form = NoteForm(posted(request, "text"))
    outcome = submit(form, lambda: commands.add(by=by, organization=home.id, user=number, text=form.cleaned_data["text"]))
    if isinstance(outcome, Done):
        messages.success(request, _("Noted."))
        return redirect(shown.url(home.id, person))
    departures = organization_removal.preview(by=by, organization=home.id, user=number)
    notes = organization_notes.notes(by=by, of=home.id, about=number) if page.is_admin else ()
    context = {
        "crumbs": shown.crumbs(home, found.person.shown),
        "organization": home,
        "who": principals.who(found.person, found.badges - homes.HERE),
        "role": shown.role(found),
        "last_seen": found.last_seen,
        "acts": tuple(shown.acts(found, home.id, reader=by.principal, is_admin=page.is_admin)),
        "accounts": shown.departures(departures),
        "groups": shown.groups(departures),
        "reads_notes": page.is_admin,
        "notes": shown.notes(notes, home.id, person),
        "form": form,
    }
    return filled(request, "organization_person.html", context, outcome)


@require_POST
def remove_note(request: Request, pk: int, person: int, note: int) -> HttpResponse:
    """Remove a note for good. The organization is looked for first: outside, none is there."""
    posted(request)
    organizations.organization(by=request.caller, of=OrganizationId(pk))
    outcome = attempt(lambda: commands.remove(by=request.caller, organization=OrganizationId(pk), note=note))
    if isinstance(outcome, Done):
        messages.success(request, _("The note is gone."))
    else:
        messages.error(request, " ".join(outcome.lines))
    return redirect(shown.url(OrganizationId(pk), person))
