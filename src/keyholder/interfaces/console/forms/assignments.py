"""The form of what is assigned: numbers that were ticked."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _


class NumbersField(forms.Field):
    """Numbers; whether there is something of that number is judged by the service."""

    widget = forms.SelectMultiple

    def to_python(self, value: Sequence[str] | None) -> frozenset[int]:
        """Read them."""
        ticked = value or ()
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in ticked):  # noqa: PLR2004 - digits that fit a column
            raise forms.ValidationError(_("That is no choice of this page."), code="invalid")
        return frozenset(map(int, ticked))


class AssignedForm(forms.Form):
    """What is to be assigned; everything else that the page offered is not."""

    assigned = NumbersField(required=False)
