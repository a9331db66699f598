"""Tenants: the unit of locking and of revisions (semantics 9)."""

import uuid

from django.db import models


class TenantKind(models.TextChoices):
    """What a tenant stands for."""

    INSTANCE = "instance"
    ORGANIZATION = "organization"
    ROOT = "root"


class Tenant(models.Model):
    """An organization with everything linked to it, a root resource linked to none, or the instance itself."""

    kind = models.CharField(max_length=20, choices=TenantKind.choices)
    revision = models.BigIntegerField(default=0)
    """Of the last committed write: gap-free (I-CO-1)."""
    number = models.BigIntegerField(default=0)
    """Of the last event, refused attempts included."""
    head = models.CharField(max_length=64, default="")
    """Hash of the last event."""
    epoch = models.UUIDField(default=uuid.uuid4)
    """Changes when a backup is restored."""

    class Meta:
        """One instance tenant, no more."""

        db_table = "tenant"
        constraints = (
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind=TenantKind.INSTANCE), name="tenant_one_instance"),
            models.CheckConstraint(condition=models.Q(kind__in=TenantKind.values), name="tenant_kind"),
        )
