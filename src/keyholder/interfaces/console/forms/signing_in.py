"""The form at the door."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.services.passwords import LONGEST


class SignInForm(forms.Form):
    """An address and a password; whether they belong together is decided by the service."""

    address = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "username", "autofocus": True, "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("Password"), max_length=LONGEST, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
