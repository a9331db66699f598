"""Sessions at the door: how long one lasts, and when its person last proved who they are (R-SES-1, R-SES-3)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from keyholder.domain.addresses import Address
from keyholder.domain.browsers import named
from keyholder.domain.providers import External
from keyholder.interfaces.http import clock
from keyholder.interfaces.http.callers import ISSUERS, client_address
from keyholder.services.known_providers import is_offered

SINCE, ADDRESS, BROWSER, PROVEN_AT, PROVEN_AS, THROUGH = "since", "address", "browser", "proven_at", "proven_as", "through"
OFTEN = timedelta(minutes=1)
"""How exactly it is known when a session was used last."""


class SessionLimitsMiddleware:
    """Ends a session that was not used for too long, that began too long ago, or whose provider is off; notes that one is used.

    On every server alike.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Remember who answers."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Judge the session, then answer."""
        if request.session.get(SESSION_KEY):
            _judge(request)
        return self.get_response(request)


def begin(request: HttpRequest) -> None:
    """Note when a session begins, and from where."""
    request.session[SINCE] = clock.now().isoformat()
    request.session[ADDRESS] = client_address(request)[:64]
    request.session[BROWSER] = named(request.headers.get("User-Agent", ""))


def come_through(request: HttpRequest, issuer: str) -> None:
    """Note through which provider somebody has come: the session lasts no longer than people can sign in with it (R-OIDC-9)."""
    request.session[THROUGH] = issuer


def is_through_a_provider_that_is_off(request: HttpRequest) -> bool:
    """Say whether somebody came through a provider that was switched off or removed since, here or in the environment."""
    issuer = request.session.get(THROUGH, "")
    return bool(issuer) and not is_offered(issuer)


def prove(request: HttpRequest) -> None:
    """Note that the person has just proven who they are."""
    request.session[PROVEN_AT] = clock.now().isoformat()


def note_issuer(request: HttpRequest, issuer: str) -> None:
    """Note by which provider the person has proven who they are in this session."""
    request.session[ISSUERS] = sorted({*issuers(request), issuer})


def issuers(request: HttpRequest) -> tuple[str, ...]:
    """Return the issuers by which the person has proven who they are in this session."""
    return tuple(request.session.get(ISSUERS, ()))


def was_proven_lately(request: HttpRequest) -> bool:
    """Say whether the person proved who they are recently enough for what is dangerous."""
    at = moment(request, PROVEN_AT)
    return at is not None and clock.now() - at < timedelta(minutes=settings.PROOF_MINUTES)


def keep_proven(request: HttpRequest, said: External) -> None:
    """Remember who a provider says somebody is who has no person here yet, under a new session id: an invitation may let them in."""
    request.session.cycle_key()
    request.session[PROVEN_AS] = [said.provider, said.issuer, said.subject, said.address.shown, said.name]
    prove(request)


def proven_as(request: HttpRequest) -> External | None:
    """Return who a provider said lately that somebody is; None where none did, or where it was switched off since."""
    kept = request.session.get(PROVEN_AS)
    if kept is None or not was_proven_lately(request):
        return None
    provider, issuer, subject, address, name = kept
    if not is_offered(issuer):
        return None
    return External(provider, issuer, subject, Address.of(address), name)


def moment(request: HttpRequest, name: str) -> datetime | None:
    """Return a moment that the session holds."""
    return read(request.session.get(name))


def read(kept: str | None) -> datetime | None:
    """Return a moment as a session keeps it."""
    return datetime.fromisoformat(kept) if kept else None


def _judge(request: HttpRequest) -> None:
    now, since = clock.now(), moment(request, SINCE)
    if since is None:
        begin(request)
        return
    seen = request.session.seen_at or since  # type: ignore[attr-defined]  # our own store has it
    is_over = now - since >= timedelta(hours=settings.SESSION_LONGEST_HOURS) or now - seen >= timedelta(hours=settings.SESSION_HOURS)
    if is_over or is_through_a_provider_that_is_off(request):
        request.session.flush()
        request.user = AnonymousUser()
    elif now - seen >= OFTEN:
        request.session.touch(now)  # type: ignore[attr-defined]  # the same
