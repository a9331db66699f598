"""Sign-ins by a provider: what is remembered between going there and coming back (R-OIDC-6, R-OIDC-8)."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from keyholder.domain.id_tokens import digest
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Forbidden, TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.services.known_providers import Provider
from keyholder.services.seals import Use, seal, unseal
from keyholder.storage import attempts, provider_sign_ins
from keyholder.storage.models import ProviderSignIn

VALID = timedelta(minutes=10)
SPAN = timedelta(minutes=15)
FROM_ONE_ADDRESS = 5
"""Times as many are begun from one client address as attempts are taken against one account: offices share an address."""
NOT_BEGUN = _("This sign-in was not begun in this browser, was used already or took longer than ten minutes. Begin again.")
WAIT = _("Too many attempts to sign in. Wait {minutes} minutes and try again.")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the door draws for one sign-in; ``browser`` is what it leaves in the browser's session."""

    state: str
    nonce: str
    verifier: str
    browser: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What was remembered of a sign-in that comes back."""

    nonce: str
    """Its SHA-256."""
    verifier: str
    issuer: str
    """To which the person was sent."""
    goal: str
    linking: PrincipalId | None


def begin(*, by: Caller, provider: Provider, secrets: Secrets, goal: str = "") -> None:
    """Remember that somebody goes to a provider, who signs in or, where ``by`` is somebody, links it. Raises TooMany."""
    most = {f"provider:{by.address}": settings.SIGN_IN_ATTEMPTS * FROM_ONE_ADDRESS}
    if not attempts.take(most, by.at, SPAN):
        raise TooMany("too_many_attempts", sentence(WAIT, minutes=int(SPAN.total_seconds() // 60)), seconds=int(SPAN.total_seconds()))
    row = ProviderSignIn(
        state=digest(secrets.state),
        nonce=digest(secrets.nonce),
        browser=digest(secrets.browser),
        verifier=seal(secrets.verifier, Use.PROVIDER),
        provider=provider.key,
        issuer=provider.issuer,
        goal=goal,
        linking=by.principal,
        expires_at=by.at + VALID,
    )
    provider_sign_ins.begin(row, by.at)


def take(*, by: Caller, provider: Provider, state: str, browser: str) -> Begun:
    """Return what was remembered, once. Raises Forbidden for what was not begun in this browser, is used up or too old."""
    row = provider_sign_ins.take(digest(state), digest(browser), provider.key, by.at)
    if row is None or row.issuer != provider.issuer:
        raise Forbidden("not_begun", sentence(NOT_BEGUN))
    linking = None if row.linking is None else PrincipalId(row.linking)
    return Begun(row.nonce, unseal(row.verifier, Use.PROVIDER), row.issuer, row.goal, linking)
