"""The forms of an invitation's page: what people call somebody new, a first password; by which address somebody else asks."""

from django import forms
from django.utils.translation import gettext_lazy

from keyholder.interfaces.console.forms.fields import address_field, password_field, person_name_field
from keyholder.interfaces.console.forms.people import ADVICE, NewPasswordForm


class ProvenForm(forms.Form):
    """A name, for who is new and was proven by a provider, and the fingerprint of what was shown."""

    name = person_name_field()
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())


class NewcomerForm(NewPasswordForm):
    """A name, a password typed twice, and the fingerprint of what was shown."""

    name = person_name_field()
    password = password_field(gettext_lazy("Password"), new=True, help_text=ADVICE)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())
    field_order = ("name", "password", "again", "seen")


class OwnAddressForm(forms.Form):
    """By which address somebody asks whose link was used by somebody else."""

    address = address_field(gettext_lazy("Your e-mail address"))
