"""The sign-in provider through which an organization lets people to its pages: chosen by its admins, with what it means."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId
from keyholder.interfaces.console.forms.organizations import ProviderRuleForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import groups
from keyholder.interfaces.console.shown.organizations import crumbs
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import provider_rules as commands
from keyholder.services.queries import organizations, provider_rules


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: int) -> HttpResponse:
    """Ask through which provider people come in, say what that means, then do it."""
    home = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True).organization
    present, offered = provider_rules.required(by=request.caller, of=home.id), provider_rules.choices(by=request.caller, of=home.id)
    form = ProviderRuleForm(offered, posted(request, "provider"), initial={"provider": present.key if present is not None else ""})
    outcome = submit(form, lambda: commands.choose(by=request.caller, organization=home.id, provider=form.cleaned_data["provider"]))
    if isinstance(outcome, Done):
        messages.success(request, _("Saved."))
        return redirect(groups.home_url(home))
    title = _("How people sign in to %(name)s") % {"name": home.name}
    page = FormPage(
        crumbs(home, _("Sign-in")),
        title,
        _("Save"),
        groups.home_url(home),
        eyebrow=home.name,
        facts=(
            Fact(_("Who came in another way is asked to go through the provider before the pages of the organization open."), "log-in"),
            Fact(_("Everything else that they have here stays open, and nobody is signed out."), "circle-check"),
            Fact(_("Who may do what does not change."), "circle-check"),
        ),
    )
    return form_page(request, page, form, outcome)
