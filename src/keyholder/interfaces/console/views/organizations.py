"""Organizations: the list, one of them, making and naming it (semantics 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import OrganizationId
from keyholder.domain.state import IdentitySource
from keyholder.interfaces.console.forms.organizations import ChangeForm, OrganizationForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import groups
from keyholder.interfaces.console.shown import organizations as shown
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import organizations as commands
from keyholder.services.queries import organizations, provider_rules, second_factor_rules


@require_safe
def index(request: Request) -> HttpResponse:
    """Show the reader's organizations; who has only one is led to it."""
    found = organizations.organizations(by=request.caller)
    if len(found) == 1:
        return redirect("console:organization", found[0].id)
    homes = [(home, groups.home_url(home)) for home in found]
    return render(request, "organizations.html", {"crumbs": (Crumb(_("Organizations")),), "homes": homes})


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show one organization: who leads it, its accounts, whom it takes."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk))
    context = {
        "crumbs": shown.crumbs(page.organization),
        "page": page,
        "tabs": shown.tabs(page, "overview"),
        "source": str(shown.SOURCES[page.identity_source]),
        "policy": shown.policy(page.policy),
        "asks_second_factor": second_factor_rules.is_asked(by=request.caller, of=page.organization.id),
        "provider": provider_rules.required(by=request.caller, of=page.organization.id),
        "leaders": shown.leaders(page),
        "accounts": shown.accounts(page),
    }
    return render(request, "organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """Make an organization: who makes it is its first admin. Then go on where it was missing (R066)."""
    form = OrganizationForm(posted(request, "name"))
    made = submit(form, lambda: commands.create(by=request.caller, name=form.cleaned_data["name"]))
    if isinstance(made, Done):
        messages.success(request, _("The organization %(name)s is there.") % {"name": form.cleaned_data["name"]})
        return redirect(safe_next(request.GET.get("next", ""), reverse("console:organization", args=[made.value])))
    list_url = reverse("console:organizations")
    page = FormPage(
        crumbs=(Crumb(_("Organizations"), list_url), Crumb(_("Create an organization"))),
        title=_("Create an organization"),
        submit=_("Create the organization"),
        back_url=list_url,
        lead=_("It holds groups and a user policy for all accounts that are linked to it. You become its first admin."),
        facts=(Fact(_("Nothing changes for anybody's access until an account is linked to it."), "circle-check"),),
    )
    return form_page(request, page, form, made)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change an organization's name, and where its people come from."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True)
    home = page.organization
    form = ChangeForm(posted(request, "name", "identity_source"), initial={"name": home.name, "identity_source": page.identity_source})

    def save() -> None:
        source = IdentitySource(form.cleaned_data["identity_source"])
        commands.change(by=request.caller, organization=home.id, name=form.cleaned_data["name"], identity_source=source)

    outcome = submit(form, save)
    if isinstance(outcome, Done):
        messages.success(request, _("Saved."))
        return redirect(groups.home_url(home))
    title = _("Change %(name)s") % {"name": home.name}
    return form_page(request, FormPage(shown.crumbs(home, _("Change")), title, _("Save"), groups.home_url(home)), form, outcome)
