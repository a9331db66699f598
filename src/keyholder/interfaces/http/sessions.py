"""Sessions at the door: somebody's begins with a new id, and knows when its person last proved who they are (R-SES-1, R-OIDC-10)."""

from datetime import datetime, timedelta

from django.contrib import auth
from django.http import HttpRequest

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.http import clock
from keyholder.interfaces.http.authentication import SignInBackend

BACKEND = f"{SignInBackend.__module__}.{SignInBackend.__qualname__}"
PROVEN_AT = "proven_at"
LATELY = timedelta(minutes=10)


def let_in(request: HttpRequest, user: PrincipalId) -> None:
    """Let somebody be signed in in this browser, under a new session id."""
    auth.login(request, SignInBackend().get_user(user), backend=BACKEND)
    request.session[PROVEN_AT] = clock.now().isoformat()


def was_proven_lately(request: HttpRequest) -> bool:
    """Say whether the person proved who they are recently enough for what is dangerous."""
    kept = request.session.get(PROVEN_AT)
    return kept is not None and clock.now() - datetime.fromisoformat(kept) < LATELY
