"""Limits of a request, judged by its head: what is too large is refused before a byte of its body is read (R-DOS-1)."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from keyholder.interfaces.http.policy import BODY_BYTES, HEADER_BYTES, HEADER_COUNT

REASONS: Mapping[int, str] = {
    400: "The length of the body is not a number.",
    411: "Say how long the body is (Content-Length).",
    413: "The body is too long.",
    431: "The head of the request is too long.",
}


class LimitsMiddleware:
    """Refuses heads of more than 100 headers or 16 KiB, bodies of more than 1 MiB, and bodies that don't say how long they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is within the limits."""
        status = verdict(request)
        if status is None:
            return self.get_response(request)
        return HttpResponse(REASONS[status], status=status, content_type="text/plain; charset=utf-8")


def verdict(request: HttpRequest) -> int | None:
    """Return the status that refuses a request by its head, or None."""
    head = request.headers
    if len(head) > HEADER_COUNT or sum(len(name) + len(value) for name, value in head.items()) > HEADER_BYTES:
        return 431
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return 411 if head.get("Transfer-Encoding") else None
    if not (length.isascii() and length.isdigit()):
        return 400
    return 413 if int(length) > BODY_BYTES else None
