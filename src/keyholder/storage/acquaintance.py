"""Acquaintance: who is known in a tenant, and can therefore be added at once instead of being invited (semantics 4)."""

from collections.abc import Collection

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage.sql import column, ids

KNOWN = """
  SELECT b.principal_id AS id FROM binding b JOIN resource r ON r.id = b.resource_id WHERE r.tenant_id = %s
  UNION SELECT g.principal_id FROM "group" g JOIN organization o ON o.id = g.organization_id WHERE o.tenant_id = %s
  UNION SELECT m.member_id FROM membership m JOIN "group" g ON g.principal_id = m.group_id
          JOIN organization o ON o.id = g.organization_id WHERE o.tenant_id = %s
  UNION SELECT w.user_id FROM group_owner w JOIN "group" g ON g.principal_id = w.group_id
          JOIN organization o ON o.id = g.organization_id WHERE o.tenant_id = %s
  UNION SELECT a.user_id FROM organization_member a JOIN organization o ON o.id = a.organization_id WHERE o.tenant_id = %s"""


def knows(tenant: int, principals: Collection[PrincipalId]) -> set[PrincipalId]:
    """Return those of the principals who have access, a membership or a role in the tenant."""
    statement = f"SELECT DISTINCT k.id FROM ({KNOWN}) k WHERE k.id IN ({ids(principals)})"
    return {PrincipalId(pk) for pk in column(statement, [tenant] * 5)}


def is_parted(tenant: int) -> bool:
    """Say whether a tenant holds accounts of several clients, each with an edge of its own to the host above."""
    return bool(column("SELECT 1 FROM resource WHERE tenant_id = %s AND managed IS NOT NULL LIMIT 1", [tenant]))


def all_of(tenant: int) -> list[PrincipalId]:
    """Return everybody who has access, a membership or a role in the tenant."""
    return [PrincipalId(pk) for pk in column(f"SELECT DISTINCT k.id FROM ({KNOWN}) k", [tenant] * 5)]
