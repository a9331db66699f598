"""Redirects that a request asks for: only to a path of our own (R-RED-1)."""

import unicodedata
from urllib.parse import unquote

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2048
"""Characters; a longer address is not one of ours."""
MOST_UNQUOTED = 3
"""How many layers of percent signs are looked through."""


def safe_next(asked: object, default: str = "/") -> str:
    """Return the path that was asked for where it is one of our own, else ``default``."""
    return asked if isinstance(asked, str) and is_own_path(asked) else default


def is_own_path(address: str) -> bool:
    """Say whether an address is a path on this very server, whichever way a browser reads it: encoded, in full width, with a backslash."""
    if not address.startswith("/") or len(address) > LONGEST:
        return False
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    return all(_stays_here(reading) for reading in _readings(address))


def _readings(address: str) -> list[str]:
    readings = [address]
    for _ in range(MOST_UNQUOTED):
        readings.append(unquote(readings[-1]))
    return [form for reading in readings for form in (reading, unicodedata.normalize("NFKC", reading))]


def _stays_here(reading: str) -> bool:
    return "//" not in reading and "\\" not in reading and not any(_is_unseen(letter) for letter in reading)


def _is_unseen(letter: str) -> bool:
    return letter != " " and unicodedata.category(letter)[0] in "CZ"
