"""Adding people: what would become of each address, adding those who are known, inviting the rest (R041 to R046, R101)."""

from dataclasses import replace
from secrets import token_bytes

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.interfaces.console.forms.additions import AdditionForm
from keyholder.interfaces.console.parts.lists import GroupChoice
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import additions as shown
from keyholder.interfaces.console.shown import places, principals, prospects, sets
from keyholder.interfaces.console.shown.additions import Draft
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.commands import additions
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.welcoming import Welcomed, welcome
from keyholder.services.differences import Preview
from keyholder.services.letters import is_mailing
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import acquaintances, mail_settings, previews
from keyholder.services.queries.appointing import is_to_be_appointed
from keyholder.services.queries.joinable_groups import JoinableGroup, joinable_groups

FIELDS = ("addresses", "permissions", "role", "groups", "ends_on", "notify", "message", "language", "bare", "step")
KEPT = "additions"
"""Under this name a session keeps what became of the addresses that were added last."""
FEW = 1
"""Addresses whose outcome a toast can say."""


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what would become of each address and what they would be able to do; then add those who can be."""
    node = node_of(request.caller, type, key)
    if node.here.id not in node.managed and is_to_be_appointed(by=request.caller, at=node.here.id):
        return redirect(node.url("appoint"))
    groups = [row for row in joinable_groups(by=request.caller, at=node.here.id) if row.can_fill]
    data = posted(request, *FIELDS)
    form = AdditionForm(data, places.type_of(node.here), request.caller.at, groups)
    draft = _draft(request, node, form, groups)
    outcome: Done[object] | Refused | None = None
    if form.is_bound and not form.is_valid():
        outcome = Refused((), status=200 if request.htmx else 422)
    elif data and data.get("step") == "add" and draft.strangers:
        welcomed = attempt(lambda: _welcome(request, node, form, draft))
        if isinstance(welcomed, Done):
            return _welcomed(request, node, draft, welcomed.value)
        outcome = welcomed
    elif data and data.get("step") == "add" and draft.people:
        outcome = attempt(lambda: _add(request, node, form, draft))
        if isinstance(outcome, Done):
            return _done(request, node, draft)
    page = {**_page(node, form, draft, groups), "is_mailing": mail_settings.is_mailing(by=request.caller)}
    return filled(request, "add_people.html", page, outcome)


@require_safe
def added(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Say what became of each address that was added last."""
    node = node_of(request.caller, type, key)
    kept = request.session.get(KEPT, {})
    if kept.get("place") != str(node.here.ref):
        return redirect(node.url())
    context = {
        "crumbs": places.crumbs(node.path, _("Add people")),
        "place": places.place(node.path),
        "checked": shown.recalled(kept["rows"]),
        "left_out": ", ".join(row["address"] for row in kept["rows"] if not row["done"]),
    }
    return render(request, "people_added.html", context)


@require_safe
def known(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Suggest people whom the reader knows here, by part of a name or address."""
    node = node_of(request.caller, type, key)
    found = acquaintances.known(by=request.caller, at=node.here.id, text=request.GET.get("find", "")[:200])
    people = [principals.who(view, linked=False) for view in found if view.kind is PrincipalKind.USER]
    return render(request, "users/known.html", {"people": people})


def _draft(request: Request, node: Node, form: AdditionForm, groups: list[JoinableGroup]) -> Draft:
    """Work out what would be done as the form stands; addresses are recognised whatever else is wrong."""
    is_whole = form.is_valid()
    typed = form.cleaned_data.get("addresses", ()) if form.is_bound else ()
    found = acquaintances.recognise(by=request.caller, at=node.here.id, typed=typed)
    is_bare = is_whole and form.may_be_empty(form.cleaned_data)
    days = places.blueprint_of(node.here).invitation_days
    draft = Draft(found, reader=request.caller.principal, is_whole=is_whole, is_bare=is_bare, is_mailing=is_mailing(), days=days)
    if not is_whole or not draft.people:
        return draft
    given, people = form.cleaned_data, tuple(draft.people)
    proposal = Proposal(Verb.GRANT, people, node.here.id, tuple(given["permissions"]), given["role"], form.window)
    joined = [row.group for row in groups if row.group.id in given["groups"]]
    return replace(
        draft,
        what=(given["role"],) if given["role"] else _fewest(node, given["permissions"]),
        window=form.window,
        preview=previews.of_bindings(by=request.caller, proposal=proposal),
        groups=[(group, _joining(request, group.id, people, form)) for group in joined],
    )


def _fewest(node: Node, permissions: list[str]) -> tuple[str, ...]:
    """Return the fewest permissions that say it all."""
    blueprint = places.blueprint_of(node.here)
    return blueprint.minimal(blueprint.mask(permissions))


def _joining(request: Request, group: PrincipalId, people: tuple[PrincipalId, ...], form: AdditionForm) -> Preview:
    return previews.of_membership(by=request.caller, group=group, adding=people, window=form.window)


def _add(request: Request, node: Node, form: AdditionForm, draft: Draft) -> object:
    return additions.add(
        by=request.caller,
        to=tuple(draft.people),
        on=node.here.id,
        permissions=form.cleaned_data["permissions"],
        role=form.cleaned_data["role"],
        groups=[PrincipalId(number) for number in form.cleaned_data["groups"]],
        window=form.window,
        notify=form.cleaned_data["notify"],
    )


def _welcome(request: Request, node: Node, form: AdditionForm, draft: Draft) -> Welcomed:
    given = form.cleaned_data
    wish = Wish(
        given["permissions"],
        given["role"],
        [PrincipalId(number) for number in given["groups"]],
        form.window,
        given["message"],
        given["language"],
    )
    random = [token_bytes(proofs.COPIED_BYTES) for _address in draft.strangers]
    people = tuple(draft.people)
    return welcome(
        by=request.caller, on=node.here.id, to=people, addresses=draft.strangers, random=random, wish=wish, notify=given["notify"]
    )


def _welcomed(request: Request, node: Node, draft: Draft, done: Welcomed) -> HttpResponse:
    """Say what became of each, with the links: they stand on this answer alone, and are kept nowhere (R-INV-1)."""
    rows = shown.outcomes(draft)
    invited = shown.invited(done.invited)
    context = {
        "crumbs": places.crumbs(node.path, _("Add people")),
        "place": places.place(node.path),
        "checked": (*invited, *shown.recalled(rows)),
        "links": [f"{line.who.address} {line.link}" for line in invited if line.link],
        "left_out": ", ".join(str(row["address"]) for row in rows if not row["done"]),
    }
    return render(request, "people_added.html", context)


def _done(request: Request, node: Node, draft: Draft) -> HttpResponse:
    if len(draft.recognised) == FEW:
        messages.success(request, shown.toast(draft, node.here))
        return redirect(node.url())
    request.session[KEPT] = {"place": str(node.here.ref), "rows": shown.outcomes(draft)}
    return redirect(node.url("people-added"))


def _page(node: Node, form: AdditionForm, draft: Draft, groups: list[JoinableGroup]) -> dict[str, object]:
    ticked = {str(number) for number in form["groups"].value() or ()}
    return {
        "crumbs": places.crumbs(node.path, _("Add people")),
        "place": places.place(node.path),
        "form": form,
        "checked": prospects.checked(draft.recognised, inviting=True),
        "pickers": sets.offered(node.here, form),
        "groups": [GroupChoice(row.group.id, row.group.name, row.description, row.people, str(row.group.id) in ticked) for row in groups],
        "outlook": shown.outlook(draft, node.here),
        "add_label": places.said(node.here, "continue") or shown.add_label(draft),
    }
