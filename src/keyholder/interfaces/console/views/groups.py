"""Groups: the list, one of them with its tabs, making, renaming and deleting it (R060, R065, R067, R076, R081, R082)."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.interfaces.console.forms.groups import GroupForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, attempt, posted, submit
from keyholder.interfaces.console.rendering import Confirmation, FormPage, confirmation, form_page
from keyholder.interfaces.console.shown import gains, invitations, numbers, trees
from keyholder.interfaces.console.shown import groups as shown
from keyholder.interfaces.console.shown.paging import pages, query
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import group_deletion as deletion
from keyholder.services.commands import groups as commands
from keyholder.services.queries import group_access, group_deletion, group_invitations, group_members, group_nesting, groups, organizations
from keyholder.services.queries.groups import GroupPage

Context = dict[str, object]


@require_safe
def index(request: Request) -> HttpResponse:
    """Show the groups of one of the reader's organizations."""
    asked, text = request.GET.get("organization", ""), request.GET.get("q", "").strip()
    cursor = request.GET.get("cursor", "")
    found = groups.groups(by=request.caller, organization=_organization(asked), search=text, cursor=cursor)
    home = found.organization
    context = {
        "crumbs": (Crumb(home.name, shown.home_url(home)), Crumb(_("Groups"))) if home else (Crumb(_("Groups")),),
        "organization": home,
        "organizations": shown.tabs_of_organizations(found),
        "columns": shown.columns(),
        "rows": shown.rows(found),
        "query": text,
        "kept": [("organization", asked)] if asked else [],
        "create_url": shown.create_url(home) if home and found.can_create else "",
        "pages": pages(found.total, found.previous, found.next, {"organization": asked, "q": text}),
    }
    return render(request, "groups.html", context)


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show one group: its members, the groups it is in, or what it has level by level."""
    page = groups.group(by=request.caller, of=PrincipalId(pk))
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "members"
    context = {
        "crumbs": shown.crumbs(page),
        "who": shown.who(page),
        "group": page,
        "acts": tuple(shown.acts(page, request.caller.principal)),
        "tabs": shown.tabs(page, tab),
        "tab": tab,
        "owners": shown.owners(page),
    }
    return render(request, "group.html", {**context, **TABS[tab](request, page)})


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """Make a group of an organization; what it may do is said afterwards, level by level."""
    home = organizations.home_of_new_group(by=request.caller, asked=_organization(request.GET.get("organization", "")))
    if home is None:
        return redirect(reverse("console:organization-create") + query({"next": request.path}))
    form = GroupForm(posted(request, "name", "description"))
    made = submit(form, lambda: commands.create(by=request.caller, organization=home.id, **form.cleaned_data))
    if isinstance(made, Done):
        messages.success(request, _("The group %(name)s is there. Now put people into it.") % {"name": form.cleaned_data["name"]})
        return redirect("console:group-members-add", made.value)
    page = FormPage(
        crumbs=(Crumb(home.name, shown.home_url(home)), Crumb(_("Groups"), shown.list_url(home)), Crumb(_("Create a group"))),
        title=_("Create a group"),
        submit=_("Create the group"),
        back_url=shown.list_url(home),
        lead=_("You own it: you and its other owners decide who is in it. What it may do is given to it afterwards, place by place."),
        eyebrow=home.name,
    )
    return form_page(request, page, form, made)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change a group's name and description."""
    page = groups.group(by=request.caller, of=PrincipalId(pk), managing=True)
    before = {"name": page.group.name, "description": page.description}
    form = GroupForm(posted(request, "name", "description"), initial=before)
    made = submit(form, lambda: commands.change(by=request.caller, group=page.group.id, **form.cleaned_data))
    if isinstance(made, Done):
        messages.success(request, _("Saved."))
        return redirect(shown.url(page.group))
    title = _("Rename %(name)s") % {"name": page.group.name}
    shape = FormPage(shown.crumbs(page, _("Rename")), title, _("Save"), shown.url(page.group), eyebrow=page.organization.name)
    return form_page(request, shape, form, made)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a group, once it is said who loses what (R082)."""
    page = groups.group(by=request.caller, of=PrincipalId(pk))
    losses = group_deletion.preview(by=request.caller, group=page.group.id)
    outcome = attempt(lambda: deletion.delete(by=request.caller, group=page.group.id)) if posted(request) is not None else None
    if isinstance(outcome, Done):
        messages.success(request, _("The group %(name)s is deleted.") % {"name": page.group.name})
        return redirect(shown.list_url(page.organization))
    question = Confirmation(
        crumbs=shown.crumbs(page, _("Delete")),
        title=_("Delete %(name)s") % {"name": page.group.name},
        verb=_("Delete %(name)s") % {"name": page.group.name},
        back_url=shown.url(page.group),
        who=shown.who(page),
        consequences=(
            *(gains.lost(losses) or (Fact(_("Nobody loses anything by it."), "circle-check"),)),
            Fact(_("The group, its memberships and everything given to it are gone for good."), "trash-2"),
        ),
    )
    return confirmation(request, question, outcome)


def _members(request: Request, page: GroupPage) -> Context:
    everybody, text = bool(request.GET.get("all")), request.GET.get("q", "").strip()
    cursor = request.GET.get("cursor", "")
    found = group_members.members(by=request.caller, of=page.group.id, everybody=everybody, search=text, cursor=cursor)
    kept = {"all": "1" if everybody else "", "q": text}
    return {
        "members": shown.members(found, page, request.caller.at),
        "everybody": everybody,
        "is_partial": found.is_partial,
        "query": text,
        "kept": [("all", "1")] if everybody else [],
        "pages": pages(found.total, found.previous, found.next, kept),
        "invited": invitations.of_group(group_invitations.pending(by=request.caller, of=page.group.id)) if page.can_manage else (),
    }


def _memberships(request: Request, page: GroupPage) -> Context:
    found = group_nesting.containing(by=request.caller, of=page.group.id)
    return {"memberships": shown.memberships(found, page, request.caller.at), "candidates": found.candidates}


def _access(request: Request, page: GroupPage) -> Context:
    found = group_access.access(by=request.caller, of=page.group.id)
    return {"platforms": trees.platforms(found.platforms, page.group.id), "is_whole": found.is_whole}


TABS: Mapping[str, Callable[[Request, GroupPage], Context]] = {"members": _members, "memberships": _memberships, "access": _access}


def _organization(text: str) -> OrganizationId | None:
    """Return the organization that an address names, None where it names none; raises NotFound for what can't be one."""
    return OrganizationId(numbers.read(text)) if text else None
