"""Sending: one letter after the other, from its lease to what became of it (semantics 6)."""

import logging
import secrets
from collections.abc import Iterator
from enum import StrEnum

from keyholder.domain.events import Channel
from keyholder.domain.letters import LetterState
from keyholder.domain.mail_settings import MailServer
from keyholder.domain.outbox import OF_THE_SERVER, Fault
from keyholder.domain.refusals import Conflict
from keyholder.interfaces.http import clock
from keyholder.interfaces.jobs import mails, smtp
from keyholder.interfaces.jobs.headers import UnsendableError
from keyholder.interfaces.jobs.mails import Envelope
from keyholder.interfaces.jobs.smtp import UndeliveredError
from keyholder.services.caller import Caller
from keyholder.services.commands import outbox
from keyholder.services.commands.outbox import Leased
from keyholder.services.queries import mail_settings

log = logging.getLogger("keyholder.mail")


class Sent(StrEnum):
    """What became of a letter whose turn it was."""

    TAKEN = "taken"
    LATER = "later"
    GIVEN_UP = "given up"
    HELD = "held"
    """By a fault of the server: the others need not be tried now."""


def worker() -> Caller:
    """Return the instance itself, now, as who sends."""
    return Caller(None, clock.now(), Channel.SYSTEM, request_id=secrets.token_hex(16))


def send_due() -> Iterator[Sent]:
    """Send letters one after the other until none is due, or the mail server is at fault."""
    while (became := send_next()) is not None:
        yield became
        if became is Sent.HELD:
            return


def send_next() -> Sent | None:
    """Send the letter whose turn it is, and return what became of it; None where none is due."""
    leased = outbox.lease(by=worker())
    return None if leased is None else send(leased)


def send(leased: Leased) -> Sent:
    """Send a letter that was leased, and note what became of it."""
    try:
        taker = server()
        envelope = Envelope(taker.settings.sender, leased.number, leased.posted_at, clock.now())
        smtp.deliver(taker, mails.mail(leased.letter, envelope))
    except UndeliveredError as error:
        return _failed(leased, error.fault, error.words)
    except UnsendableError as error:
        return _failed(leased, Fault.UNSENDABLE, str(error))
    except Exception as error:
        log.exception("letter failed", extra={"letter": leased.number, "kind": leased.letter.kind.value})
        return _failed(leased, Fault.LATER, type(error).__name__)
    if not outbox.note_sent(by=worker(), leased=leased):
        log.warning("letter sent that was withdrawn or leased to another", extra={"letter": leased.number})
    log.info("letter sent", extra={"letter": leased.number, "kind": leased.letter.kind.value, "attempt": leased.attempt})
    return Sent.TAKEN


def server() -> MailServer:
    """Return the mail server; raises UndeliveredError where there is none, or its password can't be read."""
    try:
        found = mail_settings.mail_server(by=worker())
    except Conflict as refusal:
        raise UndeliveredError(Fault.UNREADABLE, str(refusal)) from refusal
    if found is None:
        raise UndeliveredError(Fault.UNREACHABLE, "no mail server is set up")
    return found


def _failed(leased: Leased, fault: Fault, words: str) -> Sent:
    state = outbox.note_fault(by=worker(), leased=leased, fault=fault, words=words)
    said = {"letter": leased.number, "attempt": leased.attempt, "fault": fault.value, "state": state.value}
    log.warning("letter not sent", extra=said)
    if fault in OF_THE_SERVER:
        return Sent.HELD
    return Sent.GIVEN_UP if state is LetterState.DEAD else Sent.LATER
