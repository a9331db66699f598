"""The roster as a table for spreadsheets: a row for each who matches, on whatever page."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from keyholder.domain.moments import write_moment
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.roster import RosterRow

BETWEEN = ", "


def head() -> tuple[str, ...]:
    """Return the heads of the columns."""
    return (
        _("Name"),
        _("Address"),
        _("Kind"),
        _("Permissions here"),
        _("From elsewhere"),
        _("In force"),
        _("Source"),
        _("Until"),
        _("Last seen"),
        _("Remarks"),
    )


def row(found: RosterRow) -> tuple[str, ...]:
    """Return the cells of one row; moments as they are written in UTC."""
    return tuple(_cells(found))


def _cells(found: RosterRow) -> Iterator[str]:
    view = found.access
    who = principals.who(view.principal, found.badges, linked=False)
    chips = access.chips(view)
    yield who.name
    yield who.address
    yield {"user": _("Person"), "group": _("Group")}.get(who.kind, _("Service account"))
    yield BETWEEN.join(chip.label for chip in chips if chip.local)
    yield BETWEEN.join(chip.label for chip in chips if not chip.local)
    yield BETWEEN.join(access.names(view.effective.shown, places.blueprint_of(view.resource)))
    yield BETWEEN.join(_sources(found))
    yield "" if found.until is None else write_moment(found.until)
    yield "" if found.last_seen is None else write_moment(found.last_seen)
    yield BETWEEN.join(badge.label for badge in who.badges)


def _sources(found: RosterRow) -> Iterator[str]:
    yield from (words(source.label) for source in found.access.sources)
    yield from (source.label for source in access.below(found.below, found.more_below))
