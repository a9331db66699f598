"""Visibility: what exists for whom (semantics 3). What does not exist for a reader is 404 in every door.

A resource exists for who holds something at it, below it, or above it with no closed edge in between (nobody of a host sees an account that
does not delegate, R098), and for the admins of its organization. A group exists for the people of its organization (R081).
"""

from collections.abc import Sequence
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.storage.sql import column

IN_FORCE = "({0}.starts_at IS NULL OR {0}.starts_at <= %s) AND ({0}.ends_at IS NULL OR {0}.ends_at > %s)"
PARTY = f"""
  WITH RECURSIVE party(id) AS (
    SELECT u.principal_id FROM "user" u WHERE u.principal_id = %s AND u.status = 'active'
    UNION SELECT s.principal_id FROM service_account s WHERE s.principal_id = %s
    UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id WHERE {IN_FORCE.format("m")}),
  held(path) AS (
    SELECT r.path FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
     WHERE {IN_FORCE.format("b")}
    UNION SELECT r.path FROM party p JOIN organization_member o ON o.user_id = p.id
            JOIN resource r ON r.organization_id = o.organization_id)"""
BELOW = "({0} >= h.path AND {0} < substr(h.path, 1, length(h.path) - 1) || '0')"
ABOVE = "(h.path >= {0} AND h.path < substr({0}, 1, length({0}) - 1) || '0')"
BELOW_OR_ABOVE = f"({BELOW} OR {ABOVE})"
CUT_OFF = "EXISTS (SELECT 1 FROM shut c WHERE c.path > h.path AND {0} >= c.path AND {0} < substr(c.path, 1, length(c.path) - 1) || '0')"
EXISTS = f"EXISTS (SELECT 1 FROM held h WHERE {ABOVE} OR ({BELOW} AND NOT {CUT_OFF}))"
"""What {0}, a path, must fulfil; ``shut`` holds the paths of the nodes on and above it whose edge to the parent is closed."""


def exists_for(reader: PrincipalId, path: str, at: datetime) -> bool:
    """Say whether the resource at this path exists for the reader."""
    shut = f"shut(path) AS (SELECT path FROM resource WHERE id IN ({path.strip('/').replace('/', ',')}) AND NOT managed)"
    asked = "asked(path) AS (SELECT path FROM resource WHERE path = %s)"
    statement = f"{PARTY}, {shut}, {asked} SELECT 1 FROM asked WHERE {EXISTS.format('asked.path')}"
    return bool(column(statement, [*_party(reader, at), path]))


def children_for(reader: PrincipalId, parent: ResourceId | None, types: Sequence[str], at: datetime) -> list[ResourceId]:
    """Return the resources of some types below a parent (or without one) that exist for the reader, those in the trash apart, by name."""
    child = "parent_id = %s" if parent is not None else "parent_id IS NULL AND %s IS NULL"
    statement = f"""{PARTY},
  up(id, parent_id, path, managed) AS (
    SELECT id, parent_id, path, managed FROM resource WHERE {child}
    UNION SELECT r.id, r.parent_id, r.path, r.managed FROM resource r JOIN up ON r.id = up.parent_id),
  shut(path) AS (SELECT path FROM up WHERE NOT managed)
      SELECT r.id FROM resource r WHERE r.{child} AND r.type IN ({", ".join(["%s"] * len(types))}) AND r.trashed_at IS NULL
         AND {EXISTS.format("r.path")}
       ORDER BY r.name_key, r.id"""
    return [ResourceId(pk) for pk in column(statement, [*_party(reader, at), parent, parent, *types])] if types else []


def organizations_for(reader: PrincipalId, at: datetime) -> list[OrganizationId]:
    """Return the organizations that the reader belongs to: by a role, by a group or its ownership, by holding something linked to it."""
    statement = f"""{PARTY}
      SELECT o.organization_id FROM party p JOIN organization_member o ON o.user_id = p.id
      UNION SELECT g.organization_id FROM party p JOIN "group" g ON g.principal_id = p.id
      UNION SELECT g.organization_id FROM party p JOIN group_owner w ON w.user_id = p.id JOIN "group" g ON g.principal_id = w.group_id
      UNION SELECT l.organization_id FROM held h
              JOIN resource l ON l.organization_id IS NOT NULL AND {BELOW_OR_ABOVE.format("l.path")}"""
    return [OrganizationId(pk) for pk in column(statement, _party(reader, at))]


def group_exists_for(reader: PrincipalId, group: PrincipalId, at: datetime) -> bool:
    """Say whether a group exists for the reader: it belongs to one of the reader's organizations (R081)."""
    inside = organizations_for(reader, at)
    return bool(inside) and bool(
        column(f'SELECT 1 FROM "group" WHERE principal_id = %s AND organization_id IN ({",".join(map(str, inside))})', [group])
    )


def _party(reader: PrincipalId, at: datetime) -> list[object]:
    return [reader, reader, at, at, at, at]
