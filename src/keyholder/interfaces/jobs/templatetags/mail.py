"""Tags and filters of the mails' templates."""

from collections.abc import Iterable
from datetime import UTC

from django import template
from django.utils.translation import gettext

from keyholder.domain.moments import read_moment
from keyholder.interfaces.http import dates
from keyholder.interfaces.http.wording import label
from keyholder.interfaces.jobs.writing import BREAK, QUOTE
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
    """Name a type of resource and its platform, in the mail's language."""
    catalogue = platforms.catalogue()
    if type_name not in catalogue.types:
        return type_name
    return f"{label(catalogue.types[type_name].labels)}, {label(catalogue.of(type_name).labels)}"


@register.filter
def moment(written: str) -> str:
    """Name a moment that is written as text: to the minute in UTC, for a mail knows no zone of its reader."""
    return dates.exactly(read_moment(written), UTC) if written else ""


@register.filter
def who(name: str) -> str:
    """Name who acted; nobody's name is the operator, who acts from the command line."""
    return name or gettext("The operator")


@register.filter
def quoted(words: str) -> str:
    """Quote what somebody wrote, every line of it."""
    return QUOTE + words.replace(BREAK, BREAK + QUOTE)
