"""Resources: the nodes of the tree, on every platform."""

from typing import ClassVar

from django.db import models

from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.organizations import Organization
from keyholder.storage.models.tenants import Tenant


class Resource(models.Model):
    """A node: its type and key are unique together and stay taken in the trash (semantics 4)."""

    type = BytesText(max_length=60)
    key = BytesText(max_length=200)
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800)
    parent = reference("self", null=True, blank=True)
    path = BytesText(max_length=400, db_index=True, blank=True, default="")
    """Ids from the root to this node, ``/3/17/``: what lies below is one range of an index."""
    organization = reference(Organization, null=True, blank=True)
    managed = models.BooleanField(null=True, blank=True)
    """Whether the edge to the parent is open, where it can be closed; NULL elsewhere."""
    trashed_at = models.DateTimeField(null=True, blank=True)
    awaiting_manager = models.BooleanField(default=False)
    """It has no standing manager yet; once it has one it keeps one (I-MG-1)."""
    tenant = reference(Tenant)

    noun: ClassVar[str] = "resource"
    recorded: ClassVar[tuple[str, ...]] = (
        "type",
        "key",
        "name",
        "parent_id",
        "path",
        "organization_id",
        "managed",
        "trashed_at",
        "awaiting_manager",
        "tenant_id",
    )

    class Meta:
        """Type and key are unique together; lists go by name."""

        db_table = "resource"
        constraints = (models.UniqueConstraint(fields=["type", "key"], name="resource_key_once"),)
        indexes = (
            models.Index(fields=["parent", "name_key", "id"], name="resource_children"),
            models.Index(fields=["tenant"], condition=models.Q(awaiting_manager=True), name="resource_awaiting"),
            models.Index(fields=["path"], condition=models.Q(trashed_at__isnull=False), name="resource_trashed"),
        )
