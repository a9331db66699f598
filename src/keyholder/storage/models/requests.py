"""Requests for access: who asked, for what, and how it was answered."""

from typing import ClassVar

from django.db import models

from keyholder.domain.requests import LONGEST_STAY, RequestState
from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.principals import User
from keyholder.storage.models.resources import Resource

STATES = tuple((state.value, state.value) for state in RequestState)


class AccessRequest(models.Model):
    """One request: for one resource, by one address; ``permissions`` are names parted by a space, none where it was left open."""

    resource = reference(Resource)
    canonical = BytesText()
    shown = models.CharField(max_length=320)
    """The address as it was typed, or as the person has it."""
    person = reference(User, null=True, blank=True)
    """Who was signed in when they asked; None where somebody only gave an address."""
    proven = models.BooleanField(default=False)
    """Whether the person's address was proven when they asked."""
    language = models.CharField(max_length=10, blank=True, default="")
    role = models.CharField(max_length=60, blank=True, default="")
    permissions = models.CharField(max_length=2000, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    days = models.IntegerField(null=True, blank=True)
    """For how long; NULL for no end."""
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=STATES, default=RequestState.OPEN.value)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)
    """The principal's number; NULL for the command line, and while it is open."""
    answer = models.TextField(blank=True, default="")

    noun: ClassVar[str] = "access_request"
    recorded: ClassVar[tuple[str, ...]] = (
        "resource_id",
        "canonical",
        "shown",
        "person_id",
        "proven",
        "language",
        "role",
        "permissions",
        "reason",
        "days",
        "asked_at",
        "state",
        "decided_at",
        "decided_by",
        "answer",
    )

    class Meta:
        """One open request for each address, and for each person, and resource; decided exactly when it is not open (semantics 6)."""

        db_table = "access_request"
        constraints = (
            models.UniqueConstraint(
                fields=["resource", "canonical"], condition=models.Q(state="open"), name="access_request_one_of_address"
            ),
            models.UniqueConstraint(
                fields=["resource", "person"], condition=models.Q(state="open", person__isnull=False), name="access_request_one_of_person"
            ),
            models.CheckConstraint(condition=models.Q(state__in=[s for s, _ in STATES]), name="access_request_state"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="access_request_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(days__isnull=True) | models.Q(days__gte=1, days__lte=LONGEST_STAY), name="access_request_days"
            ),
            models.CheckConstraint(condition=models.Q(role="") | models.Q(permissions=""), name="access_request_set_or_role"),
        )
        indexes = (
            models.Index(fields=["resource"], condition=models.Q(state="open"), name="access_request_open"),
            models.Index(fields=["person", "-id"], name="access_request_of_person"),
        )
