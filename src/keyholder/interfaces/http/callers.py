"""Callers: who asks, made once for each request at the door. Who is not signed in is no caller at all."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.http import clock
from keyholder.interfaces.http.requests import Reader
from keyholder.services.caller import Caller
from keyholder.services.provider_rules import closed_to

ISSUERS = "issuers"
"""Under which a session holds the issuers by which its person has proven who they are."""


class CallerMiddleware:
    """Sets ``request.caller``: the person signed in, the moment, the door; and ``request.reader``; None where nobody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Say who asks, then answer."""
        request.caller = caller(request)  # type: ignore[attr-defined]  # interfaces/http/requests.py declares it
        request.reader = reader(request)  # type: ignore[attr-defined]  # the same
        return self.get_response(request)


def caller(request: HttpRequest) -> Caller | None:
    """Return the person who is signed in. Never the instance: a caller without a principal is the operator's command line."""
    user = request.user
    if not user.is_authenticated:
        return None
    return Caller(
        principal=PrincipalId(user.pk),
        at=clock.now(),
        channel=Channel.CONSOLE,
        name=user.name,
        request_id=getattr(request, "request_id", ""),
        address=client_address(request),
        closed=closed_to(request.session.get(ISSUERS, ())) if getattr(user, "has_provider_rules", True) else (),
    )


def reader(request: HttpRequest) -> Reader | None:
    """Return the person who is signed in as pages address them."""
    user = request.user
    return Reader(user.name, user.email, user.is_operator) if user.is_authenticated else None


def newcomer(request: HttpRequest) -> Caller:
    """Return who is nobody yet: about to sign in, to ask for access, or holding an invitation. For services that ask for no authority."""
    return Caller(None, clock.now(), Channel.CONSOLE, request_id=getattr(request, "request_id", ""), address=client_address(request))


def client_address(request: HttpRequest) -> str:
    """Return where the request comes from: what a proxy says is believed only of proxies that the settings name (R-HST-1)."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and peer in settings.TRUSTED_PROXIES:
        peer = hops.pop()
    return peer
