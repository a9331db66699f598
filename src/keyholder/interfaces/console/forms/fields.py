"""Fields that several forms have: a name, an address, a password, a reason. What they may hold is decided by the services."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from keyholder.domain.names import LONGEST_NAME
from keyholder.services.passwords import LONGEST

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_ADDRESS = 320
LONGEST_REASON = 500


def name_field() -> forms.CharField:
    """Make the field for the name of a thing."""
    return forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def person_name_field() -> forms.CharField:
    """Make the field for what somebody is called; other languages have another word for it."""
    field = name_field()
    field.label = pgettext_lazy("of a person", "Name")
    return field


def address_field(label: "StrOrPromise", help_text: "StrOrPromise" = "") -> forms.CharField:
    """Make the field for one person's address."""
    widget = forms.TextInput(attrs={"type": "email", "autocomplete": "off", "inputmode": "email"})
    return forms.CharField(label=label, max_length=LONGEST_ADDRESS, widget=widget, help_text=help_text)


def password_field(label: "StrOrPromise", *, new: bool = False, help_text: "StrOrPromise" = "") -> forms.CharField:
    """Make the field for a password, the present one or a new one; what was typed is never shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, max_length=LONGEST, strip=False, widget=widget, help_text=help_text)


def reason_field() -> forms.CharField:
    """Make the field for a reason that the log keeps."""
    return forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, required=False, help_text=_("The log keeps it, with your name and the time.")
    )
