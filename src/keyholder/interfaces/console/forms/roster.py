"""The roster as its address asks for it: search, filters, order, page (R059 to R062). What it does not know is refused (R-ORM-1)."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import Status
from keyholder.domain.roster import Filters, Origin, Sort, Tab

Choice = TypeVar("Choice", bound=Enum)

LONGEST = 200
"""Characters of what is searched for."""
LARGEST = 2**31 - 1
"""Numbers of rows end here."""
YES, NO = "yes", "no"
DESCENDING = "descending"
FILTERS = ("name", "address", "admin", "group", "permission", "outside", "origin", "status", "ending")
"""The filters that can be added, by their name in the address."""
WHETHER = {YES: True, NO: False, "": None}


@dataclass(frozen=True)
class Asked:
    """Which page of which list, and the same as it stands in the address."""

    tab: Tab = Tab.PEOPLE
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.NAME
    descending: bool = False
    cursor: str = ""
    given: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return what is searched for."""
        return self.filters.search

    @property
    def is_filtered(self) -> bool:
        """Whether not everybody is asked for."""
        return self.filters != Filters()

    def query(self, **changes: str) -> str:
        """Return the end of the address of the same list with some values otherwise, from its first page on."""
        kept = {name: value for name, value in {**self.given, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """Return the values of the address but these: what a form beside it sends along."""
        return [(name, value) for name, value in self.given.items() if name not in names]


class RosterForm(forms.Form):
    """What the address of a roster may hold."""

    q = forms.CharField(required=False, max_length=LONGEST)
    tab = forms.ChoiceField(required=False, choices=[(tab.value, "") for tab in Tab])
    sort = forms.ChoiceField(required=False, choices=[(sort.value, "") for sort in Sort])
    order = forms.ChoiceField(required=False, choices=[(DESCENDING, "")])
    name = forms.CharField(required=False, max_length=LONGEST)
    address = forms.CharField(required=False, max_length=LONGEST)
    admin = forms.ChoiceField(required=False, choices=[(YES, ""), (NO, "")])
    group = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    permission = forms.CharField(required=False, max_length=LONGEST)
    outside = forms.ChoiceField(required=False, choices=[(YES, ""), (NO, "")])
    origin = forms.ChoiceField(required=False, choices=[(origin.value, "") for origin in Origin])
    status = forms.ChoiceField(required=False, choices=[(status.value, "") for status in Status])
    ending = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)


def read(address: QueryDict) -> Asked:
    """Return what an address asks for; raises BadRequest for what no link and no form of the page asks."""
    form = RosterForm(address)
    if not form.is_valid():
        message = f"no such list: {sorted(form.errors)}"
        raise BadRequest(message)
    found = form.cleaned_data
    given = {name: str(value) for name, value in found.items() if value not in {None, ""}}
    return Asked(
        Tab(found["tab"]) if found["tab"] else Tab.PEOPLE,
        _filters(found),
        Sort(found["sort"]) if found["sort"] else Sort.NAME,
        bool(found["order"]),
        address.get("cursor", ""),
        given,
    )


def _filters(found: dict[str, Any]) -> Filters:
    return Filters(
        search=found["q"],
        name=found["name"],
        address=found["address"],
        organization_admin=WHETHER[found["admin"]],
        group=None if found["group"] is None else PrincipalId(found["group"]),
        permission=found["permission"],
        violation=WHETHER[found["outside"]],
        origin=_one_of(Origin, found["origin"]),
        status=_one_of(Status, found["status"]),
        expiring_days=found["ending"],
    )


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value else None
