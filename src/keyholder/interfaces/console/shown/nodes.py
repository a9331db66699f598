"""A node whose access is managed: the path to it, what of that the reader manages, and where things about people can be changed."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, ResourceRef
from keyholder.engine.sources import SourceKind
from keyholder.interfaces.console.shown import places, principals
from keyholder.interfaces.console.shown.paging import query
from keyholder.services.caller import Caller
from keyholder.services.queries import tree
from keyholder.services.queries.rights import rights
from keyholder.services.read_models import PrincipalView, ResourceView, SourceView


@dataclass(frozen=True)
class Node:
    """A node with everything above it."""

    path: tuple[ResourceView, ...]
    managed: Collection[ResourceId] = field(default_factory=frozenset)

    @property
    def here(self) -> ResourceView:
        """Return the node itself."""
        return self.path[-1]

    @property
    def account(self) -> ResourceView | None:
        """Return the account that it belongs to, or is; None above that level."""
        return next((node for node in self.path if places.type_of(node).account_level), None)

    @property
    def is_account(self) -> bool:
        """Whether people are removed here (R050)."""
        return self.account == self.here

    @property
    def is_managed(self) -> bool:
        """Whether the reader manages users here; else they only see them."""
        return self.here.id in self.managed

    def url(self, page: str = "users", *more: object) -> str:
        """Return the address of a page about it."""
        return places.page_url(page, self.here, *more)

    def change_url(self, resource: ResourceView, principal: PrincipalId) -> str:
        """Return the address of the permission editor somewhere on the path; empty where the reader does not manage."""
        return places.page_url("permissions", resource, principal) if resource.id in self.managed else ""

    def lead(self, source: SourceView, principal: PrincipalId) -> str:
        """Return where something can be changed: the group, the organization, or the editor at the place where it stands (R017)."""
        if source.kind is SourceKind.GROUP:
            return principals.url_of(source.groups[0])
        if source.kind is SourceKind.ORGANIZATION:
            return organization_url(source.organization.id) if source.organization else ""
        return self.change_url(source.resource, principal)


def node_of(by: Caller, type_name: str, key: str) -> Node:
    """Return the node that an address names, with what the reader manages on its path. Raises NotFound."""
    path = tree.path(by=by, ref=ResourceRef(type_name, key))
    found = rights(by=by, at=[resource.id for resource in path])
    return Node(path, frozenset(resource for resource, may in found.items() if may.manage))


def organization_url(organization: OrganizationId) -> str:
    """Return the address of an organization's page."""
    return reverse("console:organization", args=[organization])


def why_url(principal: PrincipalView, resource: ResourceView) -> str:
    """Return the address at which it is explained what somebody may do somewhere."""
    return reverse("console:explain") + query({"who": principal.address or principal.name, "where": str(resource.ref)})


def removed_elsewhere(node: Node) -> str:
    """Say where people are removed, where it is not here (R050, R051)."""
    if node.account is None:
        return _("People are removed from an account; here you can change what they may do.")
    return _("People are removed at the account %(account)s; here you can change what they may do.") % {"account": node.account.name}
