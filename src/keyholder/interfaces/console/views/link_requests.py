"""Links that one side asks for: answering, taking back, and asking those who manage an account (R083, semantics 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.identifiers import OrganizationId, ResourceRef
from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.forms.linking import AnswerForm, AskAccountForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import groups, organizations
from keyholder.interfaces.console.shown import link_outsiders as outsiders
from keyholder.interfaces.console.shown import link_requests as shown
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.commands import link_requests as commands
from keyholder.services.queries import link_outsiders
from keyholder.services.queries import link_requests as queries
from keyholder.services.queries import organizations as homes


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Request, pk: int) -> HttpResponse:
    """Say what a link that was asked for does, and who would be outside the policy; then agree, and it is there."""
    found = queries.request(by=request.caller, number=pk)
    outside = link_outsiders.of_request(by=request.caller, request=pk)
    is_posted, is_said = posted(request, reviewing.FIELD) is not None, outsiders.was_said(request, outside)
    outcome = attempt(lambda: commands.accept(by=request.caller, request=pk)) if is_posted and is_said else None
    if isinstance(outcome, Done):
        messages.success(request, _("The link is there."))
        return redirect("console:requests")
    question = Confirmation(
        crumbs=_crumbs(_("Agree to a link")),
        title=shown.title(found),
        verb=_("Agree and link"),
        back_url=reverse("console:requests"),
        icon="link",
        consequences=(*shown.evidence(found), *outsiders.facts(outside), *shown.consequences()),
        kept=outsiders.kept(outside),
        danger=False,
    )
    return confirmation(request, question, outcome or outsiders.stale(request))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse a link that was asked for, with a reason."""
    found = queries.request(by=request.caller, number=pk)
    form = AnswerForm(posted(request, "reason"))
    outcome = submit(form, lambda: commands.refuse(by=request.caller, request=pk, reason=form.cleaned_data["reason"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The link was refused."))
        return redirect("console:requests")
    page = FormPage(
        crumbs=_crumbs(_("Refuse a link")),
        title=_("Refuse: %(what)s") % {"what": shown.title(found)},
        submit=_("Refuse"),
        back_url=reverse("console:requests"),
        facts=shown.evidence(found),
    )
    return form_page(request, page, form, outcome)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back what one's own side has asked."""
    posted(request)
    outcome = attempt(lambda: commands.withdraw(by=request.caller, request=pk))
    if isinstance(outcome, Done):
        messages.success(request, _("The request was withdrawn."))
    else:
        messages.error(request, " ".join(outcome.lines))
    return redirect("console:requests")


@require_http_methods(["GET", "HEAD", "POST"])
def ask_account(request: Request, pk: int) -> HttpResponse:
    """Ask those who manage an account to link it to an organization that the reader is an admin of."""
    home = homes.organization(by=request.caller, of=OrganizationId(pk), administering=True).organization
    form = AskAccountForm(_types(), posted(request, "type", "key", "reason"))

    def ask() -> None:
        given = form.cleaned_data
        ref = ResourceRef(given["type"], given["key"])
        commands.ask_account(by=request.caller, organization=home.id, account=ref, reason=given["reason"])

    outcome = submit(form, ask)
    if isinstance(outcome, Done):
        messages.success(request, _("If there is such an account, those who manage it have been asked. The answer stands under Requests."))
        return redirect("console:requests")
    page = FormPage(
        crumbs=organizations.crumbs(home, _("Ask for an account")),
        title=_("Ask for an account"),
        submit=_("Ask"),
        back_url=groups.home_url(home),
        lead=_("A link takes both sides: somebody who manages the account's users and may link it has to agree."),
        eyebrow=home.name,
        facts=(Fact(_("You are not told whether there is such an account before they agree."), "eye-off"), *shown.consequences()),
    )
    return form_page(request, page, form, outcome)


def _types() -> list[tuple[str, str]]:
    """Return the types that are linked, each with its platform."""
    catalogue = platforms.catalogue()
    return [
        (kind.name, f"{label(catalogue.of(kind.name).labels)}: {label(kind.labels)}") for kind in catalogue.types.values() if kind.links
    ]


def _crumbs(page: str) -> tuple[Crumb, ...]:
    return (Crumb(_("Requests"), reverse("console:requests")), Crumb(page))
