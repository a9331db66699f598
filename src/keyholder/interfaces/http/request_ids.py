"""Request ids: one for each request, in the log, in the audit and in the answer (X-Request-ID)."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""What is taken over from a request: short, without anything that could break a line of a log (R-LOG-1)."""


class RequestIdMiddleware:
    """Gives every request an id: the one it came with where that is sane, else a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the request, answer it, name the answer."""
        name = request_id(request.headers.get(HEADER, ""))
        request.request_id = name  # type: ignore[attr-defined]  # interfaces/http/requests.py declares it
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
        response[HEADER] = name
        return response


def request_id(given: str) -> str:
    """Return the given id where it is sane, else a new one of 128 random bits."""
    return given if SANE.fullmatch(given) else secrets.token_hex(16)
