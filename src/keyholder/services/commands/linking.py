"""Linking a root resource to an organization and unlinking it: its rows change their tenant, its log goes on elsewhere (semantics 5, 9)."""

from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import ResourceId, TenantId
from keyholder.services.acting import Act
from keyholder.services.commands import bindings
from keyholder.storage.models import Binding, Organization, Resource, Tenant
from keyholder.storage.models.tenants import TenantKind


def relink(act: Act, row: Resource, organization: Organization | None) -> None:
    """Make a resource and everything below it belong to this organization, or to none; rights to do so were asked before.

    Bindings of the former organization's groups go, each with its event. The tenant that is left gets a last event that names the head of
    the log that goes on (semantics 9); the caller holds the instance lock alone.
    """
    before = Organization.objects.filter(pk=row.organization_id or 0).select_related("tenant").first()
    if before is not None:
        _drop_group_bindings(act, row)
    former, home = row.tenant, organization.tenant if organization is not None else Tenant.objects.create(kind=TenantKind.ROOT)
    act.adopt(former)
    act.adopt(home)
    here = act.tenants[TenantId(home.pk)]
    linked = organization if organization is not None else before
    act.ledger.change(row, organization=organization, tenant=here)
    for node in below(row):
        act.ledger.change(node, tenant=here)
    details: dict[str, Value] = {
        "resource": row.name,
        "organization": linked.name if linked is not None else "",
        "head": here.head,
        "number": here.number,
    }
    action = "organization.account_linked" if organization is not None else "organization.account_unlinked"
    event = Event(action, "resource", row.pk, ResourceId(row.pk), details=details)
    act.record(event, tenant=TenantId(here.pk), also=[TenantId(former.pk)])


def below(row: Resource) -> list[Resource]:
    """Return everything below a resource, the resource itself apart."""
    return list(Resource.objects.filter(path__gt=row.path, path__lt=row.path[:-1] + "0").order_by("path"))


def group_bindings(row: Resource) -> list[Binding]:
    """Return the bindings of groups in a resource's whole subtree: what goes when its organization goes."""
    within = Binding.objects.filter(resource__path__gte=row.path, resource__path__lt=row.path[:-1] + "0")
    return list(within.filter(principal__group__isnull=False).select_related("resource").order_by("pk"))


def _drop_group_bindings(act: Act, row: Resource) -> None:
    for binding in group_bindings(row):
        bindings.delete(act, binding, binding.resource)
