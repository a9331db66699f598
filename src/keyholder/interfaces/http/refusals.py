"""Refusals become HTTP answers here, once for all doors: 404, 403, 409 or 422."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal, Refusals, TooMany
from keyholder.interfaces.http import errors
from keyholder.interfaces.http.wording import reason
from keyholder.services.caller import Caller, Closed
from keyholder.services.closed import CODE as THROUGH_PROVIDER

STATUS: Mapping[type[Refusal], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, TooMany: 429}


def status_of(refusal: Refusal) -> int:
    """Return the status; several refusals at once answer with the status of the first."""
    if isinstance(refusal, Refusals):
        return status_of(refusal.rows[0].refusal)
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def reasons(refusal: Refusal) -> tuple[str, ...]:
    """Return why, in the reader's language: a line for each refused row."""
    return tuple(reason(row.refusal) for row in refusal.rows) if isinstance(refusal, Refusals) else (reason(refusal),)


class RefusalMiddleware:
    """Answers a refusal that a view let through with a page that says the rule and the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Turn a refusal into a page; anything else goes on to be an error."""
        if not isinstance(exception, Refusal):
            return None
        ways = _ways(request, exception)
        return errors.page(request, status_of(exception), reasons(exception), asks=not ways, ways=ways)


def _ways(request: HttpRequest, refusal: Refusal) -> tuple[Closed, ...]:
    """Return the provider to go through, for who is kept out only until they have."""
    by: Caller | None = getattr(request, "caller", None)
    if by is None or refusal.code != THROUGH_PROVIDER:
        return ()
    return tuple(one for one in by.closed if one.provider == refusal.sentence.fields["provider"])
