"""Handing a resource over to somebody who accepts it, and stepping down (semantics 1)."""

from secrets import token_bytes

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.forms.ownership import HandOverForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import additions, places
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms, proofs
from keyholder.services.authority import not_there
from keyholder.services.commands import ownership as commands
from keyholder.services.commands.inviting import Invited
from keyholder.services.queries import ownership as queries
from keyholder.services.queries.ownership import Ownership


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for an address, and invite it to the role that stands here; nothing changes until it is accepted."""
    node, found = _mine(request, type, key)
    form = HandOverForm(posted(request, "address", "message", "step_down"))
    outcome = submit(form, lambda: _invite(request, node, form))
    if isinstance(outcome, Done):
        return _invited(request, node, outcome.value)
    names = {"role": label(found.role.labels), "place": node.here.name}
    page = FormPage(
        places.crumbs(node.path, _("Hand over")),
        _("Hand over %(place)s") % names,
        _("Invite them to take it over"),
        places.page_url("settings", node.here),
        lead=_("They get an invitation. Nothing changes until they accept it."),
        eyebrow=places.kind(node.here),
        facts=(
            Fact(_('Who accepts has the role "%(role)s" at %(place)s, beside you.') % names, "key-round"),
            Fact(_("Then you can step down, or you say here that their acceptance does it."), "log-out"),
        ),
    )
    return form_page(request, page, form, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def step_down(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask before somebody gives up the role that stands here; then do it."""
    node, found = _mine(request, type, key)
    outcome = None
    if posted(request) is not None:
        outcome = attempt(lambda: commands.step_down(by=request.caller, at=node.here.id))
        if isinstance(outcome, Done):
            messages.success(request, _("You stepped down at %(place)s.") % {"place": node.here.name})
            return redirect(places.page_url("settings", node.here))
    names = {"role": label(found.role.labels), "place": node.here.name}
    page = Confirmation(
        places.crumbs(node.path, _("Step down")),
        _("Step down at %(place)s") % names,
        _("Step down"),
        places.page_url("settings", node.here),
        icon="log-out",
        about=node.here.name,
        consequences=(Fact(_left(node, names), "key-round"),),
    )
    return confirmation(request, page, outcome)


def _left(node: Node, names: dict[str, str]) -> str:
    """Say what the reader has once they stepped down."""
    left, blueprint = commands.what_is_left(platforms.catalogue(), node.here.type), places.blueprint_of(node.here)
    if left is None:
        return _('You give up the role "%(role)s" there, and have nothing of your own there any more.') % names
    if left.role:
        return _('You have the role "%(left)s" there instead of "%(role)s".') % {**names, "left": label(blueprint.roles[left.role].labels)}
    permissions = ", ".join(label(blueprint.permissions[name].labels) for name in left.permissions)
    return _('You have %(left)s there instead of the role "%(role)s".') % {**names, "left": permissions}


def _mine(request: Request, type_name: str, key: str) -> tuple[Node, Ownership]:
    """Return the node whose role the reader has; raises NotFound where none stands, Forbidden for who has it not."""
    node = node_of(request.caller, type_name, key)
    found = queries.ownership(by=request.caller, ref=ResourceRef(type_name, key))
    if found is None:
        raise not_there()
    if not found.is_mine:
        role = places.blueprint_of(node.here).called(found.role.name)
        raise Forbidden("not_owner", sentence(commands.NOT_THEIRS, resource=node.here.name, role=role))
    return node, found


def _invite(request: Request, node: Node, form: HandOverForm) -> Invited:
    given = form.cleaned_data
    return commands.hand_over(
        by=request.caller,
        at=node.here.id,
        address=given["address"],
        message=given["message"],
        random=token_bytes(proofs.COPIED_BYTES),
        in_place_of=request.caller.principal if given["step_down"] else None,
    )


def _invited(request: Request, node: Node, invited: Invited) -> HttpResponse:
    """Say what became of the address, with the link: it stands on this answer alone, and is kept nowhere (R-INV-1)."""
    context = {
        "crumbs": places.crumbs(node.path, _("Hand over")),
        "place": places.place(node.path),
        "checked": additions.invited([invited]),
        "links": (),
        "left_out": "",
    }
    return render(request, "people_added.html", context)
