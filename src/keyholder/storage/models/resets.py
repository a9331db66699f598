"""Links with which somebody chooses a new password. No facts: nothing is decided by them, and the log tells their making and their use."""

from django.db import models

from keyholder.storage.models.columns import reference
from keyholder.storage.models.principals import User


class PasswordReset(models.Model):
    """One link: to whom it belongs, who made it, until when it counts. Of a copied secret only the digest is kept (R-PWD-1)."""

    user = reference(User)
    digest = models.CharField(max_length=64, blank=True, default="")
    """SHA-256 of a copied secret; empty for a mailed one, which is signed and stored nowhere."""
    fingerprint = models.CharField(max_length=64)
    """Of the password, the address and the last sign-in as they were: whatever changes of them ends the link."""
    made_by = models.BigIntegerField(null=True, blank=True)
    """The administrator, judged again when the link is used; NULL for the person themself and for the operator's command line."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A digest finds one link."""

        db_table = "password_reset"
        constraints = (models.UniqueConstraint(fields=["digest"], condition=~models.Q(digest=""), name="password_reset_digest"),)
