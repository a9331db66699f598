"""The assets of a node: a page of one kind, making one, one by itself with what it holds (R022 to R029, R092)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import AssetId, ResourceRef
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.interfaces.console.forms.assets import AssetForm
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, filled, form_page
from keyholder.interfaces.console.shown import assets as shown
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.paging import query
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services.authority import not_there
from keyholder.services.commands import assets as commands
from keyholder.services.commands.assets import NewAsset
from keyholder.services.queries import assets, tree
from keyholder.services.queries.assets import AssetsHere


@require_safe
def index(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show the kinds at a node and the assets of one of them."""
    asked = request.GET.get("kind", "")
    found = _found(request, ResourceRef(type, key), asked, request.GET.get("cursor", ""))
    path = tree.path(by=request.caller, ref=found.resource.ref)
    context = {
        "crumbs": places.crumbs(path, _("Assets")),
        "place": places.place(path),
        "tabs": shown.tabs(found),
        "kind": label(found.kind.plural.labels) if found.kind else "",
        "lead": shown.lead(found.kind) if found.kind else "",
        "making": shown.making(found),
        "rows": shown.rows(found),
        "next_url": query({"kind": asked, "cursor": found.next}) if found.next else "",
        "total": found.kind.number if found.kind else 0,
    }
    return render(request, "assets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, type: str, key: str, kind: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for a new asset, and make it; refuse before anything is typed."""
    found = _found(request, ResourceRef(type, key), kind)
    if found.kind is None or not found.kind.is_here:
        raise not_there()
    if found.kind.lacking is not None:
        raise Forbidden("lacks_permission", found.kind.lacking)
    form = AssetForm(posted(request, *AssetForm.base_fields))
    outcome = submit(form, lambda: commands.create(by=request.caller, at=found.resource.id, new=NewAsset(kind, **form.cleaned_data)))
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s was created.") % {"name": form.cleaned_data["name"]})
        return redirect(places.page_url("asset", found.resource, outcome.value))
    path = tree.path(by=request.caller, ref=found.resource.ref)
    title = shown.creating(found.kind)
    back = places.page_url("assets", found.resource) + query({"kind": kind})
    page = FormPage(places.crumbs(path, title), title, _("Create"), back, shown.lead(found.kind), found.resource.name)
    return form_page(request, page, form, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, type: str, key: str, number: int) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show an asset, or change it."""
    ref = ResourceRef(type, key)
    one = assets.asset(by=request.caller, at=ref, number=AssetId(number))
    form = AssetForm(posted(request, *AssetForm.base_fields), initial={"name": one.name, "description": one.description, "body": one.body})
    outcome = submit(form, lambda: commands.change(by=request.caller, asset=one.id, **form.cleaned_data))
    path = tree.path(by=request.caller, ref=ref)
    if isinstance(outcome, Done):
        messages.success(request, _("%(name)s was changed.") % {"name": form.cleaned_data["name"]})
        return redirect(places.page_url("asset", path[-1], one.id))
    context = {
        "crumbs": places.crumbs(path, one.name),
        "place": places.place(path),
        "asset": one,
        "kind": label(one.label.labels),
        "row": shown.row(one, path[-1]),
        "form": form,
        "fixed": shown.why_fixed(one),
        "about": shown.about(one),
        "uses": shown.uses(one),
        "back_url": places.page_url("assets", path[-1]) + query({"kind": one.kind}),
    }
    return filled(request, "asset.html", context, outcome)


def _found(request: Request, ref: ResourceRef, kind: str, cursor: str = "") -> AssetsHere:
    """Return what there is; raises NotFound for a kind that the node does not have."""
    try:
        return assets.assets(by=request.caller, at=ref, kind=kind, after=cursor)
    except Invalid as refusal:
        if refusal.code == "kind":
            raise not_there() from refusal
        raise
