"""The forms about links: the organization that an account is linked to, and asking the other side for its agreement (R066, R083)."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_DESCRIPTION, LONGEST_KEY, LONGEST_NAME
from keyholder.interfaces.console.forms.groups import NEW
from keyholder.services.read_models import OrganizationView

OTHER = "other"
"""Stands for an organization whose admins have to agree."""
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def reason_field() -> forms.CharField:
    """Make the field for what the other side reads."""
    return forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A few words for those who decide."),
    )


class OrganizationStepForm(forms.Form):
    """One of the reader's own organizations, a new one by name, or one that is asked, by its id."""

    organization = forms.ChoiceField(label=_("Organization"), required=False)
    name = forms.CharField(
        label=_("Name of the new organization"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("Most often the name of your company."),
    )
    other = forms.CharField(
        label=_("Id of the organization"),
        max_length=LONGEST_KEY,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Its admins see it beside the organization's name."),
    )
    reason = reason_field()

    def __init__(self, own: Sequence[OrganizationView], data: object = None) -> None:
        """Offer these organizations, a new one, and asking any other."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        choices = [
            *((str(home.id), home.name) for home in own),
            (NEW, _("A new organization")),
            (OTHER, _("An organization that I am no admin of")),
        ]
        self.fields["organization"] = forms.ChoiceField(label=_("Organization"), choices=choices, required=False, initial=choices[0][0])

    def clean(self) -> dict[str, object]:
        """Ask for a name where the organization is a new one, for an id where it is to be asked."""
        cleaned = super().clean() or {}
        chosen = cleaned["organization"] = cleaned.get("organization") or NEW
        for choice, field, text in ((NEW, "name", _("A name is missing.")), (OTHER, "other", _("An id is missing."))):
            if chosen == choice and not cleaned.get(field) and field not in self.errors:
                self.add_error(field, forms.ValidationError(text, code="required"))
        return cleaned


class AskAccountForm(forms.Form):
    """An account that is asked for, by its type and id, and why."""

    key = forms.CharField(
        label=_("Id of the account"),
        max_length=LONGEST_KEY,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Those who manage it see it beside the account's name."),
    )
    reason = reason_field()
    field_order = ("type", "key", "reason")

    def __init__(self, types: Sequence[tuple[str, str]], data: object = None) -> None:
        """Offer these types of accounts; one alone is not asked about."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        self.fields["type"] = forms.ChoiceField(label=_("Platform"), choices=types)
        self.order_fields(self.field_order)


class AnswerForm(forms.Form):
    """Why something that the other side asks for is refused."""

    reason = reason_field()
