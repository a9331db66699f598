"""The form of a question: whether somebody may do something somewhere."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.blueprint import Blueprint
from keyholder.interfaces.console.forms.fields import LONGEST_ADDRESS
from keyholder.interfaces.http.wording import label

LONGEST_PLACE = 300


class QuestionForm(forms.Form):
    """Whom, what and where a question is about."""

    who = forms.CharField(
        label=gettext_lazy("Who"),
        max_length=LONGEST_ADDRESS,
        help_text=gettext_lazy("An address or a name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    what = forms.ChoiceField(
        label=gettext_lazy("May they"),
        help_text=gettext_lazy("A permission, or something that needs one."),
        error_messages={"invalid_choice": gettext_lazy("There is no such permission or action at this place: choose one of these.")},
    )
    where = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=LONGEST_PLACE,
        help_text=gettext_lazy("A name, an id, or both as account:100."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: object, blueprints: Iterable[Blueprint], **options: object) -> None:
        """Offer what these platforms know."""
        super().__init__(data, **options)  # type: ignore[arg-type]  # what Django's form takes
        self.fields["what"].choices = choices(list(blueprints))  # type: ignore[attr-defined]  # a field of choices has them


def choices(blueprints: list[Blueprint]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the permissions and the actions of platforms, each name once."""
    permissions = _named((p.name, label(p.labels)) for b in blueprints for p in b.permissions.values())
    actions = _named((a.name, label(a.labels)) for b in blueprints for a in b.actions.values())
    only = [(name, text) for name, text in actions.items() if name not in permissions]
    return [(_("Permissions"), list(permissions.items())), (_("Actions"), only)]


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in pairs:
        found.setdefault(name, text)
    return found
