"""The form about letters that were ticked."""

from django import forms

RETRY, DISCARD = "retry", "discard"
DIGITS = 18
"""Of a number that a database takes."""


class NumbersField(forms.TypedMultipleChoiceField):
    """Numbers of letters, any: what there is not is left alone."""

    def valid_value(self, value: object) -> bool:
        """Say whether this can be a number of a row."""
        return str(value).isdecimal() and len(str(value)) <= DIGITS


class LettersForm(forms.Form):
    """What is done with which letters; with ``every`` with all that were given up."""

    act = forms.ChoiceField(choices=((RETRY, RETRY), (DISCARD, DISCARD)))
    selected = NumbersField(required=False, coerce=int)
    every = forms.BooleanField(required=False)

    @property
    def letters(self) -> tuple[int, ...] | None:
        """Return the numbers that were ticked, None for all that were given up."""
        return None if self.cleaned_data["every"] else tuple(self.cleaned_data["selected"])
