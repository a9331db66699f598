"""Access as pages show it: solid where it is given at the very place, an outline with its source where not (R016, R017)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keyholder.domain.blueprint import Blueprint
from keyholder.engine.sources import SourceKind
from keyholder.interfaces.console.parts.marks import Chip, Source
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.http.wording import label, words
from keyholder.services.read_models import AccessView, ResourceView, SourceView

Where = Callable[[SourceView], str]
"""The address at which something can be changed; empty where the reader can't."""
VIA: dict[SourceKind, Literal["resource", "group", "organization"]] = {
    SourceKind.DIRECT: "resource",
    SourceKind.GROUP: "group",
    SourceKind.ORGANIZATION: "organization",
}
ICONS = {"resource": "corner-down-right", "group": "users-round", "organization": "building-2"}


def nowhere(_source: SourceView) -> str:
    """Lead to no place."""
    return ""


def chips(access: AccessView, where: Where = nowhere) -> tuple[Chip, ...]:
    """Show what somebody holds: what is bound to them here first, then what else there is beyond that."""
    blueprint = places.blueprint_of(access.resource)
    here = [source for source in access.sources if is_direct(source)]
    found = [Chip(text) for text in _labels(here, blueprint)]
    held = {name for source in here for name in source.permissions.names}
    for source in access.sources:
        beyond = [name for name in source.permissions.names if name not in held]
        if not is_direct(source) and beyond:
            said, via, url = words(source.label), VIA[source.kind], where(source)
            found += [Chip(text, local=False, source=said, via=via, url=url) for text in _given(source, beyond, blueprint)]
            held.update(beyond)
    return tuple(found)


def sources(access: AccessView, where: Where = nowhere) -> tuple[Source, ...]:
    """Say where access comes from, each way once."""
    said = {words(source.label): source for source in reversed(access.sources)}
    return tuple(Source(_sentence_case(text), where(source), ICONS[VIA[source.kind]]) for text, source in reversed(said.items()))


def below(found: Sequence[ResourceView], more: int, where: Callable[[ResourceView], str] = lambda _place: "") -> tuple[Source, ...]:
    """Say at which places below somebody has access, and at how many more."""
    named = [Source(_("At %(place)s") % {"place": place.name}, where(place), ICONS["resource"]) for place in found]
    rest = [Source(ngettext("and %(count)d more place", "and %(count)d more places", more) % {"count": more})] if more else []
    return (*named, *rest)


def is_direct(source: SourceView) -> bool:
    """Say whether something is bound to the principal itself at the very resource."""
    return source.kind is SourceKind.DIRECT and not source.inherited


def names(permissions: Sequence[str], blueprint: Blueprint) -> list[str]:
    """Return what people call permissions or roles; its own name for one that the blueprint has no more."""
    known = {*blueprint.permissions, *blueprint.roles}
    return [label(blueprint.called(name).labels) if name in known else name for name in permissions]


def _labels(direct: Iterable[SourceView], blueprint: Blueprint) -> list[str]:
    """Return the roles that are bound, and the fewest permissions beside them that say it all."""
    rows = list(direct)
    roles = list(dict.fromkeys(source.role for source in rows if source.role))
    single = blueprint.mask({name for source in rows if not source.role for name in source.permissions.names})
    return names([*roles, *blueprint.minimal(single)], blueprint)


def _given(source: SourceView, beyond: Sequence[str], blueprint: Blueprint) -> list[str]:
    if source.role and source.kind is not SourceKind.ORGANIZATION:
        return names([source.role], blueprint)
    return names(blueprint.minimal(blueprint.mask(beyond)), blueprint)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
