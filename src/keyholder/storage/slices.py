"""Slices: the facts that can matter to a question, each read by one query whatever the size of the instance (PIP).

The parts below are named pieces of one ``WITH RECURSIVE`` statement; a slice is a choice of pieces. Windows are not looked at here:
what has ended comes along, because an explanation names it. The engine judges the moment.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.engine.facts import Facts
from keyholder.storage.slice_rows import ROWS, facts_from
from keyholder.storage.sql import ids


@dataclass(frozen=True, slots=True)
class Piece:
    """A named part of the statement and its parameters."""

    sql: str
    parameters: tuple[str, ...] = ()


UPWARD = Piece("""
  reach(grp, member, starts_at, ends_at) AS (
    SELECT m.group_id, m.member_id, m.starts_at, m.ends_at FROM membership m JOIN subject s ON m.member_id = s.id
    UNION SELECT m.group_id, m.member_id, m.starts_at, m.ends_at FROM membership m JOIN reach r ON m.member_id = r.grp),
  party(id) AS (SELECT id FROM subject UNION SELECT grp FROM reach)""")
DOWNWARD = Piece("""
  bound(id) AS (SELECT DISTINCT b.principal_id FROM node n JOIN binding b ON b.resource_id = n.id),
  reach(grp, member, starts_at, ends_at) AS (
    SELECT m.group_id, m.member_id, m.starts_at, m.ends_at FROM membership m JOIN bound s ON m.group_id = s.id
    UNION SELECT m.group_id, m.member_id, m.starts_at, m.ends_at FROM membership m JOIN reach r ON m.group_id = r.member),
  subject(id) AS (
    SELECT b.id FROM bound b JOIN principal p ON p.id = b.id WHERE p.kind <> 'group'
    UNION SELECT r.member FROM reach r JOIN principal p ON p.id = r.member WHERE p.kind <> 'group'
    UNION SELECT o.user_id FROM organization_member o JOIN node n ON n.organization_id = o.organization_id),
  party(id) AS (SELECT id FROM bound UNION SELECT grp FROM reach UNION SELECT id FROM subject)""")
CHAIN = "UNION SELECT p.id, p.parent_id, p.organization_id FROM resource p JOIN node n ON p.id = n.parent_id"
HELD_NODES = Piece("""
  held(path) AS (
    SELECT r.path FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
    UNION SELECT r.path FROM subject s JOIN organization_member o ON o.user_id = s.id
            JOIN resource r ON r.organization_id = o.organization_id),
  node(id, parent_id, organization_id) AS (
    SELECT r.id, r.parent_id, r.organization_id FROM held h JOIN resource r ON r.path >= h.path AND r.path < {after_path}
    UNION SELECT p.id, p.parent_id, p.organization_id FROM resource p JOIN node n ON p.id = n.parent_id)""")


def of_question(user: str, resource: ResourceRef) -> Facts:
    """Return the slice for a person (canonical address) and a resource, each found by name in the same query."""
    return _read(
        [
            Piece('subject(id) AS (SELECT principal_id FROM "user" WHERE canonical = %s)', (user,)),
            UPWARD,
            _nodes("type = %s AND key = %s", (resource.type, resource.key)),
        ]
    )


def of(principals: Collection[PrincipalId], resources: Collection[ResourceId]) -> Facts:
    """Return the slice for these principals at these resources and everything above them."""
    return _read([_subjects(principals), UPWARD, _nodes(f"id IN ({ids(resources)})")])


def at(resources: Collection[ResourceId]) -> Facts:
    """Return the slice for *who*: everybody who can have anything at these resources."""
    return _read([_nodes(f"id IN ({ids(resources)})"), DOWNWARD])


def held_by(principals: Collection[PrincipalId]) -> Facts:
    """Return the slice for *what*: everything these principals can reach, and what stands above it."""
    after = "substr(h.path, 1, length(h.path) - 1) || '0'"  # '0' follows '/': the end of the range of what lies below
    return _read([_subjects(principals), UPWARD, Piece(HELD_NODES.sql.format(after_path=after))])


def world() -> Facts:
    """Return all facts there are."""
    return _read(
        [
            Piece("subject(id) AS (SELECT id FROM principal WHERE deleted_at IS NULL)"),
            Piece("reach(grp, member, starts_at, ends_at) AS (SELECT group_id, member_id, starts_at, ends_at FROM membership)"),
            Piece("party(id) AS (SELECT id FROM subject)"),
            Piece("node(id, parent_id, organization_id) AS (SELECT id, parent_id, organization_id FROM resource)"),
        ]
    )


def _subjects(principals: Collection[PrincipalId]) -> Piece:
    return Piece(f"subject(id) AS (SELECT id FROM principal WHERE id IN ({ids(principals)}))")


def _nodes(where: str, parameters: Sequence[str] = ()) -> Piece:
    base = f"SELECT id, parent_id, organization_id FROM resource WHERE {where}"
    return Piece(f"node(id, parent_id, organization_id) AS ({base} {CHAIN})", tuple(parameters))


def _read(pieces: Sequence[Piece]) -> Facts:
    parameters = [value for piece in pieces for value in piece.parameters]
    statement = "WITH RECURSIVE " + ",\n".join(piece.sql for piece in pieces) + ROWS
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return facts_from(cursor.fetchall())
