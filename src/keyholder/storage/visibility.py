"""Visibility: what exists for whom (semantics 3). What does not exist for a reader is 404 in every door.

A resource exists for who holds something at it, below it, or above it with no closed edge in between (nobody of a host sees an account that
does not delegate, R098), and for the admins of its organization. It exists by name alone for who was invited to it, as long as the
invitation is good and the address proven. A group exists for the people of its organization (R081).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.storage import blueprints
from keyholder.storage.sql import ids
from keyholder.storage.statements import contains, fetch, in_force, part

BELOW = "({0} >= h.path AND {0} < substr(h.path, 1, length(h.path) - 1) || '0')"
"""The path {0} is that of ``h`` or below it; ``0`` is the byte that follows ``/``."""
ABOVE = "(h.path >= {0} AND h.path < substr({0}, 1, length({0}) - 1) || '0')"
BELOW_OR_ABOVE = f"({BELOW} OR {ABOVE})"
SHUT_OUT = f"EXISTS (SELECT 1 FROM shut_out x WHERE {BELOW.replace('h.path', 'x.path')})"
"""The path {0} lies in an account of an organization that keeps the reader out."""
ALIVE = f"NOT EXISTS (SELECT 1 FROM resource h WHERE h.trashed_at IS NOT NULL AND {BELOW.format('r.path')})"
"""Neither the resource ``r`` nor anything above it is in the trash."""
CUT_OFF = "EXISTS (SELECT 1 FROM shut c WHERE c.path > h.path AND {0} >= c.path AND {0} < substr(c.path, 1, length(c.path) - 1) || '0')"
"""A closed edge lies between ``h`` and the path {0} below it; ``shut`` holds the paths of the nodes whose edge to the parent is closed."""
CONCERNS = f"(NOT {SHUT_OUT} AND EXISTS (SELECT 1 FROM held h WHERE {ABOVE} OR ({BELOW} AND NOT {CUT_OFF})))"
"""The reader holds something at the path {0}, below it or above it."""
EXISTS = f"({CONCERNS} OR EXISTS (SELECT 1 FROM invited h WHERE {ABOVE}))"
"""The resource with the path {0} exists for the reader."""
SUSPENDED_IN = "SELECT s.organization_id FROM organization_suspension s WHERE s.user_id = %(reader)s"
"""The organizations that have suspended the reader within themselves."""


def party(closed: Collection[OrganizationId] = ()) -> str:
    """Return the first parts of a statement: ``party``, the reader and their groups, and ``held``, the paths where these hold something."""
    return f"""
  WITH RECURSIVE party(id) AS (
    SELECT u.principal_id FROM "user" u WHERE u.principal_id = %(reader)s AND u.status = 'active'
    UNION SELECT s.principal_id FROM service_account s WHERE s.principal_id = %(reader)s
    UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id WHERE {in_force("m")}),
  shut_out(path) AS (
    SELECT r.path FROM organization_suspension s JOIN resource r ON r.organization_id = s.organization_id WHERE s.user_id = %(reader)s
    UNION ALL SELECT r.path FROM resource r WHERE r.organization_id IN ({ids(closed)})),
  bound(path) AS (
    SELECT r.path FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
     WHERE {in_force("b")}{_assigned()}
    UNION SELECT r.path FROM party p JOIN organization_member o ON o.user_id = p.id
            JOIN resource r ON r.organization_id = o.organization_id),
  held(path) AS (SELECT r.path FROM bound r WHERE NOT {SHUT_OUT.format("r.path")})"""


def exists_for(reader: PrincipalId, path: str, at: datetime) -> bool:
    """Say whether the resource at this path exists for the reader, be it by name alone."""
    return _is_so(EXISTS, reader, path, at)


def concerns(reader: PrincipalId, path: str, at: datetime) -> bool:
    """Say whether the reader holds something at, above or below a path: a resource that exists without it exists by name alone."""
    return _is_so(CONCERNS, reader, path, at)


def holds_anything(reader: PrincipalId, at: datetime) -> bool:
    """Say whether the reader holds anything anywhere, or by an organization."""
    return bool(fetch(f"{party()} SELECT 1 FROM held LIMIT 1", {"reader": reader, "at": at}))


def children_for(
    reader: PrincipalId,
    parent: ResourceId | None,
    types: Sequence[str],
    at: datetime,
    text: str = "",
    *,
    closed: Collection[OrganizationId] = (),
) -> list[ResourceId]:
    """Return the resources of some types below a parent (or without one) that exist for the reader, those in the trash apart, by name.

    With ``text`` only those whose name or id holds it.
    """
    if not types:
        return []
    child = "parent_id = %(parent)s" if parent is not None else "parent_id IS NULL"
    listed = {f"type{number}": name for number, name in enumerate(types)}
    invited, moments = _invited(at)
    statement = f"""{party(closed)}, {invited},
  up(id, parent_id, path, managed) AS (
    SELECT id, parent_id, path, managed FROM resource WHERE {child}
    UNION SELECT r.id, r.parent_id, r.path, r.managed FROM resource r JOIN up ON r.id = up.parent_id),
  shut(path) AS (SELECT path FROM up WHERE NOT managed)
      SELECT r.id FROM resource r WHERE r.{child} AND r.type IN ({", ".join(f"%({name})s" for name in listed)}) AND r.trashed_at IS NULL
         AND ({contains("r.name_key", "text")} OR {contains("lower(r.key)", "text")}) AND {EXISTS.format("r.path")}
       ORDER BY r.name_key, r.id"""
    lines = fetch(statement, {"reader": reader, "at": at, "parent": parent, "text": part(text), **listed, **moments})
    return [ResourceId(line[0]) for line in lines]


def resources_for(
    reader: PrincipalId,
    where: str,
    order: str,
    parameters: Mapping[str, object],
    at: datetime,
    *,
    closed: Collection[OrganizationId] = (),
) -> list[ResourceId]:
    """Return the resources ``r`` that fulfil a condition of the statement and exist for the reader, in an order that may have a limit."""
    return _fulfilling(EXISTS, reader, f"({where})", order, parameters, at, closed)


def has_any(reader: PrincipalId, type_name: str, at: datetime) -> bool:
    """Say whether any resource of a type exists for the reader."""
    return bool(_fulfilling(EXISTS, reader, "r.type = %(type)s", "r.id LIMIT 1", {"type": type_name}, at))


def existing(reader: PrincipalId, resources: Collection[ResourceId], at: datetime) -> set[ResourceId]:
    """Return those of the resources that exist for the reader, be it by name alone, what is in the trash and below it apart."""
    return set(_fulfilling(EXISTS, reader, f"r.id IN ({ids(resources)}) AND {ALIVE}", "r.id", {}, at))


def concerning(reader: PrincipalId, resources: Collection[ResourceId], at: datetime) -> set[ResourceId]:
    """Return those of the resources that concern the reader: not those that exist by name alone."""
    return set(_fulfilling(CONCERNS, reader, f"r.id IN ({ids(resources)})", "r.id", {}, at))


def organizations_for(reader: PrincipalId, at: datetime) -> list[OrganizationId]:
    """Return the organizations that the reader belongs to: by a role, by a group or its ownership, by holding something linked to it."""
    statement = f"""{party()}
      SELECT f.id FROM (
      SELECT o.organization_id AS id FROM party p JOIN organization_member o ON o.user_id = p.id
      UNION SELECT g.organization_id FROM party p JOIN "group" g ON g.principal_id = p.id
      UNION SELECT g.organization_id FROM party p JOIN group_owner w ON w.user_id = p.id JOIN "group" g ON g.principal_id = w.group_id
      UNION SELECT l.organization_id FROM held h
              JOIN resource l ON l.organization_id IS NOT NULL AND {BELOW_OR_ABOVE.format("l.path")}) f
       WHERE f.id NOT IN ({SUSPENDED_IN})"""
    return [OrganizationId(line[0]) for line in fetch(statement, {"reader": reader, "at": at})]


def group_exists_for(reader: PrincipalId, group: PrincipalId, at: datetime) -> bool:
    """Say whether a group exists for the reader: it belongs to one of the reader's organizations (R081)."""
    inside = organizations_for(reader, at)
    statement = f'SELECT 1 FROM "group" WHERE principal_id = %(group)s AND organization_id IN ({",".join(map(str, inside)) or -1})'
    return bool(fetch(statement, {"group": group}))


