"""The form of the permission editor: what one binding holds, and its last day (R018, R048)."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms.additions import EndingForm
from keyholder.interfaces.console.forms.windows import last_day, window_to


class EditForm(EndingForm):
    """What the binding of one window is to hold, nothing for taking it away; its beginning stays as it is."""

    def __init__(self, sent: QueryDict | None, kind: ResourceType, at: datetime, since: Window) -> None:
        """Begin with the last day that the binding has."""
        super().__init__(sent, kind, at)
        self.since = since
        self.initial = {"ends_on": last_day(since)}

    @property
    def window(self) -> Window:
        """Return the window that was asked for; the same one, to the second, where its last day stays."""
        day = self.cleaned_data.get("ends_on")
        return self.since if day == last_day(self.since) else window_to(day, self.since.starts_at)

    def clean(self) -> dict[str, object]:
        """Refuse a day before the beginning."""
        begins, day = self.since.starts_at, self.cleaned_data.get("ends_on")
        ends_at = window_to(day).ends_at
        if begins is not None and ends_at is not None and ends_at <= begins:
            self.cleaned_data.pop("ends_on")
            self.add_error("ends_on", forms.ValidationError(_("This day is before it begins."), code="before"))
        return super().clean()
