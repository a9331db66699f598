"""The form about the mail server."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.mail_settings import LARGEST_PORT, LONGEST_HOST, LONGEST_PASSWORD, LONGEST_USERNAME, MailSettings, Security
from keyholder.interfaces.console.forms.fields import address_field

QUIET = {"autocomplete": "off", "spellcheck": "false"}


class MailSettingsForm(forms.Form):
    """Where mail is handed over, by which login, and from whom it comes. The password is never shown again."""

    host = forms.CharField(label=_("Server address"), max_length=LONGEST_HOST, widget=forms.TextInput(attrs=QUIET))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=LARGEST_PORT, initial=587)
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=(
            (Security.STARTTLS.value, _("STARTTLS: begins in the clear and switches, usually port 587")),
            (Security.TLS.value, _("TLS: encrypted from the start, usually port 465")),
            (Security.NONE.value, _("None: only to a server on this machine or in a network that you trust")),
        ),
        initial=Security.STARTTLS.value,
        widget=forms.RadioSelect(attrs={"class": "tick"}),
    )
    username = forms.CharField(label=_("User name"), max_length=LONGEST_USERNAME, required=False, widget=forms.TextInput(attrs=QUIET))
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    sender = address_field(_("Sender address"), _("Mail comes from this address; the mail server has to allow it."))

    def __init__(self, *arguments: object, has_password: bool = False, **options: object) -> None:
        """Say what an empty password means."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # what Django's form takes
        if has_password:
            self.fields["password"].help_text = _("There is one. Leave this empty to keep it.")

    @staticmethod
    def of(settings: MailSettings) -> dict[str, object]:
        """Return what the form shows of a mail server."""
        return {
            "host": settings.host,
            "port": settings.port,
            "security": settings.security.value,
            "username": settings.username,
            "sender": settings.sender,
        }