def _fulfilling(
    condition: str,
    reader: PrincipalId,
    where: str,
    order: str,
    parameters: Mapping[str, object],
    at: datetime,
    closed: Collection[OrganizationId] = (),
) -> list[ResourceId]:
    invited, moments = _invited(at)
    statement = f"""{party(closed)}, {invited}, shut(path) AS (SELECT path FROM resource WHERE NOT managed)
      SELECT r.id FROM resource r WHERE {where} AND {condition.format("r.path")} ORDER BY {order}"""
    return [ResourceId(line[0]) for line in fetch(statement, {**parameters, **moments, "reader": reader, "at": at})]


def _is_so(condition: str, reader: PrincipalId, path: str, at: datetime) -> bool:
    """Say whether a condition holds for the path of a resource that is there."""
    invited, moments = _invited(at)
    shut = f"shut(path) AS (SELECT path FROM resource WHERE id IN ({path.strip('/').replace('/', ',')}) AND NOT managed)"
    asked = "asked(path) AS (SELECT path FROM resource WHERE path = %(path)s)"
    statement = f"{party()}, {invited}, {shut}, {asked} SELECT 1 FROM asked WHERE {condition.format('asked.path')}"
    return bool(fetch(statement, {"reader": reader, "at": at, "path": path, **moments}))


