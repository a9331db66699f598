"""Navigation: the lines at the left, for who reads and for where they are."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from keyholder.interfaces.console.parts.navigation import NavItem, NavSection
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms
from keyholder.services.caller import Caller
from keyholder.services.queries import frames

LINES = {
    "group": "groups",
    "request": "requests",
    "link": "requests",
    "organization": "organizations",
    "event": "activity",
    "provider": "providers",
}
"""What the name of an address begins with, and the line under which it stands, where the two differ."""


def sections(by: Caller, match: ResolverMatch | None, *, is_operator: bool) -> tuple[NavSection, ...]:
    """Return the navigation, the line of this page marked."""
    here = current(match)
    found = [
        NavSection(
            "",
            (
                _item("home", _("Home"), "house", reverse("console:home"), here),
                _item("requests", _("Requests"), "hand", reverse("console:requests"), here),
            ),
        ),
        NavSection(_("Admin"), tuple(_platforms(by, here, is_operator=is_operator))),
        NavSection(
            _("Organization"),
            (
                _item("organizations", _("Organizations"), "building-2", reverse("console:organizations"), here),
                _item("groups", _("Groups"), "users-round", reverse("console:groups"), here),
            ),
        ),
        NavSection(
            _("Insight"),
            (
                _item("activity", _("Activity"), "history", reverse("console:activity"), here),
                _item("explain", _("Why?"), "circle-question-mark", reverse("console:explain"), here),
            ),
        ),
    ]
    if is_operator:
        operator = (
            _item("people", _("People"), "user-cog", reverse("console:people"), here),
            _item("mail", _("Mail"), "mail", reverse("console:mail"), here),
            _item("providers", _("Identity providers"), "log-in", reverse("console:providers"), here),
        )
        found.append(NavSection(_("Operator"), operator))
    return tuple(section for section in found if section.items)


def current(match: ResolverMatch | None) -> str:
    """Return the line under which a page stands: its platform for what is about a node, else what its address's name begins with."""
    if match is None:
        return ""
    catalogue = platforms.catalogue()
    type_name = str(match.kwargs.get("type", ""))
    platform = catalogue.of(type_name).name if type_name in catalogue.types else match.kwargs.get("platform")
    if platform:
        return f"admin:{platform}"
    first = (match.url_name or "").split("-")[0]
    return LINES.get(first, first)


def _platforms(by: Caller, here: str, *, is_operator: bool) -> Iterator[NavItem]:
    creating = is_operator or not settings.ACCOUNTS_BY_OPERATOR
    blueprints = platforms.catalogue().blueprints
    for name in frames.platforms(by=by, creating=creating):
        blueprint = blueprints[name]
        icon = blueprint.root_type.icon or places.UNKNOWN_ICON
        yield _item(f"admin:{name}", label(blueprint.labels), icon, places.admin_url(name), here)


def _item(key: str, text: str, icon: str, url: str, here: str) -> NavItem:
    return NavItem(text, icon, url, current=key == here)
