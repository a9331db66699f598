"""Reaches: who is in some groups, and how many resources hang below a node, as far as its edges are open."""

from collections.abc import Collection
from datetime import datetime

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage.models import Resource
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch, not_ended
from keyholder.storage.visibility import BELOW, CUT_OFF


def members_below(principals: Collection[PrincipalId], at: datetime) -> list[PrincipalId]:
    """Return everybody who is or will be in the groups among these principals, directly or through groups, people by name."""
    statement = f"""
      WITH RECURSIVE member(id) AS (
        SELECT m.member_id FROM membership m WHERE m.group_id IN ({ids(principals)}) AND {not_ended("m")}
        UNION SELECT m.member_id FROM member g JOIN membership m ON m.group_id = g.id WHERE {not_ended("m")})
      SELECT u.principal_id FROM member m JOIN "user" u ON u.principal_id = m.id ORDER BY u.name_key, u.principal_id"""
    return [PrincipalId(line[0]) for line in fetch(statement, {"at": at})]


def below(node: Resource) -> list[tuple[str, int]]:
    """Return how many resources of each type hang below a node over open edges, those in the trash apart."""
    statement = f"""
      WITH h(path) AS (SELECT path FROM resource WHERE id = %(node)s),
      shut(path) AS (SELECT r.path FROM h JOIN resource r ON {BELOW.format("r.path")} AND (NOT r.managed OR r.trashed_at IS NOT NULL))
      SELECT r.type, COUNT(*) FROM h JOIN resource r ON {BELOW.format("r.path")} AND r.path > h.path AND NOT {CUT_OFF.format("r.path")}
       GROUP BY r.type ORDER BY r.type"""
    return [(line[0], int(line[1])) for line in fetch(statement, {"node": node.pk})]
