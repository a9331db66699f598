"""The invitations of a node: how each stands, sending again, a new link, revoking, taking over (R103, R104, R107)."""

from collections.abc import Callable
from secrets import token_bytes

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keyholder.domain.roster import Filters
from keyholder.interfaces.console.forms.invitations import InvitationsForm
from keyholder.interfaces.console.forms.people import ReasonForm
from keyholder.interfaces.console.parts.marks import Fact, Who
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import invitations as shown
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.console.shown.roster import requests_tab
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.links import invitation_link
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.authority import not_there
from keyholder.services.commands import invitations as commands
from keyholder.services.commands.invitations import Renewed
from keyholder.services.queries import invitations as queries
from keyholder.services.queries import roster
from keyholder.services.queries.requests import count_at

ONE = 1
"""Row of a roster, where only its numbers are wanted."""


@require_safe
def index(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show the invitations of a node."""
    node, form = node_of(request.caller, type, key), InvitationsForm(request.GET)
    if not form.is_valid():
        message = f"no such list: {sorted(form.errors)}"
        raise BadRequest(message)
    asked = form.asked
    found = queries.invitations(
        by=request.caller, at=node.here.id, text=asked.text, standing=asked.standing, everything=asked.everything, after=asked.after
    )
    others = roster.roster(by=request.caller, at=node.here.id, filters=Filters(search=asked.text), size=ONE)
    context = {
        "crumbs": places.crumbs(node.path, _("User management")),
        "place": places.place(node.path),
        "tabs": (
            *shown.tabs(node, others, found.matching if asked.text else found.open, asked.text),
            requests_tab(node, count_at(by=request.caller, at=node.here.id)),
        ),
        "rows": shown.rows(found, node),
        "add_label": places.said(node.here, "add"),
        "new_link_label": places.said(node.here, "new_link") or _("New link"),
        "states": shown.states(asked),
        "again_url": node.url("invitations-again") + asked.query(),
        "query": asked.text,
        "kept": [("state", asked.state)] if asked.state else [],
        "total": found.matching,
        "next_url": asked.page(found.next) if found.next else "",
    }
    return render(request, "invitations.html", context)


@require_safe
def show(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show one invitation with what can be done about it (R103, S001-13)."""
    node, found = _found(request, type, key, number)
    context = {
        "crumbs": places.crumbs(node.path, found.address),
        "place": places.place(node.path),
        "row": shown.row(found, node),
        "new_link_label": places.said(node.here, "new_link") or _("New link"),
    }
    return render(request, "invitation_user.html", context)


@require_POST
def send_again(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Send an invitation again, and show its link."""
    return _renew(request, type, key, number, commands.send_again)


@require_POST
def new_link(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Make a new link, and show it."""
    return _renew(request, type, key, number, commands.new_link)


@require_POST
def take_over(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Give in their place what givers can't give any more."""
    posted(request)
    node, found = _found(request, type, key, number)
    outcome = attempt(lambda: commands.take_over(by=request.caller, invitation=number))
    if isinstance(outcome, Refused):
        return errors.page(request, outcome.status, outcome.lines)
    messages.success(request, _("You give from now on what %(address)s was invited to.") % {"address": found.address})
    return redirect(node.url("invitations"))


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask before an invitation is revoked; then do it."""
    node, found = _found(request, type, key, number)
    form = ReasonForm(posted(request, "reason"))
    outcome = submit(form, lambda: commands.revoke(by=request.caller, invitation=number, reason=form.cleaned_data["reason"]))
    if isinstance(outcome, Done):
        messages.success(request, _("The invitation of %(address)s was revoked.") % {"address": found.address})
        return redirect(_list_url(node))
    title = _("Revoke the invitation of %(address)s") % {"address": found.address}
    context = {
        "crumbs": places.crumbs(node.path, title),
        "who": Who("", found.address),
        "title": title,
        "about": node.here.name,
        "consequences": (
            Fact(_("Every link of it is dead at once."), "link-2-off"),
            Fact(_("They get nothing; you can invite them again at any time."), "mail"),
        ),
        "form": form,
        "verb": _("Revoke the invitation"),
        "danger": True,
        "back_url": _list_url(node),
    }
    return filled(request, "confirm.html", context, outcome)


def _renew(request: Request, type_name: str, key: str, number: int, command: Callable[..., Renewed]) -> HttpResponse:
    """Begin a new generation and show its link: it stands on this answer alone, and is kept nowhere (R-INV-1)."""
    posted(request)
    node, _invitation = _found(request, type_name, key, number)
    outcome = attempt(lambda: command(by=request.caller, invitation=number, random=token_bytes(proofs.COPIED_BYTES)))
    if isinstance(outcome, Refused):
        return errors.page(request, outcome.status, outcome.lines)
    context = {
        "crumbs": places.crumbs(node.path, _("Invitation")),
        "place": places.place(node.path),
        "address": outcome.value.address,
        "link": invitation_link(outcome.value.secret),
        "is_mailed": outcome.value.is_mailed,
    }
    return render(request, "invitation_link.html", context)


def _list_url(node: Node) -> str:
    """Return the list that the reader came from: that of the node, or for who manages only a group, the groups."""
    return node.url("invitations") if node.managed else reverse("console:groups")


def _found(request: Request, type_name: str, key: str, number: int) -> tuple[Node, queries.InvitationView]:
    """Return the node and the invitation to its account; raises NotFound where they do not belong together."""
    node = node_of(request.caller, type_name, key)
    found = queries.invitation(by=request.caller, of=number)
    if found.account.id not in {view.id for view in node.path}:
        raise not_there()
    return node, found
