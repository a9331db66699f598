"""Health: two addresses for probes. They need nobody signed in and tell nothing but yes or no."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from keyholder.services.queries.readiness import Readiness, readiness

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer while the process lives."""
    return HttpResponse("alive\n", content_type=PLAIN)


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database can be reached and is migrated, else 503."""
    state = readiness()
    return HttpResponse(f"{state}\n", status=200 if state is Readiness.READY else 503, content_type=PLAIN)
