"""Jurisdictions in SQL: the nodes that somebody manages, and the people who have or will have something there (R064)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.storage.belonging import PARTY
from keyholder.storage.sql import ids
from keyholder.storage.statements import contains, fetch, not_ended, part
from keyholder.storage.visibility import BELOW, CUT_OFF


@dataclass(frozen=True, slots=True)
class Ground:
    """What somebody manages: some nodes and, over open edges, everything below them."""

    roots: tuple[ResourceId, ...] = ()
    closing: tuple[ResourceId, ...] = ()
    """Roots below which an edge can be closed."""
    above: tuple[ResourceId, ...] = ()
    """Nodes from which something arrives at a root."""
    organizations: tuple[OrganizationId, ...] = ()
    """Whose groups and people are managed, whatever they have access to."""


def bearing(principals: Collection[PrincipalId]) -> list[ResourceId]:
    """Return where these principals or their groups are bound, by whatever window, and what is linked to where they are admins."""
    statement = f"""{PARTY.format(principals=ids(principals))}
      SELECT b.resource_id FROM party p JOIN binding b ON b.principal_id = p.id
      UNION SELECT r.id FROM organization_member o JOIN resource r ON r.organization_id = o.organization_id
             WHERE o.user_id IN ({ids(principals)})"""
    return [ResourceId(line[0]) for line in fetch(statement, {})]


def parts(ground: Ground) -> str:
    """Return the parts ``root`` and ``shut`` of a statement; :data:`WITHIN` is the condition for a path that uses them."""
    return f"""
  root(path) AS (SELECT path FROM resource WHERE id IN ({ids(ground.roots)})),
  shut(path) AS (
    SELECT r.path FROM resource h JOIN resource r ON r.path > h.path AND {BELOW.format("r.path")} AND NOT r.managed
     WHERE h.id IN ({ids(ground.closing)}))"""


WITHIN = f"EXISTS (SELECT 1 FROM root h WHERE {BELOW} AND NOT {CUT_OFF})"
"""That the path {0} lies within."""


def people(ground: Ground, text: str, most: int, at: datetime, *, also: PrincipalId | None = None) -> list[PrincipalId]:
    """Return people who have or will have something within (and one more), whose name or address holds a text, by name."""
    statement = f"""WITH RECURSIVE {_members(ground)}
      SELECT u.principal_id FROM "user" u
       WHERE (u.principal_id IN (SELECT id FROM member) OR u.principal_id = %(also)s) AND {contains("u.search_key", "text")}
       ORDER BY u.name_key, u.principal_id LIMIT %(most)s"""
    return [
        PrincipalId(line[0])
        for line in fetch(statement, {"text": part(text), "most": most, "at": at, "also": -1 if also is None else also})
    ]


def holds(ground: Ground, person: PrincipalId, at: datetime) -> bool:
    """Say whether a principal has or will have something within."""
    statement = f"WITH RECURSIVE {_members(ground)} SELECT 1 FROM member WHERE id = %(person)s LIMIT 1"
    return bool(fetch(statement, {"person": person, "at": at}))


def known(ground: Ground, principals: Collection[PrincipalId], at: datetime) -> set[PrincipalId]:
    """Return those of the principals who have or will have something within."""
    statement = f"WITH RECURSIVE {_members(ground)} SELECT DISTINCT id FROM member WHERE id IN ({ids(principals)})"
    return {PrincipalId(line[0]) for line in fetch(statement, {"at": at})}


def admin_of(person: PrincipalId) -> list[OrganizationId]:
    """Return the organizations where an active person is an admin or a user admin, and is not suspended within."""
    statement = """
      SELECT o.organization_id FROM organization_member o JOIN "user" u ON u.principal_id = o.user_id AND u.status = 'active'
       WHERE o.user_id = %(person)s AND NOT EXISTS (
         SELECT 1 FROM organization_suspension s WHERE s.organization_id = o.organization_id AND s.user_id = o.user_id)
       ORDER BY 1"""
    return [OrganizationId(line[0]) for line in fetch(statement, {"person": person})]


def within(ground: Ground, tenant: int) -> Ground:
    """Return the part of a ground that lies in one tenant."""
    listed = ids([*ground.roots, *ground.above])
    lines = fetch(f"SELECT id FROM resource WHERE id IN ({listed}) AND tenant_id = %(tenant)s", {"tenant": tenant})
    here = {line[0] for line in lines}
    homes = fetch(f"SELECT id FROM organization WHERE id IN ({ids(ground.organizations)}) AND tenant_id = %(tenant)s", {"tenant": tenant})
    return Ground(
        tuple(root for root in ground.roots if root in here),
        tuple(root for root in ground.closing if root in here),
        tuple(node for node in ground.above if node in here),
        tuple(OrganizationId(line[0]) for line in homes),
    )


def _members(ground: Ground) -> str:
    """Return the parts up to ``member``: everybody with something within, now or later, and the groups and people of the organizations."""
    return f"""{parts(ground)},
  place(id) AS (
    SELECT r.id FROM root h JOIN resource r ON {BELOW.format("r.path")} AND NOT {CUT_OFF.format("r.path")}
    UNION SELECT id FROM resource WHERE id IN ({ids(ground.above)})),
  member(id) AS (
    SELECT b.principal_id FROM place p JOIN binding b ON b.resource_id = p.id WHERE {not_ended("b")}
    UNION SELECT o.user_id FROM place p JOIN resource r ON r.id = p.id JOIN organization_member o ON o.organization_id = r.organization_id
    UNION SELECT o.user_id FROM organization_member o WHERE o.organization_id IN ({ids(ground.organizations)})
    UNION SELECT g.principal_id FROM "group" g WHERE g.organization_id IN ({ids(ground.organizations)})
    UNION SELECT m.member_id FROM member g JOIN membership m ON m.group_id = g.id WHERE {not_ended("m")})"""
