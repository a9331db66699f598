"""Putting a group into another one, once it is said who gains what and who may confer it from then on (R072 to R074)."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.forms.groups import NestForm
from keyholder.interfaces.console.parts.marks import Fact
from keyholder.interfaces.console.posting import Done, posted, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import gains, numbers
from keyholder.interfaces.console.shown import groups as shown
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands import nesting
from keyholder.services.commands.binding_rows import Outcome
from keyholder.services.differences import Preview
from keyholder.services.queries import group_owners, groups, previews
from keyholder.services.queries.groups import GroupPage


@require_http_methods(["GET", "HEAD", "POST"])
def nest(request: Request, pk: int) -> HttpResponse:
    """Ask whether the group that the address names goes into this one, or this one into it, and for how long; then do it."""
    data = posted(request, "group", "into", "starts_on", "ends_on", "step")
    fields = request.GET if data is None else data
    outer, inner = _pair(request, pk, fields.get("group", ""), fields.get("into", ""))
    form = NestForm(data)
    outcome = submit(form, lambda: _nest(request, inner, outer, form))
    here = outer if outer.group.id == pk else inner
    goal = shown.url(here.group, "" if here is outer else "memberships")
    if isinstance(outcome, Done) and outcome.value is not None:
        messages.success(request, _("%(inner)s is in %(outer)s now.") % {"inner": inner.group.name, "outer": outer.group.name})
        return redirect(goal)
    preview = previews.of_membership(by=request.caller, group=outer.group.id, adding=[inner.group.id], window=form.window)
    context = {
        "crumbs": shown.crumbs(here, _("Put one group into another")),
        "inner": inner.group,
        "outer": outer.group,
        "form": form,
        "kept": [("group", inner.group.id)] if here is outer else [("into", outer.group.id)],
        "gains": gains.gains(preview),
        "facts": tuple(_facts(request, inner, outer, preview)),
        "back_url": goal,
    }
    return filled(request, "group_nest.html", context, outcome)


def _nest(request: Request, inner: GroupPage, outer: GroupPage, form: NestForm) -> Outcome | None:
    """Put the one group into the other, once that is asked for; None while who gains what is only to be shown anew."""
    if form.data.get("step") != "save":
        return None
    return nesting.nest(by=request.caller, group=inner.group.id, into=outer.group.id, window=form.window)


def _pair(request: Request, pk: int, group: str, into: str) -> tuple[GroupPage, GroupPage]:
    """Return the outer and the inner group; raises NotFound where the address does not name two that exist for the reader."""
    here = groups.group(by=request.caller, of=PrincipalId(pk))
    other = groups.group(by=request.caller, of=PrincipalId(numbers.read(into or group)))
    return (other, here) if into else (here, other)


def _facts(request: Request, inner: GroupPage, outer: GroupPage, preview: Preview) -> Iterator[Fact]:
    names = {"inner": inner.group.name, "outer": outer.group.name}
    yield from gains.unsaid(preview)
    for conferrer in group_owners.conferrers(by=request.caller, of=inner.group.id):
        fields = {**names, "name": conferrer.person.shown, "group": conferrer.group.name}
        yield Fact(_("%(name)s, who owns %(group)s, can from then on give others what %(outer)s has.") % fields, "key-round")
    yield Fact(_("Who joins %(inner)s later gets it too; who leaves loses it.") % names, "users-round")
