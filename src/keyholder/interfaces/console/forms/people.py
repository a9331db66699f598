"""The forms about people: a new one, a password, a name."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.interfaces.console.forms.fields import address_field, password_field, person_name_field, reason_field

ADVICE = gettext_lazy("At least 12 characters; several words that you can remember are best.")


class PersonForm(forms.Form):
    """A new person; without a password they can't sign in yet."""

    email = address_field(gettext_lazy("E-mail address"))
    name = person_name_field()
    password = password_field(gettext_lazy("First password"), new=True, help_text=ADVICE)
    operator = forms.BooleanField(
        label=gettext_lazy("Operator of this instance"),
        required=False,
        help_text=gettext_lazy("Sets the instance up and suspends people everywhere; holds no permission by that."),
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        """Let the password be left out."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # what Django's form takes
        self.fields["password"].required = False


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = password_field(gettext_lazy("New password"), new=True, help_text=ADVICE)
    again = password_field(gettext_lazy("The same again"), new=True)

    def clean(self) -> dict[str, object]:
        """Ask for the same twice."""
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", forms.ValidationError(_("These two differ."), code="differ"))
        return cleaned


class OwnPasswordForm(NewPasswordForm):
    """One's own new password, with the present one."""

    old = password_field(gettext_lazy("Present password"))

    field_order = ("old", "password", "again")


class PersonNameForm(forms.Form):
    """What people call somebody."""

    name = person_name_field()


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = reason_field()
