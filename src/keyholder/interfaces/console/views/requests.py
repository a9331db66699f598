"""Requests for access: the queue, deciding one, and one's own (R111)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keyholder.domain.requests import RequestState
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms.requests import ApproveForm, RefuseForm
from keyholder.interfaces.console.forms.roster import Asked
from keyholder.interfaces.console.forms.windows import last_day
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted, submit
from keyholder.interfaces.console.rendering import Outcome, filled
from keyholder.interfaces.console.shown import additions, gains, invitations, link_requests, places, sets
from keyholder.interfaces.console.shown import requests as shown
from keyholder.interfaces.console.shown import roster as tabs
from keyholder.interfaces.console.shown.nodes import node_of
from keyholder.interfaces.http.requests import Request
from keyholder.services import proofs
from keyholder.services.commands import requests
from keyholder.services.commands.inviting import Invited
from keyholder.services.differences import Preview
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import link_requests as link_queries
from keyholder.services.queries import requests as queries
from keyholder.services.queries.invitations import count_open
from keyholder.services.queries.requests import RequestView
from keyholder.services.queries.roster import roster

MOST = 100
"""Requests that a page shows, the oldest first: the others come up as these are decided."""
FIELDS = ("permissions", "role", "ends_on", "answer", "no-answer", "step")


@require_safe
def index(request: Request) -> HttpResponse:
    """Show what is the reader's to decide, and the reader's own requests."""
    links, found = link_queries.requests(by=request.caller), queries.to_decide(by=request.caller, most=MOST)
    context = {
        "crumbs": (Crumb(_("Requests")),),
        "links": link_requests.to_decide(links.to_decide),
        "own_links": link_requests.own(links.own),
        "cards": [shown.card(each) for each in found],
        "more": _more(found, lambda: queries.waiting(by=request.caller)),
        "own": [shown.own(each) for each in queries.own(by=request.caller)],
    }
    return render(request, "requests.html", context)


@require_safe
def at_node(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Show what is to be decided at a node and below it."""
    node = node_of(request.caller, type, key)
    found = queries.at_node(by=request.caller, at=node.here.id, most=MOST)
    more = _more(found, lambda: queries.count_at(by=request.caller, at=node.here.id))
    people, asked = roster(by=request.caller, at=node.here.id, size=1), Asked()
    others = (replace(tab, url=node.url() + tab.url, current=False) for tab in tabs.tabs(people, asked, node))
    invited = invitations.tab(node, count_open(by=request.caller, at=node.here.id), "")
    context = {
        "crumbs": places.crumbs(node.path, _("User management"), _("Requests")),
        "place": places.place(node.path),
        "tabs": (*others, invited, tabs.requests_tab(node, len(found) + more, current=True)),
        "cards": [shown.card(each) for each in found],
        "more": more,
    }
    return render(request, "node_requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """Show a request with what to judge it by, and what approving would give; then approve, approve less, or refuse."""
    found = queries.request(by=request.caller, number=pk)
    if found.state is not RequestState.OPEN:
        messages.info(request, _("This request is settled already."))
        return redirect("console:requests")
    data = posted(request, *FIELDS)
    is_refusing = data is not None and data.get("step") == "refuse"
    approving = ApproveForm(None if is_refusing else data, places.type_of(found.resource), request.caller.at, _asked(request, found))
    refusing = RefuseForm(data if is_refusing else None)
    outcome = _decide(request, found, data, approving, refusing)
    if isinstance(outcome, Done):
        return _invited(request, found, outcome.value) if isinstance(outcome.value, Invited) else redirect("console:requests")
    return filled(request, "request.html", _page(request, found, approving, refusing), outcome)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one's own request back."""
    posted(request)
    outcome = attempt(lambda: requests.withdraw(by=request.caller, request=pk))
    if isinstance(outcome, Done):
        messages.success(request, _("Your request was withdrawn."))
    else:
        messages.error(request, " ".join(outcome.lines))
    return redirect("console:requests")


def _more(found: Sequence[RequestView], count: Callable[[], int]) -> int:
    """Return how many others there are; they are counted only where the page is full."""
    return count() - len(found) if len(found) == MOST else 0


def _decide(request: Request, found: RequestView, data: QueryDict | None, approving: ApproveForm, refusing: RefuseForm) -> Outcome:
    step, name = data.get("step") if data is not None else None, {"name": shown.who(found).shown}
    if step == "refuse":
        outcome = submit(refusing, lambda: requests.refuse(by=request.caller, request=found.number, answer=refusing.cleaned_data["answer"]))
        if isinstance(outcome, Done):
            messages.success(request, _("The request of %(name)s was refused, and they are told why.") % name)
        return outcome
    if step == "approve":
        approved: Done[object] | Refused | None = submit(approving, lambda: _approve(request, found, approving))
        if isinstance(approved, Done) and approved.value is None:
            messages.success(request, _("%(name)s has access now.") % name)
        return approved
    return Refused((), 200 if request.htmx else 422) if data is not None and not approving.is_valid() else None


def _invited(request: Request, found: RequestView, done: Invited) -> HttpResponse:
    """Show the invitation of somebody who is not known here, with its link: it stands on this answer alone."""
    node = node_of(request.caller, found.resource.ref.type, found.resource.ref.key)
    rows = additions.invited([done])
    context = {
        "crumbs": places.crumbs(node.path, _("Add people")),
        "place": places.place(node.path),
        "checked": rows,
        "links": [f"{line.who.address} {line.link}" for line in rows if line.link],
    }
    return render(request, "people_added.html", context)


def _approve(request: Request, found: RequestView, form: ApproveForm) -> Invited | None:
    given = form.cleaned_data
    return requests.approve(
        by=request.caller,
        request=found.number,
        permissions=given["permissions"],
        role=given["role"],
        window=form.window,
        answer=given["answer"],
        random=token_bytes(proofs.COPIED_BYTES),
    )


def _asked(request: Request, found: RequestView) -> dict[str, object]:
    """Return what was asked for as the form begins with it."""
    ends = last_day(Window(ends_at=request.caller.at + timedelta(days=found.days))) if found.days else None
    return {"permissions": list(found.permissions.shown), "role": found.role, "ends_on": ends}


def _page(request: Request, found: RequestView, approving: ApproveForm, refusing: RefuseForm) -> dict[str, object]:
    preview = _preview(request, found, approving)
    return {
        "crumbs": (Crumb(_("Requests"), "/requests/"), Crumb(shown.who(found).shown)),
        "card": shown.card(found),
        "known": found.known,
        "pickers": sets.offered(found.resource, approving),
        "form": approving,
        "refusing": refusing,
        "gains": gains.gains(preview) if preview else (),
        "unsaid": gains.unsaid(preview) if preview else (),
        "is_chosen": preview is not None,
    }


def _preview(request: Request, found: RequestView, form: ApproveForm) -> Preview | None:
    """Return what approving would give as the form stands; None while nothing is chosen, or where they have to be invited first."""
    if found.person is None or not found.known or (form.is_bound and not form.is_valid()):
        return None
    given = form.cleaned_data if form.is_bound else form.initial
    window = form.window if form.is_bound else Window()
    permissions, role = tuple(given.get("permissions") or ()), str(given.get("role") or "")
    if not permissions and not role:
        return None
    proposal = Proposal(Verb.GRANT, (found.person.id,), found.resource.id, permissions, role, window)
    return queries.preview(by=request.caller, number=found.number, proposal=proposal)
