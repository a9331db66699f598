"""The owners of a group: who decides who is in it (R080)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import NotFound
from keyholder.interfaces.console.forms.groups import OwnerForm
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import groups as shown
from keyholder.interfaces.console.shown import principals, prospects, trees
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import groups as commands
from keyholder.services.queries import group_access, groups
from keyholder.services.queries import prospects as queries
from keyholder.services.queries.acquaintances import Prospect, Recognised


@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: Request, pk: int) -> HttpResponse:
    """Show the owners, and make a known person one."""
    page = groups.group(by=request.caller, of=PrincipalId(pk))
    form = OwnerForm(posted(request, "address"))
    typed = [form.cleaned_data["address"]] if form.is_valid() else []
    found = queries.of_owners(by=request.caller, group=page.group.id, typed=typed)
    outcome: Done[object] | Refused | None = Refused((), 422) if form.is_bound else None
    person = _addable(found)
    if person is not None:
        outcome = attempt(lambda: commands.add_owner(by=request.caller, group=page.group.id, user=person))
        if isinstance(outcome, Done):
            messages.success(request, _("%(name)s owns the group now.") % {"name": form.cleaned_data["address"]})
            return redirect("console:group-owners", pk)
    context = {
        "crumbs": shown.crumbs(page, _("Owners")),
        "group": page,
        "owners": tuple((person.id, principals.who(person, linked=person.id in page.known)) for person in page.owners),
        "form": form,
        "checked": prospects.checked(found),
        "confers": shown.confers(trees.platforms(group_access.access(by=request.caller, of=page.group.id).platforms, page.group.id)),
        "back_url": shown.url(page.group),
    }
    return filled(request, "group_owners.html", context, outcome)


@require_POST
def remove(request: Request, pk: int, person: int) -> HttpResponse:
    """End somebody owning a group; what they are otherwise stays. The group is looked for first: outside, none is there.

    Whoever gave up what they had may see nothing of the group any more, and goes on at home.
    """
    posted(request)
    groups.group(by=request.caller, of=PrincipalId(pk))
    commands.remove_owner(by=request.caller, group=PrincipalId(pk), user=PrincipalId(person))
    messages.success(request, _("They own the group no longer."))
    try:
        page = groups.group(by=request.caller, of=PrincipalId(pk))
    except NotFound:
        return redirect("console:home")
    return redirect("console:group-owners" if page.can_manage else "console:group", pk)


def _addable(found: tuple[Recognised, ...]) -> PrincipalId | None:
    good = {Prospect.KNOWN, Prospect.HERE, Prospect.REFUSED}
    return next((row.principal.id for row in found if row.principal and row.prospect in good), None)
