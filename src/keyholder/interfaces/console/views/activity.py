"""Activity: what happened, in sentences, with before and after; one event at its own address; the whole as a file (R-AUD-4, R-CSV-1)."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyholder.interfaces.console.forms.activity import ActivityForm
from keyholder.interfaces.console.parts.navigation import Crumb
from keyholder.interfaces.console.posting import Done, Refused, submit
from keyholder.interfaces.console.rendering import filled
from keyholder.interfaces.console.shown import happenings as shown
from keyholder.interfaces.console.shown.paging import query
from keyholder.interfaces.http import csv_files
from keyholder.interfaces.http.requests import Request
from keyholder.services.queries import activity
from keyholder.services.queries.activity import Activity

COLUMNS = (
    "id",
    "at",
    "actor",
    "action",
    "sentence",
    "subject",
    "resource",
    "self_grant",
    "refused",
    "reason",
    "channel",
    "address",
    "request_id",
    "tenant",
    "number",
    "revision",
    "changes",
)
"""Of the CSV; JSON lines hold everything."""

Row = Mapping[str, object]


@require_safe
def index(request: Request) -> HttpResponse:
    """Show a page of what happened, newest first."""
    form, cursor = ActivityForm(request.GET), request.GET.get("cursor", "")
    outcome = submit(form, lambda: activity.activity(by=request.caller, filters=form.filters(request.caller), cursor=cursor))
    page = outcome.value if isinstance(outcome, Done) else Activity()
    url, kept = reverse("console:activity"), query(form.kept)
    context = {
        "crumbs": (Crumb(_("Activity")),),
        "form": form,
        "filters": form.kept,
        "clear_url": url,
        "days": shown.days(page.entries, request.caller.at),
        "csv_url": reverse("console:activity-csv") + kept,
        "json_url": reverse("console:activity-json") + kept,
        "newest_url": url + kept if cursor else "",
        "older_url": url + query({**form.kept, "cursor": page.next}) if page.next else "",
    }
    return filled(request, "activity.html", context, outcome if isinstance(outcome, Refused) else None)


@require_safe
def event(request: Request, pk: int) -> HttpResponse:
    """Show one event in full."""
    entry = activity.entry(by=request.caller, number=pk)
    context = {
        "crumbs": (Crumb(_("Activity"), reverse("console:activity")), Crumb(_("Event %(number)d") % {"number": entry.id})),
        "happening": shown.happening(entry),
        "at": entry.at,
        "about": shown.about(entry),
        "reason": entry.reason,
    }
    return render(request, "event.html", context)


@require_safe
def as_csv(request: Request) -> HttpResponseBase:
    """Give everything that matches as CSV."""
    return _file(request, "text/csv", "csv", lambda rows: csv_files.lines(COLUMNS, map(_cells, rows)))


@require_safe
def as_json_lines(request: Request) -> HttpResponseBase:
    """Give everything that matches as JSON, one event a line."""
    return _file(request, "application/jsonl", "jsonl", lambda rows: (json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows))


def _file(request: Request, kind: str, ending: str, written: Callable[[Iterator[Row]], Iterable[str]]) -> HttpResponseBase:
    """Hand over everything that matches, line by line as it is read."""
    form = ActivityForm(request.GET)
    outcome = submit(form, lambda: activity.exported(by=request.caller, filters=form.filters(request.caller)))
    if not isinstance(outcome, Done):
        return index(request)
    lines = (line.encode() for line in written(iter(outcome.value)))
    answer = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="activity-{localtime(request.caller.at):%Y-%m-%d}.{ending}"'
    return answer


def _cells(row: Row) -> tuple[str, ...]:
    return tuple(_cell(row[column]) for column in COLUMNS)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
