"""An organization asking for a second factor of its managers: asked first, with what it means."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, attempt, posted
from keyholder.interfaces.console.rendering import Confirmation, confirmation
from keyholder.interfaces.console.shown import groups
from keyholder.interfaces.console.shown.organizations import crumbs
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import second_factor_rules as commands
from keyholder.services.queries import organizations, second_factor_rules


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """Ask before an organization asks for a second factor, or asks no more; then do it."""
    home = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True).organization
    asked = second_factor_rules.is_asked(by=request.caller, of=home.id)
    sent = posted(request) is not None
    outcome = attempt(lambda: commands.choose(by=request.caller, organization=home.id, asked=not asked)) if sent else None
    if isinstance(outcome, Done):
        messages.success(request, _("Saved."))
        return redirect(groups.home_url(home))
    name = {"name": home.name}
    title = _("Ask for no second factor in %(name)s any more") if asked else _("Ask the managers of %(name)s for a second factor")
    consequences = (
        (Fact(_("Managers can sign in with a password alone again, and remove their second factor."), "shield-off"),)
        if asked
        else (
            Fact(_("It is about its admins and user admins, and everybody who manages access at its accounts."), "users-round"),
            Fact(_("Who has none sets one up at the next sign-in; whoever is signed in stays so until then."), "smartphone"),
            Fact(_("Who may do what does not change."), "circle-check"),
        )
    )
    page = Confirmation(
        crumbs(home, _("Second factor")),
        title % name,
        _("Ask no more") if asked else _("Ask for it"),
        groups.home_url(home),
        icon="shield-check",
        about=home.name,
        consequences=consequences,
        danger=asked,
    )
    return confirmation(request, page, outcome)
