"""Nodes of the tree: making one (R035, R093, reading 19)."""

from secrets import token_bytes

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.sentences import sentence
from keyholder.interfaces.console.forms.resources import ResourceForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import FormPage, ManagerInvited, form_page, manager_invited
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown import resources as shown
from keyholder.interfaces.console.views.admin import blueprint_named, may_create_tops
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms, proofs
from keyholder.services.authority import not_there
from keyholder.services.commands import founding, resources
from keyholder.services.commands.founding import Founded
from keyholder.services.commands.inviting import Invited
from keyholder.services.commands.resources import BY_OPERATOR, NewResource
from keyholder.services.queries import tree
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
    initial = {"administrator": request.reader.address if kind.names_manager else "", "managed": True}
    form = ResourceForm(kind, data, initial=initial, by_operator=request.reader.is_operator)
    outcome = submit(form, lambda: _make(request, kind, parent, form))
    if isinstance(outcome, Done) and outcome.value.invited is not None:
        return _awaiting(request, kind, parent, form, outcome.value.invited)
    if isinstance(outcome, Done):
        messages.success(request, _("%(kind)s %(name)s was created.") % {"kind": label(kind.labels), "name": form.cleaned_data["name"]})
        return redirect(_after(request, _ref(kind, form)))
    blueprint = platforms.catalogue().of(kind.name)
    page = FormPage(
        (*above, Crumb(shown.creating(kind))),
        shown.creating(kind),
        _("Create"),
        places.url(parent) if parent else places.admin_url(blueprint.name),
        eyebrow=parent.name if parent else label(blueprint.labels),
        facts=shown.outlook(blueprint, kind, parent, by_operator=request.reader.is_operator),
    )
    return form_page(request, page, form, outcome)


def _make(request: Request, kind: ResourceType, parent: ResourceView | None, form: ResourceForm) -> Founded:
    """Make the node, for the administrator who is named or else for the reader."""
    given, by = form.cleaned_data, request.caller
    new = NewResource(_ref(kind, form), given["name"], parent.id if parent else None, managed=given.get("managed", True))
    ruled = settings.ACCOUNTS_BY_OPERATOR
    if not given.get("administrator"):
        return Founded(resources.create(by=by, new=new, accounts_by_operator=ruled))
    named = {"administrator": given["administrator"], "random": token_bytes(proofs.COPIED_BYTES), "language": get_language() or ""}
    return founding.found(by=by, new=new, accounts_by_operator=ruled, **named)


def _ref(kind: ResourceType, form: ResourceForm) -> ResourceRef:
    return ResourceRef(kind.name, form.cleaned_data["key"])


def _awaiting(request: Request, kind: ResourceType, parent: ResourceView | None, form: ResourceForm, sent: Invited) -> HttpResponse:
    """Say that the administrator is invited; where the host manages the account only until they accept, say that as well."""
    given = form.cleaned_data
    title = _("%(name)s was created and awaits its administrator") % {"name": given["name"]}
    host = parent.name if parent is not None and kind.closable and not given["managed"] else ""
    return manager_invited(request, ManagerInvited(title, kind, sent, _after(request, _ref(kind, form)), host))


def _after(request: Request, ref: ResourceRef) -> str:
    """Return where to go on: to the new node, or to the platform where the reader has made it for somebody else."""
    platform = platforms.catalogue().of(ref.type).name
    try:
        tree.node(by=request.caller, ref=ref)
    except NotFound:
        return places.admin_url(platform)
    return places.admin_url(platform, ref)
