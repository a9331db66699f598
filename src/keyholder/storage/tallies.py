"""Tallies for verification: what every tenant, account, person and set of permissions comes to, each read by one statement."""

from collections.abc import Iterator, Sequence

from django.db import connection

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import OrganizationId, ResourceId
from keyholder.domain.principals import OrganizationRole
from keyholder.storage.models import Event, Organization, OrganizationMember, Resource, User
from keyholder.storage.statements import fetch


def sets() -> list[tuple[str, str, str, int, int]]:
    """Return every set that some binding holds: the type, role, permissions and mask, and the number of one such binding."""
    lines = fetch(
        """SELECT r.type, b.role, b.permissions, b.mask, MIN(b.id) FROM binding b JOIN resource r ON r.id = b.resource_id
            GROUP BY r.type, b.role, b.permissions, b.mask ORDER BY 5""",
        {},
    )
    return [(kind, role, permissions, mask, number) for kind, role, permissions, mask, number in lines]


def revisions_with_gaps() -> Sequence[int]:
    """Return the tenants whose events do not carry every revision from 1 to the tenant's own, or one without need (I-CO-1)."""
    lines = fetch(
        """SELECT t.id FROM tenant t LEFT JOIN event e ON e.tenant_id = t.id GROUP BY t.id, t.revision
           HAVING COUNT(DISTINCT e.revision) <> t.revision OR COALESCE(MIN(e.revision), 1) <> 1
               OR COALESCE(MAX(e.revision), 0) <> t.revision
               OR SUM(CASE WHEN (e.revision IS NULL) <> (e.refused <> '') THEN 1 ELSE 0 END) > 0 ORDER BY t.id""",
        {},
    )
    return [line[0] for line in lines]


def feed_differs() -> Sequence[tuple[int, int]]:
    """Return tenant and revision where the feed does not list as many rows as the events changed (I-AU-1)."""
    length = "json_array_length" if connection.vendor == "sqlite" else "jsonb_array_length"
    lines = fetch(
        f"""SELECT a.tenant_id, a.revision, SUM(a.told), SUM(a.fed) FROM (
             SELECT e.tenant_id, e.revision, {length}(e.changes) AS told, 0 AS fed FROM event e WHERE e.revision IS NOT NULL
             UNION ALL SELECT f.tenant_id, f.revision, 0, 1 FROM feed_entry f) a
           GROUP BY a.tenant_id, a.revision HAVING SUM(a.told) <> SUM(a.fed) ORDER BY 1, 2""",
        {},
    )
    return [(tenant, revision) for tenant, revision, _told, _fed in lines]


def guarded(catalogue: Catalogue) -> Sequence[tuple[ResourceId, bool]]:
    """Return the resources that keep a standing manager, each with whether it awaits one (I-MG-1)."""
    types = [kind.name for kind in catalogue.types.values() if kind.guarded]
    rows = Resource.objects.filter(type__in=types).order_by("pk").values_list("pk", "awaiting_manager")
    return [(ResourceId(pk), awaiting) for pk, awaiting in rows.iterator()]


def ever_led() -> set[OrganizationId]:
    """Return the organizations that still are and once had an admin: who has one now, or whose log tells of one."""
    told = Event.objects.filter(action="organization.role_given", details__role=OrganizationRole.ADMIN.value, refused="")
    numbers = set(OrganizationMember.objects.filter(role=OrganizationRole.ADMIN.value).values_list("organization_id", flat=True))
    numbers |= {target for target in told.values_list("target", flat=True) if target is not None}
    return {OrganizationId(pk) for pk in Organization.objects.filter(pk__in=numbers).values_list("pk", flat=True)}


def ever_operated() -> bool:
    """Say whether the instance has or had an operator."""
    told = Event.objects.filter(action="user.operator_appointed", refused="")
    return User.objects.filter(is_operator=True).exists() or told.exists()


def addresses() -> Iterator[tuple[int, str, str]]:
    """Go through the people: number, address as typed, canonical address."""
    yield from User.objects.order_by("pk").values_list("pk", "email", "canonical").iterator()


def unproven() -> Sequence[int]:
    """Return whose address is marked as proven though no event about them marked it (I-ID-3), by number."""
    lines = fetch(
        """SELECT u.principal_id FROM "user" u WHERE u.email_verified AND NOT EXISTS (
             SELECT 1 FROM event e WHERE e.subject = u.principal_id AND CAST(e.changes AS text) LIKE %(mark)s)
            ORDER BY 1""",
        {"mark": '%"email_verified": true%'},
    )
    return [line[0] for line in lines]


def sleepless() -> Sequence[int]:
    """Return whose sessions go on though they are suspended or gone (I-AZ-4), by number."""
    lines = fetch(
        """SELECT DISTINCT s."user" FROM session s LEFT JOIN "user" u ON u.principal_id = s."user"
            WHERE s."user" IS NOT NULL AND (u.status IS NULL OR u.status <> 'active') ORDER BY 1""",
        {},
    )
    return [line[0] for line in lines]
