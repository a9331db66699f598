"""Seals: secrets that the instance has to read again (a mail server's password, a provider's secret), encrypted at rest (R-KEY-2).

The key is derived from ``KEYHOLDER_SECRET_KEY``, for each use another one; of several keys the newest seals and every one opens.
"""

import base64
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

UNREADABLE = _("This secret was sealed with a key that the instance does not have any more: enter it again.")
KEY_BYTES = 32


class Use(StrEnum):
    """What a sealed secret is for; what was sealed for one use opens for no other."""

    MAIL = "mail"
    PROVIDER = "provider"
    AUTHENTICATOR = "authenticator"


def seal(secret: str, use: Use) -> str:
    """Encrypt a secret for one use."""
    return _box(use).encrypt(secret.encode()).decode()


def unseal(sealed: str, use: Use) -> str:
    """Return a secret that was sealed for this use; raises Conflict where no key of the instance opens it."""
    try:
        return _box(use).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Conflict("unreadable_secret", sentence(UNREADABLE)) from error


def _box(use: Use) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, use)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str, use: Use) -> bytes:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"keyholder seal {use.value}".encode()).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
