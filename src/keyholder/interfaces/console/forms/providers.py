"""The form about an identity provider. What its fields may hold is decided by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.providers import LONGEST_URL, USUAL_SCOPES
from keyholder.interfaces.console.forms.fields import name_field

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class ProviderForm(forms.Form):
    """A provider; the secret that is there stays where none is typed, and is never shown."""

    name = name_field()
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=LONGEST_URL,
        help_text=_("The address by which the provider calls itself, exactly as it writes it. It begins with https."),
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}),
    )
    client = forms.CharField(
        label=_("Client id"), max_length=LONGEST_URL, help_text=_("From the provider."), widget=forms.TextInput(attrs=PLAIN)
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=LONGEST_URL,
        required=False,
        help_text=_("From the provider. It is kept encrypted and never shown; leave it empty to keep the present one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    scopes = forms.CharField(
        label=_("Scopes"),
        max_length=LONGEST_URL,
        initial=USUAL_SCOPES,
        help_text=_("What is asked for, parted by spaces: openid and email have to be there."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    text_counts = forms.BooleanField(
        label=_("Take the text “true” for a verified address"),
        required=False,
        help_text=_("Only for a provider that is known to send “email_verified” as text. Without it nothing but JSON true counts."),
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )


class NewProviderForm(ProviderForm):
    """A new provider, with the key by which addresses name it."""

    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        help_text=_("Short, of letters, digits and hyphens: it stands in the redirect address and stays as it is."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    field_order = ("name", "key", "issuer", "client", "secret", "scopes", "text_counts")

    def __init__(self, *arguments: object, **options: object) -> None:
        """Ask for the secret."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # what Django's form takes
        self.fields["secret"].required = True
        self.fields["secret"].help_text = _("From the provider. It is kept encrypted and never shown.")
