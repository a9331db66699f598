"""The outbox: letters that wait for a mail server, in the transaction that made them; and the mail server's settings."""

from typing import ClassVar

from django.db import models

from keyholder.domain.letters import LetterKind, LetterState

KINDS = tuple((kind.value, kind.value) for kind in LetterKind)
STATES = tuple((state.value, state.value) for state in LetterState)
SECURITIES = (("none", "none"), ("starttls", "starttls"), ("tls", "tls"))


class Letter(models.Model):
    """A letter of the outbox. No fact of who may do what: nothing is decided by it, and no event tells its travels."""

    kind = models.CharField(max_length=40, choices=KINDS)
    recipient = models.CharField(max_length=320)
    """The stored address, never one that was typed (R-EML-4)."""
    name = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    about = models.BigIntegerField(default=0)
    generation = models.BigIntegerField(default=0)
    path = models.CharField(max_length=600, blank=True, default="")
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=STATES, default=LetterState.WAITING.value)
    attempts = models.IntegerField(default=0)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """Not before then it is tried."""
    leased_until = models.DateTimeField(null=True, blank=True)
    """Until then the worker that took it is trusted to be alive."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it was sent, given up or withdrawn."""
    error = models.CharField(max_length=500, blank=True, default="")
    """What the mail server said last, without secrets."""
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """What is due comes first; a row of a list finds its newest letter."""

        db_table = "letter"
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=[k for k, _ in KINDS]), name="letter_kind"),
            models.CheckConstraint(condition=models.Q(state__in=[s for s, _ in STATES]), name="letter_state"),
        )
        indexes = (
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["kind", "about", "-id"], name="letter_about"),
            models.Index(fields=["state", "-id"], name="letter_settled"),
        )


class MailSettings(models.Model):
    """The mail server, one row at most: without it nothing is mailed and every link is handed over by hand."""

    host = models.CharField(max_length=253)
    port = models.IntegerField()
    security = models.CharField(max_length=20, choices=SECURITIES)
    username = models.CharField(max_length=320, blank=True, default="")
    password = models.TextField(blank=True, default="")
    """Sealed; never in the log, never shown again (R-KEY-2)."""
    sender = models.CharField(max_length=320)

    noun: ClassVar[str] = "mail_settings"
    recorded: ClassVar[tuple[str, ...]] = ("host", "port", "security", "username", "sender")

    class Meta:
        """A port is a port."""

        db_table = "mail_settings"
        constraints = (
            models.CheckConstraint(condition=models.Q(security__in=[s for s, _ in SECURITIES]), name="mail_settings_security"),
            models.CheckConstraint(condition=models.Q(port__gte=1, port__lte=65535), name="mail_settings_port"),
        )
