"""Lineages: a resource and what stands above it, the resource first."""

from collections.abc import Sequence

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import ResourceId
from keyholder.storage.models import Resource


def numbers(path: str) -> list[ResourceId]:
    """Return the numbers on a path, from the resource up to its root."""
    return [ResourceId(int(part)) for part in reversed(path.strip("/").split("/"))]


def of(row: Resource) -> tuple[Resource, ...]:
    """Return a resource and everything above it, with their organizations: one query."""
    found = Resource.objects.select_related("organization").in_bulk(numbers(row.path))
    return tuple(found[pk] for pk in numbers(row.path))


def account_of(row: Resource, catalogue: Catalogue) -> Resource:
    """Return the account that a resource belongs to, or is; above that level the resource itself."""
    return next((node for node in of(row) if catalogue.types[node.type].account_level), row)


def organization_of(lineage: Sequence[Resource]) -> int | None:
    """Return the organization that a resource's account is linked to: the nearest on the way up."""
    return next((node.organization_id for node in lineage if node.organization_id is not None), None)


def is_in_trash(row: Resource) -> bool:
    """Say whether a resource, or something above it, is in the trash."""
    return Resource.objects.filter(pk__in=numbers(row.path), trashed_at__isnull=False).exists()
