"""Second factors: authenticator apps, passkeys, recovery codes; and the organizations that ask for one (semantics 7)."""

from typing import ClassVar

from django.db import models

from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.organizations import Organization
from keyholder.storage.models.principals import User


class Authenticator(models.Model):
    """An app that shows codes (RFC 6238). Its secret is sealed; a code counts once, by the number of its half minute (R-RAT-2)."""

    user = reference(User)
    name = models.CharField(max_length=200)
    secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by their person."""

        db_table = "authenticator"


class Passkey(models.Model):
    """A passkey (WebAuthn): the public key of a credential, which proves a device and whoever unlocks it."""

    user = reference(User)
    name = models.CharField(max_length=200)
    credential = BytesText(max_length=1400, unique=True)
    """The credential's id, in base64url."""
    key = models.TextField()
    """The credential's data as the device gave it, in base64url: public."""
    sign_count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A credential is one person's."""

        db_table = "passkey"


class RecoveryCode(models.Model):
    """A code for the day when the device is lost: kept as SHA-256, works once."""

    user = reference(User)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Each is somebody's once."""

        db_table = "recovery_code"
        constraints = (models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),)


class SecondFactorRule(models.Model):
    """An organization asks for a second factor of its managers at sign-in; decisions do not change."""

    organization = reference(Organization)

    noun: ClassVar[str] = "second_factor_rule"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id",)

    class Meta:
        """Asked for once."""

        db_table = "second_factor_rule"
        constraints = (models.UniqueConstraint(fields=["organization"], name="second_factor_rule_once"),)
