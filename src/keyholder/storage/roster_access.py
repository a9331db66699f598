"""Who holds what at a resource, in SQL: bindings at it and above it, carried down the tree and down through the groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask
from keyholder.storage.lineages import organization_of
from keyholder.storage.models import Resource
from keyholder.storage.statements import earliest, in_force

NOBODY = -1
"""A number that no organization has."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A resource from which something arrives at the node asked about."""

    resource: int
    organization: int
    """That its account is linked to; NOBODY where to none: groups of another one have nothing here (R-PRV-7)."""
    linked: int
    """That it carries a link to by itself, or NOBODY: whose admins hold something here."""
    carries: Mask
    """What of a set held here arrives at the node."""
    is_node: bool
    role: str = ""
    """Where a binding counts only while its principal holds this role too,"""
    role_at: int = NOBODY
    """at this resource,"""
    role_organization: int = NOBODY
    """which is linked to this organization."""


def anchors(lineage: Sequence[Resource], catalogue: Catalogue) -> tuple[Anchor, ...]:
    """Return the resources of a lineage from which something arrives at its first node; none where one of them is in the trash."""
    if any(node.trashed_at is not None for node in lineage):
        return ()
    found: list[Anchor] = []
    carries = catalogue.of(lineage[0].type).everything
    for steps, node in enumerate(lineage):
        if not carries:
            break
        found.append(_anchor(lineage[steps:], catalogue, carries, is_node=not steps))
        carries = Mask(carries & ~catalogue.types[node.type].stops if node.managed is not False else 0)
    return tuple(found)


def held(anchored: Sequence[Anchor], blueprint: Blueprint) -> tuple[str, Mapping[str, object]]:
    """Return the parts up to ``held``: a row for each principal with its set at the node, until when, and whether it is direct.

    ``far`` and ``at`` are parameters that the caller gives. A set lasts until the first of its permissions ends; a permission lasts as
    long as the longest of the ways it comes by.
    """
    given = [_bound(anchor, blueprint, number) for number, anchor in enumerate(anchored)]
    given += [_appointed(anchor, blueprint) for anchor in anchored if anchor.linked != NOBODY]
    bits = [permission.mask for permission in blueprint.permissions.values()]
    whole = " + ".join(f"MAX(CASE WHEN (mask & {bit}) <> 0 THEN {bit} ELSE 0 END)" for bit in bits)
    ends = [f"COALESCE(MAX(CASE WHEN (mask & {bit}) <> 0 THEN ends END), %(far)s)" for bit in bits]
    nothing = "SELECT principal_id, mask, ends_at, 0 FROM binding WHERE 1 = 0"
    statement = f"""
  given(principal, mask, ends, direct) AS ({" UNION ALL ".join(given) or nothing}),
  reach(principal, mask, ends, direct) AS (
    SELECT principal, mask, ends, direct FROM given WHERE mask <> 0
    UNION SELECT m.member_id, r.mask, CASE WHEN m.ends_at < r.ends THEN m.ends_at ELSE r.ends END, 0
      FROM reach r JOIN membership m ON m.group_id = r.principal WHERE {in_force("m")}),
  held AS (
    SELECT principal, {whole} AS mask, {earliest(["%(far)s", *ends])} AS until, MAX(direct) AS direct FROM reach GROUP BY principal)"""
    return statement, {f"role{number}": anchor.role for number, anchor in enumerate(anchored) if anchor.role}


def _anchor(lineage: Sequence[Resource], catalogue: Catalogue, carries: Mask, *, is_node: bool) -> Anchor:
    node = lineage[0]
    anchor = Anchor(node.pk, organization_of(lineage) or NOBODY, node.organization_id or NOBODY, carries, is_node)
    assignment = catalogue.types[node.type].assignment
    if assignment is None:
        return anchor
    steps = next((n for n, above in enumerate(lineage) if above.type == assignment.at), len(lineage))
    place = lineage[steps].pk if steps < len(lineage) else NOBODY
    organization = organization_of(lineage[steps:]) or NOBODY
    return Anchor(anchor.resource, anchor.organization, anchor.linked, carries, is_node, assignment.role, place, organization)


def _bound(anchor: Anchor, blueprint: Blueprint, number: int) -> str:
    """Return what bindings at an anchor give at the node. The window of the role that an assignment wants is judged, not its end."""
    role = f"""
       AND (g.principal_id IS NULL OR g.organization_id = {anchor.role_organization}) AND EXISTS (
        SELECT 1 FROM binding o WHERE o.principal_id = b.principal_id AND o.resource_id = {anchor.role_at} AND o.role = %(role{number})s
           AND {in_force("o")})"""
    return f"""
    SELECT b.principal_id, {closed("b.mask", blueprint, anchor.carries)}, COALESCE(b.ends_at, %(far)s), {int(anchor.is_node)}
      FROM binding b LEFT JOIN "group" g ON g.principal_id = b.principal_id
     WHERE b.resource_id = {anchor.resource} AND {in_force("b")}
       AND (g.principal_id IS NULL OR g.organization_id = {anchor.organization}){role if anchor.role else ""}"""


def _appointed(anchor: Anchor, blueprint: Blueprint) -> str:
    mask = blueprint.closure(blueprint.organization_admins_hold) & anchor.carries
    return f"SELECT o.user_id, CAST({mask} AS bigint), %(far)s, 0 FROM organization_member o WHERE o.organization_id = {anchor.linked}"


def closed(column: str, blueprint: Blueprint, carries: int) -> str:
    """Return the expression that closes a mask and leaves of it what is carried."""
    parts = [
        f"CASE WHEN ({column} & {blueprint.implied_by(p.mask)}) <> 0 THEN {p.mask} ELSE 0 END"
        for p in blueprint.permissions.values()
        if p.mask & carries
    ]
    return " + ".join(parts) or "0"
