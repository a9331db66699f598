"""Cursors: where the next page of a list begins, sealed so that nobody can make one up, and bound to the very list it is of (R-DOS-3).

A page begins after the last row of the one before it: what is inserted or removed meanwhile moves nothing (keyset paging).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from keyholder.domain.moments import read_moment, write_moment
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

SMALLEST, USUAL, LARGEST = 1, 50, 200
"""Rows on a page."""
NOT_OURS = _("This page can't be found again: begin with the first one.")

Part = str | int | datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row's place in a list, and whether the page ends before it instead of beginning after it."""

    position: tuple[Part, ...]
    backwards: bool = False


def seal(cursor: Cursor, *context: object) -> str:
    """Return a cursor as text for an address; ``context`` is everything that makes the list what it is."""
    parts = [{"at": write_moment(part)} if isinstance(part, datetime) else part for part in cursor.position]
    return signing.Signer(salt=_salt(context)).sign_object([cursor.backwards, parts])


def unseal(text: str, *context: object) -> Cursor | None:
    """Return the cursor that a text holds, None for an empty one. Raises Invalid, code ``cursor``, for one of another list or changed."""
    if not text:
        return None
    try:
        backwards, parts = signing.Signer(salt=_salt(context)).unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid("cursor", sentence(NOT_OURS), place="cursor") from error
    return Cursor(tuple(read_moment(part["at"]) if isinstance(part, dict) else part for part in parts), backwards)


def clamp(size: int) -> int:
    """Return a page's size within its bounds."""
    return max(SMALLEST, min(size, LARGEST))


def _salt(context: Sequence[object]) -> str:
    return "keyholder.cursor." + hashlib.sha256(json.dumps([str(part) for part in context]).encode()).hexdigest()
