"""Who holds something only below a resource, in SQL: what stands at the nodes below over open edges, carried down through the groups."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask, ResourceType
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.storage.lineages import organization_of
from keyholder.storage.models import Resource
from keyholder.storage.places import OPEN
from keyholder.storage.roster_access import NOBODY, closed
from keyholder.storage.sql import ids
from keyholder.storage.statements import FAR_FUTURE, fetch, in_force

VIEWING = "user.view"
"""The action that shows the users of a node."""


@dataclass(frozen=True, slots=True)
class Below:
    """Where somebody has something below a resource: the first places by name, and how many there are altogether."""

    places: tuple[ResourceId, ...] = ()
    total: int = 0


def types_below(lineage: Sequence[Resource], catalogue: Catalogue) -> tuple[ResourceType, ...]:
    """Return the types of the nodes below that are looked at: those whose users are seen by whoever sees the users of the node itself.

    None where one of the lineage is in the trash: nobody has anything there.
    """
    if any(node.trashed_at is not None for node in lineage):
        return ()
    blueprint = catalogue.of(lineage[0].type)
    action = blueprint.actions.get(VIEWING)
    seen = blueprint.permissions[action.permission].mask if action else Mask(0)
    found, above = list[ResourceType](), [lineage[0].type]
    while above:
        children = blueprint.children_of(above.pop())
        fitting = [kind for kind in children if not kind.stops & seen and (action is None or kind.name in action.types)]
        found += fitting
        above += [kind.name for kind in fitting]
    return tuple(found)


def standing(lineage: Sequence[Resource], catalogue: Catalogue, tenants: Collection[int]) -> tuple[str, Mapping[str, object]]:
    """Return the parts up to ``standing``: what is bound or comes by a role at each node below, before any group is looked into.

    ``far`` and ``at`` are parameters that the caller gives. Nodes of these tenants are left out: they are closed to the reader.
    """
    blueprint, types = catalogue.of(lineage[0].type), types_below(lineage, catalogue)
    named: dict[str, object] = {f"below{number}": kind.name for number, kind in enumerate(types)}
    kinds = ", ".join(f"%({name})s" for name in named) or "''"
    kept = f"c.type IN ({kinds}) AND c.trashed_at IS NULL AND {OPEN} AND c.tenant_id NOT IN ({ids(tenants)})"
    appointed = blueprint.closure(blueprint.organization_admins_hold)
    bound, roles = _bound(blueprint, types)
    statement = f"""
  scope(id, type, path, organization, linked, is_below) AS (
    {" UNION ALL ".join(_above(lineage))}
    UNION ALL SELECT c.id, c.type, c.path, COALESCE(c.organization_id, s.organization), COALESCE(c.organization_id, {NOBODY}), 1
      FROM scope s JOIN resource c ON c.parent_id = s.id WHERE (s.is_below = 1 OR s.id = {lineage[0].pk}) AND {kept}),
  standing(principal, mask, ends, place) AS ({bound}
    UNION ALL SELECT o.user_id, CAST({appointed} AS bigint), %(far)s, w.id
      FROM scope w JOIN organization_member o ON o.organization_id = w.linked WHERE w.is_below = 1)"""
    return statement, {**named, **roles}


def held_below(blueprint: Blueprint) -> str:
    """Return the parts up to ``scattered``: a row for each principal, all that it holds at any node below, when the last of it ends."""
    whole = " + ".join(f"MAX(CASE WHEN (mask & {p.mask}) <> 0 THEN {p.mask} ELSE 0 END)" for p in blueprint.permissions.values())
    return f""",
  spread(principal, mask, ends) AS (
    SELECT principal, mask, ends FROM standing WHERE mask <> 0
    UNION SELECT m.member_id, r.mask, CASE WHEN m.ends_at < r.ends THEN m.ends_at ELSE r.ends END
      FROM spread r JOIN membership m ON m.group_id = r.principal WHERE {in_force("m")}),
  scattered AS (SELECT principal, {whole} AS mask, MAX(ends) AS until FROM spread GROUP BY principal)"""


def places_of(
    principals: Collection[PrincipalId],
    lineage: Sequence[Resource],
    catalogue: Catalogue,
    tenants: Collection[int],
    most: int,
    at: datetime,
) -> Mapping[PrincipalId, Below]:
    """Return where each of these principals has something below a resource, at most so many places by name: one query."""
    parts, given = standing(lineage, catalogue, tenants)
    statement = f"""
      WITH RECURSIVE {parts},
      party(person, principal) AS (
        SELECT p.id, p.id FROM principal p WHERE p.id IN ({ids(principals)})
        UNION SELECT u.person, m.group_id FROM party u JOIN membership m ON m.member_id = u.principal WHERE {in_force("m")}),
      spot AS (
        SELECT DISTINCT u.person AS person, t.place AS place FROM party u JOIN standing t ON t.principal = u.principal WHERE t.mask <> 0),
      ranked AS (
        SELECT s.person, s.place, COUNT(*) OVER (PARTITION BY s.person) AS total,
               ROW_NUMBER() OVER (PARTITION BY s.person ORDER BY r.name_key, r.id) AS number
          FROM spot s JOIN resource r ON r.id = s.place)
      SELECT person, place, total FROM ranked WHERE number <= %(most)s ORDER BY person, number"""
    found: dict[PrincipalId, Below] = {}
    for person, place, total in fetch(statement, {**given, "at": at, "far": FAR_FUTURE, "most": most}):
        before = found.get(person, Below())
        found[PrincipalId(person)] = Below((*before.places, ResourceId(place)), int(total))
    return found


def _above(lineage: Sequence[Resource]) -> list[str]:
    """Return the node itself and what is above it, each with the organization that its account is linked to."""
    return [
        f"SELECT c.id, c.type, c.path, CAST({organization_of(lineage[steps:]) or NOBODY} AS bigint), CAST({NOBODY} AS bigint), 0"
        f" FROM resource c WHERE c.id = {node.pk}"
        for steps, node in enumerate(lineage)
    ]


def _bound(blueprint: Blueprint, types: Sequence[ResourceType]) -> tuple[str, Mapping[str, object]]:
    """Return what bindings below give where they stand, at a type with assignments only beside the role that it wants."""
    given: dict[str, object] = {}
    roles = []
    for number, kind in enumerate(types):
        if kind.assignment is None:
            continue
        given |= {f"assigned{number}": kind.name, f"beside{number}": kind.assignment.role, f"place{number}": kind.assignment.at}
        roles.append(f"""
       AND (w.type <> %(assigned{number})s OR EXISTS (
         SELECT 1 FROM scope a JOIN binding o ON o.resource_id = a.id
          WHERE a.type = %(place{number})s AND w.path >= a.path AND w.path < substr(a.path, 1, length(a.path) - 1) || '0'
            AND o.principal_id = b.principal_id AND o.role = %(beside{number})s AND {in_force("o")}
            AND (g.principal_id IS NULL OR g.organization_id = a.organization)))""")
    statement = f"""
    SELECT b.principal_id, {closed("b.mask", blueprint, blueprint.everything)}, COALESCE(b.ends_at, %(far)s), w.id
      FROM scope w JOIN binding b ON b.resource_id = w.id LEFT JOIN "group" g ON g.principal_id = b.principal_id
     WHERE w.is_below = 1 AND {in_force("b")} AND (g.principal_id IS NULL OR g.organization_id = w.organization){"".join(roles)}"""
    return statement, given
