"""Mail settings: the server that takes the instance's mail, as people give it (R-KEY-2, R-HDR-1)."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from keyholder.domain.addresses import Address, canonical_domain, domain_of
from keyholder.domain.characters import escaped
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

LONGEST_HOST = 253
LONGEST_USERNAME = 320
LONGEST_PASSWORD = 1000
LARGEST_PORT = 65535
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+", re.ASCII)

NOT_A_HOST = _('"{host}" is neither the name nor the number of a host.')
NOT_A_PORT = _("A port is a number from 1 to {most}.")
NOT_A_LINE = _("This is one line of at most {most} characters, without any that can't be seen.")


class Security(StrEnum):
    """How the way to the mail server is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A mail server and the address it is to send from. It holds no password."""

    host: str
    port: int
    security: Security
    username: str
    sender: str


@dataclass(frozen=True, slots=True)
class MailServer:
    """The same with the password: for who is about to send, and for nobody else."""

    settings: MailSettings
    password: str = field(repr=False)


def mail_settings(host: str, port: int, security: Security, username: str, sender: str) -> MailSettings:
    """Read mail settings; raises Invalid, placed at the field, for what can't be one."""
    name = host.strip()
    if len(name) > LONGEST_HOST or not HOST.fullmatch(name):
        raise Invalid("host", sentence(NOT_A_HOST, host=escaped(host)), place="host")
    if not 1 <= port <= LARGEST_PORT:
        raise Invalid("port", sentence(NOT_A_PORT, most=LARGEST_PORT), place="port")
    try:
        address = Address.of(sender)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.sentence, place="sender") from refusal
    return MailSettings(name, port, security, clean_line("username", username.strip(), LONGEST_USERNAME), address.shown)


def clean_password(password: str) -> str:
    """Return a password that a mail server can be given; raises Invalid for one that is no line."""
    return clean_line("password", password, LONGEST_PASSWORD)


def clean_line(place: str, text: str, most: int) -> str:
    """Return a text that is one visible line; raises Invalid at its field."""
    if len(text) > most or not text.isprintable():
        raise Invalid(place, sentence(NOT_A_LINE, most=most), place=place)
    return text


def deliverable(address: str) -> str:
    """Return an address as a mail server takes it: the local part as it is stored, the domain in ASCII; raises Invalid for none."""
    given = Address.of(address)
    return f"{given.shown.partition('@')[0]}@{canonical_domain(domain_of(given.shown))}"
