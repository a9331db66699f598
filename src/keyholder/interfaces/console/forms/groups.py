"""The forms about groups: what they are called, who is in them, what they may do."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_DESCRIPTION, LONGEST_NAME
from keyholder.domain.windows import ALWAYS, Window
from keyholder.interfaces.console.forms.addresses import AddressesField
from keyholder.interfaces.console.forms.fields import address_field, name_field
from keyholder.interfaces.console.forms.windows import ending, first_day_field, last_day, last_day_field, window_of

NEW = "new"
"""Stands for a group that is made first."""


class GroupForm(forms.Form):
    """A group's name and description; whether they can stand is decided by the service."""

    name = name_field()
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the group is for, so that others know whom to put into it."),
    )


class MembersForm(forms.Form):
    """People to put into a group, and for how long."""

    addresses = AddressesField(
        label=_("E-mail addresses"), help_text=_("Several at once: paste them with commas, spaces or line breaks between them.")
    )
    ends_on = last_day_field()


class OwnerForm(forms.Form):
    """A person to make an owner of a group."""

    address = address_field(_("E-mail address"))


class UntilForm(forms.Form):
    """Until when the membership of one window lasts; its beginning stays as it is."""

    ends_on = last_day_field()

    def __init__(self, data: QueryDict | None, since: Window) -> None:
        """Begin with the last day that the membership has."""
        super().__init__(data, initial={"ends_on": last_day(since)})
        self.since = since
        self.window = since

    def clean_ends_on(self) -> date | None:
        """Refuse a day before the beginning."""
        self.window = ending(self.since, self.cleaned_data["ends_on"])
        return last_day(self.window)


class NestForm(forms.Form):
    """From when until when a group is in another one."""

    starts_on = first_day_field()
    ends_on = last_day_field()
    window = ALWAYS

    def clean_ends_on(self) -> date | None:
        """Refuse a day before the beginning."""
        last: date | None = self.cleaned_data["ends_on"]
        self.window = window_of(self.cleaned_data.get("starts_on"), last)
        return last


class NamesField(forms.Field):
    """Names that were ticked; whether there are such is judged by the service."""

    widget = forms.SelectMultiple


class BindForm(forms.Form):
    """A group to give permissions at a node, one that is there or a new one, and for how long."""

    group = forms.CharField(max_length=20, required=False)
    name = forms.CharField(
        label=_("Name of the new group"), max_length=LONGEST_NAME, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 2})
    )
    permissions = NamesField(required=False)
    role = forms.CharField(max_length=60, required=False)
    ends_on = last_day_field()

    def clean(self) -> dict[str, object]:
        """Ask for a group, and for a name where it is a new one."""
        cleaned = super().clean() or {}
        if not cleaned.get("group"):
            self.add_error("group", forms.ValidationError(_("Choose a group, or create a new one."), code="required"))
        if cleaned.get("group") == NEW and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", forms.ValidationError(_("A name is missing."), code="required"))
        return cleaned
