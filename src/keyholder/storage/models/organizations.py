"""Organizations: their names, their policy, their admins, whom they have suspended within themselves, what their admins noted."""

from typing import ClassVar

from django.db import models

from keyholder.domain.policies import PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.principals import User
from keyholder.storage.models.tenants import Tenant

MODES = tuple((mode.value, mode.value) for mode in PolicyMode)
SOURCES = (("open", "open"), ("directory", "directory"))
ROLES = tuple((role.value, role.value) for role in OrganizationRole)


class Organization(models.Model):
    """A company: accounts linked to it, groups, a user policy (semantics 5)."""

    key = BytesText(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800)
    identity_source = models.CharField(max_length=20, choices=SOURCES, default="open")
    policy_mode = models.CharField(max_length=20, choices=MODES, default=PolicyMode.ANYBODY.value)
    allowed_domains = models.JSONField(default=list, blank=True)
    allowed_addresses = models.JSONField(default=list, blank=True)
    blocked_addresses = models.JSONField(default=list, blank=True)
    verified_only = models.BooleanField(default=False)
    tenant = models.OneToOneField(Tenant, on_delete=models.DO_NOTHING, related_name="organization")

    noun: ClassVar[str] = "organization"
    recorded: ClassVar[tuple[str, ...]] = (
        "key",
        "name",
        "identity_source",
        "policy_mode",
        "allowed_domains",
        "allowed_addresses",
        "blocked_addresses",
        "verified_only",
        "tenant_id",
    )

    class Meta:
        """Modes and sources are enumerated."""

        db_table = "organization"
        constraints = (
            models.CheckConstraint(condition=models.Q(policy_mode__in=[m for m, _ in MODES]), name="organization_policy_mode"),
            models.CheckConstraint(condition=models.Q(identity_source__in=[s for s, _ in SOURCES]), name="organization_identity_source"),
        )


class OrganizationMember(models.Model):
    """An admin or user admin of an organization."""

    organization = reference(Organization)
    user = reference(User)
    role = models.CharField(max_length=20, choices=ROLES)

    noun: ClassVar[str] = "organization_member"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id", "user_id", "role")

    class Meta:
        """One role for a person in an organization."""

        db_table = "organization_member"
        constraints = (
            models.UniqueConstraint(fields=["organization", "user"], name="organization_member_once"),
            models.CheckConstraint(condition=models.Q(role__in=[r for r, _ in ROLES]), name="organization_member_role"),
        )


class ProviderRule(models.Model):
    """An organization lets people to its pages only who came in through one sign-in provider; decisions do not change."""

    organization = reference(Organization)
    issuer = BytesText(max_length=500)
    """The provider, by its issuer: its key may be set up anew for another one."""

    noun: ClassVar[str] = "provider_rule"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id", "issuer")

    class Meta:
        """One provider for an organization."""

        db_table = "provider_rule"
        constraints = (models.UniqueConstraint(fields=["organization"], name="provider_rule_once"),)


class OrganizationSuspension(models.Model):
    """A person suspended within one organization: nothing is effective at what is linked to it (semantics 2)."""

    organization = reference(Organization)
    user = reference(User)

    noun: ClassVar[str] = "organization_suspension"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id", "user_id")

    class Meta:
        """Suspended once."""

        db_table = "organization_suspension"
        constraints = (models.UniqueConstraint(fields=["organization", "user"], name="organization_suspension_once"),)


class OrganizationNote(models.Model):
    """What an admin of an organization noted about a person. The words stand here alone: no event holds them (semantics 9)."""

    organization = reference(Organization)
    user = reference(User)
    text = models.TextField()
    written_by = models.BigIntegerField(null=True, blank=True)
    """The principal's number; NULL for the command line."""
    written_at = models.DateTimeField()

    noun: ClassVar[str] = "organization_note"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id", "user_id", "written_by", "written_at")

    class Meta:
        """Read by person."""

        db_table = "organization_note"
        indexes = (models.Index(fields=["organization", "user"], name="organization_note_of_person"),)
