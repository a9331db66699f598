"""Before a group is given permissions at a node: which groups there are to choose from, or why there can be none yet (R066, R075)."""

from dataclasses import dataclass, field

from keyholder.domain.identifiers import ResourceRef
from keyholder.services import cursors, naming
from keyholder.services.caller import Caller
from keyholder.services.queries import groups, linking
from keyholder.services.queries.groups import GroupRow
from keyholder.services.queries.linking import Linking
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import OrganizationView, ResourceView
from keyholder.storage import lineages, locks


@dataclass(frozen=True, slots=True)
class GroupBinding:
    """Where a group is to be bound, and the first groups of the organization, by name."""

    path: tuple[ResourceView, ...]
    """The root first, the node last."""
    linking: Linking
    groups: tuple[GroupRow, ...] = ()
    total: int = 0
    can_link: bool = field(default=True, kw_only=True)
    """Nodes of this platform can be linked to an organization, without which no group can be bound there."""

    @property
    def resource(self) -> ResourceView:
        """The node itself."""
        return self.path[-1]

    @property
    def organization(self) -> OrganizationView | None:
        """The organization that it is linked to."""
        return self.linking.organization


def binding(*, by: Caller, at: ResourceRef, search: str = "") -> GroupBinding:
    """Return what choosing a group for a node needs. Raises NotFound, and Forbidden without the granting permission there."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, at)
        authority.require_granting(row)
        path = tuple(naming.resource_view(above) for above in reversed(lineages.of(row)))
        found = linking.linking(by=by, at=path[-1].id)
        links = any(kind.links for kind in authority.catalogue.of(row.type).types.values())
        if found.organization is None:
            return GroupBinding(path, found, can_link=links)
        listed = groups.groups(by=by, organization=found.organization.id, search=search, size=cursors.LARGEST)
        return GroupBinding(path, found, listed.rows, listed.total, can_link=links)
