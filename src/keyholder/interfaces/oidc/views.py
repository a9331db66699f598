"""Going to an identity provider and coming back: signing in, and linking one's own account (semantics 7, R-OIDC-6, R-OIDC-10)."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from keyholder.domain.providers import External
from keyholder.domain.refusals import Conflict, Forbidden, Refusal, TooMany
from keyholder.domain.sentences import gettext_noop, sentence
from keyholder.interfaces.http.asking import ask
from keyholder.interfaces.http.callers import caller, newcomer
from keyholder.interfaces.http.entering import CAUSE, INVITATION, elevate, go_on
from keyholder.interfaces.http.redirects import safe_next
from keyholder.interfaces.http.refusals import status_of
from keyholder.interfaces.http.sessions import keep_proven, note_issuer, was_proven_lately
from keyholder.interfaces.http.wording import words
from keyholder.interfaces.oidc import answers
from keyholder.services import known_providers, openid
from keyholder.services.caller import Caller
from keyholder.services.commands import identities, provider_sign_ins, signing_in
from keyholder.services.commands.provider_sign_ins import NOT_BEGUN, Begun, Secrets
from keyholder.services.commands.signing_in import How
from keyholder.services.known_providers import Provider
from keyholder.services.queries import identities as queries

BROWSER = "provider_browser"
"""In the browser's session: what ties a sign-in to it."""
FIELDS = frozenset({"csrfmiddlewaretoken", "next", "link"})
SWITCHED_OFF = gettext_noop("Nobody can sign in with {provider} at present. Sign in another way, or ask whoever runs this server.")
NOTHING_OPENED = "nothing_opened"
CAUSES = {NOTHING_OPENED: "no_permissions"}
"""Of refusals, what a page with more words about it calls them (R110)."""
NOT_LATELY = gettext_noop("To link your account, prove that it is you: sign out, sign in again, and link it within ten minutes.")


