"""Mails: a letter in its recipient's language, as text and as HTML, with headers that were looked at (R-HDR-1, R-XSS-1, R-HST-1).

The template ``mail/<kind>.txt`` begins with the subject; ``mail/<kind>.html`` says the same to a mail client that shows HTML, and where
there is none the text is shown. Both are given ``name``, ``link``, ``details`` and ``support``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.utils import translation

from keyholder.domain.letters import Letter
from keyholder.domain.mail_settings import deliverable
from keyholder.domain.refusals import Invalid
from keyholder.interfaces.jobs.headers import UnsendableError, checked, line
from keyholder.services import letters

SENDER = "Keyholder"
BLANK = re.compile(r"\n(?:[ \t]*\n){2,}")
"""Several empty lines: what a template left out stood there."""
BREAK = "\ue000"
"""Stands for a line break of a value while the text is made: what a value breaks is seen, and a subject that is broken is refused."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail server is given: the mail and its envelope."""

    sender: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom a letter goes, which one it is, and when it was posted and is sent."""

    sender: str
    number: int
    posted_at: datetime
    at: datetime


def mail(letter: Letter, envelope: Envelope) -> Mail:
    """Make the mail of a letter; raises UnsendableError where none can be made."""
    with translation.override(_language(letter.language)):
        subject, text = _text(letter)
        page = _html(letter, subject, text)
    try:
        sender, recipient = deliverable(envelope.sender), deliverable(letter.recipient)
    except Invalid as refusal:
        raise UnsendableError(str(refusal)) from refusal
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(letter, envelope, subject, sender, recipient).items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return Mail(sender, recipient, checked(message, message.as_bytes()))


def _headers(letter: Letter, envelope: Envelope, subject: str, sender: str, recipient: str) -> Mapping[str, str | Address]:
    return {
        "From": Address(SENDER, addr_spec=line(sender)),
        "To": Address(line(letter.name), addr_spec=line(recipient)),
        "Subject": line(subject),
        "Date": format_datetime(envelope.at),
        "Message-ID": line(f"<letter-{envelope.number}-{envelope.posted_at:%Y%m%d%H%M%S%f}@{_host()}>"),
        "Auto-Submitted": "auto-generated",
    }


def _language(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _text(letter: Letter) -> tuple[str, str]:
    """Return subject and text."""
    marked = {name: _marked(value) for name, value in _context(letter).items()}
    rendered = engines["mail-text"].get_template(f"mail/{letter.kind.value}.txt").render(marked).strip()
    foot = engines["mail-text"].get_template("mail/foot.txt").render(marked).strip()
    subject, _newline, body = rendered.partition("\n")
    if BREAK in subject:
        message = "a name in the subject holds a line break"
        raise UnsendableError(message)
    written = BLANK.sub("\n\n", body.strip())
    return subject.strip(), f"{written}\n\n-- \n{foot}\n".replace(BREAK, "\n")


def _html(letter: Letter, subject: str, text: str) -> str:
    context = {**_context(letter), "subject": subject, "text": text.partition("\n\n-- \n")[0]}
    try:
        template = engines["mail"].get_template(f"mail/{letter.kind.value}.html")
    except TemplateDoesNotExist:
        template = engines["mail"].get_template("mail/plain.html")
    return str(template.render(context))


def _context(letter: Letter) -> dict[str, object]:
    return {
        "name": letter.name,
        "details": dict(letter.details),
        "link": letters.link(letter),
        "support": settings.SUPPORT_EMAIL,
        "home": settings.PUBLIC_URL,
        "language": translation.get_language(),
    }


def _marked(value: object) -> object:
    """Return a value whose texts have no line break of their own; raises UnsendableError for a text with a NUL."""
    if isinstance(value, Mapping):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if not isinstance(value, str):
        return value
    if "\0" in value:
        message = "a text holds a NUL"
        raise UnsendableError(message)
    return value.replace("\r\n", BREAK).replace("\r", BREAK).replace("\n", BREAK)


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
