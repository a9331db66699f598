"""The rows of a slice: every kind of fact in one result of nine columns, and back into the engine's values."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from keyholder.domain.blueprint import Mask
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.windows import ALWAYS, Window
from keyholder.engine import facts

NONE = "CAST(NULL AS bigint)"
TEXT = "CAST(NULL AS text)"
TIME = "CAST(NULL AS timestamptz)"

# noun, id, a, b, text, more, flag, starts_at, ends_at
ROWS = f"""
SELECT 'principal' AS noun, p.id AS id, g.organization_id AS a, {NONE} AS b, CAST(p.kind AS text) AS t,
       CAST(u.status AS text) AS more, {NONE} AS flag, {TIME} AS starts_at, {TIME} AS ends_at
  FROM party s JOIN principal p ON p.id = s.id
  LEFT JOIN "user" u ON u.principal_id = p.id LEFT JOIN "group" g ON g.principal_id = p.id
 WHERE p.deleted_at IS NULL
UNION ALL
SELECT 'resource', r.id, r.parent_id, r.organization_id, CAST(r.type AS text), CAST(r.key AS text),
       CASE WHEN r.trashed_at IS NULL THEN 0 ELSE 2 END + CASE WHEN r.managed OR r.managed IS NULL THEN 0 ELSE 1 END, {TIME}, {TIME}
  FROM node n JOIN resource r ON r.id = n.id
UNION ALL
SELECT 'binding', b.id, b.principal_id, b.resource_id, CAST(b.role AS text), {TEXT}, b.mask, b.starts_at, b.ends_at
  FROM party s CROSS JOIN node n JOIN binding b ON b.resource_id = n.id AND b.principal_id = s.id
UNION ALL
SELECT 'membership', 0, grp, member, {TEXT}, {TEXT}, {NONE}, starts_at, ends_at FROM reach
UNION ALL
SELECT DISTINCT 'organization_member', o.id, o.organization_id, o.user_id, CAST(o.role AS text), {TEXT}, {NONE}, {TIME}, {TIME}
  FROM organization_member o JOIN subject s ON s.id = o.user_id JOIN node n ON n.organization_id = o.organization_id
UNION ALL
SELECT DISTINCT 'suspension', o.id, o.organization_id, o.user_id, {TEXT}, {TEXT}, {NONE}, {TIME}, {TIME}
  FROM organization_suspension o JOIN subject s ON s.id = o.user_id JOIN node n ON n.organization_id = o.organization_id
"""
TRASHED = 2
CLOSED = 1

Line = tuple[Any, ...]


def facts_from(lines: Iterable[Line]) -> facts.Facts:
    """Build the engine's facts from the lines of a slice."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line[0], []).append(line)
    principals = [_principal(line) for line in found.get("principal", ())]
    resources = [_resource(line) for line in found.get("resource", ())]
    return facts.Facts(
        principals={p.id: p for p in principals},
        resources={r.id: r for r in resources},
        bindings=tuple(_binding(line) for line in found.get("binding", ())),
        memberships=tuple(_membership(line) for line in found.get("membership", ())),
        organization_members=tuple(
            facts.OrganizationMember(OrganizationId(line[2]), PrincipalId(line[3]), OrganizationRole(line[4]))
            for line in found.get("organization_member", ())
        ),
        suspensions=tuple(facts.Suspension(OrganizationId(line[2]), PrincipalId(line[3])) for line in found.get("suspension", ())),
    )


def _principal(line: Line) -> facts.Principal:
    return facts.Principal(
        PrincipalId(line[1]),
        PrincipalKind(line[4]),
        active=line[5] is None or line[5] == Status.ACTIVE.value,
        organization=None if line[2] is None else OrganizationId(line[2]),
    )


def _resource(line: Line) -> facts.Resource:
    return facts.Resource(
        ResourceId(line[1]),
        ResourceRef(line[4], line[5]),
        parent=None if line[2] is None else ResourceId(line[2]),
        organization=None if line[3] is None else OrganizationId(line[3]),
        open=not line[6] & CLOSED,
        trashed=bool(line[6] & TRASHED),
    )


def _binding(line: Line) -> facts.Binding:
    return facts.Binding(BindingId(line[1]), PrincipalId(line[2]), ResourceId(line[3]), Mask(line[6]), line[4], _window(line))


def _membership(line: Line) -> facts.Membership:
    return facts.Membership(PrincipalId(line[2]), PrincipalId(line[3]), _window(line))


def _window(line: Line) -> Window:
    if line[7] is None and line[8] is None:
        return ALWAYS
    return Window(_moment(line[7]), _moment(line[8]))


def _moment(value: object) -> datetime | None:
    """Return an aware moment: PostgreSQL gives one, SQLite gives Django's text in UTC."""
    if value is None or isinstance(value, datetime):
        return value
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
