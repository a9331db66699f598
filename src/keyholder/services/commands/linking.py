"""Linking a root resource to an organization and unlinking it: its rows change their tenant, its log goes on elsewhere (semantics 5, 9)."""

from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import PrincipalKind, ResourceId, TenantId
from keyholder.services import link_request_rows
from keyholder.services.acting import Act
from keyholder.services.commands import bindings
from keyholder.storage import belonging, subtrees
from keyholder.storage.models import Binding, Organization, Resource, Tenant
from keyholder.storage.models.tenants import TenantKind


def relink(act: Act, row: Resource, organization: Organization | None, reason: str = "") -> None:
    """Make a resource and everything below it belong to this organization, or to none; rights to do so were asked before.

    Bindings of the former organization's groups go, each with its event. The tenant that is left gets a last event that names the head of
    the log that goes on; without an organization the resource goes on in the log that its link closed (semantics 9). The caller holds the
    instance lock alone, and the tenants of both sides.
    """
    before = Organization.objects.filter(pk=row.organization_id or 0).select_related("tenant").first()
    if before is not None:
        _drop_group_bindings(act, row, reason)
    former, home = row.tenant, organization.tenant if organization is not None else _tenant_outside(row)
    act.adopt(former)
    act.adopt(home)
    here = act.tenants[TenantId(home.pk)]
    linked = organization if organization is not None else before
    act.ledger.change(row, organization=organization, tenant=here)
    for node in subtrees.below(row).exclude(pk=row.pk):
        act.ledger.change(node, tenant=here)
    details: dict[str, Value] = {
        "resource": row.name,
        "organization": linked.name if linked is not None else "",
        "head": here.head,
        "number": here.number,
    }
    action = "organization.account_linked" if organization is not None else "organization.account_unlinked"
    event = Event(action, "resource", row.pk, ResourceId(row.pk), details=details, reason=reason)
    act.record(event, tenant=TenantId(here.pk), also=[TenantId(former.pk)])
    if organization is not None:
        link_request_rows.close(act, row)


def group_bindings(row: Resource) -> list[Binding]:
    """Return the bindings of groups in a resource's whole subtree: what goes when its organization goes."""
    return list(subtrees.bindings_within(row).filter(principal__kind=PrincipalKind.GROUP.value))


def _drop_group_bindings(act: Act, row: Resource, reason: str) -> None:
    for binding in group_bindings(row):
        bindings.delete(act, binding, binding.resource, reason)


def _tenant_outside(row: Resource) -> Tenant:
    outside = belonging.tenant_outside(ResourceId(row.pk))
    return Tenant.objects.create(kind=TenantKind.ROOT) if outside is None else Tenant.objects.get(pk=outside)
