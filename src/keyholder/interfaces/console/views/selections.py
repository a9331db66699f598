"""Bulk commands on the rows of a roster: what would happen, then all or none, or all but those whom a rule keeps out (R053, R057)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Refusal, Refusals
from keyholder.interfaces.console import reviewing
from keyholder.interfaces.console.bulk import Act, Review
from keyholder.interfaces.console.bulk_acts import ACTS
from keyholder.interfaces.console.forms import roster as forms
from keyholder.interfaces.console.forms.roster import Asked
from keyholder.interfaces.console.posting import Done, Refused, attempt, posted
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.console.shown.nodes import Node, node_of
from keyholder.interfaces.http.refusals import reasons, status_of
from keyholder.interfaces.http.requests import Request
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.selections import Selection, selection

FIELDS = ("selected", "everybody", "without", "act", "step", "permissions", "role", "group", "ends_on", reviewing.FIELD)
MOST_NAMED = 12
"""People whom the page names; of more it says how many."""
MOST_DIGITS = 18


@dataclass(frozen=True)
class Failed:
    """Why nothing was done: by row, and for the whole."""

    rows: Mapping[PrincipalId, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    status: int = 409


@require_http_methods(["GET", "HEAD", "POST"])
def act_on(request: Request, type: str, key: str) -> HttpResponse:  # noqa: A002 - the word in the address
    """Ask for what a bulk command needs, say what it would do, do it."""
    node, asked = node_of(request.caller, type, key), forms.read(request.GET)
    data = posted(request, *FIELDS)
    kind = ACTS.get(data.get("act", "")) if data else None
    if data is None or kind is None:
        selection(by=request.caller, at=node.here.id, only=())
        return redirect(node.url() + asked.query())
    chosen = _chosen(request, node, asked, data)
    if not chosen.rows:
        messages.warning(request, _("Nobody is selected. Tick whom it is about, then choose what to do."))
        return redirect(node.url() + asked.query())
    act = kind(request.caller, node, chosen, data if data.get("step") else None)
    if not act.form.is_bound or not act.form.is_valid():
        return _page(request, act, asked, data, status=422 if act.form.is_bound else 200)
    return _reviewed(request, act, asked, data)


def _reviewed(request: Request, act: Act, asked: Asked, data: QueryDict) -> HttpResponse:
    """Show what would happen, or do it where exactly this was shown before."""
    seal = reviewing.digest(data["act"], act.chosen.principals, sorted(act.form.cleaned_data.items()))
    to_do = data.get("step") == "do"
    if to_do and reviewing.was_reviewed(request, seal):
        failed = _do(act)
        if failed is None:
            messages.success(request, act.done % {"count": len(act.chosen.rows)})
            return redirect(act.node.url() + asked.query())
        return _page(request, act, asked, data, seal=seal, failed=failed, status=failed.status)
    return _page(request, act, asked, data, seal=seal, is_stale=to_do)


def _do(act: Act) -> Failed | None:
    try:
        act.do()
    except Refusals as refusal:
        known = {str(number): number for number in act.chosen.principals}
        rows = {known[row.row]: words(row.refusal.sentence) for row in refusal.rows if row.row in known}
        lines = tuple(words(row.refusal.sentence) for row in refusal.rows if row.row not in known)
        return Failed(rows, lines, status_of(refusal))
    except Refusal as refusal:
        return Failed(lines=reasons(refusal), status=status_of(refusal))
    return None


def _chosen(request: Request, node: Node, asked: Asked, data: QueryDict) -> Selection:
    without = numbers(data.get("without", "").split(","))
    only = None if data.get("everybody") else numbers(data.getlist("selected"))
    return selection(by=request.caller, at=node.here.id, tab=asked.tab, filters=asked.filters, only=only, without=without)


def numbers(texts: list[str]) -> list[PrincipalId]:
    """Return the numbers among the texts of a form; what is none is nobody's."""
    return [PrincipalId(int(text)) for text in texts if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS]


def _page(
    request: Request,
    act: Act,
    asked: Asked,
    data: QueryDict,
    *,
    seal: str = "",
    failed: Failed | None = None,
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    """Show the page; with ``seal``, also what would happen, and what a rule keeps from happening."""
    outcome: Refused | None = Refused(failed.lines if failed else (), status)
    review = Review()
    if seal:
        looked = attempt(act.review)
        review, outcome = (looked.value, outcome) if isinstance(looked, Done) else (review, looked)
    refused = {**review.refused, **(failed.rows if failed else {})}
    names, without = act.chosen.names, [part for part in data.get("without", "").split(",") if part]
    context = {
        "crumbs": places.crumbs(act.node.path, act.heading),
        "place": places.place(act.node.path),
        "act": act,
        "people": [(principals.who(view, linked=False), review.lines.get(view.id, ())) for view in act.chosen.rows[:MOST_NAMED]],
        "total": len(act.chosen.rows),
        "more": max(len(act.chosen.rows) - MOST_NAMED, 0),
        "kept": _kept(act, data),
        "reviewed": seal,
        "gains": review.gains,
        "facts": review.facts,
        "refused": [(names[number].shown, why) for number, why in refused.items() if number in names],
        "left": ",".join([*without, *map(str, refused)]),
        "is_stale": is_stale,
        "has_failed": failed is not None,
        "back_url": act.node.url() + asked.query(),
    }
    return filled(request, "selection.html", context, outcome)


def _kept(act: Act, data: QueryDict) -> list[tuple[str, str]]:
    """Return what the form sends along: the act, who is selected, who is left out."""
    whole = [("act", data.get("act", "")), ("without", data.get("without", ""))]
    if data.get("everybody"):
        return [*whole, ("everybody", "1")]
    return [*whole, *(("selected", str(number)) for number in act.chosen.principals)]
