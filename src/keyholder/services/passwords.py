"""Passwords: what is taken as one (R-PWD-2). Hashed with Argon2id by Django; 12 to 256 characters, no rules of composition."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.storage.models import User

LONGEST = 256
UNREADABLE = _("This can't be the password: it holds something that is no character.")
TOO_LONG = _("A password has at most {most} characters.")
WEAK = _("This can't be the password: {why}")


def check(password: str, canonical: str, name: str) -> None:
    """Raise Invalid for a password that is too short, too long, too common or too close to the person's name or address."""
    if len(password) > LONGEST:
        raise Invalid("password", sentence(TOO_LONG, most=LONGEST), place="password")
    if hashable(password) != password:
        raise Invalid("password", sentence(UNREADABLE), place="password")
    try:
        validate_password(password, User(email=canonical, canonical=canonical, name=name))
    except ValidationError as error:
        raise Invalid("password", sentence(WEAK, why=" ".join(error.messages)), place="password") from error


def hashable(password: str) -> str:
    """Return what can be hashed of whatever was sent: the same where it can be a password, for nothing is ever cut off (R-PWD-2)."""
    return password[:LONGEST].encode("utf-8", "replace").decode()
