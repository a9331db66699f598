"""Windows as forms ask for them: by a last day, to the end of which something lasts."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django import forms
from django.core.exceptions import BadRequest
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

from keyholder.domain.moments import read_moment, write_moment
from keyholder.domain.windows import ALWAYS, Window


def last_day_field() -> forms.DateField:
    """Make the field for a last day; empty is without an end."""
    return forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It ends with this day, in the time zone of the server. Without a day it lasts until somebody takes it away."),
    )


def window_to(day: date | None, starts_at: datetime | None = None) -> Window:
    """Return the window that lasts to the end of a day; without a day and a beginning it is no window at all."""
    if day is None:
        return Window(starts_at) if starts_at else ALWAYS
    return Window(starts_at, make_aware(datetime.combine(day, time(23, 59, 59))))


def last_day(window: Window) -> date | None:
    """Return the last day of a window; None where it has no end."""
    return None if window.ends_at is None else localtime(window.ends_at).date()


def written(window: Window) -> dict[str, str]:
    """Write a window into an address: which of several bindings or memberships is meant."""
    return {"since": _text(window.starts_at), "until": _text(window.ends_at)}


def read(fields: Mapping[str, str]) -> Window:
    """Return the window that an address names; raises BadRequest for what :func:`written` never writes."""
    try:
        return Window(_moment(fields.get("since", "")), _moment(fields.get("until", "")))
    except (ValueError, OverflowError) as error:
        message = "this is no window"
        raise BadRequest(message) from error


def _text(moment: datetime | None) -> str:
    return "" if moment is None else write_moment(moment)


def _moment(text: str) -> datetime | None:
    return read_moment(text) if text else None
