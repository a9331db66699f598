"""One user of a node: access, what is assigned, the password, and the end of it (R095, R096, R112)."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.interfaces.console.forms.assignments import AssignedForm
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.console.shown import assignments as listed
from keyholder.interfaces.console.shown import editing, nodes, places, principals
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import assignments as commands
from keyholder.services.queries import assignments
from keyholder.services.queries.bindings import editor


@require_safe
def show(request: Request, type: str, key: str, principal: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show what can be done about one user here."""
    node = node_of(request.caller, type, key)
    found = editor(by=request.caller, of=PrincipalId(principal), at=node.here.id)
    number, is_reader = found.principal.id, principal == request.caller.principal
    takes = not node.is_account and bool(found.bindings)
    context = {
        "crumbs": places.crumbs(node.path, found.principal.shown),
        "who": principals.who(found.principal),
        "place": places.place(node.path),
        "given": tuple(replace(fact, icon="key-round") for fact in editing.given(found)),
        "floor": editing.floor(found, node),
        "edit_url": node.url("permissions", number),
        "assigns": listed.assigns(node.here) and found.principal.kind is PrincipalKind.USER,
        "assigned": _assigned(request, node, number),
        "assignments_url": node.url("assignments", number),
        "reset_url": "" if is_reader else editing.reset_url(found),
        "remove_url": node.url("give-up") if is_reader else node.url("remove", number) if node.is_account else "",
        "take_url": node.url("take-away", number) if takes and not is_reader else "",
        "remove_label": places.said(node.here, "remove") or _("Remove"),
        "elsewhere": "" if node.is_account else nodes.removed_elsewhere(node),
        "back_url": node.url(),
    }
    return render(request, "user.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: Request, type: str, key: str, principal: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask what is to be assigned to somebody, and assign exactly that."""
    node = node_of(request.caller, type, key)
    found = assignments.of_person(by=request.caller, of=PrincipalId(principal), at=node.here.id)
    if not listed.assigns(node.here):
        raise not_there()
    who = editor(by=request.caller, of=PrincipalId(principal), at=node.here.id).principal
    form = AssignedForm(posted(request, "assigned"))
    wanted = set(form.cleaned_data["assigned"]) if form.is_bound and form.is_valid() else set()
    pairs = {one.resource.id: (who.id, one.resource.id) for one in found}
    before = {one.resource.id for one in found if one.is_assigned}
    give, take = [pairs[n] for n in pairs if n in wanted - before], [pairs[n] for n in before - wanted]
    outcome = submit(form, lambda: commands.assign(by=request.caller, at=node.here.id, give_to=give, take_from=take))
    if isinstance(outcome, Done):
        messages.success(
            request, _("What is assigned to %(name)s at %(place)s was changed.") % {"name": who.shown, "place": node.here.name}
        )
        return redirect(node.url("user", who.id))
    lines = tuple(listed.thing(one, wanted if form.is_bound else before) for one in found)
    title = _("Assigned to %(name)s at %(place)s") % {"name": who.shown, "place": node.here.name}
    return _ask(request, node, title, lines, outcome, remark=listed.unfit(found, node.here), back_url=node.url("user", who.id))


@require_http_methods(["GET", "HEAD", "POST"])
def of_node(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask to whom a node is to be assigned, and assign it to exactly those."""
    node = node_of(request.caller, type, key)
    found = assignments.of_node(by=request.caller, at=node.here.id)
    if places.type_of(node.here).assignment is None:
        raise not_there()
    form = AssignedForm(posted(request, "assigned"))
    wanted = set(form.cleaned_data["assigned"]) if form.is_bound and form.is_valid() else set()
    before = {one.principal.id for one in found if one.is_assigned}
    give = [(one.principal.id, node.here.id) for one in found if one.principal.id in wanted - before]
    take = [(number, node.here.id) for number in before - wanted]
    outcome = submit(form, lambda: commands.assign(by=request.caller, at=node.here.id, give_to=give, take_from=take))
    if isinstance(outcome, Done):
        messages.success(request, _("It was changed to whom %(place)s is assigned.") % {"place": node.here.name})
        return redirect(node.url())
    lines = tuple(listed.person(one, wanted if form.is_bound else before) for one in found)
    title = _("To whom %(place)s is assigned") % {"place": node.here.name}
    return _ask(request, node, title, lines, outcome, remark="" if lines else listed.nobody(node.here), back_url=node.url())


def _assigned(request: Request, node: Node, principal: PrincipalId) -> tuple[object, ...]:
    if not listed.assigns(node.here):
        return ()
    found = assignments.of_person(by=request.caller, of=principal, at=node.here.id)
    return tuple(listed.fact(one) for one in found if one.is_assigned)


def _ask(
    request: Request, node: Node, title: str, lines: tuple[object, ...], outcome: Outcome, *, remark: str, back_url: str
) -> HttpResponse:
    context = {
        "crumbs": places.crumbs(node.path, _("Assigned")),
        "place": places.place(node.path),
        "title": title,
        "lines": lines,
        "remark": remark,
        "save_label": places.said(node.here, "save") or _("Save"),
        "back_url": back_url,
    }
    return filled(request, "assignments.html", context, outcome)
