"""The forms of bulk commands, beside the one that gives permissions: taking some away, a group, a last day."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms.windows import last_day_field, window_to
from keyholder.services.queries.joinable_groups import JoinableGroup


class TakeForm(forms.Form):
    """Permissions to take away."""

    permissions = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Choose what they may no longer do.")})

    def __init__(self, sent: QueryDict | None, kind: ResourceType) -> None:
        """Offer what can be given there."""
        super().__init__(sent)
        cast("forms.ChoiceField", self.fields["permissions"]).choices = [(name, name) for name in kind.permissions]


class LastDayForm(forms.Form):
    """A last day, which may not be over."""

    ends_on = last_day_field()

    def __init__(self, sent: QueryDict | None, at: datetime, *, required: bool = False) -> None:
        """Judge the last day by a moment."""
        super().__init__(sent)
        self.at = at
        if required:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].help_text = gettext_lazy("It ends with this day, in the time zone of the server.")

    @property
    def window(self) -> Window:
        """Return the window that was asked for."""
        return window_to(self.cleaned_data.get("ends_on"))

    def clean(self) -> dict[str, object]:
        """Refuse a day that is over."""
        cleaned = super().clean() or {}
        ends_at = self.window.ends_at
        if ends_at is not None and ends_at <= self.at:
            self.add_error("ends_on", forms.ValidationError(_("This day is over."), code="over"))
        return cleaned


class JoinForm(LastDayForm):
    """A group to put people into."""

    group = forms.TypedChoiceField(label=gettext_lazy("Group"), coerce=int)
    field_order = ("group", "ends_on")

    def __init__(self, sent: QueryDict | None, at: datetime, groups: Sequence[JoinableGroup]) -> None:
        """Offer the groups that the reader fills."""
        super().__init__(sent, at)
        cast("forms.ChoiceField", self.fields["group"]).choices = [(row.group.id, row.group.name) for row in groups]
