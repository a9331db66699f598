"""The forms about a forgotten password."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.interfaces.console.forms.fields import LONGEST_ADDRESS
from keyholder.services.queries.resets import Ways

COPY, MAIL = "copy", "mail"


class AskForm(forms.Form):
    """An address; whether it is anybody's is not said."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "username", "autofocus": True, "inputmode": "email"}),
    )


class WayForm(forms.Form):
    """How somebody gets a reset link: as one that is copied, or by mail."""

    way = forms.ChoiceField(label=gettext_lazy("How they get it"), widget=forms.RadioSelect)

    def __init__(self, data: object, ways: Ways) -> None:
        """Offer what is possible."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        offered = ((COPY, _("A link to copy and hand over"), ways.shown), (MAIL, _("A letter to their own address"), ways.mailed))
        choices = [(name, label) for name, label, possible in offered if possible]
        field = self.fields["way"]
        field.choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField
        field.initial = choices[0][0] if choices else None