def _invited(at: datetime) -> tuple[str, Mapping[str, object]]:
    """Return the part ``invited`` of a statement, and its parameters: where the reader's good invitations lead.

    That is their account and whatever in it they give something at. An address that nobody has proven matches none (semantics 6).
    """
    moments: dict[str, object] = {}
    good = []
    for blueprint in blueprints.catalogue():
        moments[f"sent_{blueprint.name}"] = at - timedelta(days=blueprint.invitation_days)
        types = ", ".join(f"'{name}'" for name in blueprint.types)
        good.append(f"(i.sent_at > %(sent_{blueprint.name})s AND h.type IN ({types}))")
    named = f"""
  offered(id, path) AS (
    SELECT i.id, h.path FROM "user" u JOIN invitation i ON i.canonical = u.canonical AND i.state = 'pending'
      JOIN resource h ON h.id = i.account_id
     WHERE u.principal_id = %(reader)s AND u.status = 'active' AND u.email_verified AND ({" OR ".join(good)})
       AND NOT {SHUT_OUT.format("h.path")}),
  invited(path) AS (
    SELECT path FROM offered
    UNION SELECT r.path FROM offered h JOIN planned_binding p ON p.invitation_id = h.id
            JOIN resource r ON r.id = p.resource_id AND {BELOW.format("r.path")})"""
    return named, moments


def _assigned() -> str:
    """Return the condition that a binding ``b`` at ``r`` is none that is assigned beside a role which its holder lacks: that one sleeps."""
    said = []
    for kind in blueprints.catalogue().types.values():
        rule = kind.assignment
        if rule is not None:
            beside = f"h.type = '{rule.at}' AND w.role = '{rule.role}' AND {in_force('w')} AND {BELOW.format('r.path')}"
            role = f"SELECT 1 FROM binding w JOIN resource h ON h.id = w.resource_id WHERE w.principal_id = b.principal_id AND {beside}"
            said.append(f" AND (r.type <> '{kind.name}' OR EXISTS ({role}))")
    return "".join(said)
