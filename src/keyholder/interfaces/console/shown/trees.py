"""Trees of access as pages show them: a node for each resource, with what is held there and where it can be changed (R016, R076)."""

from collections.abc import Iterable, Iterator, Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.interfaces.console.parts.access import Node, Platform
from keyholder.interfaces.console.shown import access, places, principals
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms as blueprints
from keyholder.services.access_trees import AccessNode, PlatformAccess
from keyholder.services.read_models import SourceView


def platforms(found: Sequence[PlatformAccess], of: PrincipalId) -> tuple[Platform, ...]:
    """Show the trees of what a principal holds; a pencil leads to the editor where the reader may change it."""
    known = blueprints.catalogue().blueprints
    changeable = frozenset(_changeable(node for each in found for node in each.nodes))

    def where(source: SourceView) -> str:
        if source.groups:
            return principals.url_of(source.groups[0])
        return places.page_url("permissions", source.resource, of) if source.resource.id in changeable else ""

    return tuple(Platform(label(known[each.platform].labels), tuple(_node(node, of, where) for node in each.nodes)) for each in found)


def _changeable(nodes: Iterable[AccessNode]) -> Iterator[ResourceId]:
    """Go through the nodes where the reader may change something, whatever their depth."""
    for node in nodes:
        if node.can_change:
            yield node.resource.id
        yield from _changeable(node.children)


def _node(node: AccessNode, of: PrincipalId, where: access.Where) -> Node:
    resource = node.resource
    return Node(
        resource.name,
        places.kind(resource),
        places.icon(resource),
        resource.ref.key,
        places.page_url("users", resource) if node.can_change else "",
        access.chips(node.access, where) if node.access else (),
        node.until,
        places.page_url("permissions", resource, of) if node.can_change else "",
        tuple(_node(child, of, where) for child in node.children),
    )
