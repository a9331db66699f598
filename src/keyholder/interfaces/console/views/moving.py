"""Moving a node to another parent: where to and how, then who gains and who loses, then it is done (R020)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moving import Way
from keyholder.domain.refusals import Forbidden
from keyholder.interfaces.console.forms.trash import MoveForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import gains, places
from keyholder.interfaces.console.shown import resources as nodes
from keyholder.interfaces.console.shown import trash as shown
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.authority import not_there
from keyholder.services.commands import moving
from keyholder.services.queries import moving as queries
from keyholder.services.queries import settings
from keyholder.services.queries.moving import MovePreview
from keyholder.services.queries.settings import Settings


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask where to move a node and what becomes of access; show what would happen; then move it."""
    found = settings.settings(by=request.caller, ref=ResourceRef(type, key))
    if not found.can_be_moved:
        raise not_there()
    if not found.rights.move:
        raise Forbidden("lacks_permission", nodes.lacking(found.path[-2], f"{type}.move"))
    targets = queries.targets(by=request.caller, ref=found.resource.ref)
    form = MoveForm(targets, posted(request, "to", "way", "shown"))
    if not form.is_bound or not form.is_valid():
        return _ask(request, found, form, is_anywhere=bool(targets))
    target = next(view for view in targets if str(view.ref) == form.cleaned_data["to"])
    way, told = Way(form.cleaned_data["way"]), request.POST.get("shown", "")
    refused: Refused | None = None
    if told:
        outcome = attempt(lambda: moving.move(by=request.caller, resource=found.resource.id, to=target.id, way=way, shown=told))
        if isinstance(outcome, Done):
            messages.success(request, _("%(name)s belongs to %(target)s now.") % {"name": found.resource.name, "target": target.name})
            return redirect(places.page_url("users", found.resource))
        refused = outcome
    preview = queries.preview(by=request.caller, ref=found.resource.ref, to=target.id, way=way)
    return _confirm(request, found, preview, refused)


def _ask(request: Request, found: Settings, form: MoveForm, *, is_anywhere: bool) -> HttpResponse:
    name = found.resource.name
    kind = label(platforms.catalogue().types[found.path[-2].type].labels).lower()
    nowhere = _("You need to manage users and to edit at another %(kind)s as well: there is none where you do.") % {"kind": kind}
    facts = () if is_anywhere else (Fact(nowhere, "info"),)
    page = FormPage(
        crumbs=places.crumbs(found.path, _("Move")),
        title=_("Move %(name)s") % {"name": name},
        submit=_("Show who gains and who loses"),
        back_url=places.page_url("settings", found.resource),
        lead=_("Nothing is moved yet: first you see what it means for those who have access."),
        eyebrow=found.path[-2].name,
        facts=facts,
    )
    outcome = Refused((), status=422) if form.is_bound else None
    return form_page(request, page, form, outcome)


def _confirm(request: Request, found: Settings, preview: MovePreview, outcome: Refused | None) -> HttpResponse:
    names = {"name": found.resource.name, "target": preview.target.name}
    question = Confirmation(
        crumbs=places.crumbs(found.path, _("Move")),
        title=_("Move %(name)s to %(target)s") % names,
        verb=_("Move %(name)s") % names,
        back_url=places.page_url("move", found.resource),
        icon="folder-tree",
        about=f"{preview.source.name} → {preview.target.name}",
        consequences=shown.moving(preview),
        gains=gains.gains(preview.preview),
        kept={"to": str(preview.target.ref), "way": preview.way.value, "shown": preview.fingerprint},
    )
    return confirmation(request, question, outcome)
