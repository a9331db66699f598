"""The outbox: how long a worker is trusted with a letter, when one is tried again or given up, and what went wrong (semantics 6)."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _

LEASE = timedelta(minutes=3)
"""How long a letter belongs to the worker that took it. Sending one is cut off well before that."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 12
"""With pauses that double from half a minute to six hours: about fifteen hours."""
KEPT = timedelta(days=30)
"""How long a letter that was sent or withdrawn can be looked up."""
LONGEST_ERROR = 500


class Fault(StrEnum):
    """Why a mail was not taken."""

    UNREACHABLE = "unreachable"
    UNENCRYPTED = "unencrypted"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    SENDER = "sender"
    UNREADABLE = "unreadable"
    RECIPIENT = "recipient"
    CONTENT = "content"
    LATER = "later"
    INTERRUPTED = "interrupted"
    UNSENDABLE = "unsendable"


OF_THE_SERVER = frozenset({Fault.UNREACHABLE, Fault.UNENCRYPTED, Fault.CERTIFICATE, Fault.LOGIN, Fault.SENDER, Fault.UNREADABLE})
"""Faults of the mail server or its settings: no letter is to blame, so all of them wait and none is given up."""
FOR_GOOD = frozenset({Fault.RECIPIENT, Fault.CONTENT, Fault.UNSENDABLE})
"""Faults that no later attempt would heal."""
SAID: Mapping[Fault, str] = {
    Fault.UNREACHABLE: _("The mail server can't be reached: {words}. Look at its host name and port, and whether a firewall is between."),
    Fault.UNENCRYPTED: _("The mail server does not encrypt in this way: {words}. Try another choice for the encryption, or another port."),
    Fault.CERTIFICATE: _("The mail server's certificate is not to be trusted: {words}. Its name must be the host's, and its issuer known."),
    Fault.LOGIN: _("The mail server refused the login: {words}. Look at the user name and the password."),
    Fault.SENDER: _("The mail server refused the sender: {words}. It takes mail only from addresses that it knows."),
    Fault.UNREADABLE: _("The mail server's password can't be read any more, because the secret key was changed: enter it again."),
    Fault.RECIPIENT: _("The mail server refused the recipient: {words}."),
    Fault.CONTENT: _("The mail server refused the mail: {words}."),
    Fault.LATER: _("The mail server did not take the mail yet: {words}."),
    Fault.INTERRUPTED: _("The connection to the mail server broke off: {words}."),
    Fault.UNSENDABLE: _("No mail could be made of this letter: {words}."),
}


def pause(attempts: int) -> timedelta:
    """Return how long a letter waits after so many attempts: twice as long each time, up to six hours."""
    return min(FIRST_PAUSE * (1 << min(attempts, MOST_ATTEMPTS) - 1), LONGEST_PAUSE)


def is_hopeless(fault: Fault, attempts: int) -> bool:
    """Say whether a letter is given up: after too many attempts, or at once where the server refused it for good."""
    return fault in FOR_GOOD or attempts >= MOST_ATTEMPTS


def written(fault: Fault, words: str) -> str:
    """Return what a letter keeps of a fault."""
    return f"{fault.value}: {words}"[:LONGEST_ERROR]


def said(error: str) -> Sentence | None:
    """Return what a letter kept as a sentence for people; None where nothing went wrong."""
    fault, _colon, words = error.partition(": ")
    return sentence(SAID[Fault(fault)], words=words) if fault in set(Fault) else None
