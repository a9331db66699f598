"""Finds: people, groups and resources by part of a name, as far as they exist for the reader."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.names import name_key
from keyholder.storage import jurisdictions, visibility
from keyholder.storage.jurisdictions import Ground
from keyholder.storage.models import Organization, Resource
from keyholder.storage.sql import ids
from keyholder.storage.statements import contains, fetch, part


def people(text: str, ground: Ground | None, reader: PrincipalId | None, most: int, at: datetime) -> list[PrincipalId]:
    """Return people by name or address: those within a ground, and the reader; all people and service accounts where no ground is given."""
    if ground is not None:
        return jurisdictions.people(ground, text, most, at, also=reader)
    statement = f"""
      SELECT u.principal_id AS id, u.name_key AS name FROM "user" u WHERE {contains("u.search_key", "text")}
      UNION ALL SELECT s.principal_id, s.name_key FROM service_account s WHERE {contains("s.name_key", "text")}
      ORDER BY 2, 1 LIMIT %(most)s"""
    return [PrincipalId(line[0]) for line in fetch(statement, {"text": part(text), "most": most})]


def groups(text: str, organizations: Collection[OrganizationId] | None, most: int) -> list[PrincipalId]:
    """Return groups by name: those of some organizations, or of all where none are given."""
    inside = "1 = 1" if organizations is None else f"g.organization_id IN ({ids(organizations)})"
    statement = f"""
      SELECT g.principal_id FROM "group" g WHERE {inside} AND {contains("g.name_key", "text")}
       ORDER BY g.name_key, g.principal_id LIMIT %(most)s"""
    return [PrincipalId(line[0]) for line in fetch(statement, {"text": part(text), "most": most})]


def resources(
    text: str, reader: PrincipalId | None, most: int, at: datetime, *, closed: Collection[OrganizationId] = ()
) -> list[ResourceId]:
    """Return resources by name or key, those in the trash and below it apart, that exist for the reader; for nobody, all do."""
    where = f"{visibility.ALIVE} AND ({contains('r.name_key', 'text')} OR {contains('lower(r.key)', 'text')})"
    order = "r.name_key, r.id LIMIT %(most)s"
    parameters: dict[str, object] = {"text": part(text), "most": most}
    if reader is not None:
        return visibility.resources_for(reader, where, order, parameters, at, closed=closed)
    return [ResourceId(line[0]) for line in fetch(f"SELECT r.id FROM resource r WHERE {where} ORDER BY {order}", parameters)]


def of_type(kind: str, reader: PrincipalId | None, most: int, at: datetime, *, closed: Collection[OrganizationId] = ()) -> list[ResourceId]:
    """Return the resources of a type by name, those in the trash apart, that exist for the reader; for nobody, the instance, all do."""
    parameters: dict[str, object] = {"kind": kind, "most": most}
    where, order = "r.type = %(kind)s AND r.trashed_at IS NULL", "r.name_key, r.id LIMIT %(most)s"
    if reader is not None:
        return visibility.resources_for(reader, where, order, parameters, at, closed=closed)
    return [ResourceId(line[0]) for line in fetch(f"SELECT r.id FROM resource r WHERE {where} ORDER BY {order}", parameters)]


def children(parent: ResourceId | None, types: Sequence[str], text: str = "") -> list[ResourceId]:
    """Return the resources of some types below a parent (or without one), those in the trash apart, by name; as for a reader."""
    rows = Resource.objects.filter(parent=parent, type__in=types, trashed_at__isnull=True).order_by("name_key", "pk")
    if text:
        rows = rows.filter(Q(name_key__contains=name_key(text)) | Q(key__contains=text))
    return [ResourceId(pk) for pk in rows.values_list("pk", flat=True)]


def organizations_in(tenant: int) -> list[OrganizationId]:
    """Return the organization that a tenant stands for, if it stands for one."""
    return [OrganizationId(pk) for pk in Organization.objects.filter(tenant=tenant).values_list("pk", flat=True)]
