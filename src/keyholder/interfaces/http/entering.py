"""Entering: from what a service admitted to a session. A key of before is never the key of after (R-SES-1)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TypeVar, cast
from urllib.parse import urlencode

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.http import clock, sessions
from keyholder.interfaces.http.authentication import SignInBackend
from keyholder.interfaces.http.callers import ISSUERS
from keyholder.interfaces.http.requests import Request
from keyholder.services.commands.signing_in import Admission
from keyholder.services.factors import Step
from keyholder.services.provider_rules import closed_among

View = TypeVar("View", bound=Callable[..., HttpResponse])
BACKEND = f"{SignInBackend.__module__}.{SignInBackend.__qualname__}"
PENDING = "pending"
PATIENCE = timedelta(minutes=10)
"""So long a step may take; then signing in begins anew."""
INVITATION = "invitation"
"""Under which a session holds the link that was opened in it; never its secret."""
PROOF = "proof"
"""Under which a session holds what the link that proves an address was read as; never its secret."""
CAUSE = "cause"
"""Under which a session holds why somebody did not get in, until they do: one of the causes that the console has words for."""
CARRIED = (INVITATION, PROOF)
"""What a session of before leaves to the one that follows it, be it somebody else's or under a new password."""
STEPS = {Step.SECOND: "console:sign-in-second", Step.ENROL: "console:sign-in-enrol"}


def go_on(request: HttpRequest, admission: Admission, goal: str, *, through: str = "") -> HttpResponse:
    """Begin the session of who is in and lead them on; hold who has a step to go, and lead them there. Every way in ends here.

    ``through`` is the issuer of the provider that they came through, if they did.
    """
    request.session.pop(sessions.THROUGH, None)
    if admission.is_in:
        enter(request, admission.user, through)
        if through and request.user.is_authenticated:
            sessions.come_through(request, through)
        return redirect(goal)
    carried = _carried(request)
    request.session.flush()
    request.session.update(carried)
    held = {
        "user": int(admission.user),
        "how": str(admission.how),
        "step": admission.step.value,
        "at": clock.now().isoformat(),
        "issuer": through,
    }
    request.session[PENDING] = held
    if through:
        sessions.come_through(request, through)
    sessions.begin(request)
    return redirect(f"{reverse(STEPS[admission.step])}?{urlencode({'next': goal})}")


def enter(request: HttpRequest, user: PrincipalId, issuer: str = "") -> None:
    """Begin somebody's session, under a new key; which organizations it does not open, and how it would, is said at once."""
    issuer = issuer or (request.session.get(PENDING) or {}).get("issuer", "")
    for name in (PENDING, CAUSE, ISSUERS):
        request.session.pop(name, None)
    row = SignInBackend().get_user(user)
    if row is None:
        request.session.flush()
        return
    carried = _carried(request)
    auth.login(request, row, backend=BACKEND)
    request.session.update(carried)
    sessions.begin(request)
    sessions.prove(request)
    if issuer:
        sessions.note_issuer(request, issuer)
    for one in closed_among(user, sessions.issuers(request), clock.now()):
        text = _("%(organization)s lets people in only through %(provider)s. Until you sign in there, its pages stay closed.")
        messages.warning(request, text % {"organization": one.name, "provider": one.provider})


def held(request: HttpRequest, step: Step) -> Admission | None:
    """Return who has proven one thing in this session, a moment ago, and has this step to go."""
    kept = request.session.get(PENDING)
    at = sessions.read(kept["at"]) if kept else None
    if kept is None or at is None or kept["step"] != step.value or clock.now() - at >= PATIENCE:
        return None
    if sessions.is_through_a_provider_that_is_off(request):
        return None
    return Admission(PrincipalId(kept["user"]), kept["how"], step)


def proven(view: View) -> View:
    """Let only those do something dangerous who proved lately who they are; the others are asked first, and come back to it."""

    @wraps(view)
    def asked_first(request: Request, *arguments: object, **named: object) -> HttpResponse:
        if sessions.was_proven_lately(request):
            return view(request, *arguments, **named)
        return redirect(f"{reverse('console:prove')}?{urlencode({'next': request.path})}")

    return cast("View", asked_first)


def _carried(request: HttpRequest) -> dict[str, object]:
    return {name: request.session[name] for name in CARRIED if name in request.session}


def elevate(request: HttpRequest) -> None:
    """Note that somebody has proven anew who they are: what may do more has another key (R-SES-1)."""
    request.session.cycle_key()
    sessions.prove(request)
