"""Tags and filters of the mails' templates."""

from collections.abc import Iterable

from django import template

from keyholder.domain.moments import read_moment
from keyholder.interfaces.http import dates
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms

register = template.Library()


@register.filter
def called(names: Iterable[str], type_name: str) -> str:
    """Name permissions or roles of a type of resource by what its platform calls them, in the mail's language."""
    catalogue = platforms.catalogue()
    if type_name not in catalogue.types:
        return ", ".join(names)
    blueprint = catalogue.of(type_name)
    known = {*blueprint.permissions, *blueprint.roles}
    return ", ".join(label(blueprint.called(name).labels) if name in known else name for name in names)


@register.filter
def kind(type_name: str) -> str:
    """Name a type of resource, in the mail's language."""
    catalogue = platforms.catalogue()
    return label(catalogue.types[type_name].labels) if type_name in catalogue.types else type_name


@register.filter
def day(moment: str) -> str:
    """Name the day of a moment that is written as text; a day has no zone in a mail, so that of the moment in UTC."""
    return dates.written_out(read_moment(moment).date()) if moment else ""
