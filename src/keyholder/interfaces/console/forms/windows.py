"""Windows as forms ask for them: by a first day, and a last day to the end of which something lasts."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import BadRequest
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keyholder.domain.moments import read_moment, write_moment
from keyholder.domain.windows import ALWAYS, Window

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def first_day_field() -> forms.DateField:
    """Make the field for a first day; empty is at once."""
    return _day_field(_("First day"), _("It begins with this day, in the time zone of the server. Without a day it begins at once."))


def last_day_field() -> forms.DateField:
    """Make the field for a last day; empty is without an end."""
    return _day_field(
        _("Last day"),
        _("It ends with this day, in the time zone of the server. Without a day it lasts until somebody takes it away."),
    )


def window_to(day: date | None, starts_at: datetime | None = None) -> Window:
    """Return the window that lasts to the end of a day; without a day and a beginning it is no window at all."""
    if day is None:
        return Window(starts_at) if starts_at else ALWAYS
    return Window(starts_at, make_aware(datetime.combine(day, time(23, 59, 59))))


def window_of(first: date | None, last: date | None) -> Window:
    """Return the window from a day to a day, both within it; raises ValidationError where it ends before it begins."""
    begins = None if first is None else make_aware(datetime.combine(first, time.min))
    _refuse_before(begins, last)
    return window_to(last, begins)


def ending(window: Window, last: date | None) -> Window:
    """Return a window with another last day; the same one, to the second, where its last day stays. Raises as :func:`window_of` does."""
    if last == last_day(window):
        return window
    _refuse_before(window.starts_at, last)
    return window_to(last, window.starts_at)


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


def _day_field(label: "StrOrPromise", help_text: "StrOrPromise") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _refuse_before(begins: datetime | None, last: date | None) -> None:
    ends_at = window_to(last).ends_at
    if begins is not None and ends_at is not None and ends_at <= begins:
        raise forms.ValidationError(gettext("This day is before it begins."), code="before")
