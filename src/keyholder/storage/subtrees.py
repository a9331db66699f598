"""Subtrees: a resource with everything below it, as one range of the index on its path."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from keyholder.storage.models import AppliedAsset, Binding, Resource

AFTER_SLASH = "0"
"""The byte that follows ``/``: the end of the range of what lies below a path."""


def below(node: Resource) -> QuerySet[Resource]:
    """Return a resource and everything below it, whatever is in the trash, in the order of their ids."""
    return Resource.objects.filter(range_of("path", node)).order_by("pk")


def bindings_within(node: Resource) -> QuerySet[Binding]:
    """Return the bindings at a resource and below it, of every window, in the order of their ids, each with its resource."""
    return Binding.objects.filter(range_of("resource__path", node)).select_related("resource").order_by("pk")


def applied_from_above(node: Resource, but: Iterable[Resource]) -> QuerySet[AppliedAsset]:
    """Return what is put to use at a resource or below it and lives above it, but at none of these resources."""
    within = AppliedAsset.objects.filter(range_of("resource__path", node))
    return within.exclude(range_of("asset__resource__path", node)).exclude(asset__resource__in=list(but)).order_by("pk")


def range_of(column: str, node: Resource) -> Q:
    """Return the condition that the path in a column is that of a resource, or of something below it."""
    return Q(**{f"{column}__gte": node.path, f"{column}__lt": node.path[:-1] + AFTER_SLASH})
