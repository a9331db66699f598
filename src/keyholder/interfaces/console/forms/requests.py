"""The forms that decide a request for access: what they get and until when, or why not (R111)."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keyholder.domain.blueprint import ResourceType
from keyholder.interfaces.console.forms.additions import GrantForm
from keyholder.interfaces.console.forms.fields import LONGEST_REASON


def answer_field() -> forms.CharField:
    """Make the field for what who asked is told."""
    return forms.CharField(
        label=_("A line to them"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read it with the answer, and the log keeps it."),
    )


class ApproveForm(GrantForm):
    """What they get: as they asked, less, or with an end."""

    answer = answer_field()

    def __init__(self, sent: QueryDict | None, kind: ResourceType, at: datetime, asked: dict[str, object]) -> None:
        """Begin with what was asked for."""
        super().__init__(sent, kind, at)
        self.initial = asked


class RefuseForm(forms.Form):
    """Why not."""

    answer = answer_field()

    def __init__(self, sent: QueryDict | None) -> None:
        """Ask for a reason: a bare no leaves people without a next step."""
        super().__init__(sent, prefix="no")
        self.fields["answer"].required = True
        self.fields["answer"].label = _("Reason")
