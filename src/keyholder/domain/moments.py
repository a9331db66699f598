"""Moments as people and programs write them: RFC 3339 with an offset, kept as aware datetimes in UTC."""

import re
from datetime import UTC, datetime

from keyholder.domain.characters import escaped
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

MOMENT = "moment"
"""Code of the refusals."""

_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)

_NOT_A_MOMENT = _('"{text}" is not a moment: write it as 2026-12-31T00:00:00Z.')
_NO_OFFSET = _('"{text}" lacks its offset from UTC: write it as {text}Z or {text}+03:00.')
_NOT_IN_CALENDAR = _('"{text}" is not a moment that exists in the calendar.')


def read_moment(text: object) -> datetime:
    """Return the moment that a text names, in UTC, to the microsecond (further digits are cut off).

    Takes RFC 3339 alone: date, time with seconds, offset. Raises Invalid with the code ``moment`` for anything else, and for a day, an hour
    or an offset that does not exist; a leap second (``:60``) does not exist either.
    """
    shape = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if shape is None:
        raise Invalid(MOMENT, sentence(_NOT_A_MOMENT, text=escaped(str(text))))
    day, time, fraction, offset = shape.groups(default="")
    if not offset:
        raise Invalid(MOMENT, sentence(_NO_OFFSET, text=shape[0]))
    try:
        return datetime.fromisoformat(f"{day}T{time}{fraction[:7]}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise Invalid(MOMENT, sentence(_NOT_IN_CALENDAR, text=shape[0])) from problem


def write_moment(moment: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC: ``2026-12-31T00:00:00Z``; :func:`read_moment` reads it back."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
