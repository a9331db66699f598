"""The form of the permission editor: what one binding holds, and its last day (R018, R048)."""

from datetime import datetime

from django import forms
from django.http import QueryDict

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms.additions import EndingForm
from keyholder.interfaces.console.forms.windows import ending, last_day


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
        return ending(self.since, self.cleaned_data.get("ends_on"))

    def clean(self) -> dict[str, object]:
        """Refuse a day before the beginning."""
        try:
            ending(self.since, self.cleaned_data.get("ends_on"))
        except forms.ValidationError as error:
            self.add_error("ends_on", error)
        return super().clean()
