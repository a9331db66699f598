"""What is done with one asset: sharing a copy, deleting, marking as visible, applying and taking off (R024, R033, R092)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.identifiers import AssetId, ResourceRef
from keyholder.interfaces.console.forms.assets import ShareForm
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, confirmation, filled
from keyholder.interfaces.console.shown import assets as shown
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.paging import query
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import applied_assets
from keyholder.services.commands import assets as commands
from keyholder.services.queries import assets, tree
from keyholder.services.queries.assets import AssetView
from keyholder.services.read_models import ResourceView


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what sharing does and ask what the copy is called; then make it."""
    one, path = _found(request, type, key, number)
    form = ShareForm(posted(request, "name"), initial={"name": one.name})
    outcome = submit(form, lambda: commands.share(by=request.caller, asset=one.id, name=form.cleaned_data["name"]))
    if isinstance(outcome, Done):
        messages.success(request, _("A copy of %(name)s is shared.") % {"name": one.name})
        return redirect(places.page_url("asset", path[-1], outcome.value))
    title = _("Share a copy of %(name)s") % {"name": one.name}
    context = {
        "crumbs": places.crumbs(path, title),
        "title": title,
        "icon": "share-2",
        "about": path[-1].name,
        "consequences": shown.sharing(one),
        "form": form,
        "verb": _("Share a copy"),
        "back_url": places.page_url("asset", path[-1], one.id),
    }
    return filled(request, "confirm.html", context, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask before an asset is deleted; then do it."""
    one, path = _found(request, type, key, number)
    sent = posted(request)
    outcome = None if sent is None else attempt(lambda: commands.delete(by=request.caller, asset=one.id))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s was deleted.") % {"name": one.name})
        return redirect(_list_url(path[-1], one))
    title = _("Delete %(name)s") % {"name": one.name}
    back = places.page_url("asset", path[-1], one.id)
    page = Confirmation(
        places.crumbs(path, title), title, title, back, icon="trash-2", about=path[-1].name, consequences=shown.deleting(one)
    )
    return confirmation(request, page, outcome)


@require_POST
def mark(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Mark an asset as visible, or no longer, as the button said."""
    sent = posted(request, "to")
    marked = sent is not None and sent.get("to") == "yes"
    said = _("%(name)s is marked as visible.") if marked else _("%(name)s is no longer marked as visible.")
    return _do(request, (type, key, number), lambda one, _here: commands.mark(by=request.caller, asset=one.id, marked=marked), said)


@require_POST
def apply(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Apply an asset here."""
    posted(request)
    said = _("%(name)s is applied to %(place)s.")
    return _do(request, (type, key, number), lambda one, here: applied_assets.apply(by=request.caller, asset=one.id, to=here.id), said)


@require_POST
def withdraw(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Take an applied asset off."""
    posted(request)
    said = _("%(name)s was taken off %(place)s.")
    return _do(request, (type, key, number), lambda one, here: applied_assets.withdraw(by=request.caller, asset=one.id, of=here.id), said)


def _do(request: Request, where: tuple[str, str, int], command: Callable[[AssetView, ResourceView], None], said: str) -> HttpResponse:
    """Do something at once and go back to the list; where a rule refuses, say why on a page of its own."""
    one, path = _found(request, *where)
    outcome = attempt(lambda: command(one, path[-1]))
    if isinstance(outcome, Refused):
        return errors.page(request, outcome.status, outcome.lines)
    messages.success(request, said % {"name": one.name, "place": path[-1].name})
    return redirect(_list_url(path[-1], one))


def _found(request: Request, type_name: str, key: str, number: int) -> tuple[AssetView, tuple[ResourceView, ...]]:
    """Return an asset as it is seen from a node, and the path to the node. Raises NotFound."""
    ref = ResourceRef(type_name, key)
    return assets.asset(by=request.caller, at=ref, number=AssetId(number)), tree.path(by=request.caller, ref=ref)


def _list_url(here: ResourceView, one: AssetView) -> str:
    return places.page_url("assets", here) + query({"kind": one.kind})
