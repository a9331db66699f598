"""Trees of an organization: the nodes of the accounts that are linked to it, what is in the trash apart."""

from collections.abc import Collection

from keyholder.domain.identifiers import OrganizationId, ResourceId
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch
from keyholder.storage.visibility import ABOVE, ALIVE

_HOME = "r.tenant_id = (SELECT o.tenant_id FROM organization o WHERE o.id = %(organization)s)"


def linked_to(organization: OrganizationId, most: int) -> list[ResourceId]:
    """Return the nodes of the accounts linked to an organization, at most so many of them."""
    statement = f"SELECT r.id FROM resource r WHERE {_HOME} AND {ALIVE} ORDER BY r.path LIMIT %(most)s"
    return [ResourceId(line[0]) for line in fetch(statement, {"organization": organization, "most": most})]


def leading_to(organization: OrganizationId, places: Collection[ResourceId]) -> list[ResourceId]:
    """Return the accounts linked to an organization, these places in them, and what stands between."""
    leads = f"EXISTS (SELECT 1 FROM resource h WHERE h.id IN ({ids(places)}) AND {ABOVE.format('r.path')})"
    statement = f"""
      SELECT r.id FROM resource r WHERE {_HOME} AND {ALIVE} AND (r.organization_id = %(organization)s OR {leads}) ORDER BY r.path"""
    return [ResourceId(line[0]) for line in fetch(statement, {"organization": organization})]
