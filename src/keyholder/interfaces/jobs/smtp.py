"""SMTP: handing a mail to the mail server, on a connection of its own, with an end to every wait and words for every fault."""

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPNotSupportedError, SMTPResponseException
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

from keyholder.domain.characters import escaped
from keyholder.domain.mail_settings import MailServer, Security
from keyholder.domain.outbox import Fault
from keyholder.interfaces.http.access_log import masked
from keyholder.interfaces.jobs.mails import Mail

STEP = 15.0
"""Seconds that one answer of the server may take."""
WHOLE = 60.0
"""Seconds after which the connection is cut off, whatever it does."""
ACCEPTED = {250, 251}
FOR_GOOD = 500

Reply = tuple[int, bytes]


class UndeliveredError(Exception):
    """A mail was not taken: what kind of fault it was, and the server's or the network's own words."""

    def __init__(self, fault: Fault, words: str) -> None:
        """Remember both."""
        super().__init__(fault, words)
        self.fault = fault
        self.words = words


def deliver(server: MailServer, mail: Mail, *, step: float = STEP, whole: float = WHOLE) -> None:
    """Hand a mail to the server, and return once it has taken it; raises UndeliveredError."""
    with _client(server, step, whole) as smtp:
        try:
            _greet(smtp, server)
            _agree(server, Fault.SENDER, Fault.SENDER, lambda: smtp.mail(mail.sender))
        except (OSError, SMTPException) as error:
            raise _undelivered(server, Fault.UNREACHABLE, error) from error
        try:
            _agree(server, Fault.RECIPIENT, Fault.LATER, lambda: smtp.rcpt(mail.recipient))
            _agree(server, Fault.CONTENT, Fault.LATER, lambda: smtp.data(mail.raw))
        except (OSError, SMTPException) as error:
            raise _undelivered(server, Fault.INTERRUPTED, error) from error
        with suppress(OSError, SMTPException):  # the mail is taken: how the connection ends is nobody's concern
            smtp.quit()


@contextmanager
def _client(server: MailServer, step: float, whole: float) -> Iterator[SMTP]:
    """Make a client that is not connected yet, and close it in the end; it is cut off after a while even where bytes still trickle in."""
    name = _own_name()
    context = ssl.create_default_context()
    tls = server.settings.security is Security.TLS
    smtp = SMTP_SSL(local_hostname=name, timeout=step, context=context) if tls else SMTP(local_hostname=name, timeout=step)
    smtp._host = server.settings.host  # type: ignore[attr-defined] # noqa: SLF001 - whose certificate is looked at; else set only by who connects at once
    timer = Timer(whole, lambda: _cut_off(smtp))
    timer.daemon = True
    timer.start()
    try:
        yield smtp
    finally:
        timer.cancel()
        smtp.close()


def _greet(smtp: SMTP, server: MailServer) -> None:
    """Connect, encrypt and log in; raises UndeliveredError, or what the network raises."""
    given = server.settings
    try:
        code, words = smtp.connect(given.host, given.port)
        if code != 220:  # noqa: PLR2004 - the server's "ready"
            raise SMTPResponseException(code, words)
        smtp.ehlo_or_helo_if_needed()
        if given.security is Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
    except ssl.SSLCertVerificationError as error:
        raise UndeliveredError(Fault.CERTIFICATE, error.verify_message) from error
    except (ssl.SSLError, SMTPNotSupportedError) as error:
        raise _undelivered(server, Fault.UNENCRYPTED, error) from error
    if given.username:
        try:
            smtp.login(given.username, server.password)
        except (SMTPResponseException, SMTPNotSupportedError) as error:
            raise _undelivered(server, Fault.LOGIN, error) from error


def _agree(server: MailServer, refused: Fault, later: Fault, ask: Callable[[], Reply]) -> None:
    """Ask the server something; raises UndeliveredError where it refuses, for good or for now."""
    try:
        code, words = ask()
    except SMTPDataError as error:
        code, words = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    if code not in ACCEPTED:
        raise UndeliveredError(refused if code >= FOR_GOOD else later, _clean(server, f"{code} {words.decode(errors='replace')}"))


def _undelivered(server: MailServer, fault: Fault, error: Exception) -> UndeliveredError:
    if isinstance(error, SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return UndeliveredError(fault, _clean(server, f"{error.smtp_code} {said}"))
    words = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return UndeliveredError(fault, _clean(server, words or type(error).__name__))


def _clean(server: MailServer, words: str) -> str:
    """Return words on one line, without the password in any way it was sent, and without what may be the secret of a link."""
    user, password = server.settings.username, server.password
    for secret in (password, *(b64encode(text.encode()).decode() for text in (password, f"\0{user}\0{password}"))):
        words = words.replace(secret, "(hidden)") if password else words
    return escaped(" ".join(masked(words).split()), 300)


def _cut_off(smtp: SMTP) -> None:
    with suppress(OSError, AttributeError):  # it is closed already, or was never open
        smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # AttributeError is expected


def _own_name() -> str:
    """Return by which name this machine greets: that of the console, where it is one of the internet."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() else "localhost.localdomain"
