"""Appointing a manager of an account that awaits one: what an operator and its organization's admins can do there (semantics 4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.groups import OwnerForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import access, places, prospects
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import bindings
from keyholder.services.queries import appointing as queries
from keyholder.services.queries.appointing import Appointment


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for somebody who is known here, and make them the manager."""
    node = node_of(request.caller, type, key)
    given = queries.appointment(by=request.caller, at=node.here.id)
    form = OwnerForm(posted(request, "address"))
    who = _candidate(request, node, form) if form.is_valid() else None
    outcome: Done[object] | Refused | None = None
    if form.is_bound:
        outcome = submit(form, lambda: _give(request, node, given, who)) if who else Refused((), 422)
        if isinstance(outcome, Done):
            messages.success(
                request, _("%(address)s manages %(place)s now.") % {"address": form.cleaned_data["address"], "place": node.here.name}
            )
            return redirect("console:home")
    what = ", ".join(access.names([given.role] if given.role else given.permissions, places.blueprint_of(node.here)))
    page = FormPage(
        (*places.crumbs(node.path, _("Appoint a manager")),),
        _("Appoint a manager of %(place)s") % {"place": node.here.name},
        _("Appoint"),
        reverse("console:home"),
        lead=_("Nobody can change access there until somebody is appointed. From then on it is theirs alone."),
        eyebrow=places.kind(node.here),
        facts=(Fact(_("They get %(what)s there.") % {"what": what}, "key-round"),),
    )
    return form_page(request, page, form, outcome)


def _candidate(request: Request, node: Node, form: OwnerForm) -> PrincipalId | None:
    """Return who is meant; where that is nobody known here, the field says so."""
    found = queries.candidate(by=request.caller, at=node.here.id, typed=form.cleaned_data["address"])
    if found.principal is None:
        line = prospects.checked([found])[0]
        form.add_error("address", f"{line.verdict}. {line.detail}")
        return None
    return found.principal.id


def _give(request: Request, node: Node, given: Appointment, who: PrincipalId) -> object:
    return bindings.grant(by=request.caller, to=[who], on=node.here.id, permissions=given.permissions, role=given.role)
