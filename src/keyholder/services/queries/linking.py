"""Linking, before anybody decides: to which organizations the reader can link an account, the guided step before a first group (R066)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.link_rights import may_link
from keyholder.services.queries.organizations import view_of
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.services.read_models import OrganizationView, ResourceView
from keyholder.storage import lineages, locks
from keyholder.storage.models import Organization, OrganizationMember, OrganizationSuspension, Resource


@dataclass(frozen=True, slots=True)
class Linking:
    """Whether the reader can link an account, and to which organizations at once (R066, semantics 5)."""

    account: ResourceView
    """The node of the lineage that is linked."""
    organization: OrganizationView | None
    """The one it is linked to already."""
    may_link: bool
    own: tuple[OrganizationView, ...] = ()
    """Organizations that the reader is an admin of."""


def linking(*, by: Caller, at: ResourceId) -> Linking:
    """Say whether and how the caller can link the account of a resource to an organization: the guided step before the first group (R066).

    Raises NotFound for a resource that does not exist for the caller.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_seen(authority, at)
        account = _linked_level(authority, row)
        home = Organization.objects.filter(tenant=row.tenant_id).first() if authority.sees_more_than_the_name(row) else None
        return Linking(
            naming.resource_view(account),
            None if home is None else view_of(home),
            may_link(authority, account),
            administered_by(authority),
        )


def administered_by(authority: Authority) -> tuple[OrganizationView, ...]:
    """Return the organizations that the caller is an active admin of and that their session opens, by name; all for the instance."""
    rows = Organization.objects.order_by("name_key", "pk")
    if authority.by.principal is not None:
        admins = OrganizationMember.objects.filter(
            user=authority.by.principal, user__status=Status.ACTIVE.value, role=OrganizationRole.ADMIN.value
        )
        out = OrganizationSuspension.objects.filter(user=authority.by.principal)
        rows = rows.filter(pk__in=admins.values("organization")).exclude(pk__in=out.values("organization"))
        rows = rows.exclude(pk__in=[one.organization for one in authority.by.closed])
    return tuple(map(view_of, rows))


def _linked_level(authority: Authority, row: Resource) -> Resource:
    """Return the node of a resource's lineage that carries its link to an organization; its root where no type of the platform does."""
    lineage = lineages.of(row)
    return next((node for node in lineage if authority.catalogue.types[node.type].links), lineage[-1])