@login_not_required
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Send somebody to a provider; who is signed in goes there only to link their account.

    The page goes on by itself. It is no redirect: a browser would hold every step of the provider's own way against our policy for forms.
    """
    if set(request.POST) - FIELDS or request.FILES:
        message = "fields that this form does not have"
        raise BadRequest(message)
    goal, linking = safe_next(request.POST.get("next")), request.POST.get("link") == "1"
    if request.user.is_authenticated and not linking:
        return redirect(goal)
    provider = known_providers.one(key)
    try:
        url = _way_there(request, provider, goal, linking=linking)
    except Refusal as refusal:
        return _went_wrong(request, provider, refusal)
    return render(request, "oidc/going.html", {"url": url, "provider": provider})


@login_not_required
@sensitive_variables()
@require_http_methods(["GET"])
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """Take somebody back from a provider: in, or to a page that says what went wrong."""
    provider = known_providers.one(key)
    try:
        _require_on(provider)
        answer = answers.read(request)
        begun = provider_sign_ins.take(
            by=newcomer(request), provider=provider, state=answer.state, browser=request.session.get(BROWSER, "")
        )
        said = _believed(request, provider, begun, answer)
        return _linked(request, begun, said) if begun.linking is not None else _entered(request, begun, said)
    except Refusal as refusal:
        return _went_wrong(request, provider, refusal)


def redirect_address(provider: Provider) -> str:
    """Return where a provider sends people back to: made of the public address, never of a request (R-HST-1)."""
    return settings.PUBLIC_URL + reverse("oidc:callback", args=[provider.key])


def _way_there(request: HttpRequest, provider: Provider, goal: str, *, linking: bool) -> str:
    _require_on(provider)
    by = _linker(request, provider) if linking else newcomer(request)
    discovery = openid.discover(provider.issuer, ask)
    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(32))
    drawn = Secrets(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), browser)
    provider_sign_ins.begin(by=by, provider=provider, secrets=drawn, goal=goal)
    return openid.way_there(
        provider, discovery, state=drawn.state, nonce=drawn.nonce, verifier=drawn.verifier, redirect=redirect_address(provider)
    )


def _linker(request: HttpRequest, provider: Provider) -> Caller:
    """Return who links their account, having proven lately that it is theirs, or proves it by what is linked. Raises Forbidden."""
    by = caller(request)
    if by is None or not (was_proven_lately(request) or queries.is_linked(by=by, issuer=provider.issuer)):
        raise Forbidden("not_proven_lately", sentence(NOT_LATELY))
    return by


def _believed(request: HttpRequest, provider: Provider, begun: Begun, answer: answers.Answer) -> External:
    """Return what the provider says of somebody; what is not believed is in the log (R-OIDC-2)."""
    try:
        return _said(request, provider, begun, answer)
    except Forbidden as refusal:
        identities.note_refusal(by=newcomer(request), provider=provider.name, refusal=refusal)
        raise


def _said(request: HttpRequest, provider: Provider, begun: Begun, answer: answers.Answer) -> External:
    """Return what the provider says of somebody, once everything about the answer was found right."""
    discovery = openid.discover(provider.issuer, ask)
    openid.require_issuer(discovery, answer.issuer)
    answers.require_code(answer)
    back = openid.Return(answer.code, begun.verifier, begun.nonce, redirect_address(provider))
    return openid.who(provider, discovery, back, ask, newcomer(request).at.timestamp())


def _entered(request: HttpRequest, begun: Begun, said: External) -> HttpResponse:
    """Let somebody in; who is nobody here but holds an invitation goes on to it, with what the provider has proven."""
    is_invited = INVITATION in request.session
    goal = "/invitation/" if is_invited else safe_next(begun.goal)
    if is_invited and not queries.is_known(by=newcomer(request), said=said):
        keep_proven(request, said)
        return redirect(goal)
    return go_on(request, identities.enter(by=newcomer(request), said=said), goal, through=said.issuer)


def _linked(request: HttpRequest, begun: Begun, said: External) -> HttpResponse:
    """Link the account of whoever began this, who is still signed in here; the session gets a new id.

    Where this is the first proof of the address all sessions have ended: another one begins, by what the provider has proven.
    """
    by = caller(request)
    if by is None or by.principal is None or by.principal != begun.linking:
        raise Forbidden("not_begun", sentence(NOT_BEGUN))
    was_linked = queries.is_linked(by=by, issuer=said.issuer)
    if identities.link(by=by, said=said):
        admission = signing_in.admit(by=newcomer(request), user=by.principal, how=How.PROVIDER)
        answer = go_on(request, admission, safe_next(begun.goal), through=said.issuer)
        messages.warning(request, _("Your address is proven for the first time: the password from before works no more."))
    else:
        elevate(request)
        note_issuer(request, said.issuer)
        answer = redirect(safe_next(begun.goal))
    if not was_linked:
        messages.success(request, _("Your account is linked with %(provider)s.") % {"provider": said.provider})
    return answer


def _require_on(provider: Provider) -> None:
    if not provider.is_enabled:
        raise Forbidden("switched_off", sentence(SWITCHED_OFF, provider=provider.name))


def _went_wrong(request: HttpRequest, provider: Provider, refusal: Refusal) -> HttpResponse:
    """Say why somebody did not get in, whom to ask, and how to go on. The address holds a code, so no link from here tells it on."""
    cause = CAUSES.get(refusal.code, "")
    if cause:
        request.session[CAUSE] = cause
    context = {
        "provider": provider,
        "reason": words(refusal.sentence),
        "is_nothing_opened": refusal.code == NOTHING_OPENED,
        "has_cause": bool(cause),
        "is_provider_down": isinstance(refusal, Conflict) and refusal.code in {"unreachable", "unfit_provider", "wrong_issuer"},
        "support": settings.SUPPORT_EMAIL,
        "request_id": getattr(request, "request_id", ""),
    }
    page = render(request, "oidc/went_wrong.html", context, status=status_of(refusal))
    page["Referrer-Policy"] = "strict-origin"
    if isinstance(refusal, TooMany):
        page["Retry-After"] = str(refusal.seconds)
    return page
