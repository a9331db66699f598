"""The forms about second factors, and about proving anew who one is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_NAME
from keyholder.interfaces.console.forms.fields import address_field, name_field, password_field

LONGEST_CODE = 40


def code_field(label: object = _("Code"), help_text: object = "") -> forms.CharField:
    """Make the field for a code; what stands between its letters does not matter."""
    attributes = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=LONGEST_CODE, help_text=help_text, widget=forms.TextInput(attrs=attributes))  # type: ignore[arg-type]  # words, translated when they are shown


class CodeForm(forms.Form):
    """A code of an authenticator, or a recovery code."""

    code = code_field(help_text=_("The six digits that your authenticator shows, or one of your recovery codes."))


class AuthenticatorForm(forms.Form):
    """A new authenticator: what it is called, and its first code."""

    name = forms.CharField(label=_("What you call it"), max_length=LONGEST_NAME, help_text=_("As in: my telephone."))
    code = code_field(_("The code that it shows now"))


class PasskeyForm(forms.Form):
    """What a new passkey is called."""

    name = forms.CharField(label=_("What you call it"), max_length=LONGEST_NAME, help_text=_("As in: laptop, or the key on my key ring."))


class AnswerForm(forms.Form):
    """What a browser answered for a passkey."""

    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class NewPasskeyForm(PasskeyForm, AnswerForm):
    """A new passkey with its answer."""


class PasswordForm(forms.Form):
    """One's own password, once more."""

    password = password_field(_("Your password"))


class FactorNameForm(forms.Form):
    """Another name of a second factor."""

    name = name_field()


class AddressForm(forms.Form):
    """The address that somebody wants to have."""

    address = address_field(_("New e-mail address"), _("A letter goes there: nothing changes until you open the link in it."))
