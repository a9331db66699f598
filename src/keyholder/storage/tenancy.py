"""Tenancy: to which tenant a row belongs."""

from collections.abc import Collection, Sequence

from keyholder.domain.identifiers import AssetId, OrganizationId, PrincipalId, ResourceId, TenantId
from keyholder.storage.models import Asset, Group, Invitation, Organization, Resource, Tenant
from keyholder.storage.models.tenants import TenantKind
from keyholder.storage.sql import column, ids


def instance() -> TenantId:
    """Return the instance's own tenant; the migrations made it."""
    return TenantId(Tenant.objects.values_list("pk", flat=True).get(kind=TenantKind.INSTANCE))


def everything() -> Sequence[TenantId]:
    """Return every tenant, the instance's first."""
    first = instance()
    return [first, *(TenantId(pk) for pk in Tenant.objects.exclude(pk=first).order_by("pk").values_list("pk", flat=True))]


def of_resources(resources: Collection[ResourceId]) -> Sequence[TenantId]:
    """Return the tenants of these resources, in the order given."""
    found = dict(Resource.objects.filter(pk__in=resources).values_list("pk", "tenant_id"))
    return list(dict.fromkeys(TenantId(found[r]) for r in resources if r in found))


def of_organizations(organizations: Collection[OrganizationId]) -> Sequence[TenantId]:
    """Return the tenants of these organizations, in the order given."""
    found = dict(Organization.objects.filter(pk__in=organizations).values_list("pk", "tenant_id"))
    return list(dict.fromkeys(TenantId(found[o]) for o in organizations if o in found))


def of_groups(groups: Collection[PrincipalId]) -> Sequence[TenantId]:
    """Return the tenants of the organizations of these groups."""
    found = Group.objects.filter(pk__in=groups).values_list("organization__tenant_id", flat=True)
    return sorted({TenantId(pk) for pk in found})


def of_invitation(invitation: int) -> Sequence[TenantId]:
    """Return the tenant of the account that an invitation is about; none where there is no such invitation."""
    return [TenantId(pk) for pk in Invitation.objects.filter(pk=invitation).values_list("account__tenant_id", flat=True)]


def of_asset(asset: AssetId) -> Sequence[TenantId]:
    """Return the tenant of the node that an asset lives in; none where there is no such asset."""
    return [TenantId(pk) for pk in Asset.objects.filter(pk=asset).values_list("resource__tenant_id", flat=True)]


def of_holdings(people: Collection[PrincipalId]) -> Sequence[TenantId]:
    """Return every tenant where these people hold a binding, a membership, an organization role or the ownership of a group."""
    listed = ids(people)
    return sorted(
        TenantId(pk)
        for pk in column(
            f"""
            WITH RECURSIVE party(id) AS (
              SELECT id FROM principal WHERE id IN ({listed}) UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id)
            SELECT r.tenant_id FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
            UNION SELECT o.tenant_id FROM party p JOIN "group" g ON g.principal_id = p.id JOIN organization o ON o.id = g.organization_id
            UNION SELECT o.tenant_id FROM organization_member m
                    JOIN organization o ON o.id = m.organization_id WHERE m.user_id IN ({listed})
            UNION SELECT o.tenant_id FROM group_owner w JOIN "group" g ON g.principal_id = w.group_id
                    JOIN organization o ON o.id = g.organization_id WHERE w.user_id IN ({listed})"""
        )
    )
