"""Sessions at the door: somebody's begins with a new id, and knows when its person last proved who they are (R-SES-1, R-OIDC-10)."""

from datetime import datetime, timedelta

from django.contrib import auth
from django.http import HttpRequest

from keyholder.domain.addresses import Address
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.providers import External
from keyholder.interfaces.http import clock
from keyholder.interfaces.http.authentication import SignInBackend

BACKEND = f"{SignInBackend.__module__}.{SignInBackend.__qualname__}"
PROVEN_AT, PROVEN_AS = "proven_at", "proven_as"
LATELY = timedelta(minutes=10)


def let_in(request: HttpRequest, user: PrincipalId) -> None:
    """Let somebody be signed in in this browser, under a new session id."""
    auth.login(request, SignInBackend().get_user(user), backend=BACKEND)
    request.session[PROVEN_AT] = clock.now().isoformat()


def was_proven_lately(request: HttpRequest) -> bool:
    """Say whether the person proved who they are recently enough for what is dangerous."""
    kept = request.session.get(PROVEN_AT)
    return kept is not None and clock.now() - datetime.fromisoformat(kept) < LATELY


def keep_proven(request: HttpRequest, said: External) -> None:
    """Remember who a provider says somebody is who has no person here yet, under a new session id: an invitation may let them in."""
    request.session.cycle_key()
    request.session[PROVEN_AS] = [said.provider, said.issuer, said.subject, said.address.shown, said.name]
    request.session[PROVEN_AT] = clock.now().isoformat()


def proven_as(request: HttpRequest) -> External | None:
    """Return who a provider said lately that somebody is; None where none did."""
    kept = request.session.get(PROVEN_AS)
    if kept is None or not was_proven_lately(request):
        return None
    provider, issuer, subject, address, name = kept
    return External(provider, issuer, subject, Address.of(address), name)
