"""Error pages: what happened, which rule says so, and the way out. None shows how the program is made."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from keyholder.services.caller import Closed

TEMPLATE = "error.html"


ASKED_FOR = (403, 404)
"""The statuses whose page lets one ask for access: the same form, whether or not there is anything to get in to."""


def page(request: HttpRequest, status: int, reasons: Sequence[str] = (), *, asks: bool = True, ways: Sequence[Closed] = ()) -> HttpResponse:
    """Return the page for a status, with the reasons that the rules gave; where access may be what is missing, it ``asks`` for it.

    ``ways`` are the providers to go through, for who is kept out only until then.
    """
    asked = asks and status in ASKED_FOR
    context = {"status": status, "reasons": reasons, "request_id": _id(request), "asks": asked, "ways": {w.key: w for w in ways if w.key}}
    return render(request, TEMPLATE, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django hands it over; it stays in the log
    """Answer a request that can't be read (400). The reason is Django's own and stays in the log."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django hands it over; it stays in the log
    """Answer what Django itself refuses (403)."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django hands it over; it stays in the log
    """Answer an address that leads nowhere (404), in the same words as one that leads to what may not be seen."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke (500): without the frame, which might be what broke."""
    return HttpResponse(render_to_string(TEMPLATE, {"status": 500, "request_id": _id(request)}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django hands it over; it stays in the log
    """Answer a form that did not come from our own page, or came too late (403)."""
    expired = _("This form had expired, or did not come from this page. Nothing was changed: load the page again and repeat it.")
    return page(request, 403, [expired], asks=False)


def _id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")
