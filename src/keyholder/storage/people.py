"""People as lists show them: their status and their standing in an organization."""

from collections.abc import Collection
from dataclasses import dataclass

from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch


@dataclass(frozen=True, slots=True)
class Standing:
    """One person: status, address, and what they are in an organization."""

    id: int
    canonical: str
    verified: bool
    status: str
    role: str
    """In the organization; empty where none."""
    suspended_here: bool
    is_vouched_for: bool
    """They came by an invitation whose link proves nothing about their address."""


def standings(principals: Collection[int], organization: int | None) -> list[Standing]:
    """Return the standing of the people among these principals."""
    statement = f"""
      SELECT u.principal_id, u.canonical, u.email_verified, u.status, COALESCE(o.role, ''), CASE WHEN x.id IS NULL THEN 0 ELSE 1 END,
             CASE WHEN EXISTS (SELECT 1 FROM invitation i WHERE i.accepted_by_id = u.principal_id AND i.accepted_way = 'copied')
                  THEN 1 ELSE 0 END
        FROM "user" u LEFT JOIN organization_member o ON o.user_id = u.principal_id AND o.organization_id = %(organization)s
        LEFT JOIN organization_suspension x ON x.user_id = u.principal_id AND x.organization_id = %(organization)s
       WHERE u.principal_id IN ({ids(principals)})"""
    lines = fetch(statement, {"organization": -1 if organization is None else organization})
    return [
        Standing(pk, canonical, bool(proven), status, role, bool(out), bool(by)) for pk, canonical, proven, status, role, out, by in lines
    ]


def standing_everywhere(person: int) -> list[tuple[int, str, bool]]:
    """Return organization, role (empty where none) and whether they are suspended there, for each that holds a row about a person."""
    statement = """
      SELECT o.id, COALESCE(m.role, ''), CASE WHEN x.id IS NULL THEN 0 ELSE 1 END
        FROM organization o LEFT JOIN organization_member m ON m.organization_id = o.id AND m.user_id = %(person)s
        LEFT JOIN organization_suspension x ON x.organization_id = o.id AND x.user_id = %(person)s
       WHERE m.id IS NOT NULL OR x.id IS NOT NULL ORDER BY o.name_key, o.id"""
    return [(line[0], line[1], bool(line[2])) for line in fetch(statement, {"person": person})]
