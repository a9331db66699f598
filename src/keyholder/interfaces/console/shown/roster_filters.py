"""The filters of a roster as chips, and those that can be added (R061)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from keyholder.domain.principals import Status
from keyholder.domain.roster import Origin
from keyholder.interfaces.console.forms.roster import FILTERS, NO, YES, Asked
from keyholder.interfaces.console.parts.lists import Filter, FilterField
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.wording import label
from keyholder.services.queries.joinable_groups import JoinableGroup
from keyholder.services.read_models import ResourceView

ENDING = (7, 30, 90)
"""Days within which something ends."""
Options = tuple[tuple[str, str], ...]


def fields(resource: ResourceView, groups: Sequence[JoinableGroup], asked: Asked) -> tuple[FilterField, ...]:
    """Return the filters that can be added; those about an organization's groups only where there are any."""
    yes_no: Options = ((YES, _("Yes")), (NO, _("No")))
    found = (
        ("name", pgettext("of a person", "Name"), "user", ()),
        ("address", _("Address"), "at-sign", ()),
        ("permission", _("Permission"), "key-round", _permissions(resource)),
        ("group", _("Group"), "users-round", tuple((str(row.group.id), row.group.name) for row in groups)),
        ("origin", _("Direct or inherited"), "corner-down-right", _origins()),
        ("admin", _("Organization admin"), "building-2", yes_no),
        ("outside", _("Policy violation"), "triangle-alert", yes_no),
        ("status", _("Status"), "circle-dot", _statuses()),
        ("ending", _("Ends soon"), "clock", _endings()),
    )
    return tuple(
        FilterField(name, title, icon, asked.given.get(name, ""), options)
        for name, title, icon, options in found
        if name != "group" or groups
    )


def chips(shown: Sequence[FilterField], asked: Asked) -> tuple[Filter, ...]:
    """Return the filters in force, each with the address of the list without it."""
    return tuple(
        Filter(field.label, dict(field.options).get(field.value, field.value), asked.query(**{field.name: ""}) or "?")
        for field in shown
        if field.value
    )


def cleared(asked: Asked) -> str:
    """Return the address of the same tab in the same order with everybody in it."""
    return asked.query(q="", **dict.fromkeys(FILTERS, "")) or "?"


def _permissions(resource: ResourceView) -> Options:
    return tuple((permission.name, label(permission.labels)) for permission in places.blueprint_of(resource).permissions.values())


def _origins() -> Options:
    return (
        (Origin.DIRECT.value, _("Given here")),
        (Origin.INHERITED.value, _("Only from elsewhere")),
        (Origin.BELOW.value, _("Only below")),
    )


def _statuses() -> Options:
    return ((Status.ACTIVE.value, _("Active")), (Status.SUSPENDED.value, _("Suspended")))


def _endings() -> Options:
    return tuple((str(days), ngettext("Within %(days)d day", "Within %(days)d days", days) % {"days": days}) for days in ENDING)
