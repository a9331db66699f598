"""What one principal is given at a node: the permission editor, and taking it away (R012, R016 to R018, R048, R049, R051)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.forms import windows
from keyholder.interfaces.console.forms.editing import EditForm
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import editing as shown
from keyholder.interfaces.console.shown import gains, places, principals
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import bindings, editing
from keyholder.services.differences import Preview
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import bindings as queries
from keyholder.services.queries import previews
from keyholder.services.queries.bindings import Editor

FIELDS = ("permissions", "role", "ends_on", "step", reviewing.FIELD)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, type: str, key: str, principal: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show what somebody is given at a node and what comes from elsewhere; say who gains and loses what; then save."""
    node, window = node_of(request.caller, type, key), windows.read(request.GET.dict())
    editor = queries.editor(by=request.caller, of=PrincipalId(principal), at=node.here.id, window=window)
    data = posted(request, *FIELDS)
    form = EditForm(data, places.type_of(node.here), request.caller.at, window)
    if not form.is_bound:
        return filled(request, "permissions.html", _page(node, editor, form))
    if not form.is_valid():
        outcome = Refused((), status=200 if request.htmx else 422)
        return filled(request, "permissions.html", _page(node, editor, form), outcome)
    return _reviewed(request, node, editor, form)


@require_http_methods(["GET", "HEAD", "POST"])
def take_away(request: Request, type: str, key: str, principal: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what taking away everything that is given here means; then do it. People are removed at the account (R049, R051)."""
    node = node_of(request.caller, type, key)
    editor = queries.editor(by=request.caller, of=PrincipalId(principal), at=node.here.id)
    proposal = Proposal(Verb.REVOKE, (editor.principal.id,), node.here.id)
    preview = previews.of_bindings(by=request.caller, proposal=proposal)
    outcome: Done[object] | Refused | None = None
    if posted(request) is not None:
        outcome = attempt(lambda: bindings.revoke(by=request.caller, of=[editor.principal.id], on=node.here.id))
        if isinstance(outcome, Done):
            names = {"name": editor.principal.shown, "place": node.here.name}
            return _saved(request, node, editor, preview, _("Nothing is given to %(name)s at %(place)s any more.") % names)
    names = {"name": editor.principal.shown, "place": node.here.name}
    context = {
        "crumbs": places.crumbs(node.path, _("Take away")),
        "who": principals.who(editor.principal, linked=False),
        "title": _("Take away from %(name)s what was given at %(place)s") % names,
        "verb": _("Take away"),
        "consequences": (*shown.given(editor), *gains.taken(preview)),
        "remains": shown.still(preview, editor, node),
        "back_url": node.url(),
    }
    return filled(request, "remove.html", context, outcome)


def _reviewed(request: Request, node: Node, editor: Editor, form: EditForm) -> HttpResponse:
    """Show what would change, or save it where exactly this was shown before."""
    seal = reviewing.digest(editor.principal.id, editor.bindings, sorted(form.cleaned_data.items()), form.window)
    preview = attempt(lambda: previews.of_bindings(by=request.caller, proposal=_proposal(editor, form)))
    if isinstance(preview, Refused):
        return filled(request, "permissions.html", _page(node, editor, form), preview)
    outcome: Done[object] | Refused | None = None
    to_save = request.POST.get("step") == "save"
    if to_save and reviewing.was_reviewed(request, seal):
        outcome = attempt(lambda: _save(request, editor, form))
        if isinstance(outcome, Done):
            names = {"name": editor.principal.shown, "place": editor.resource.name}
            return _saved(request, node, editor, preview.value, _("What %(name)s may do at %(place)s was changed.") % names)
    page = {
        **_page(node, editor, form),
        "reviewed": seal,
        "is_change": shown.is_change(editor, form),
        "gains": gains.gains(preview.value),
        "unsaid": (*shown.changes(editor, form, preview.value, node), *gains.unsaid(preview.value)),
        "is_stale": to_save and outcome is None,
    }
    return filled(request, "permissions.html", page, outcome)


def _proposal(editor: Editor, form: EditForm) -> Proposal:
    given = form.cleaned_data
    permissions, role = tuple(given["permissions"]), given["role"]
    return Proposal(Verb.SET, (editor.principal.id,), editor.resource.id, permissions, role, form.window, editor.window)


def _save(request: Request, editor: Editor, form: EditForm) -> None:
    given = form.cleaned_data
    editing.edit(
        by=request.caller,
        of=editor.principal.id,
        on=editor.resource.id,
        permissions=given["permissions"],
        role=given["role"],
        since=editor.window,
        to=form.window,
    )


def _saved(request: Request, node: Node, editor: Editor, preview: Preview, text: str) -> HttpResponse:
    messages.success(request, text)
    for fact in shown.still(preview, editor, node):
        messages.info(request, shown.toast(fact))
    return redirect(node.url())


def _page(node: Node, editor: Editor, form: EditForm) -> dict[str, object]:
    return {
        "crumbs": places.crumbs(node.path, editor.principal.shown),
        "who": principals.who(editor.principal),
        "place": places.place(node.path),
        "pickers": shown.pickers(editor, form),
        "form": form,
        "floor": shown.floor(editor, node),
        "others": shown.others(editor, node),
        "reset_url": shown.reset_url(editor),
        "save_label": places.said(node.here, "save") or _("Save"),
        "back_url": node.url("user", editor.principal.id),
    }
