"""What a group has, level by level, in the accounts that are linked to its organization (R070, R075, R076)."""

from dataclasses import dataclass, field

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.services import access_trees, naming
from keyholder.services.access_trees import PlatformAccess
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import manages
from keyholder.services.queries.groups import group_seen, visible_among
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import group_lists, locks, slices, trees
from keyholder.storage.models import Group

MOST_NODES = 400
"""Nodes that a page shows whole; of a larger organization, the accounts and what leads to where the group is bound."""


@dataclass(frozen=True)
class GroupAccess:
    """The trees of each platform: the set at each node, local and inherited, and whether the reader may change it there."""

    group: PrincipalId
    platforms: tuple[PlatformAccess, ...] = ()
    is_whole: bool = field(default=True, kw_only=True)
    """Every node that the reader may see is shown, also where the group has nothing."""


def access(*, by: Caller, of: PrincipalId) -> GroupAccess:
    """Return what a group has in the accounts linked to its organization, as far as the caller may see.

    What a group has comes from its own bindings and from those of the groups around it. A fixed number of queries. Raises NotFound outside
    the organization.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        nodes, is_whole = _nodes(authority, row)
        asking = [of, *([by.principal] if by.principal is not None else [])]
        facts = slices.of(asking, nodes)
        held = access_trees.held(facts, authority.catalogue, of, nodes, by.at)
        changeable = {node for node in nodes if by.principal is None or manages(held.decided, by.principal, node)}
        names = naming.of_sources(authority.catalogue, held.sources, principals=[of], resources=held.resources.union(nodes))
    return GroupAccess(of, access_trees.forest(held, names, changeable, nodes), is_whole=is_whole)


def _nodes(authority: Authority, group: Group) -> tuple[set[ResourceId], bool]:
    """Return the nodes to show, with everything above them, and whether they are all that the caller may see."""
    organization = OrganizationId(group.organization_id)
    every = trees.linked_to(organization, MOST_NODES + 1)
    if len(every) <= MOST_NODES:
        return visible_among(authority, every), True
    bound = [place for _group, place in group_lists.bound([PrincipalId(group.pk)], authority.by.at)]
    return visible_among(authority, trees.leading_to(organization, bound)), False
