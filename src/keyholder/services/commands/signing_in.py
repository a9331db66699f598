"""Signing in: slow to guess, the same answer for every reason; every way in goes through :func:`admit` (R-RAT-1, R-ENU-1, R-OIDC-12)."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password

from keyholder.domain.addresses import canon
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import factors, guessing, passwords, scopes, sessions
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import people
from keyholder.services.factors import Step
from keyholder.services.guessing import SPAN
from keyholder.services.newcomers import acting_as, wrong
from keyholder.storage.models import User

NOT_OLD = _("This is not your present password.")


class How(StrEnum):
    """By what somebody proved who they are, first."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    PASSKEY = "passkey"
    INVITATION = "invitation"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Admission:
    """Who proved who they are, by what, and what is left to do before they are in."""

    user: PrincipalId
    how: str
    step: Step

    @property
    def is_in(self) -> bool:
        """Whether nothing is left to do."""
        return self.step is Step.NOTHING


def sign_in(*, by: Caller, email: str, password: str) -> Admission:
    """Admit the person whose address and password these are. ``by`` is nobody yet: its time, door and client address count.

    Attempts are counted against the account, the client address and the instance before the password is looked at; a success clears
    only the account's count. Raises TooMany for too many of them, and one and the same Invalid for an unknown address, a wrong
    password, a person without one and a suspended one; the password is hashed in each case.
    """
    canonical = _canonical(email)
    account = f"account:{canonical}"
    guessing.count(by, account)
    row = User.objects.filter(canonical=canonical).first()
    if not _belongs(password, row) or row is None:
        raise wrong()
    guessing.forget(account)
    return admit(by=by, user=PrincipalId(row.pk), how=How.PASSWORD, unless_changed=row.password)


def admit(*, by: Caller, user: PrincipalId, how: str, unless_changed: str | None = None) -> Admission:
    """Let in somebody who has just proven by one thing who they are: every way to sign in calls this, and none goes around it.

    Who has a second factor, or is asked for one by an organization, is not in yet: the admission says which step comes next, and nothing
    is noted. Everybody else is in, and the log tells by what. ``unless_changed`` is the hash of the password that was looked at.
    Raises Invalid, the same as for a wrong password, for who was suspended, or whose password changed meanwhile (R-SES-2).
    """
    with acting_as(by, user) as act:
        row = User.objects.filter(pk=user).first()
        if row is None or unless_changed not in {None, row.password}:
            raise wrong()
        step = Step.NOTHING if how == How.PASSKEY else factors.next_step(user)
        if step is Step.NOTHING:
            note_in(act, row, how)
        return Admission(user, how, step)


def note_in(act: Act, row: User, how: str) -> None:
    """Note that somebody is in, and by what."""
    User.objects.filter(pk=row.pk).update(last_login=act.at, last_seen_at=act.at)
    details = {"subject": row.name, "how": str(how)}
    act.record(Event("sign_in.succeeded", "user", row.pk, subject=PrincipalId(row.pk), details=details))


def change_password(*, by: Caller, old: str, new: str) -> None:
    """Change the caller's own password, who proves to know the present one: a borrowed session is not enough. All sessions end (R-SES-2).

    Guesses are counted as attempts to sign in are. Raises TooMany, and Invalid for a wrong old password or a new one that can't be one.
    """
    prove_password(by=by, password=old, place="old")
    people.set_password(by=by, user=PrincipalId(by.principal or 0), password=new)


def prove_password(*, by: Caller, password: str, place: str = "password") -> None:
    """Have the caller prove once more who they are, by their password. Raises TooMany, and Invalid for a wrong one."""
    row = User.objects.filter(pk=by.principal).first()
    account = f"account:{row.canonical if row is not None else ''}"
    guessing.count(by, account)
    if not _belongs(password, row):
        raise Invalid("old", sentence(NOT_OLD), place=place)
    guessing.forget(account)


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


def _belongs(password: str, row: User | None) -> bool:
    """Say whether the password is the person's and the person may sign in; it takes as long either way."""
    hashable = passwords.hashable(password)
    if hashable != password or row is None or row.status != Status.ACTIVE.value or not row.has_usable_password():
        make_password(hashable)
        return False
    return check_password(password, row.password)
