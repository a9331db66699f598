"""The form that says which events are asked for (R-AUD-4)."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.utils.text import format_lazy
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from keyholder.domain.activity import AREAS, Filters
from keyholder.domain.events import Channel
from keyholder.domain.names import LONGEST_NAME
from keyholder.interfaces.console.actions import AREA_NAMES, CHANNELS, NAMES
from keyholder.interfaces.console.forms.explain import LONGEST_PLACE
from keyholder.interfaces.console.forms.fields import LONGEST_ADDRESS
from keyholder.services.caller import Caller
from keyholder.services.queries import references

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_DAY = timedelta(days=1)
ACTIONS = [
    ("", _("Anything")),
    *(
        (AREA_NAMES[area], [(area, format_lazy("{}: {}", AREA_NAMES[area], _("anything"))), *((a, NAMES[a]) for a in AREAS[area])])
        for area in AREAS
    ),
]
DOORS = [("", _("Any")), *((channel.value, name) for channel, name in CHANNELS.items())]


def person_field(label: "StrOrPromise") -> forms.CharField:
    """Make the field for a person or a group, named as people name them."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=LONGEST_ADDRESS, required=False, widget=widget, help_text=_("An address or a name."))


class ActivityForm(forms.Form):
    """Which events: all that is given must match."""

    subject = person_field(_("Happened to"))
    actor = person_field(_("Done by"))
    resource = forms.CharField(
        label=_("Where"), max_length=LONGEST_PLACE, required=False, help_text=_("A name or an id; what is below counts too.")
    )
    organization = forms.CharField(
        label=_("Organization"), max_length=LONGEST_NAME, required=False, help_text=_("A name or an id; everything that belongs to it.")
    )
    action = forms.ChoiceField(label=_("What happened"), choices=ACTIONS, required=False)
    channel = forms.ChoiceField(label=_("Door"), choices=DOORS, required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    refused = forms.BooleanField(
        label=_("Refused attempts only"), required=False, widget=forms.CheckboxInput(attrs={"class": "tick", "value": "yes"})
    )

    def filters(self, by: Caller) -> Filters:
        """Return what is asked for; raises Invalid, with the field as its place, for who or what nobody is called."""
        given = self.cleaned_data
        subject, actor, resource, home = given["subject"], given["actor"], given["resource"], given["organization"]
        return Filters(
            actor=references.principal(by=by, text=actor, place="actor").id if actor else None,
            subject=references.principal(by=by, text=subject, place="subject").id if subject else None,
            resource=references.resource(by=by, text=resource, place="resource").id if resource else None,
            organization=references.organization(by=by, text=home, place="organization").id if home else None,
            action=given["action"],
            channel=Channel(given["channel"]) if given["channel"] else None,
            refused=given["refused"],
            since=_beginning(given["since"]),
            until=_end(given["until"]),
        )

    @property
    def kept(self) -> dict[str, str]:
        """Return what is asked for as it stands in the address."""
        return {name: self.data.get(name, "") for name in self.fields if self.data.get(name)}


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else make_aware(datetime.combine(day, time()))


def _end(day: date | None) -> datetime | None:
    """Return when a day is over; None for no day, and for the last one that the calendar has."""
    return None if day is None or day == date.max else _beginning(day + A_DAY)
