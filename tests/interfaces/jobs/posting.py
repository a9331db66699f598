"""Posting in tests: a mail server that is used, letters that wait, and time that passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from keyholder.domain.letters import Letter as Posted
from keyholder.domain.letters import LetterKind
from keyholder.domain.mail_settings import Security
from keyholder.interfaces.http import clock
from keyholder.interfaces.jobs import mails, sending
from keyholder.interfaces.jobs.mails import Envelope
from keyholder.interfaces.jobs.sending import Sent
from keyholder.services.commands import mail_settings
from keyholder.storage.models import Letter
from tests.cast import NOW, OPERATOR
from tests.interfaces.jobs.sink import Sink

SENDER = "keyholder@acme.example"


def use(sink: Sink, security: Security = Security.NONE, host: str = "127.0.0.1", username: str = "", password: str | None = None) -> None:
    """Send by this mail server from now on."""
    given = {"host": host, "security": security, "username": username, "password": password}
    mail_settings.configure(by=OPERATOR, port=sink.port, sender=SENDER, **given)  # type: ignore[arg-type]  # of their own types


def waiting(recipient: str = "zoe@elsewhere.example", **columns: Any) -> Letter:
    """Put a letter into the outbox, by default a test mail."""
    given = {"kind": "test", "details": {"sender": "Alice"}, "posted_at": NOW, "due_at": NOW, **columns}
    return Letter.objects.create(recipient=recipient, **given)


def send_all() -> list[Sent]:
    """Send until none is due any more."""
    sent = []
    while (became := sending.send_next()) is not None:
        sent.append(became)
    return sent


def built(kind: LetterKind = LetterKind.TEST, recipient: str = "zoe@elsewhere.example", **given: Any) -> mails.Mail:
    """Make a mail."""
    details = given.pop("details", {"sender": "Alice"})
    return mails.mail(Posted(kind, recipient, details=details, **given), Envelope(SENDER, 7, NOW, NOW))


def at(moment: datetime | timedelta) -> Callable[[], datetime]:
    """Let the door's clock show another moment, and return it."""
    shown = moment if isinstance(moment, datetime) else NOW + moment
    clock.now = lambda: shown  # the fixture puts it back
    return clock.now
