"""Requests in SQL: who is to be told of one, and the open ones within what somebody manages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef, TenantId
from keyholder.storage import lineages
from keyholder.storage.jurisdictions import WITHIN, Ground, parts
from keyholder.storage.models import AccessRequest, Resource, Tenant, User
from keyholder.storage.models.tenants import TenantKind
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch
from keyholder.storage.subtrees import range_of

STANDS = "{0}.ends_at IS NULL AND ({0}.starts_at IS NULL OR {0}.starts_at <= %(at)s)"
OPERATORS = 2
"""The tier of those who are asked last."""
OTHERS = -1
"""Stands for no node: organization admins and operators, who are asked where no node has a manager."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told of a request: address, as it is shown and canonical, name and language as they are stored."""

    address: str
    canonical: str
    name: str
    language: str
    appoints: bool = False
    """An operator, who decides nothing, and can appoint somebody who does."""


def tenants_of(request: int) -> list[TenantId]:
    """Return the tenant of the resource that a request is about; none where there is no such request."""
    return [TenantId(pk) for pk in AccessRequest.objects.filter(pk=request).values_list("resource__tenant_id", flat=True)]


def tenant_at(resource: int) -> list[TenantId]:
    """Return the tenant of a resource, and for what is none the instance's: one query either way."""
    there = Q(pk__in=Resource.objects.filter(pk=resource).values("tenant"))
    found = dict(Tenant.objects.filter(there | Q(kind=TenantKind.INSTANCE)).values_list("kind", "pk"))
    instance = found.pop(TenantKind.INSTANCE.value)
    return [TenantId(next(iter(found.values()), instance))]


def of_people(people: Collection[PrincipalId]) -> QuerySet[AccessRequest]:
    """Return the requests of people, whatever became of them: those they made signed in, and those by nobody who was, with their address.

    What somebody else asked, signed in, at an address that is another one's by now, stays theirs who asked.
    """
    theirs = User.objects.filter(pk__in=people).values("canonical")
    return AccessRequest.objects.filter(Q(person__in=people) | Q(person__isnull=True, canonical__in=theirs))


def is_of(request: AccessRequest, person: PrincipalId) -> bool:
    """Say whether a request is a person's own."""
    return of_people([person]).filter(pk=request.pk).exists()


def tenants_of_open(people: Collection[PrincipalId]) -> list[TenantId]:
    """Return the tenants where these people have an open request."""
    found = _open_of(people).values_list("resource__tenant_id", flat=True)
    return sorted({TenantId(pk) for pk in found})


def lineage(resource: Resource | None) -> list[ResourceId]:
    """Return a resource and what stands above it over open edges, the nearest first; nothing for none. One query either way."""
    path = [] if resource is None else lineages.numbers(resource.path)
    managed = dict(Resource.objects.filter(pk__in=path or [OTHERS]).values_list("pk", "managed"))
    found: list[ResourceId] = []
    for number in path:
        found.append(number)
        if managed[number] is False:
            break
    return found


def unmanaged(nodes: Sequence[ResourceId]) -> ResourceRef | None:
    """Return the first of some nodes that awaits a manager. One query whatever there is."""
    found = {row.pk: ResourceRef(row.type, row.key) for row in Resource.objects.filter(pk__in=nodes or [OTHERS], awaiting_manager=True)}
    return next((found[node] for node in nodes if node in found), None)


