"""The forms of deleting and of moving: why, the name that is typed, where to, and what becomes of access."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from keyholder.domain.moving import Way
from keyholder.interfaces.console.forms.fields import reason_field
from keyholder.services.queries.trash import Trashing
from keyholder.services.read_models import ResourceView

WAYS = (
    (Way.KEEP.value, _("Keep: what people inherited becomes their own")),
    (Way.REPLACE.value, _("Replace: all access given there and below is deleted")),
)


class TrashForm(forms.Form):
    """Why something is deleted; of a hosted account also its name, as it is shown."""

    name = forms.CharField(
        label=_("Type its name to confirm"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    reason = reason_field()

    def __init__(self, found: Trashing, data: object = None) -> None:
        """Ask for the name only where it has to be typed."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        self.wanted = found.resource.name
        if not found.has_to_be_typed:
            del self.fields["name"]

    def clean_name(self) -> str:
        """Refuse another name than its own."""
        typed = str(self.cleaned_data["name"])
        if typed.strip() != self.wanted:
            raise forms.ValidationError(_("This is not its name."), code="another_name")
        return typed


class MoveForm(forms.Form):
    """Where something is moved to, and what becomes of access there."""

    to = forms.ChoiceField(label=_("Move to"))
    way = forms.ChoiceField(label=_("Access"), choices=WAYS, initial=Way.KEEP.value, widget=forms.RadioSelect(attrs={"class": "tick"}))

    def __init__(self, targets: Sequence[ResourceView], data: object = None) -> None:
        """Offer the places where the reader may move it to."""
        super().__init__(data)  # type: ignore[arg-type]  # what Django's form takes
        choices = [(str(target.ref), f"{target.name} ({target.ref.key})") for target in targets]
        self.fields["to"] = forms.ChoiceField(label=_("Move to"), choices=choices)
