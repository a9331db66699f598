"""Assets: configuration and people's work inside a node, and where they are put to use (semantics 8)."""

from typing import ClassVar

from django.db import models

from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.principals import Principal
from keyholder.storage.models.resources import Resource


class Asset(models.Model):
    """One asset of one of the blueprint's kinds: personal where it has an owner, the node's own where it has none.

    Sharing makes another row: an asset never changes from the one to the other (R024).
    """

    resource = reference(Resource)
    kind = BytesText(max_length=60)
    owner = reference(Principal, null=True, blank=True)
    """Whose it is, while it is personal."""
    maker = models.BigIntegerField(null=True, blank=True)
    """The number of who made it, which stays when they go (R039); NULL for the command line."""
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800)
    description = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    marked = models.BooleanField(default=False)
    """Shown also to those who see only what is marked visible (reading 38)."""

    noun: ClassVar[str] = "asset"
    recorded: ClassVar[tuple[str, ...]] = ("resource_id", "kind", "owner_id", "maker", "name", "description", "body", "marked")

    class Meta:
        """One name for each kind at a node: once among what is shared, once for each owner. Nothing personal is marked."""

        db_table = "asset"
        constraints = (
            models.UniqueConstraint(
                fields=["resource", "kind", "name_key"], condition=models.Q(owner__isnull=True), name="asset_shared_name_once"
            ),
            models.UniqueConstraint(
                fields=["resource", "owner", "kind", "name_key"], condition=models.Q(owner__isnull=False), name="asset_own_name_once"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="asset_name_not_empty"),
            models.CheckConstraint(condition=models.Q(owner__isnull=True) | models.Q(marked=False), name="asset_personal_unmarked"),
        )
        indexes = (models.Index(fields=["resource", "kind", "name_key", "id"], name="asset_at"),)


class AppliedAsset(models.Model):
    """An asset put to use at a node below the one it lives in: a filter at a view (R033)."""

    asset = reference(Asset)
    resource = reference(Resource)

    noun: ClassVar[str] = "applied_asset"
    recorded: ClassVar[tuple[str, ...]] = ("asset_id", "resource_id")

    class Meta:
        """Once at each node."""

        db_table = "applied_asset"
        constraints = (models.UniqueConstraint(fields=["asset", "resource"], name="applied_asset_once"),)
        indexes = (models.Index(fields=["resource", "asset"], name="applied_asset_at"),)
