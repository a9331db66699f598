"""Trees of access as pages show them: a node for each resource, with what is held there and where it can be changed (R016, R076)."""

from collections.abc import Sequence

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.parts.access import Node, Platform
from keyholder.interfaces.console.shown import access, places
from keyholder.interfaces.http.wording import label
from keyholder.services import platforms as blueprints
from keyholder.services.access_trees import AccessNode, PlatformAccess


def platforms(found: Sequence[PlatformAccess], of: PrincipalId) -> tuple[Platform, ...]:
    """Show the trees of what a principal holds; a pencil leads to the editor where the reader may change it."""
    known = blueprints.catalogue().blueprints
    return tuple(Platform(label(known[each.platform].labels), nodes(each.nodes, of)) for each in found)


def nodes(found: Sequence[AccessNode], of: PrincipalId) -> tuple[Node, ...]:
    """Show nodes and what is below them."""
    return tuple(_node(node, of) for node in found)


def _node(node: AccessNode, of: PrincipalId) -> Node:
    resource = node.resource
    return Node(
        resource.name,
        places.kind(resource),
        places.icon(resource),
        resource.ref.key,
        places.page_url("users", resource) if node.can_change else "",
        access.chips(node.access) if node.access else (),
        node.until,
        places.page_url("permissions", resource, of) if node.can_change else "",
        nodes(node.children, of),
    )
