"""Moments: how long ago, or until when, in the reader's language. The exact time stands beside it, for the hover."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.interfaces.http import dates

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def in_words(moment: datetime, now: datetime) -> str:
    """Say how far a moment is from now: minutes, hours and days within a week, else the date."""
    distance = now - moment
    if abs(distance) >= WEEK:
        return day(moment, now)
    return _past(distance) if distance >= timedelta(0) else _future(-distance)


def day(moment: datetime, now: datetime) -> str:
    """Name the day, its year only where it is another one."""
    return dates.short(moment) if localtime(moment).year == localtime(now).year else dates.short_with_year(moment)


def exactly(moment: datetime) -> str:
    """Name the moment to the minute, with its time zone."""
    return dates.exactly(moment)


def _past(distance: timedelta) -> str:
    if distance < MINUTE:
        return _("now")
    if distance < HOUR:
        count = distance // MINUTE
        return ngettext("%(count)d min ago", "%(count)d min ago", count) % {"count": count}
    if distance < DAY:
        count = distance // HOUR
        return ngettext("%(count)d h ago", "%(count)d h ago", count) % {"count": count}
    count = distance // DAY
    return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}


def _future(distance: timedelta) -> str:
    if distance < HOUR:
        count = max(distance // MINUTE, 1)
        return ngettext("in %(count)d min", "in %(count)d min", count) % {"count": count}
    if distance < DAY:
        count = distance // HOUR
        return ngettext("in %(count)d h", "in %(count)d h", count) % {"count": count}
    count = distance // DAY
    return ngettext("in %(count)d day", "in %(count)d days", count) % {"count": count}
