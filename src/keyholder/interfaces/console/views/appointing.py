"""Appointing a manager of an account that awaits one: what an operator and its organization's admins can do there (semantics 4)."""

from secrets import token_bytes

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.interfaces.console.forms.groups import OwnerForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, posted, submit
from keyholder.interfaces.console.rendering import FormPage, ManagerInvited, form_page, manager_invited
from keyholder.interfaces.console.shown import access, places, prospects
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.commands import bindings, inviting
from keyholder.services.commands.inviting import Invited, Wish
from keyholder.services.queries import appointing as queries
from keyholder.services.queries.acquaintances import Prospect, Recognised
from keyholder.services.queries.appointing import Appointment


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for somebody, and make them the manager; who is not known here is invited to be."""
    node = node_of(request.caller, type, key)
    given = queries.appointment(by=request.caller, at=node.here.id)
    form = OwnerForm(posted(request, "address"))
    who = _candidate(request, node, form) if form.is_valid() else None
    outcome: Done[Invited | None] | Refused | None = None
    if form.is_bound:
        outcome = submit(form, lambda: _give(request, node, given, who)) if who else Refused((), 422)
        if isinstance(outcome, Done) and outcome.value is not None:
            title = _("%(place)s awaits its manager") % {"place": node.here.name}
            return manager_invited(request, ManagerInvited(title, places.type_of(node.here), outcome.value, reverse("console:home")))
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
        facts=(
            Fact(_("They get %(what)s there.") % {"what": what}, "key-round"),
            Fact(_("Who is not known here yet is invited; it awaits a manager until they accept."), "mail"),
        ),
    )
    return form_page(request, page, form, outcome)


def _candidate(request: Request, node: Node, form: OwnerForm) -> Recognised | None:
    """Return who is meant; where the text is no address, the field says so."""
    found = queries.candidate(by=request.caller, at=node.here.id, typed=form.cleaned_data["address"])
    if found.prospect is Prospect.WRONG:
        line = prospects.checked([found])[0]
        form.add_error("address", f"{line.verdict}. {line.detail}")
        return None
    return found


def _give(request: Request, node: Node, given: Appointment, who: Recognised) -> Invited | None:
    """Give it to who is known, and invite everybody else to it, whether or not there is such a person."""
    by, here = request.caller, node.here.id
    if who.principal is not None:
        bindings.grant(by=by, to=[who.principal.id], on=here, permissions=given.permissions, role=given.role)
        return None
    wish = Wish(given.permissions, given.role, language=get_language() or "")
    (sent,) = inviting.invite(by=by, at=here, addresses=[who.typed], random=[token_bytes(proofs.COPIED_BYTES)], wish=wish)
    return sent
