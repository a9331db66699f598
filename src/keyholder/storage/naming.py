"""Names of principals, resources and organizations by their numbers, many at once: one query for each kind of thing."""

from collections.abc import Collection
from dataclasses import dataclass

from keyholder.storage.models import Organization
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch


@dataclass(frozen=True, slots=True)
class Named:
    """One principal: its kind, its name and, of a person, the address as it was typed."""

    id: int
    kind: str
    name: str
    address: str


def principals(numbers: Collection[int]) -> list[Named]:
    """Return these principals, those that are there."""
    statement = f"""
      SELECT p.id, p.kind, COALESCE(u.name, g.name, s.name, ''), COALESCE(u.email, '')
        FROM principal p LEFT JOIN "user" u ON u.principal_id = p.id LEFT JOIN "group" g ON g.principal_id = p.id
        LEFT JOIN service_account s ON s.principal_id = p.id
       WHERE p.id IN ({ids(numbers)})"""
    return [Named(*line) for line in fetch(statement, {})]


def resources(numbers: Collection[int]) -> list[tuple[int, str, str, str, int | None]]:
    """Return number, type, key, name and parent of these resources."""
    lines = fetch(f"SELECT id, type, key, name, parent_id FROM resource WHERE id IN ({ids(numbers)})", {})
    return [(line[0], line[1], line[2], line[3], line[4]) for line in lines]


def organizations(numbers: Collection[int]) -> list[tuple[int, str, str]]:
    """Return number, key and name of these organizations."""
    return list(Organization.objects.filter(pk__in=numbers).values_list("pk", "key", "name"))
