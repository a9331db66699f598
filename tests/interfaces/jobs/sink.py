"""A mail server for tests: real SMTP on a free port of this machine, which takes what it is given, or refuses as it is told."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 taken"


@dataclass
class Sink:
    """What a mail server took: envelopes, each with its mail. ``answers`` are for recipients, ``slow`` ones are answered late."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    sender_answer: str = TAKEN
    data_answer: str = TAKEN
    logins: list[tuple[str, str]] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        """To whom something was taken, in order."""
        return [envelope.rcpt_tos[0] for envelope in self.taken]

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, read."""
        return [message_from_bytes(envelope.original_content or b"", policy=default) for envelope in self.taken]

    async def handle_MAIL(self, _server: Any, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a sender, or refuse it."""
        if self.sender_answer == TAKEN:
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - the same
        """Take a recipient, or refuse it."""
        await asyncio.sleep(self.slow.get(address, 0))
        answer = self.answers.get(address, TAKEN)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Take a mail, or refuse it."""
        if self.data_answer == TAKEN:
            self.taken.append(envelope)
        return self.data_answer

    def log_in(self, _server: Any, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        """Take one password."""
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"open sesame", handled=False)


@contextmanager
def sinking(*, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = False) -> Iterator[Sink]:
    """Run a mail server until the block ends."""
    sink = Sink(free_port())
    strict = starttls is not None
    more: dict[str, Any] = {"authenticator": sink.log_in, "auth_required": strict, "auth_require_tls": strict} if login else {}
    server = Controller(sink, hostname="127.0.0.1", port=sink.port, ssl_context=tls, tls_context=starttls, **more)
    server.start()
    try:
        yield sink
    finally:
        server.stop()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ticking(*moments: object) -> Callable[[], object]:
    """Return a clock that shows these moments one after the other, the last one for ever."""
    left = list(moments)
    return lambda: left.pop(0) if len(left) > 1 else left[0]
