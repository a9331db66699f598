"""Codes: those that an authenticator shows (RFC 6238: six digits, half a minute, SHA-1), and those for the day when it is lost."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
"""Seconds in which an authenticator shows the same code."""
DIGITS = 6
DRIFT = 1
"""So many steps the clock of a telephone may be ahead or behind."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""Of each recovery code: 80 random bits, more than anybody guesses even with the digests in hand."""


def totp(secret: bytes, step: int) -> str:
    """Return the code of a step (RFC 4226, RFC 6238)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_at(at: datetime) -> int:
    """Return the number of the step at a moment."""
    return int(at.timestamp()) // STEP


def step_of(secret: bytes, code: str, at: datetime) -> int | None:
    """Return the step to which a code belongs, among the present one and its neighbours; None for a code that is not right."""
    now = step_at(at)
    right = [step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(totp(secret, step), code)]
    return right[-1] if right else None


def secret_of(random: bytes) -> str:
    """Return a secret as people type it: base32, without what fills it up."""
    return base64.b32encode(random).decode().rstrip("=")


def secret_bytes(secret: str) -> bytes:
    """Return the bytes of a secret."""
    return base64.b32decode(secret + "=" * (-len(secret) % 8))


def address_of(secret: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator reads from a picture."""
    fields = urlencode({"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{fields}"


def normal(code: str) -> str:
    """Return the one form in which a code is compared and kept, whatever stands between its letters (R-RAT-2)."""
    return "".join(sign for sign in code if sign.isascii() and sign.isalnum()).upper()


def recovery_codes(random: bytes) -> tuple[str, ...]:
    """Return ten codes made of 100 random bytes, as people read them: four groups of four."""
    if len(random) != RECOVERY_CODES * RECOVERY_BYTES:
        message = f"recovery codes are made of {RECOVERY_CODES * RECOVERY_BYTES} random bytes"
        raise ValueError(message)
    parts = [random[start : start + RECOVERY_BYTES] for start in range(0, len(random), RECOVERY_BYTES)]
    return tuple(grouped(base64.b32encode(part).decode()) for part in parts)


def grouped(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digest(code: str) -> str:
    """Return what is kept of a recovery code."""
    return hashlib.sha256(normal(code).encode()).hexdigest()
