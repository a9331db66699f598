"""The outbox: what a worker does with letters, one at a time, and what an operator does with those that went wrong (semantics 6).

A worker's steps change no fact and have no event; they are the instance's own. An operator's are told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.events import Event
from keyholder.domain.letters import Letter, LetterKind, LetterState
from keyholder.domain.outbox import KEPT, LEASE, OF_THE_SERVER, Fault, is_hopeless, pause, written
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import letters as posting
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.letter_needs import is_needed
from keyholder.storage import outbox
from keyholder.storage.models import Letter as LetterRow

NOT_THE_INSTANCE = _("Only the instance itself sends its letters.")


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter that a worker has until ``until``; ``attempt`` counts from one."""

    number: int
    letter: Letter
    posted_at: datetime
    attempt: int
    until: datetime


def lease(*, by: Caller) -> Leased | None:
    """Take the letter whose turn it is; None where none is due. What is needed no longer is withdrawn on the way, never sent.

    Nobody else gets it until the lease ends: a worker that dies loses nothing. Raises Forbidden for anybody but the instance.
    """
    _require_instance(by)
    while posting.is_mailing():
        row = outbox.lease(by.at, by.at + LEASE)
        if row is None:
            break
        leased = _leased(row, by.at + LEASE)
        if is_needed(row, by.at):
            return leased
        outbox.settle(leased.number, leased.until, LetterState.WITHDRAWN, settled_at=by.at)
    return None


def note_sent(*, by: Caller, leased: Leased) -> bool:
    """Note that a mail server has taken a letter; False where it was no longer this worker's."""
    _require_instance(by)
    return outbox.settle(leased.number, leased.until, LetterState.SENT, settled_at=by.at, error="")


def note_fault(*, by: Caller, leased: Leased, fault: Fault, words: str = "") -> LetterState:
    """Note why a letter was not taken, and return where it is now: it waits for its next attempt, or is given up.

    A fault of the server is no attempt: the letter waits and is never given up for it.
    """
    _require_instance(by)
    error = written(fault, words)
    if fault in OF_THE_SERVER:
        outbox.give_back(leased.number, leased.until, by.at + pause(1), error)
        return LetterState.WAITING
    if is_hopeless(fault, leased.attempt):
        outbox.settle(leased.number, leased.until, LetterState.DEAD, settled_at=by.at, error=error)
        return LetterState.DEAD
    outbox.settle(leased.number, leased.until, LetterState.WAITING, due_at=by.at + pause(leased.attempt), error=error)
    return LetterState.WAITING


def forget(*, by: Caller) -> int:
    """Forget letters that were sent or withdrawn more than 30 days ago, and return how many there were."""
    _require_instance(by)
    return outbox.forget(by.at - KEPT)


def retry(*, by: Caller, letters: Collection[int] | None = None) -> int:
    """Have letters sent anew that were given up, or at once that wait; all that were given up where none is named. Only an operator may.

    Returns how many; others among the numbers are left alone.
    """
    states = (LetterState.DEAD,) if letters is None else (LetterState.DEAD, LetterState.WAITING)
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        number = outbox.retry(outbox.numbered(states, letters), act.at)
        if number:
            act.record(Event("mail.letters_retried", "outbox", details={"count": number}))
            outbox.after_commit(posting.BELL.set)
        return number


def discard(*, by: Caller, letters: Collection[int] | None = None) -> int:
    """Withdraw letters that wait or were given up; all that were given up where none is named. Only an operator may.

    Returns how many; others among the numbers are left alone. What they told about stays as it is.
    """
    states = (LetterState.DEAD,) if letters is None else (LetterState.DEAD, LetterState.WAITING)
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        number = outbox.discard(outbox.numbered(states, letters), act.at)
        if number:
            act.record(Event("mail.letters_discarded", "outbox", details={"count": number}))
        return number


def _require_instance(by: Caller) -> None:
    if not by.is_instance:
        raise Forbidden("not_the_instance", sentence(NOT_THE_INSTANCE))


def _leased(row: LetterRow, until: datetime) -> Leased:
    letter = Letter(LetterKind(row.kind), row.recipient, row.name, row.language, row.about, row.generation, row.path, dict(row.details))
    return Leased(row.pk, letter, row.posted_at, row.attempts, until)