def managers_near(
    nodes: Collection[ResourceId], tenant: int, catalogue: Catalogue, at: datetime, *, admins: bool
) -> Mapping[int, list[Recipient]]:
    """Return the standing managers of each of these nodes, and under ``OTHERS`` the ``admins`` of the organization, else the operators.

    One query whatever there is. A manager's binding has begun and has no end; who is suspended is none.
    """
    condition, parameters = _granting(catalogue)
    statement = f"""
      WITH RECURSIVE holder(node, principal) AS (
        SELECT r.id, b.principal_id FROM resource r JOIN binding b ON b.resource_id = r.id
         WHERE r.id IN ({ids(nodes)}) AND ({condition}) AND {STANDS.format("b")}
        UNION SELECT h.node, m.member_id FROM holder h JOIN membership m ON m.group_id = h.principal WHERE {STANDS.format("m")}),
      asked(node, person, tier) AS (
        SELECT node, principal, 0 FROM holder
        UNION SELECT {OTHERS}, a.user_id, 1 FROM organization_member a JOIN organization o ON o.id = a.organization_id
               WHERE o.tenant_id = %(tenant)s AND %(admins)s = 1
        UNION SELECT {OTHERS}, u.principal_id, {OPERATORS} FROM "user" u WHERE u.is_operator)
      SELECT a.node, a.tier, u.email, u.canonical, u.name, u.language FROM asked a JOIN "user" u ON u.principal_id = a.person
       WHERE u.status = 'active' AND NOT EXISTS (
        SELECT 1 FROM organization_suspension s JOIN organization o ON o.id = s.organization_id
         WHERE s.user_id = u.principal_id AND o.tenant_id = %(tenant)s)
       ORDER BY a.tier, u.name_key, u.principal_id"""
    found: dict[int, list[Recipient]] = {}
    tiers: dict[int, int] = {}
    for node, tier, address, canonical, name, language in fetch(
        statement, {"at": at, "tenant": tenant, "admins": int(admins), **parameters}
    ):
        if tiers.setdefault(node, tier) == tier:
            found.setdefault(node, []).append(Recipient(address, canonical, name, language, appoints=tier == OPERATORS))
    return found


def open_within(ground: Ground | None, *, most: int | None = None) -> list[int]:
    """Return the open requests within what somebody manages, the oldest first; None is everything."""
    where = "" if ground is None else f"AND {WITHIN.format('r.path')}"
    before = "" if ground is None else f"WITH {parts(ground)}"
    statement = f"""{before}
      SELECT q.id FROM access_request q JOIN resource r ON r.id = q.resource_id WHERE q.state = 'open' {where}
       ORDER BY q.asked_at, q.id {"" if most is None else "LIMIT %(most)s"}"""
    return [int(line[0]) for line in fetch(statement, {} if most is None else {"most": most})]


def open_below(resource: Resource, people: Collection[PrincipalId]) -> list[AccessRequest]:
    """Return the open requests of these people at a resource and below it."""
    within = _open_of(people).filter(range_of("resource__path", resource))
    return list(within.select_related("resource").order_by("pk"))


def open_at(resource: Resource) -> QuerySet[AccessRequest]:
    """Return everybody's open requests at a resource and below it."""
    return AccessRequest.objects.filter(range_of("resource__path", resource), state="open")


def open_in(tenants: Collection[int] | None, person: PrincipalId) -> list[AccessRequest]:
    """Return the open requests of a person in some tenants; None is everywhere."""
    rows = _open_of([person]).select_related("resource").order_by("pk")
    return list(rows if tenants is None else rows.filter(resource__tenant__in=tenants))


def _open_of(people: Collection[PrincipalId]) -> QuerySet[AccessRequest]:
    return of_people(people).filter(state="open")


def _granting(catalogue: Catalogue) -> tuple[str, dict[str, object]]:
    """Return the condition that a binding ``b`` at ``r`` gives its platform's granting permission, and its parameters."""
    branches: list[str] = []
    parameters: dict[str, object] = {}
    for number, blueprint in enumerate(catalogue):
        names = {f"type{number}_{place}": name for place, name in enumerate(blueprint.types)}
        parameters |= names | {f"mask{number}": blueprint.implied_by(blueprint.granting_mask)}
        branches.append(f"(r.type IN ({', '.join(f'%({name})s' for name in names)}) AND (b.mask & %(mask{number})s) <> 0)")
    return " OR ".join(branches), parameters
