"""Signing in with a password: slow to guess, the same answer for every reason (R-RAT-1, R-ENU-1)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from keyholder.domain.addresses import canon
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.names import name_key
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Invalid, TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.passwords import LONGEST
from keyholder.storage import attempts
from keyholder.storage.models import User

SPAN = timedelta(minutes=15)
FROM_ONE_ADDRESS = 5
"""Times as many attempts are taken from one client address as against one account: offices share an address."""
FROM_EVERYBODY = 200
"""Times as many are taken altogether."""
WRONG = _("This address and this password do not belong together.")
WAIT = _("Too many attempts to sign in. Wait {minutes} minutes and try again.")


def sign_in(*, by: Caller, email: str, password: str) -> PrincipalId:
    """Return the person whose address and password these are.

    Attempts are counted against the account, the client address and the instance before the password is looked at; a success clears
    only the account's count. Raises TooMany for too many of them, and one and the same Invalid for an unknown address, a wrong
    password, a person without one and a suspended one; the password is hashed in each case.
    """
    account = f"account:{_canonical(email)}"
    _count(by, account)
    row = User.objects.filter(canonical=_canonical(email)).first()
    if not _belongs(password, row) or row is None:
        raise Invalid("wrong_password", sentence(WRONG))
    attempts.forget(account)
    with acting(by, scopes.of_instance) as act:
        User.objects.filter(pk=row.pk).update(last_login=by.at, last_seen_at=by.at)
        act.record(Event("sign_in.succeeded", "user", row.pk, subject=PrincipalId(row.pk), details={"actor": row.name}))
    return PrincipalId(row.pk)


def note_seen(*, by: Caller, within: timedelta = SPAN) -> None:
    """Remember that a person was here, at most once in a while: no event, for nothing about access changes."""
    User.objects.filter(pk=by.principal).exclude(last_seen_at__gt=by.at - within).update(last_seen_at=by.at)


def _canonical(email: str) -> str:
    """Return the canonical address, or something that no account has for what is none."""
    try:
        return canon(email)
    except Invalid:
        return f"?{name_key(email[:300])}"


def _count(by: Caller, account: str) -> None:
    most = {account: settings.SIGN_IN_ATTEMPTS, "everybody": settings.SIGN_IN_ATTEMPTS * FROM_EVERYBODY}
    if by.address:
        most[f"address:{by.address}"] = settings.SIGN_IN_ATTEMPTS * FROM_ONE_ADDRESS
    counted = attempts.note(list(most), by.at, SPAN)
    if any(counted[key] > number for key, number in most.items()):
        attempts.withdraw(list(most), by.at)
        raise TooMany("too_many_attempts", sentence(WAIT, minutes=int(SPAN.total_seconds() // 60)), seconds=int(SPAN.total_seconds()))


def _belongs(password: str, row: User | None) -> bool:
    """Say whether the password is the person's and the person may sign in; it takes as long either way."""
    if len(password) > LONGEST or row is None or row.status != Status.ACTIVE.value or not row.has_usable_password():
        make_password(password[:LONGEST])
        return False
    return check_password(password, row.password)
