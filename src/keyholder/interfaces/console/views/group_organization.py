"""The guided step before a first group: an organization for the account, made or chosen, and linked; then back to the group (R066)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from keyholder.domain.identifiers import OrganizationId
from keyholder.interfaces.console.forms.groups import NEW
from keyholder.interfaces.console.forms.linking import OrganizationStepForm
from keyholder.interfaces.console.parts.navigation import GuidedStep
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import numbers, places
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import organization_links, organizations
from keyholder.services.queries.group_binding import GroupBinding


def choose_organization(request: Request, found: GroupBinding) -> HttpResponse:
    """Ask for the organization, make it where it is new, link the account, and go on to the group at the same address."""
    own = found.linking.own
    form = OrganizationStepForm(own, posted(request, "organization", "name"))
    is_possible = found.can_link and found.linking.may_link
    made = submit(form, lambda: _link(request, found, form)) if is_possible else None
    if isinstance(made, Done):
        names = {"account": found.linking.account.name}
        messages.success(request, _("%(account)s belongs to the organization now. Go on with the group.") % names)
        return redirect(request.path)
    context = {
        "crumbs": places.crumbs(found.path, _("Add a group")),
        "place": places.place(found.path),
        "account": found.linking.account,
        "can_link": found.can_link,
        "may_link": found.linking.may_link,
        "own": own,
        "chosen": _chosen(form),
        "form": form,
        "steps": (GuidedStep(_("Organization"), current=True), GuidedStep(_("Group and permissions")), GuidedStep(_("Members"))),
        "back_url": places.page_url("users", found.resource),
    }
    return filled(request, "group_organization.html", context, made)


def _chosen(form: OrganizationStepForm) -> int | str:
    """Return what was chosen: the number of one of the reader's own, or ``new``; nothing where nothing was sent yet."""
    value = str(form["organization"].value() or "") if form.is_bound else ""
    return int(value) if value.isdigit() else value


def _link(request: Request, found: GroupBinding, form: OrganizationStepForm) -> None:
    chosen = form.cleaned_data["organization"]
    if chosen == NEW:
        home = organizations.create(by=request.caller, name=form.cleaned_data["name"])
    else:
        home = OrganizationId(numbers.read(chosen))
    organization_links.link_account(by=request.caller, organization=home, account=found.linking.account.id)
