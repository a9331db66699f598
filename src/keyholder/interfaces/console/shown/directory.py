"""The directory of an instance as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyholder.interfaces.console.parts.marks import Who
from keyholder.interfaces.console.parts.navigation import Tab
from keyholder.interfaces.console.shown import principals
from keyholder.interfaces.console.shown.paging import query
from keyholder.services.queries.directory import Directory, Listed, Whom

TABS = {
    Whom.EVERYBODY: gettext_lazy("Everybody"),
    Whom.OPERATORS: gettext_lazy("Operators"),
    Whom.SUSPENDED: gettext_lazy("Suspended"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person."""

    who: Who
    signs_in: str
    seen: datetime | None


def whom(text: str) -> Whom:
    """Return which list an address asks for; everybody for what is none."""
    return Whom(text) if text in set(Whom) else Whom.EVERYBODY


def tabs(found: Directory, current: Whom, text: str) -> tuple[Tab, ...]:
    """Lead from one list to another."""
    url = reverse("console:people")
    kept = {kind: "" if kind is Whom.EVERYBODY else kind.value for kind in Whom}
    return tuple(Tab(str(TABS[k]), url + query({"whom": kept[k], "q": text}), found.counts[k], current=k is current) for k in Whom)


def rows(found: Directory) -> tuple[Row, ...]:
    """Show the people of a page."""
    return tuple(Row(principals.who(row.principal, row.badges), _signs_in(row), row.last_seen) for row in found.rows)


def _signs_in(row: Listed) -> str:
    """Say with what somebody signs in."""
    ways = [words for words, has in ((_("Password"), row.has_password), (_("Identity provider"), row.has_identity)) if has]
    return ", ".join(ways) or _("not yet")
