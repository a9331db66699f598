"""Guessing: attempts to prove something are counted before it is looked at, and the next must wait where there were too many (R-RAT-1)."""

from datetime import timedelta

from django.conf import settings

from keyholder.domain.refusals import TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.caller import Caller
from keyholder.storage import attempts

SPAN = timedelta(minutes=15)
FROM_ONE_ADDRESS = 5
"""Times as many attempts are taken from one client address as against one account: offices share an address."""
FROM_EVERYBODY = 200
"""Times as many are taken altogether."""
WAIT = _("Too many attempts to sign in. Wait {minutes} minutes and try again.")


def count(by: Caller, account: str, *, kind: str = "") -> None:
    """Count an attempt against an account, the client address and everybody; raises TooMany where there were too many.

    ``kind`` tells apart what is counted by itself: passwords, codes, letters that are asked for.
    """
    most = {account: settings.SIGN_IN_ATTEMPTS, f"{kind}everybody": settings.SIGN_IN_ATTEMPTS * FROM_EVERYBODY}
    if by.address:
        most[f"{kind}address:{by.address}"] = settings.SIGN_IN_ATTEMPTS * FROM_ONE_ADDRESS
    if not attempts.take(most, by.at, SPAN):
        raise TooMany("too_many_attempts", sentence(WAIT, minutes=int(SPAN.total_seconds() // 60)), seconds=int(SPAN.total_seconds()))


def forget(account: str) -> None:
    """Forget the attempts against an account after one that succeeded; those of the client address stay."""
    attempts.forget(account)
