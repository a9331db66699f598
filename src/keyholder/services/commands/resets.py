"""Choosing a new password with a link: asked for by mail, made by an administrator, used once (semantics 7, R112, R-PWD-1)."""

from dataclasses import replace

from django.contrib.auth.hashers import make_password

from keyholder.domain.addresses import Address, canon
from keyholder.domain.events import Channel, Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import Letter, LetterKind
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import guessing, jurisdictions, letters, notices, passwords, proofs, reset_links, scopes, sessions
from keyholder.services.acting import Act, acting
from keyholder.services.address_proofs import drop_pending
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.newcomers import acting_as
from keyholder.services.reset_links import Ticket
from keyholder.services.taking_over import take_over
from keyholder.storage import blueprints
from keyholder.storage.models import PasswordReset, User

GONE = _("This link does not work any more: it was used, it is too old, or something has changed since. Ask for another one.")
NOT_SHOWN = _("A link for {subject} can't be shown to you: it goes only to their own address, by mail.")
NOT_MAILED = _("Nothing can be mailed: this instance has no mail server.")
SUSPENDED = _("{subject} is suspended: a new password would let nobody in.")
KIND = "reset "
"""What is counted by itself: letters that are asked for."""


def ask(*, by: Caller, email: str) -> None:
    """Count that somebody at the door asks for a link. The same for every address, known or not (R-ENU-1).

    Raises Invalid for what is no address, TooMany where too many were asked for.
    """
    guessing.count(by, f"{KIND}account:{canon(email)}", kind=KIND)


def mail_asked(*, by: Caller, email: str) -> None:
    """Post the letter with a link, where the address is that of somebody who may sign in; where it is nobody's nothing is done.

    The door calls it once its answer has gone: how long it takes tells nobody anything.
    """
    row = User.objects.filter(canonical=Address.of(email).canonical, status=Status.ACTIVE.value).first()
    if row is None or not letters.is_mailing():
        return
    with acting(replace(by, principal=None, channel=Channel.SYSTEM, name=""), scopes.of_instance) as act:
        _mail(act, row)


def mail_link(*, by: Caller, user: PrincipalId) -> None:
    """Mail a person a link to their own address: for who manages something of theirs, and for an operator.

    Raises NotFound for who is nobody to the caller, Conflict where nothing can be mailed or the person is suspended, TooMany.
    """
    row = _known(by, user)
    guessing.count(by, f"{KIND}account:{row.canonical}", kind=KIND)
    with acting(by, scopes.of_instance) as act:
        row = _standing(user)
        if not letters.is_mailing():
            raise Conflict("not_mailing", sentence(NOT_MAILED))
        _mail(act, row)


def copy_link(*, by: Caller, user: PrincipalId, random: bytes) -> str:
    """Make a link to hand over and return its secret, which is shown once and kept nowhere; made of 32 random bytes from the door.

    Only for who manages every account in which the person has access, and never for an operator or an organization's admin; the command
    line always may. It is judged again when the link is used. Raises NotFound for who is nobody to the caller, Forbidden for a link that
    goes only by mail, without saying where else the person has access; Conflict for who is suspended.
    """
    _known(by, user)
    secret = proofs.copied(random)
    with acting(by, scopes.of_instance) as act:
        row = _standing(user)
        if not reset_links.may_be_shown(act.authority, row):
            raise Forbidden("reset_not_shown", sentence(NOT_SHOWN, subject=row.name))
        _add(act, row, digest=proofs.digest(secret))
        act.record(_about(row, "user.reset_copied"))
        notices.post_about_password(act, row, "link_made")
        return secret


def use(*, by: Caller, ticket: Ticket, password: str) -> PrincipalId:
    """Set a new password with a link, once, and return whose it is. Every session of theirs ends; their second factor stays (R112).

    A mailed link proves the address as well, and the first proof voids all that was set up before it; a copied one proves nothing.
    Raises Invalid for a link that does not count and for a password that can't be one; the link is not used up then.
    """
    found = reset_links.counting(ticket, by.at)
    if found is None:
        raise _gone()
    passwords.check(password, found.user.canonical, found.user.name)
    hashed = make_password(passwords.hashable(password))
    with acting_as(by, PrincipalId(found.user_id)) as act:
        counting = reset_links.counting(ticket, by.at)
        if counting is None or not reset_links.use_up(counting, by.at):
            raise _gone()
        row = user_row(PrincipalId(counting.user_id))
        row.password = hashed
        row.save(update_fields=["password"])
        end_everything(act, row)
        act.record(_about(row, "user.password_reset"))
        if not counting.digest:
            take_over(act, row, hashed)
        notices.post_about_password(act, row, "changed")
        return PrincipalId(row.pk)


def end_everything(act: Act, row: User) -> None:
    """End what must not outlive a password: sessions, and an address that waits to be proven (R-SES-2, R-EML-7, I-ID-5)."""
    sessions.end_all(PrincipalId(row.pk))
    drop_pending(act, row)


def _known(by: Caller, user: PrincipalId) -> User:
    """Return a person whom the caller may know of, other than themselves; raises NotFound."""
    if user == by.principal or user not in jurisdictions.known(Authority(by, blueprints.catalogue()), [user]):
        raise not_there()
    return user_row(user)


def _standing(user: PrincipalId) -> User:
    row = user_row(user)
    if row.status != Status.ACTIVE.value:
        raise Conflict("suspended", sentence(SUSPENDED, subject=row.name))
    return row


def _mail(act: Act, row: User) -> None:
    link = _add(act, row)
    act.record(_about(row, "user.reset_mailed"))
    details = {"until": link.expires_at.isoformat()}
    letter = Letter(
        LetterKind.PASSWORD_RESET, row.email, row.name, row.language, about=link.pk, generation=reset_links.GENERATION, details=details
    )
    letters.post(act, letter)


def _add(act: Act, row: User, digest: str = "") -> PasswordReset:
    """Write a link down, and forget those of long ago."""
    PasswordReset.objects.filter(expires_at__lt=act.at - reset_links.LIFE).delete()
    made = PasswordReset(
        user=row,
        digest=digest,
        fingerprint=reset_links.fingerprint(row),
        made_by=act.by.principal,
        made_at=act.at,
        expires_at=act.at + reset_links.LIFE,
    )
    made.save(force_insert=True)
    return made


def _about(row: User, action: str) -> Event:
    return Event(action, "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name})


def _gone() -> Invalid:
    """Make the one refusal for a link that does not count."""
    return Invalid("reset_gone", sentence(GONE))
