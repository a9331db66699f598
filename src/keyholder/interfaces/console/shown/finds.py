"""What a search found, kind by kind."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from keyholder.domain.names import name_key
from keyholder.interfaces.console.parts.navigation import Hit, Hits, NavItem, NavSection
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.http.wording import label
from keyholder.services.queries.tree import Found
from keyholder.services.read_models import PrincipalView, ResourceView


def sections(found: Found, pages: Iterable[NavSection], text: str) -> tuple[Hits, ...]:
    """Show what was found; kinds of which there is nothing are left out."""
    kinds = (
        Hits(_("People"), tuple(map(_principal, found.people))),
        Hits(_("Groups"), tuple(map(_principal, found.groups))),
        Hits(_("Resources"), tuple(map(_resource, found.resources))),
        Hits(_("Pages"), tuple(map(_page, _matching(pages, text)))),
    )
    return tuple(kind for kind in kinds if kind.hits)


def _principal(view: PrincipalView) -> Hit:
    who = principals.who(view)
    return Hit(who.shown, who.url, who.address if who.address != who.shown else "", who=who)


def _resource(view: ResourceView) -> Hit:
    platform = label(places.blueprint_of(view).labels)
    return Hit(view.name, places.url(view), f"{places.kind(view)} {view.ref.key}", platform, places.icon(view))


def _page(item: NavItem) -> Hit:
    return Hit(item.label, item.url, icon=item.icon)


def _matching(pages: Iterable[NavSection], text: str) -> Iterator[NavItem]:
    wanted = name_key(text)
    if wanted:
        yield from (item for section in pages for item in section.items if wanted in name_key(item.label))
