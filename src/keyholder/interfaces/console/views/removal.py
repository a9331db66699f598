"""Removing somebody from an account, and giving up one's own access: what goes and what remains is said first (R050 to R058)."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import NotFound
from keyholder.interfaces.console import frame
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import editing, places, principals
from keyholder.interfaces.console.shown import removals as shown
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.refusals import reasons, status_of
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import removal as commands
from keyholder.services.queries import removal as queries
from keyholder.services.queries.bindings import editor
from keyholder.services.queries.giving_up import GivingUp, giving_up
from keyholder.services.removals import Removal


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, type: str, key: str, principal: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what removing somebody from an account takes and leaves; then do it."""
    node = node_of(request.caller, type, key)
    who = PrincipalId(principal)
    planned = queries.preview(by=request.caller, who=[who], at=node.here.id)[0]
    outcome: Done[object] | Refused | None = _refused(planned, request.method)
    if posted(request) is not None and outcome is None:
        outcome = attempt(lambda: commands.remove(by=request.caller, who=[who], at=node.here.id))
        if isinstance(outcome, Done):
            return _removed(request, node, planned)
    names = {"name": planned.name, "place": node.here.name}
    context = {
        "crumbs": places.crumbs(node.path, _("Remove")),
        "who": principals.who(editor(by=request.caller, of=who, at=node.here.id).principal, linked=False),
        "title": _("Remove %(name)s from %(place)s") % names,
        "verb": places.said(node.here, "remove") or _("Remove %(name)s") % names,
        "consequences": (*shown.taken(planned.taken, node, request.caller.at), *_theirs(request, who, node)),
        "remains": shown.remaining(planned.remaining, planned.name, node),
        "back_url": node.url(),
    }
    return filled(request, "remove.html", context, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what giving up one's own access at a node takes and leaves; then do it (R055)."""
    node = node_of(request.caller, type, key)
    planned = giving_up(by=request.caller, on=node.here.id)
    outcome: Done[object] | Refused | None = None
    if planned.refusal is not None:
        outcome = Refused(reasons(planned.refusal), status_of(planned.refusal) if request.method == "POST" else 200)
    if posted(request) is not None and outcome is None:
        outcome = attempt(lambda: commands.give_up(by=request.caller, on=node.here.id))
        if isinstance(outcome, Done):
            messages.success(request, _("You gave up your access at %(place)s.") % {"place": node.here.name})
            return redirect("console:home")
    context = {
        "crumbs": places.crumbs(node.path, _("Give up my access")),
        "who": frame.signed_in(request),
        "title": _("Give up your access at %(place)s") % {"place": node.here.name},
        "verb": _("Give up my access"),
        "consequences": (*shown.taken(planned.taken, node, request.caller.at), *_yours(planned)),
        "remains": (*shown.kept(planned.below, node), *shown.remaining(planned.remaining, request.caller.name, node)),
        "back_url": node.url() if node.here.id in node.managed else reverse("console:home"),
    }
    return filled(request, "remove.html", context, outcome)


def _refused(planned: Removal, method: str | None) -> Refused | None:
    """Return why somebody can't be removed; who is not there at all is not found."""
    refusal = planned.refusal
    if refusal is None:
        return None
    if isinstance(refusal, NotFound):
        raise refusal
    return Refused(reasons(refusal), status_of(refusal) if method == "POST" else 200)


def _removed(request: Request, node: Node, planned: Removal) -> HttpResponse:
    names = {"name": planned.name, "place": node.here.name}
    messages.success(request, _("%(name)s was removed from %(place)s.") % names)
    for fact in shown.remaining(planned.remaining, planned.name, node)[: shown.FEW]:
        messages.info(request, editing.toast(fact))
    return redirect(node.url())


def _theirs(request: Request, who: PrincipalId, node: Node) -> tuple[Fact, ...]:
    return (shown.answerless(),) if who in queries.waiting(by=request.caller, at=node.here.id) else ()


def _yours(planned: GivingUp) -> Iterator[Fact]:
    if planned.is_waiting:
        yield Fact(_("Your open requests here are closed, and invitations that nobody else gives anything of are revoked."), "mail")
    if planned.taken:
        yield Fact(_("You can't give it back to yourself: somebody who manages users there can."), "info")
