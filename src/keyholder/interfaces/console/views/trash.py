"""Deleting a node, the trash, and restoring from it (semantics 4, reading 41)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.interfaces.console.forms.trash import TrashForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, confirmation
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown import trash as shown
from keyholder.interfaces.http.requests import Request
from keyholder.services.authority import not_there
from keyholder.services.commands import trashing
from keyholder.services.queries import trash as queries
from keyholder.services.queries import tree


@require_safe
def index(request: Request) -> HttpResponse:
    """Show what is in the trash that the reader may restore."""
    found = queries.trash(by=request.caller)
    return render(request, "trash.html", {"crumbs": (Crumb(_("Trash")),), "rows": shown.waste(found, request.caller.at)})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what deleting a node takes along; then put it into the trash."""
    ref = ResourceRef(type, key)
    path = tree.path(by=request.caller, ref=ref)
    found = queries.trashing(by=request.caller, ref=ref)
    form = TrashForm(found, posted(request, "reason", *(["name"] if found.has_to_be_typed else [])))
    outcome = submit(form, lambda: trashing.trash(by=request.caller, resource=found.resource.id, reason=form.cleaned_data["reason"]))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s is in the trash.") % {"name": found.resource.name})
        return redirect("console:trash")
    question = Confirmation(
        crumbs=places.crumbs(path, _("Delete")),
        title=_("Delete %(name)s") % {"name": found.resource.name},
        verb=_("Delete %(name)s") % {"name": found.resource.name},
        back_url=places.page_url("settings", found.resource),
        icon="trash-2",
        about=f"{places.kind(found.resource)} {found.resource.ref.key}",
        consequences=shown.consequences(found),
        form=form,
    )
    return confirmation(request, question, outcome)


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Take something out of the trash."""
    posted(request)
    found = next((each for each in queries.trash(by=request.caller) if each.resource.id == pk), None)
    if found is None:
        raise not_there()
    outcome = attempt(lambda: trashing.restore(by=request.caller, resource=ResourceId(pk)))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s is back, with all access as it was.") % {"name": found.resource.name})
        return redirect(places.url(found.resource))
    for line in outcome.lines:
        messages.error(request, line)
    return redirect("console:trash")
