"""Belonging: who is in a tenant, where somebody is bound within it, and which tenant a linked account has without its link."""

from collections.abc import Collection

from keyholder.domain.identifiers import PrincipalId, ResourceId, TenantId
from keyholder.storage.acquaintance import KNOWN
from keyholder.storage.models import Event, Resource
from keyholder.storage.models.tenants import TenantKind
from keyholder.storage.sql import column, ids
from keyholder.storage.subtrees import AFTER_SLASH

PARTY = """
  WITH RECURSIVE party(id) AS (
    SELECT id FROM principal WHERE id IN ({principals})
    UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id)"""


def people_of(tenant: int) -> set[PrincipalId]:
    """Return everybody who has access, a membership or a role in a tenant: an organization's people (semantics 5)."""
    statement = f'SELECT DISTINCT u.principal_id FROM ({KNOWN}) k JOIN "user" u ON u.principal_id = k.id'
    return {PrincipalId(pk) for pk in column(statement, [tenant] * 5)}


def bound_in(tenant: int, principals: Collection[PrincipalId]) -> list[ResourceId]:
    """Return where these principals, or groups that they are in by whatever window, are bound within a tenant, and what is linked in it.

    Permissions only come from above: who holds one anywhere in the tenant holds it at one of these.
    """
    statement = f"""{PARTY.format(principals=ids(principals))}
      SELECT r.id FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id WHERE r.tenant_id = %s
      UNION SELECT r.id FROM resource r WHERE r.tenant_id = %s AND r.organization_id IS NOT NULL"""
    return [ResourceId(pk) for pk in column(statement, [tenant, tenant])]


def bound_below(node: Resource, principals: Collection[PrincipalId]) -> list[ResourceId]:
    """Return where these principals, or groups that they are in by whatever window, are bound at a resource or below it."""
    statement = f"""{PARTY.format(principals=ids(principals))}
      SELECT DISTINCT r.id FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
       WHERE r.path >= %s AND r.path < %s"""
    return [ResourceId(pk) for pk in column(statement, [node.path, node.path[:-1] + AFTER_SLASH])]


def tenant_outside(account: ResourceId) -> TenantId | None:
    """Return the tenant that a linked account belongs to without its link: its parent's, or the one whose chain the link closed.

    None where it has no parent and never had a tenant of its own (semantics 9).
    """
    above = Resource.objects.filter(pk=account).values_list("parent__tenant_id", flat=True).first()
    closing = Event.objects.filter(resource=account, action="organization.account_linked", tenant__kind=TenantKind.ROOT)
    found = above or closing.order_by("-pk").values_list("tenant_id", flat=True).first()
    return None if found is None else TenantId(found)
