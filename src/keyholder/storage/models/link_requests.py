"""Requests for a link: one side of it agrees, the other is asked."""

from typing import ClassVar

from django.db import models

from keyholder.domain.linking import Side
from keyholder.domain.requests import RequestState
from keyholder.storage.models.columns import BytesText, reference
from keyholder.storage.models.organizations import Organization
from keyholder.storage.models.resources import Resource

SIDES = tuple((side.value, side.value) for side in Side)
STATES = tuple((state.value, state.value) for state in RequestState)


class LinkRequest(models.Model):
    """One request: who asks names the other side by what it is called outside, and learns by it nothing of what there is.

    ``asked`` is the key of an organization, or the type and key of an account; what it stands for is looked up by the other side.
    """

    side = models.CharField(max_length=20, choices=SIDES)
    """Which side asks."""
    organization = reference(Organization, null=True, blank=True)
    account = reference(Resource, null=True, blank=True)
    asked = BytesText(max_length=420)
    asked_by = models.BigIntegerField(null=True, blank=True)
    """The principal's number; NULL for the command line."""
    asked_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    state = models.CharField(max_length=20, choices=STATES, default=RequestState.OPEN.value)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)

    noun: ClassVar[str] = "link_request"
    recorded: ClassVar[tuple[str, ...]] = (
        "side",
        "organization_id",
        "account_id",
        "asked",
        "asked_by",
        "asked_at",
        "reason",
        "state",
        "decided_at",
        "decided_by",
    )

    class Meta:
        """One open request for each pair; decided exactly when it is not open."""

        db_table = "link_request"
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "asked"],
                condition=models.Q(state="open", side="organization"),
                name="link_request_one_of_organization",
            ),
            models.UniqueConstraint(
                fields=["account", "asked"], condition=models.Q(state="open", side="account"), name="link_request_one_of_account"
            ),
            models.CheckConstraint(condition=models.Q(state__in=[s for s, _ in STATES]), name="link_request_state"),
            models.CheckConstraint(
                condition=models.Q(side="organization", organization__isnull=False, account__isnull=True)
                | models.Q(side="account", account__isnull=False, organization__isnull=True),
                name="link_request_side",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="link_request_decided",
            ),
        )
        indexes = (models.Index(fields=["asked"], condition=models.Q(state="open"), name="link_request_open"),)
