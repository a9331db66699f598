"""Sending several invitations again: those that were ticked, or all that match, all or none (R104, R053)."""

from secrets import token_bytes

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyholder.domain.refusals import Refusal, Refusals
from keyholder.interfaces.console.forms.invitations import InvitationsForm
from keyholder.interfaces.console.posting import posted
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.console.views.selections import numbers
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.links import invitation_link
from keyholder.interfaces.http.refusals import reasons, status_of
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import words
from keyholder.services import proofs
from keyholder.services.commands import invitations as commands
from keyholder.services.queries import invitations as queries
from keyholder.services.queries.invitations import InvitationView

FIELDS = ("selected", "everybody", "without")


@require_POST
def send(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Send them again and show their links, each this once; or say which can't be sent, and offer to go on without them."""
    node, data = node_of(request.caller, type, key), posted(request, *FIELDS) or QueryDict()
    chosen = _chosen(request, node, data)
    if not chosen:
        messages.warning(request, _("Nobody is selected. Tick whom it is about, then choose what to do."))
        return redirect(node.url("invitations"))
    lots = [token_bytes(proofs.COPIED_BYTES) for _row in chosen]
    context = {"crumbs": places.crumbs(node.path, _("Invitations")), "place": places.place(node.path), "total": len(chosen)}
    try:
        made = commands.send_all_again(by=request.caller, invitations=[row.id for row in chosen], random=lots)
    except Refusals as refusal:
        return render(request, "invitations_again.html", {**context, **_refused(refusal, chosen, data)}, status=status_of(refusal))
    except Refusal as refusal:
        return errors.page(request, status_of(refusal), reasons(refusal))
    rows = [(row.address, invitation_link(row.secret), row.is_mailed) for row in made]
    return render(request, "invitations_again.html", {**context, "rows": rows, "links": [link for _address, link, _mailed in rows if link]})


def _chosen(request: Request, node: Node, data: QueryDict) -> list[InvitationView]:
    form = InvitationsForm(request.GET)
    if not form.is_valid():
        message = f"no such list: {sorted(form.errors)}"
        raise BadRequest(message)
    asked, ticked, without = form.asked, set(numbers(data.getlist("selected"))), set(numbers(data.get("without", "").split(",")))
    text, standing = (asked.text, asked.standing) if data.get("everybody") else ("", None)
    found = queries.everybody(by=request.caller, at=node.here.id, text=text, standing=standing)
    return [row for row in found if row.can_handle and row.id not in without and (data.get("everybody") or row.id in ticked)]


def _refused(refusal: Refusals, chosen: list[InvitationView], data: QueryDict) -> dict[str, object]:
    """Return why which of them can't be sent, and what the form sends along to go on without them."""
    names = {str(row.id): row.address for row in chosen}
    refused = [(names.get(row.row, row.row), words(row.refusal.sentence)) for row in refusal.rows]
    left = [part for part in data.get("without", "").split(",") if part]
    kept = [("everybody", "1")] if data.get("everybody") else [("selected", str(row.id)) for row in chosen]
    return {"refused": refused, "kept": kept, "without": ",".join([*left, *(row.row for row in refusal.rows)])}
