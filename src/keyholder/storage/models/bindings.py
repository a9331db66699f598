"""Bindings: one principal, one resource, a set of permissions or a role, a window. The stored fact of all access."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from keyholder.storage.models.columns import Windowed, reference, window_is_forward
from keyholder.storage.models.moments import FAR_FUTURE, FAR_PAST
from keyholder.storage.models.principals import Principal
from keyholder.storage.models.resources import Resource


class Binding(Windowed):
    """``permissions`` are the names as they were ticked, ``mask`` is the same for SQL; a role has its mask and no names."""

    principal = reference(Principal)
    resource = reference(Resource)
    role = models.CharField(max_length=60, blank=True, default="")
    permissions = models.CharField(max_length=2000, blank=True, default="")
    """Names in declared order, parted by a space."""
    mask = models.BigIntegerField()

    noun: ClassVar[str] = "binding"
    recorded: ClassVar[tuple[str, ...]] = ("principal_id", "resource_id", "role", "permissions", "starts_at", "ends_at")

    class Meta:
        """One binding for each principal, resource and window (semantics 3); never empty."""

        db_table = "binding"
        constraints = (
            models.UniqueConstraint(
                "principal", "resource", Coalesce("starts_at", FAR_PAST), Coalesce("ends_at", FAR_FUTURE), name="binding_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role="", permissions__gt="") | models.Q(role__gt="", permissions=""), name="binding_set_or_role"
            ),
            models.CheckConstraint(condition=models.Q(mask__gt=0), name="binding_not_empty"),
            window_is_forward("binding_window"),
        )
        indexes = (models.Index(fields=["resource", "principal"], name="binding_at"),)
