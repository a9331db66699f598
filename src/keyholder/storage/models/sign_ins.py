"""Attempts to sign in, counted to slow guessing down (R-RAT-1)."""

from django.db import models

from keyholder.storage.models.columns import BytesText


class SignInAttempt(models.Model):
    """One attempt: against which key (an account, a client address, everybody) and when."""

    key = BytesText(max_length=400)
    at = models.DateTimeField()

    class Meta:
        """Counted by key within a span of time."""

        db_table = "sign_in_attempt"
        indexes = (models.Index(fields=["key", "at"], name="sign_in_attempt_recent"),)
