"""Proofs: the secrets of links. Two kinds, and neither is stored (semantics 6, R-INV-1, R-INV-8).

A *mailed* secret is made when the mail is built: HMAC-SHA256 over purpose, number and generation, with a key derived from the instance's.
It proves the mailbox. A *copied* secret is 256 random bits, shown once; of it only SHA-256 is kept. It proves nothing but that somebody
handed it over. A purpose is part of what is signed: a link for one thing opens no other.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

COPIED_BYTES = 32
MAILED = re.compile(r"m([1-9][0-9]{0,17})-([1-9][0-9]{0,8})-([A-Za-z0-9_-]{43})", re.ASCII)
COPIED = re.compile(r"c([A-Za-z0-9_-]{43})", re.ASCII)


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a mailed secret says, once its signature was found right."""

    number: int
    generation: int


def mailed(purpose: Purpose, number: int, generation: int) -> str:
    """Return the secret of a mailed link, signed with the newest key."""
    return f"m{number}-{generation}-{_signature(settings.SECRET_KEY, purpose, number, generation)}"


def read_mailed(purpose: Purpose, secret: str) -> Mailed | None:
    """Return what a mailed secret says; None for one that no key of this instance signed for this purpose."""
    found = MAILED.fullmatch(secret)
    if found is None:
        return None
    number, generation, signature = int(found[1]), int(found[2]), found[3]
    signatures = [_signature(key, purpose, number, generation) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    right = [hmac.compare_digest(one, signature) for one in signatures]
    return Mailed(number, generation) if any(right) else None


def copied(random: bytes) -> str:
    """Return the secret of a copied link, made of 32 random bytes from the door."""
    if len(random) != COPIED_BYTES:
        message = f"a copied secret is made of {COPIED_BYTES} random bytes"
        raise ValueError(message)
    return "c" + _text(random)


def digest(secret: str) -> str:
    """Return what is kept of a copied secret; the empty text for what can't be one, which nothing is stored under."""
    return hashlib.sha256(secret.encode()).hexdigest() if COPIED.fullmatch(secret) else ""


def _signature(key: str, purpose: Purpose, number: int, generation: int) -> str:
    derived = hmac.new(key.encode(), b"keyholder mailed link", hashlib.sha256).digest()
    return _text(hmac.new(derived, f"{purpose.value}:{number}:{generation}".encode(), hashlib.sha256).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
