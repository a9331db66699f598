"""The form that adds people to a node: who, what they may do, groups, until when (R041, R042)."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.names import LONGEST_DESCRIPTION
from keyholder.domain.windows import Window
from keyholder.interfaces.console.forms.addresses import AddressesField
from keyholder.interfaces.console.forms.windows import last_day_field, window_to
from keyholder.services.queries.joinable_groups import JoinableGroup


def languages() -> list[tuple[str, object]]:
    """Return the languages of a letter; by default it speaks the instance's own."""
    return [("", _("As usual here")), *settings.LANGUAGES]


class SetForm(forms.Form):
    """A set of permissions, or a role, that can be given at a type of node."""

    permissions = forms.MultipleChoiceField(required=False)
    role = forms.ChoiceField(required=False)

    def __init__(self, sent: QueryDict | None, kind: ResourceType) -> None:
        """Offer what can be given there."""
        super().__init__(sent)
        self._choice("permissions").choices = [(name, name) for name in kind.permissions]
        self._choice("role").choices = [(name, name) for name in kind.roles]

    def clean(self) -> dict[str, object]:
        """Refuse permissions beside a role: a role is held as a whole."""
        cleaned = super().clean() or {}
        if cleaned.get("permissions") and cleaned.get("role"):
            self.add_error("role", forms.ValidationError(_("Choose permissions or a role, not both."), code="both"))
        return cleaned

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast("forms.ChoiceField", self.fields[name])


class EndingForm(SetForm):
    """A set with a last day, which may not be over."""

    ends_on = last_day_field()

    def __init__(self, sent: QueryDict | None, kind: ResourceType, at: datetime) -> None:
        """Judge the last day by a moment."""
        super().__init__(sent, kind)
        self.at = at

    @property
    def window(self) -> Window:
        """Return the window that was asked for."""
        return window_to(self.cleaned_data.get("ends_on"))

    def clean(self) -> dict[str, object]:
        """Refuse a day that is over."""
        cleaned = super().clean()
        ends_at = self.window.ends_at
        if ends_at is not None and ends_at <= self.at:
            self.add_error("ends_on", forms.ValidationError(_("This day is over."), code="over"))
        return cleaned


class GrantForm(EndingForm):
    """A set that is given: at least one permission, or a role."""

    def clean(self) -> dict[str, object]:
        """Ask for something to give."""
        cleaned = super().clean()
        if self.errors.keys() & {"permissions", "role"} or self.may_be_empty(cleaned):
            return cleaned
        if not cleaned.get("permissions") and not cleaned.get("role"):
            field = "permissions" if self._choice("permissions").choices else "role"
            self.add_error(field, forms.ValidationError(_("Choose what they may do."), code="required"))
        return cleaned

    def may_be_empty(self, cleaned: dict[str, object]) -> bool:  # noqa: ARG002 - who may not does not look
        """Say whether nothing need be chosen."""
        return False


class AdditionForm(GrantForm):
    """Who is added, with what, into which groups."""

    addresses = AddressesField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("Several at once: paste them with commas, spaces or line breaks between them, with or without names."),
    )
    groups = forms.TypedMultipleChoiceField(required=False, coerce=int)
    notify = forms.BooleanField(
        label=gettext_lazy("Notify by e-mail"),
        required=False,
        help_text=gettext_lazy("Everybody who gains something gets one mail about it; who has all of it already gets none."),
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text=gettext_lazy("A few words of your own; everybody who is invited reads them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), required=False, choices=languages)
    bare = forms.BooleanField(
        label=gettext_lazy("Invite without permissions for now"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "tick"}),
    )
    field_order = ("addresses", "permissions", "role", "groups", "ends_on", "notify", "message", "language", "bare")

    def __init__(self, sent: QueryDict | None, kind: ResourceType, at: datetime, groups: Sequence[JoinableGroup]) -> None:
        """Offer the groups that the reader fills."""
        super().__init__(sent, kind, at)
        self._choice("groups").choices = [(row.group.id, row.group.name) for row in groups]

    def may_be_empty(self, cleaned: dict[str, object]) -> bool:
        """Let nothing be chosen for those who are only invited (R109)."""
        return bool(cleaned.get("bare")) and not cleaned.get("permissions") and not cleaned.get("role")
