"""Nodes of the tree: making one (R035, R093, reading 19)."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.forms.resources import ResourceForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, form_page
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown import resources as shown
from keyholder.interfaces.console.views.admin import blueprint_named, may_create_tops
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.authority import not_there
from keyholder.services.commands import resources
from keyholder.services.commands.resources import BY_OPERATOR, NewResource
from keyholder.services.queries import references, tree
from keyholder.services.queries.rights import rights
from keyholder.services.read_models import ResourceView


@require_http_methods(["GET", "HEAD", "POST"])
def create_top(request: Request, platform: str) -> HttpResponse:
    """Ask for what stands at the top of a platform, and make it; refuse before anything is typed."""
    blueprint = blueprint_named(platform)
    if not may_create_tops(request):
        raise Forbidden("not_operator", sentence(BY_OPERATOR))
    return _create(request, blueprint.root_type, (Crumb(label(blueprint.labels), places.admin_url(platform)),), None)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, type: str, key: str, child: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for a node below another, and make it; refuse before anything is typed."""
    path = tree.path(by=request.caller, ref=ResourceRef(type, key))
    kind = next((kind for kind in platforms.catalogue().of(type).children_of(type) if kind.name == child), None)
    if kind is None:
        raise not_there()
    if child not in rights(by=request.caller, at=[path[-1].id])[path[-1].id].create:
        raise Forbidden("lacks_permission", shown.lacking(path[-1], f"{child}.create"))
    return _create(request, kind, places.crumbs(path, "")[:-1], path[-1])


def _create(request: Request, kind: ResourceType, above: tuple[Crumb, ...], parent: ResourceView | None) -> HttpResponse:
    data = posted(request, *ResourceForm.base_fields)
    form = ResourceForm(kind, data, initial={"administrator": request.reader.address, "managed": True})
    outcome = submit(form, lambda: _make(request, kind, parent, form))
    if isinstance(outcome, Done):
        messages.success(request, _("%(kind)s %(name)s was created.") % {"kind": label(kind.labels), "name": form.cleaned_data["name"]})
        return redirect(_after(request, outcome.value))
    blueprint = platforms.catalogue().of(kind.name)
    page = FormPage(
        (*above, Crumb(shown.creating(kind))),
        shown.creating(kind),
        _("Create"),
        places.url(parent) if parent else places.admin_url(blueprint.name),
        eyebrow=parent.name if parent else label(blueprint.labels),
        facts=shown.outlook(blueprint, kind, parent),
    )
    return form_page(request, page, form, outcome)


def _make(request: Request, kind: ResourceType, parent: ResourceView | None, form: ResourceForm) -> ResourceRef:
    given, by = form.cleaned_data, request.caller
    address = given.get("administrator", "")
    administrator = references.principal(by=by, text=address, place="administrator").id if address else None
    ref = ResourceRef(kind.name, given["key"])
    new = NewResource(ref, given["name"], parent.id if parent else None, managed=given.get("managed", True))
    resources.create(by=by, new=new, administrator=administrator, accounts_by_operator=settings.ACCOUNTS_BY_OPERATOR)
    return ref


def _after(request: Request, ref: ResourceRef) -> str:
    """Return where to go on: to the new node, or to the platform where the reader has made it for somebody else."""
    platform = platforms.catalogue().of(ref.type).name
    try:
        tree.node(by=request.caller, ref=ref)
    except NotFound:
        return places.admin_url(platform)
    return places.admin_url(platform, ref)
