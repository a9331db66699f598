"""Signing in with a password: slow to guess, the same answer for every reason (R-RAT-1, R-ENU-1)."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from keyholder.domain.addresses import canon
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Invalid, Refusal, TooMany
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import passwords, scopes, sessions
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import people
from keyholder.services.commands.finding import user_row
from keyholder.storage import attempts
from keyholder.storage.models import User

SPAN = timedelta(minutes=15)
FROM_ONE_ADDRESS = 5
"""Times as many attempts are taken from one client address as against one account: offices share an address."""
FROM_EVERYBODY = 200
"""Times as many are taken altogether."""
NOT_OLD = _("This is not your present password.")
WRONG = _("This address and this password do not belong together.")
WAIT = _("Too many attempts to sign in. Wait {minutes} minutes and try again.")


def sign_in(*, by: Caller, email: str, password: str) -> PrincipalId:
    """Return the person whose address and password these are. ``by`` is nobody yet: its time, door and client address count.

    Attempts are counted against the account, the client address and the instance before the password is looked at; a success clears
    only the account's count. Raises TooMany for too many of them, and one and the same Invalid for an unknown address, a wrong
    password, a person without one and a suspended one; the password is hashed in each case.
    """
    canonical = _canonical(email)
    account = f"account:{canonical}"
    _count(by, account)
    row = User.objects.filter(canonical=canonical).first()
    if not _belongs(password, row) or row is None:
        raise _wrong()
    attempts.forget(account)
    try:
        admit(by=by, user=PrincipalId(row.pk), how="password", unless_changed=row.password)
    except Refusal as refusal:
        raise _wrong() from refusal
    return PrincipalId(row.pk)


def admit(*, by: Caller, user: PrincipalId, how: str, unless_changed: str | None = None) -> None:
    """Note that somebody is there, by which way: the last step of every sign-in. ``by`` is nobody yet.

    ``unless_changed`` is the password's hash that was looked at, which has to be the same still. Raises Forbidden for somebody who was
    suspended meanwhile, Invalid for a password that was changed (R-SES-2).
    """
    row = user_row(user)
    with acting(replace(by, principal=user, name=row.name), scopes.of_instance) as act:
        same = User.objects.filter(pk=user) if unless_changed is None else User.objects.filter(pk=user, password=unless_changed)
        if not same.update(last_login=by.at, last_seen_at=by.at):
            raise _wrong()
        act.record(Event("sign_in.succeeded", "user", user, subject=user, details={"subject": row.name, "how": how}))


def change_password(*, by: Caller, old: str, new: str) -> None:
    """Change the caller's own password, who proves to know the present one: a borrowed session is not enough. All sessions end (R-SES-2).

    Guesses are counted as attempts to sign in are. Raises TooMany, and Invalid for a wrong old password or a new one that can't be one.
    """
    row = User.objects.filter(pk=by.principal).first()
    account = f"account:{row.canonical if row is not None else ''}"
    _count(by, account)
    if not _belongs(old, row) or row is None:
        raise Invalid("old", sentence(NOT_OLD), place="old")
    attempts.forget(account)
    people.set_password(by=by, user=PrincipalId(row.pk), password=new)


def sign_out_everywhere(*, by: Caller) -> int:
    """End every session of the caller, in every browser, and return how many there were (R-SES-3)."""
    with acting(by, scopes.of_instance) as act:
        row = User.objects.get(pk=by.principal)
        ended = sessions.end_all(PrincipalId(row.pk))
        act.record(Event("sign_in.ended", "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}))
        return ended


def note_seen(*, by: Caller, within: timedelta = SPAN) -> None:
    """Remember that a person was here, at most once in a while: no event, for nothing about access changes."""
    User.objects.filter(pk=by.principal).exclude(last_seen_at__gt=by.at - within).update(last_seen_at=by.at)


def _canonical(email: str) -> str:
    """Return the canonical address, or for what is none something short that no account has."""
    try:
        return canon(email)
    except Invalid:
        return "?" + hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()


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
    hashable = passwords.hashable(password)
    if hashable != password or row is None or row.status != Status.ACTIVE.value or not row.has_usable_password():
        make_password(hashable)
        return False
    return check_password(password, row.password)


def _wrong() -> Invalid:
    return Invalid("wrong_password", sentence(WRONG))
