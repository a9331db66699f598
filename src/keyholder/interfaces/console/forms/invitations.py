"""The invitations of a node as the address asks for them: part of an address, how they stand, which page (R-ORM-1)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms

from keyholder.domain.invitations import Standing
from keyholder.interfaces.console.forms.roster import LARGEST, LONGEST

ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which invitations; without a state those that are pending or expired."""

    text: str = ""
    state: str = ""
    after: int = 0

    @property
    def standing(self) -> Standing | None:
        """Return how they stand, None where that is not asked."""
        return Standing(self.state) if self.state and self.state != ALL else None

    @property
    def everything(self) -> bool:
        """Whether those are asked for that were answered, too."""
        return self.state == ALL

    def query(self, **changes: str) -> str:
        """Return the end of the address of the same list with some values otherwise, from its first page on."""
        kept = {name: value for name, value in {"q": self.text, "state": self.state, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def page(self, after: int) -> str:
        """Return the end of the address of the page that begins after a number."""
        return self.query(after=str(after))


class InvitationsForm(forms.Form):
    """What the address of the list may hold."""

    q = forms.CharField(required=False, max_length=LONGEST)
    state = forms.ChoiceField(required=False, choices=[(ALL, ""), *((standing.value, "") for standing in Standing)])
    after = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    @property
    def asked(self) -> Asked:
        """Return what was asked for."""
        found = self.cleaned_data
        return Asked(found["q"], found["state"], found["after"] or 0)
