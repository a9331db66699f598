"""Linking accounts to an organization and unlinking them, once it is said what goes with the link, and who is outside (R083, R087)."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import BindingId, OrganizationId, ResourceRef
from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.forms.organizations import LinkForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import gains, groups, link_requests, places
from keyholder.interfaces.console.shown import link_outsiders as outsiders
from keyholder.interfaces.console.shown import organizations as shown
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import organization_links as commands
from keyholder.services.queries import link_outsiders, organizations, tree, unlinking
from keyholder.services.queries.link_outsiders import LinkOutsiders
from keyholder.services.queries.unlinking import Unlinking
from keyholder.services.read_models import ResourceView


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, pk: int) -> HttpResponse:
    """Link an account that the reader may link to an organization that they are an admin of."""
    page = organizations.organization(by=request.caller, of=OrganizationId(pk), administering=True)
    home = page.organization
    form = LinkForm(page.linkable, posted(request, "account", reviewing.FIELD))
    outside = submit(form, lambda: link_outsiders.of_link(by=request.caller, account=_account(form, page).id, organization=home.id))
    if isinstance(outside, Done) and not outsiders.was_said(request, outside.value):
        account = _account(form, page)
        question = Confirmation(
            crumbs=shown.crumbs(home, _("Link an account")),
            title=_("Link %(account)s to %(organization)s") % {"account": account.name, "organization": home.name},
            verb=_("Link the account"),
            back_url=groups.home_url(home),
            kept={"account": str(account.ref)},
        )
        return said_first(request, question, outside.value)
    made = submit(form, lambda: commands.link_account(by=request.caller, organization=home.id, account=_account(form, page).id))
    if isinstance(made, Done):
        messages.success(request, _("The account belongs to %(name)s now.") % {"name": home.name})
        return redirect(groups.home_url(home))
    shape = FormPage(
        crumbs=shown.crumbs(home, _("Link an account")),
        title=_("Link an account to %(name)s") % {"name": home.name},
        submit=_("Link the account"),
        back_url=groups.home_url(home),
        eyebrow=home.name,
        facts=link_requests.consequences(),
    )
    return form_page(request, shape, form, made)


def said_first(request: Request, question: Confirmation, outside: LinkOutsiders) -> HttpResponse:
    """Ask before a link that leaves people outside the organization's user policy: who they are is said first (R087, R088)."""
    whole = replace(
        question,
        icon="link",
        consequences=(*outsiders.facts(outside), *link_requests.consequences()),
        kept={**question.kept, **outsiders.kept(outside)},
        danger=False,
    )
    return confirmation(request, whole, outsiders.stale(request))


@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: Request, pk: int, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word of the address
    """Unlink an account, once the bindings of groups that go with the link are named; exactly those may go."""
    by, account = request.caller, tree.node(by=request.caller, ref=ResourceRef(type, key))
    found = unlinking.preview(by=by, account=account.id)
    if found.organization != pk:
        raise not_there()
    data = posted(request, "bindings")
    outcome = None
    if data is not None:
        told = _told(data.get("bindings", ""))
        outcome = attempt(lambda: commands.unlink_account(by=by, account=account.id, shown=told))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s belongs to no organization any more.") % {"name": account.name})
        return redirect("console:organizations")
    title = _("Unlink %(account)s from %(name)s") % {"account": account.name, "name": found.organization_name}
    question = Confirmation(
        crumbs=places.crumbs(tree.path(by=by, ref=account.ref), _("Unlink")),
        title=title,
        verb=_("Unlink %(account)s") % {"account": account.name},
        back_url=groups.home_url_of(found.organization),
        icon="unlink",
        consequences=_consequences(found),
        kept={"bindings": ",".join(str(binding.binding) for binding in found.bindings)},
    )
    return confirmation(request, question, outcome)


def _consequences(found: Unlinking) -> tuple[Fact, ...]:
    nothing = Fact(_("No group has access there, so nobody loses anything by that."), "circle-check")
    last = Fact(_("What people hold themselves stays. The organization's policy holds there no longer."), "shield-check")
    return (*(tuple(shown.taken(found.bindings)) or (nothing,)), *gains.lost(found.losses), last)


def _told(text: str) -> Sequence[BindingId]:
    """Return the bindings that the reader was told would go; raises BadRequest for what can't be their numbers."""
    try:
        return [BindingId(int(number)) for number in text.split(",") if number]
    except ValueError as error:
        message = "these are no numbers of bindings"
        raise BadRequest(message) from error


def _account(form: LinkForm, page: organizations.OrganizationPage) -> ResourceView:
    return next(view for view in page.linkable if str(view.ref) == form.cleaned_data["account"])
