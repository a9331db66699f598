"""Mails: a letter in its recipient's language, as text and as HTML, with headers that were looked at (R-HDR-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from keyholder.domain.letters import Letter
from keyholder.domain.mail_settings import deliverable
from keyholder.domain.refusals import Invalid
from keyholder.interfaces.jobs.headers import UnsendableError, checked, line
from keyholder.interfaces.jobs.writing import answers_to, written

SENDER = "Keyholder"


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
        read = written(letter)
    try:
        sender, recipient = deliverable(envelope.sender), deliverable(letter.recipient)
    except Invalid as refusal:
        raise UnsendableError(str(refusal)) from refusal
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(letter, envelope, read.subject, sender, recipient).items():
        message[name] = value
    message.set_content(read.text, cte="quoted-printable")
    message.add_alternative(read.page, subtype="html", cte="quoted-printable")
    return Mail(sender, recipient, checked(message, message.as_bytes()))


def _headers(letter: Letter, envelope: Envelope, subject: str, sender: str, recipient: str) -> Mapping[str, str | Address]:
    answers = answers_to()
    return {
        "From": Address(SENDER, addr_spec=line(sender)),
        "To": Address(line(letter.name), addr_spec=line(recipient)),
        **({"Reply-To": Address(addr_spec=line(answers))} if answers else {}),
        "Subject": line(subject),
        "Date": format_datetime(envelope.at),
        "Message-ID": line(f"<letter-{envelope.number}-{envelope.posted_at:%Y%m%d%H%M%S%f}@{_host()}>"),
        "Auto-Submitted": "auto-generated",
    }


def _language(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
