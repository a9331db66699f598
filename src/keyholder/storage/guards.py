"""Guards: reading, inside the writing transaction, whether a state may stand. Facts only; the rules that use them are services'."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind, ResourceId, TenantId
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.storage.models import Membership, OrganizationMember, OrganizationSuspension, User
from keyholder.storage.sql import column, ids

BEGUN = "{0}.ends_at IS NULL AND ({0}.starts_at IS NULL OR {0}.starts_at <= %s)"


def managed(resources: Collection[ResourceId], catalogue: Catalogue, at: datetime) -> set[ResourceId]:
    """Return those of the guarded resources that have a standing manager (semantics 4): directly first, then through groups.

    A group that is bound outside what is linked to its organization gives nothing (R-PRV-7).
    """
    direct = _with_manager(resources, catalogue, at, through_groups=False)
    rest = [r for r in resources if r not in direct]
    return direct | (_with_manager(rest, catalogue, at, through_groups=True) if rest else set())


def awaiting(tenants: Collection[TenantId]) -> list[ResourceId]:
    """Return the resources of these tenants that are marked as awaiting a manager."""
    statement = f"SELECT id FROM resource WHERE awaiting_manager AND tenant_id IN ({ids(tenants)})"
    return [ResourceId(pk) for pk in column(statement)]


def guarded_through(principals: Collection[PrincipalId], catalogue: Catalogue) -> set[ResourceId]:
    """Return the guarded resources where these principals, or groups that they are in by whatever window, are bound."""
    types = [t.name for t in catalogue.types.values() if t.guarded]
    if not principals:
        return set()
    statement = f"""
      WITH RECURSIVE party(id) AS (
        SELECT id FROM principal WHERE id IN ({ids(principals)})
        UNION SELECT m.group_id FROM membership m JOIN party p ON m.member_id = p.id)
      SELECT DISTINCT r.id FROM party p JOIN binding b ON b.principal_id = p.id JOIN resource r ON r.id = b.resource_id
       WHERE r.type IN ({", ".join(["%s"] * len(types))})"""
    return {ResourceId(pk) for pk in column(statement, types)}


def above(groups: Collection[PrincipalId]) -> list[tuple[PrincipalId, PrincipalId]]:
    """Return the nesting edges (group, group inside it) at and above these groups, by whatever window."""
    return _edges(groups, by="member_id", onward=0)


def below(groups: Collection[PrincipalId]) -> list[tuple[PrincipalId, PrincipalId]]:
    """Return the nesting edges (group, group inside it) at and below these groups, by whatever window."""
    return _edges(groups, by="group_id", onward=1)


def organizations_without_admin(organizations: Collection[OrganizationId], *, without: PrincipalId | None = None) -> set[OrganizationId]:
    """Return those of the organizations that have no active admin; who is suspended within one does not count there, nor ``without``."""
    suspended = OrganizationSuspension.objects.filter(organization=OuterRef("organization"), user=OuterRef("user"))
    led = OrganizationMember.objects.filter(
        ~Exists(suspended), organization_id__in=organizations, role=OrganizationRole.ADMIN.value, user__status=Status.ACTIVE.value
    ).exclude(user=without or 0)
    return set(organizations) - {OrganizationId(pk) for pk in led.values_list("organization_id", flat=True)}


def has_operator(*, without: PrincipalId | None = None) -> bool:
    """Say whether an active operator is left (I-MG-2), be it ``without`` one."""
    return User.objects.filter(is_operator=True, status=Status.ACTIVE.value).exclude(pk=without or 0).exists()


def managing(catalogue: Catalogue) -> tuple[str, list[object]]:
    """Return the condition that a binding ``b`` gives what a standing manager of its resource ``r`` needs, and its parameters in order."""
    parts: list[str] = []
    parameters: list[object] = []
    for kind in (t for t in catalogue.types.values() if t.guarded):
        blueprint = catalogue.blueprints[kind.blueprint]
        if blueprint.standing_role:
            parts.append("(r.type = %s AND b.role = %s)")
            parameters += [kind.name, blueprint.standing_role]
        else:
            parts.append("(r.type = %s AND (b.mask & %s) <> 0)")
            parameters += [kind.name, blueprint.implied_by(blueprint.granting_mask)]
    return " OR ".join(parts), parameters


def _edges(groups: Collection[PrincipalId], *, by: str, onward: int) -> list[tuple[PrincipalId, PrincipalId]]:
    found: set[tuple[PrincipalId, PrincipalId]] = set()
    seen: set[PrincipalId] = set()
    frontier: set[PrincipalId] = set(groups)
    while frontier:
        seen |= frontier
        rows = Membership.objects.filter(Q(**{f"{by}__in": frontier}), member__kind=PrincipalKind.GROUP.value)
        edges = {(PrincipalId(group), PrincipalId(member)) for group, member in rows.values_list("group_id", "member_id")}
        found |= edges
        frontier = {edge[onward] for edge in edges} - seen
    return sorted(found)


def _with_manager(resources: Collection[ResourceId], catalogue: Catalogue, at: datetime, *, through_groups: bool) -> set[ResourceId]:
    if not resources:
        return set()
    condition, parameters = managing(catalogue)
    step = f"""UNION SELECT h.resource, h.organization, m.member_id FROM holder h JOIN membership m ON m.group_id = h.principal
                WHERE {BEGUN.format("m")}"""
    statement = f"""
      WITH RECURSIVE holder(resource, organization, principal) AS (
        SELECT r.id, r.organization_id, b.principal_id FROM resource r JOIN binding b ON b.resource_id = r.id
          LEFT JOIN "group" g ON g.principal_id = b.principal_id
         WHERE r.id IN ({ids(resources)}) AND ({condition}) AND {BEGUN.format("b")}
           AND (g.principal_id IS NULL OR g.organization_id = r.organization_id)
        {step if through_groups else ""})
      SELECT DISTINCT h.resource FROM holder h JOIN "user" u ON u.principal_id = h.principal
       WHERE u.status = 'active' AND NOT EXISTS (
        SELECT 1 FROM organization_suspension s WHERE s.user_id = u.principal_id AND s.organization_id = h.organization)"""
    return {ResourceId(pk) for pk in column(statement, [*parameters, at, *([at] if through_groups else [])])}
