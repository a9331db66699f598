"""The guided step before a first group: an organization for the account, made, chosen or asked; then back to the group (R066, R083)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import OrganizationId, ResourceRef
from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.forms.groups import NEW
from keyholder.interfaces.console.forms.linking import OTHER, OrganizationStepForm
from keyholder.interfaces.console.parts.navigation import GuidedStep
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, filled
from keyholder.interfaces.console.shown import link_outsiders as outsiders
from keyholder.interfaces.console.shown import link_requests, numbers, places
from keyholder.interfaces.console.views.organization_links import said_first
from keyholder.interfaces.http.requests import Request
from keyholder.services import platforms
from keyholder.services.commands import link_requests as asking
from keyholder.services.commands import organization_links, organizations
from keyholder.services.queries import link_outsiders, linking, tree
from keyholder.services.queries import link_requests as queries
from keyholder.services.queries.link_outsiders import LinkOutsiders
from keyholder.services.queries.linking import Linking
from keyholder.services.read_models import ResourceView

FIELDS = ("organization", "name", "other", "reason", reviewing.FIELD)


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody is led to an organization from, and where they go on."""

    path: tuple[ResourceView, ...]
    linking: Linking
    title: str
    goal: str
    back_url: str
    can_link: bool = True
    for_group: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Link an account to an organization, or ask one to take it in."""
    path = tree.path(by=request.caller, ref=ResourceRef(type, key))
    found = linking.linking(by=request.caller, at=path[-1].id)
    if found.organization is not None:
        return redirect(places.page_url("settings", found.account))
    can_link = any(kind.links for kind in platforms.catalogue().of(type).types.values())
    title = _("Link %(name)s to an organization") % {"name": found.account.name}
    settings_url = places.page_url("settings", found.account)
    return choose_organization(request, Step(path, found, title, settings_url, settings_url, can_link))


def choose_organization(request: Request, step: Step) -> HttpResponse:
    """Ask for the organization, make it where it is new, link the account or ask for its link, and go on."""
    found = step.linking
    form = OrganizationStepForm(found.own, posted(request, *FIELDS))
    is_possible = step.can_link and found.may_link
    outside = submit(form, lambda: _outside(request, found, form)) if is_possible else None
    if isinstance(outside, Done) and not outsiders.was_said(request, outside.value):
        return _said_first(request, step, form, outside.value)
    made = submit(form, lambda: _link(request, found, form)) if is_possible else None
    if isinstance(made, Done):
        return _gone_on(request, step, form)
    pending = [one for one in queries.requests(by=request.caller).own if one.account is not None and one.account.id == found.account.id]
    context = {
        "crumbs": places.crumbs(step.path, _("Add a group") if step.for_group else _("Link to an organization")),
        "place": places.place(step.path),
        "title": step.title,
        "for_group": step.for_group,
        "account": found.account,
        "can_link": step.can_link,
        "may_link": found.may_link,
        "own": found.own,
        "chosen": _chosen(form),
        "form": form,
        "pending": link_requests.own(pending) if is_possible else (),
        "steps": (GuidedStep(_("Organization"), current=True), GuidedStep(_("Group and permissions")), GuidedStep(_("Members"))),
        "back_url": step.back_url,
    }
    return filled(request, "group_organization.html", context, made)


def _outside(request: Request, found: Linking, form: OrganizationStepForm) -> LinkOutsiders:
    """Return who would be outside the policy of the chosen organization: a new one takes anybody, one that is asked tells nothing."""
    chosen = form.cleaned_data["organization"]
    if chosen in {NEW, OTHER}:
        return LinkOutsiders()
    return link_outsiders.of_link(by=request.caller, account=found.account.id, organization=OrganizationId(numbers.read(chosen)))


def _said_first(request: Request, step: Step, form: OrganizationStepForm, outside: LinkOutsiders) -> HttpResponse:
    account, chosen = step.linking.account, form.cleaned_data["organization"]
    names = {"account": account.name, "organization": next(home.name for home in step.linking.own if str(home.id) == chosen)}
    question = Confirmation(
        crumbs=places.crumbs(step.path, _("Link to an organization")),
        title=_("Link %(account)s to %(organization)s") % names,
        verb=_("Link the account"),
        back_url=request.get_full_path(),
        kept={"organization": chosen},
        answer_url=request.get_full_path(),
    )
    return said_first(request, question, outside)


def _gone_on(request: Request, step: Step, form: OrganizationStepForm) -> HttpResponse:
    if form.cleaned_data["organization"] == OTHER:
        messages.success(request, _("If there is such an organization, its admins have been asked. The answer stands under Requests."))
        return redirect(request.get_full_path())
    names = {"account": step.linking.account.name}
    text = _("%(account)s belongs to the organization now. Go on with the group.") if step.for_group else _("%(account)s is linked now.")
    messages.success(request, text % names)
    return redirect(step.goal)


def _chosen(form: OrganizationStepForm) -> int | str:
    """Return what was chosen: the number of one of the reader's own, ``new`` or ``other``; nothing where nothing was sent yet."""
    value = str(form["organization"].value() or "") if form.is_bound else ""
    return int(value) if value.isdigit() else value


def _link(request: Request, found: Linking, form: OrganizationStepForm) -> None:
    by, chosen, account = request.caller, form.cleaned_data["organization"], found.account.id
    if chosen == OTHER:
        given = form.cleaned_data
        asking.ask_organization(by=by, account=account, organization=given["other"], reason=given["reason"])
        return
    home = organizations.create(by=by, name=form.cleaned_data["name"]) if chosen == NEW else OrganizationId(numbers.read(chosen))
    organization_links.link_account(by=by, organization=home, account=account)
