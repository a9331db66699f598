"""Giving a group permissions at a node: one that is there, or a new one; before the first one, an organization (R065 to R068, R075)."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.interfaces.console.forms import windows
from keyholder.interfaces.console.forms.groups import NEW, BindForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, Refused, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import gains, numbers, pickers, places
from keyholder.interfaces.console.shown import groups as shown
from keyholder.interfaces.console.shown.paging import lists_query
from keyholder.interfaces.console.views.group_organization import Step, choose_organization
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import bindings
from keyholder.services.commands import groups as commands
from keyholder.services.differences import Preview
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import group_binding, group_owners, previews
from keyholder.services.queries.group_binding import GroupBinding

BEGUN = ("group", "name", "description", "permissions", "role", "ends_on")
FIELDS = (*BEGUN, "step")


@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word of the address
    """Choose a group and what it may do here; nothing changes before it is said who gains what (R048, R068)."""
    found = group_binding.binding(by=request.caller, at=ResourceRef(type, key), search=request.GET.get("q", "").strip())
    if found.organization is None:
        return _guided(request, found)
    data = posted(request, *FIELDS)
    form = BindForm(data, initial=_begun(request))
    if data is None or data.get("step") != "save":
        return _page(request, found, form, submit(form, lambda: _preview(request, found, form)))
    made = submit(form, lambda: _save(request, found, form))
    if not isinstance(made, Done):
        return _page(request, found, form, made)
    messages.success(request, _("The group has access to %(name)s now.") % {"name": found.resource.name})
    if form.cleaned_data["group"] == NEW:
        return redirect("console:group-members-add", made.value)
    return redirect("console:users", type, key)


def _guided(request: Request, found: GroupBinding) -> HttpResponse:
    """Lead to an organization and back; what was typed about the group goes along in the address (R066)."""
    if request.method == "POST" and "group" in request.POST:
        typed = posted(request, *FIELDS) or request.POST
        return redirect(f"{request.path}{lists_query({name: typed.getlist(name) for name in BEGUN})}")
    title = _("Add a group to %(name)s") % {"name": found.resource.name}
    back_url = places.page_url("users", found.resource)
    step = Step(found.path, found.linking, title, request.get_full_path(), back_url, found.can_link, for_group=True)
    return choose_organization(request, step)


def _begun(request: Request) -> dict[str, object]:
    """Return what the address says of the group: what was typed before an organization was there."""
    asked = request.GET
    return {name: asked.getlist(name) if name == "permissions" else asked.get(name, "") for name in BEGUN}


def _preview(request: Request, found: GroupBinding, form: BindForm) -> Preview:
    given = form.cleaned_data
    return previews.of_bindings(
        by=request.caller,
        proposal=Proposal(
            Verb.GRANT,
            () if given["group"] == NEW else (_chosen(form),),
            found.resource.id,
            tuple(given["permissions"]),
            given["role"],
            windows.window_to(given["ends_on"]),
        ),
    )


def _save(request: Request, found: GroupBinding, form: BindForm) -> PrincipalId:
    given, by, here = form.cleaned_data, request.caller, found.resource.id
    window, permissions, role = windows.window_to(given["ends_on"]), given["permissions"], given["role"]
    if given["group"] == NEW:
        texts = {"name": given["name"], "description": given["description"]}
        return commands.create_at(by=by, at=here, permissions=permissions, role=role, window=window, **texts)
    bindings.grant(by=by, to=[_chosen(form)], on=here, permissions=permissions, role=role, window=window)
    return _chosen(form)


def _page(
    request: Request, found: GroupBinding, form: BindForm, outcome: Done[Preview] | Done[PrincipalId] | Refused | None
) -> HttpResponse:
    preview = outcome.value if isinstance(outcome, Done) and isinstance(outcome.value, Preview) else None
    ticked, role, group = form["permissions"].value() or (), form["role"].value() or "", str(form["group"].value() or "")
    context = {
        "crumbs": places.crumbs(found.path, _("Add a group")),
        "place": places.place(found.path),
        "organization": found.organization,
        "groups": shown.choices(found.groups, group),
        "is_new": group == NEW or not found.total,
        "query": request.GET.get("q", ""),
        "total": found.total,
        "form": form,
        "picker": pickers.permissions(found.resource, ticked, " ".join(map(str, form["permissions"].errors))),
        "roles": pickers.roles(found.resource, role, " ".join(map(str, form["role"].errors))),
        "reviewed": preview is not None,
        "gains": gains.gains(preview) if preview else (),
        "unsaid": tuple(_facts(request, form, preview)) if preview else (),
        "back_url": places.page_url("users", found.resource),
    }
    return filled(request, "group_bind.html", context, outcome)


def _facts(request: Request, form: BindForm, preview: Preview) -> Iterator[Fact]:
    yield from gains.unsaid(preview)
    if form.cleaned_data["group"] == NEW:
        yield Fact(_("Nobody is in the new group yet, so nobody gains anything before you add members."), "users-round")
        yield Fact(_("You own it, and can from then on give others what it has."), "key-round")
        return
    for conferrer in group_owners.conferrers(by=request.caller, of=_chosen(form)):
        names = {"name": conferrer.person.shown, "group": conferrer.group.name}
        yield Fact(_("%(name)s, who owns %(group)s, can from then on give others what it has.") % names, "key-round")


def _chosen(form: BindForm) -> PrincipalId:
    """Return the group that was chosen; raises NotFound for what can't be one."""
    return PrincipalId(numbers.read(form.cleaned_data["group"]))
