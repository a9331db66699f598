"""Dates in words, in the language of who reads: each language has its own order and its own form of the month.

The formats are messages like others, in the letters of Django's ``date`` filter: ``j`` the day, ``F`` the month, ``E`` its form beside a
day, ``b`` its short form in small letters, ``Y`` the year; a backslash stands before a letter that is meant as it is.
"""

from datetime import date, datetime, tzinfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext


def short(moment: datetime) -> str:
    """Name the day of a moment in the reader's zone in a few letters, without the year."""
    return date_format(localtime(moment), pgettext("format of a date", "j M"))


def short_with_year(moment: datetime) -> str:
    """Name the day of a moment in the reader's zone in a few letters."""
    return date_format(localtime(moment), pgettext("format of a date", "j M Y"))


def day(moment: datetime) -> str:
    """Name the day of a moment in the reader's zone."""
    return written_out(localtime(moment).date())


def written_out(day: date) -> str:
    """Name a day, wherever it is one."""
    return date_format(day, pgettext("format of a date", "j F Y"))


def exactly(moment: datetime, zone: tzinfo | None = None) -> str:
    """Name a moment to the minute, with its zone: the reader's, or the one that is given."""
    return date_format(localtime(moment, zone), pgettext("format of a date", "j F Y, H:i T"))
