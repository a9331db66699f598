"""Principals: one number space for people, groups and service accounts, so that a binding names any of them (I-GR-5)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.principals import Status
from keyholder.storage.models.columns import BytesText

KINDS = tuple((kind.value, kind.value) for kind in PrincipalKind)
STATUSES = tuple((status.value, status.value) for status in Status)


class Principal(models.Model):
    """Whoever can hold a binding. The row stays as a tombstone when its holder is deleted (R-PRV-8)."""

    kind = models.CharField(max_length=20, choices=KINDS)
    deleted_at = models.DateTimeField(null=True, blank=True)

    noun: ClassVar[str] = "principal"
    recorded: ClassVar[tuple[str, ...]] = ("kind", "deleted_at")

    class Meta:
        """Only the three kinds."""

        db_table = "principal"
        constraints = (models.CheckConstraint(condition=models.Q(kind__in=[k for k, _ in KINDS]), name="principal_kind"),)


class UserManager(BaseUserManager["User"]):
    """Finds people for Django's sign-in by their canonical address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this canonical address."""
        return self.get(canonical=username)


class User(AbstractBaseUser):
    """A person, identified by an e-mail address: shown as typed, unique by its canonical form (R044, I-ID-1)."""

    principal = models.OneToOneField(Principal, primary_key=True, on_delete=models.DO_NOTHING, related_name="user")
    email = models.CharField(max_length=320)
    canonical = BytesText(unique=True)
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800, db_index=True)
    search_key = BytesText(max_length=1200)
    status = models.CharField(max_length=20, choices=STATUSES, default=Status.ACTIVE.value)
    is_operator = models.BooleanField(default=False)
    email_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True, default="")
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "canonical"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    noun: ClassVar[str] = "user"
    recorded: ClassVar[tuple[str, ...]] = ("email", "canonical", "name", "status", "is_operator", "email_verified", "language")

    class Meta:
        """Status is one of two."""

        db_table = "user"
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=[s for s, _ in STATUSES]), name="user_status"),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_name_not_empty"),
        )

    @property
    def is_active(self) -> bool:  # type: ignore[override] # Django's attribute is only ever read; here it follows the status
        """Whether the person may sign in: Django asks."""
        return self.status == Status.ACTIVE.value


class ServiceAccount(models.Model):
    """For machines: never counts as a manager, never signs in to the console (semantics 2)."""

    principal = models.OneToOneField(Principal, primary_key=True, on_delete=models.DO_NOTHING, related_name="service_account")
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800, unique=True)

    noun: ClassVar[str] = "service_account"
    recorded: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        """Names are unique by their key."""

        db_table = "service_account"
