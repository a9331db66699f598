"""Headers that every answer carries, beside those that Django and django-csp set."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from keyholder.interfaces.http.policy import HEADERS


class HeadersMiddleware:
    """Adds the headers of :data:`policy.HEADERS`; an answer that has its own keeps it (static files are cached)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say what may be done with the answer."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
