"""Addresses as people paste them: parted by commas, semicolons, spaces or lines, each perhaps with a name before it (R042, R071)."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MOST = 500
"""Addresses in one go."""
IN_BRACKETS = re.compile(r"<([^<>]*)>")
NAMED = re.compile(r"[^,<>]++(?:<[^<>]*+>)?|<[^<>]*+>")
"""A name with an address in brackets behind it; or what is none, so that nothing is looked at twice (R-DOS-4)."""


def split(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, each once, in order; what is none stays as it was typed, to be told so."""
    found: list[str] = []
    for line in re.split(r"[;\r\n]+", text):
        named = [address.strip() for address in IN_BRACKETS.findall(line)]
        rest = re.split(r"[,\s]+", NAMED.sub(_nothing_named, line))
        found += [*named, *(word for word in rest if word and (not named or "@" in word))]
    return tuple(dict.fromkeys(address for address in found if address))


def _nothing_named(found: re.Match[str]) -> str:
    return "," if found[0].endswith(">") else found[0]


class AddressesField(forms.CharField):
    """Many addresses; whether each is one, and whose, is judged by the services. ``addresses(form.cleaned_data[...])`` gives them."""

    widget = forms.Textarea(
        attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "placeholder": "ann@example.org, ben@example.org"}
    )

    def clean(self, value: object) -> tuple[str, ...]:
        """Return the addresses; raises ValidationError for none where some are needed, and for too many."""
        found = split(super().clean(value))
        if len(found) > MOST:
            message = ngettext("That is more than %(most)d address at once.", "That is more than %(most)d addresses at once.", MOST)
            raise forms.ValidationError(message % {"most": MOST}, code="too_many")
        if self.required and not found:
            raise forms.ValidationError(_("Name at least one address."), code="required")
        return found
