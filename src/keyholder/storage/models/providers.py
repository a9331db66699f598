"""Identity providers, who is who there, and sign-ins that are under way (semantics 7)."""

from typing import ClassVar

from django.db import models

from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.principals import User


class Provider(models.Model):
    """A provider that an operator set up in the console."""

    key = BytesText(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    issuer = BytesText(max_length=500)
    client = models.CharField(max_length=500)
    secret = models.TextField()
    """Sealed; never in the log, never shown again (R-KEY-2)."""
    scopes = models.CharField(max_length=500)
    enabled = models.BooleanField(default=False)
    text_counts = models.BooleanField(default=False)
    """The text "true" counts as a verified address as well."""

    noun: ClassVar[str] = "provider"
    recorded: ClassVar[tuple[str, ...]] = ("key", "name", "issuer", "client", "scopes", "enabled", "text_counts")

    class Meta:
        """A sign-in never starts without an issuer, an audience and a secret (R-OIDC-7)."""

        db_table = "provider"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(key="") & ~models.Q(issuer="") & ~models.Q(client="") & ~models.Q(secret=""), name="provider_complete"
            ),
        )


class Identity(models.Model):
    """A person is who a provider calls by this subject. The pair is the key; the address is what was verified last (R-OIDC-1, I-ID-2)."""

    issuer = BytesText(max_length=500)
    subject = BytesText(max_length=255)
    user = reference(User)

    noun: ClassVar[str] = "identity"
    recorded: ClassVar[tuple[str, ...]] = ("issuer", "subject", "user_id")

    class Meta:
        """One person for a subject of an issuer, and one subject of an issuer for a person."""

        db_table = "identity"
        constraints = (
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="identity_of_user"),
            models.CheckConstraint(condition=~models.Q(issuer="") & ~models.Q(subject=""), name="identity_complete"),
        )


class ProviderSignIn(models.Model):
    """A sign-in under way: what was sent to the provider, to be used once, in the browser that began it (R-OIDC-6). No fact."""

    state = BytesText(max_length=64, unique=True)
    """SHA-256, as are the next two."""
    nonce = models.CharField(max_length=64)
    browser = models.CharField(max_length=64)
    verifier = models.TextField()
    """Sealed."""
    provider = BytesText(max_length=40)
    issuer = BytesText(max_length=500)
    goal = models.CharField(max_length=2048, blank=True, default="")
    linking = models.BigIntegerField(null=True, blank=True)
    """The person who links the provider with their account; None where somebody signs in."""
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Found by its state."""

        db_table = "provider_sign_in"
