"""The columns of the administration: one level of a platform beside the other, each with what can be done there (R040)."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from keyholder.domain.blueprint import Blueprint
from keyholder.domain.identifiers import ResourceId
from keyholder.interfaces.console.parts.access import AdminColumn, AdminNode
from keyholder.interfaces.console.parts.marks import Link
from keyholder.interfaces.console.shown import places
from keyholder.interfaces.console.shown.resources import creating, lacking
from keyholder.interfaces.http.wording import label, words
from keyholder.services.queries.rights import Rights
from keyholder.services.queries.tree import Column
from keyholder.services.read_models import ResourceView

FEW = 10
"""Nodes among which nobody needs to search."""


def columns(
    blueprint: Blueprint, found: Sequence[Column], rights: Mapping[ResourceId, Rights], find: Sequence[str], *, may_create: bool
) -> tuple[AdminColumn, ...]:
    """Show the columns; ``may_create`` says whether the reader may make what stands at the top of the platform."""
    shown = []
    above: ResourceView | None = None
    for depth, column in enumerate(found):
        making = _making_tops(blueprint, may_create=may_create) if not depth else _making_below(blueprint, column, above, rights)
        links = (*making, *_links(blueprint, column.selected, rights, column.people))
        shown.append(_column(blueprint, column, depth, find[depth], links, is_open=not depth or above is not None))
        above = column.selected
    return tuple(shown)


def _column(blueprint: Blueprint, column: Column, depth: int, text: str, links: Sequence[Link], *, is_open: bool) -> AdminColumn:
    kinds = [blueprint.types[name] for name in column.types]
    return AdminColumn(
        "-".join(column.types),
        ", ".join(label(kind.plural) for kind in kinds),
        kinds[0].icon or places.UNKNOWN_ICON,
        tuple(_node(blueprint, node, column) for node in column.nodes),
        column.total,
        tuple(links),
        _emptiness(depth, text, is_open=is_open),
        f"find{depth}" if column.total > FEW or text else "",
        text,
    )


def _node(blueprint: Blueprint, node: ResourceView, column: Column) -> AdminNode:
    is_current = column.selected is not None and node.id == column.selected.id
    several = f"{label(blueprint.types[node.type].labels)} " if len(column.types) > 1 else ""
    return AdminNode(node.name, several + node.ref.key, places.url(node), is_current)


def _emptiness(depth: int, text: str, *, is_open: bool) -> str:
    if text:
        return _("Nothing here matches “%(text)s”.") % {"text": text}
    if not depth:
        return _("Nothing here that you can reach.")
    return _("Nothing here yet.") if is_open else _("Choose one in the column before.")


def _making_tops(blueprint: Blueprint, *, may_create: bool) -> Iterator[Link]:
    text = creating(blueprint.root_type)
    if may_create:
        yield Link(text, "plus", reverse("console:create-top", args=[blueprint.name]))
    else:
        yield Link(text, "plus", refusal=_("Only an operator makes these here."))


def _making_below(blueprint: Blueprint, column: Column, above: ResourceView | None, rights: Mapping[ResourceId, Rights]) -> Iterator[Link]:
    if above is None:
        return
    for child in blueprint.children_of(above.type):
        if child.name in rights[above.id].create:
            yield Link(creating(child), "plus", places.page_url("create", above, child.name))
        elif child.name in column.types:
            yield Link(creating(child), "plus", refusal=words(lacking(above, f"{child.name}.create")))


def _links(blueprint: Blueprint, selected: ResourceView | None, rights: Mapping[ResourceId, Rights], people: int | None) -> Iterator[Link]:
    if selected is None:
        return
    if rights[selected.id].see_users:
        yield Link(_("User management"), "users", places.page_url("users", selected), count=people)
    else:
        yield Link(_("User management"), "users", refusal=words(lacking(selected, blueprint.granting)))
    if any(selected.type in kind.types or kind.applies_to == selected.type for kind in blueprint.assets.values()):
        yield Link(_("Assets"), "shapes", places.page_url("assets", selected))
    yield Link(_("Settings"), "settings-2", places.page_url("settings", selected))
