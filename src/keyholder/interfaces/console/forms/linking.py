"""The form of the guided step before a first group: the organization that an account is linked to (R066)."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.names import LONGEST_NAME
from keyholder.interfaces.console.forms.groups import NEW
from keyholder.services.read_models import OrganizationView


class OrganizationStepForm(forms.Form):
    """One of the reader's own organizations, or a new one by name."""

    organization = forms.ChoiceField(label=_("Organization"), required=False)
    name = forms.CharField(
        label=_("Name of the new organization"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("Most often the name of your company."),
    )

    def __init__(self, own: Sequence[OrganizationView], data: object = None) -> None:
        """Offer these organizations, and a new one."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        choices = [*((str(home.id), home.name) for home in own), (NEW, _("A new organization"))]
        field = forms.ChoiceField(label=_("Organization"), choices=choices, required=False, initial=choices[0][0])
        self.fields["organization"] = field
        if not own:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, object]:
        """Ask for a name where the organization is a new one."""
        cleaned = super().clean() or {}
        cleaned["organization"] = cleaned.get("organization") or NEW
        if cleaned["organization"] == NEW and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", forms.ValidationError(_("A name is missing."), code="required"))
        return cleaned
