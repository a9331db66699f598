"""Invitations: whom somebody wants at an account, what they are to get there and from whom, and the links that lead to it (semantics 6)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from keyholder.domain.invitations import InvitationState, Way
from keyholder.storage.models.columns import BytesText, Windowed, reference, window_is_forward
from keyholder.storage.models.moments import FAR_FUTURE, FAR_PAST
from keyholder.storage.models.principals import Principal
from keyholder.storage.models.resources import Resource

STATES = tuple((state.value, state.value) for state in InvitationState)
WAYS = tuple((way.value, way.value) for way in Way)
PENDING = Q(state=InvitationState.PENDING.value)
ACCEPTED = Q(state=InvitationState.ACCEPTED.value)


class Invitation(models.Model):
    """One address asked to one account (or to what stands above accounts). That it has expired is told by the clock, never by a column."""

    account = reference(Resource)
    email = models.CharField(max_length=320)
    canonical = BytesText()
    language = models.CharField(max_length=10, blank=True, default="")
    message = models.TextField(blank=True, default="")
    generation = models.BigIntegerField(default=1)
    """Goes up with each new link: every link of an older one is dead."""
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    """From then on its days are counted."""
    invited_by = reference(Principal, null=True, blank=True)
    """NULL for the operator's command line."""
    state = models.CharField(max_length=20, choices=STATES, default=InvitationState.PENDING.value)
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it was accepted, declined or revoked."""
    accepted_by = reference(Principal, null=True, blank=True)
    accepted_way = models.CharField(max_length=20, choices=WAYS, blank=True, default="")
    """By which kind of link: a copied one proves nothing about the address."""
    awaiting = models.BooleanField(default=False)
    """Somebody wanted to accept it and nobody could give anything: a manager has to take it over."""
    closes = models.BooleanField(default=False)
    """The account is to be managed from above only until somebody of its own administers it."""

    noun: ClassVar[str] = "invitation"
    recorded: ClassVar[tuple[str, ...]] = (
        "account_id",
        "email",
        "canonical",
        "language",
        "message",
        "generation",
        "made_at",
        "sent_at",
        "invited_by_id",
        "state",
        "settled_at",
        "accepted_by_id",
        "accepted_way",
        "awaiting",
        "closes",
    )

    class Meta:
        """One pending invitation for an address and an account (R-INV-17, I-INV-6); an answer has its moment, an acceptance its person."""

        db_table = "invitation"
        constraints = (
            models.UniqueConstraint(fields=["account", "canonical"], condition=PENDING, name="invitation_pending_once"),
            models.CheckConstraint(condition=Q(state__in=[s for s, _ in STATES]), name="invitation_state"),
            models.CheckConstraint(
                condition=(PENDING & Q(settled_at__isnull=True)) | (~PENDING & Q(settled_at__isnull=False)), name="invitation_settled"
            ),
            models.CheckConstraint(
                condition=(ACCEPTED & Q(accepted_by__isnull=False, accepted_way__in=[w for w, _ in WAYS]))
                | (~ACCEPTED & Q(accepted_by__isnull=True, accepted_way="")),
                name="invitation_accepted",
            ),
            models.CheckConstraint(condition=Q(generation__gt=0), name="invitation_generation"),
        )
        indexes = (
            models.Index(fields=["account", "-id"], name="invitation_at"),
            models.Index(fields=["canonical"], condition=PENDING, name="invitation_for"),
        )


class Planned(Windowed):
    """Something that an invitation is to give, and who gives it: NULL for the operator's command line."""

    invitation = reference(Invitation)
    giver = reference(Principal, null=True, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True


class PlannedBinding(Planned):
    """A binding to be. ``mask`` is what it gave when it was planned: a role that has grown since has to be approved anew (R-INV-10)."""

    resource = reference(Resource)
    role = models.CharField(max_length=60, blank=True, default="")
    permissions = models.CharField(max_length=2000, blank=True, default="")
    mask = models.BigIntegerField()
    in_place_of = reference(Principal, null=True, blank=True)
    """Who has this role until it is given and steps down then; NULL where nobody does."""

    noun: ClassVar[str] = "planned_binding"
    recorded: ClassVar[tuple[str, ...]] = (
        "invitation_id",
        "resource_id",
        "role",
        "permissions",
        "mask",
        "starts_at",
        "ends_at",
        "giver_id",
        "in_place_of_id",
    )

    class Meta:
        """One for each giver, resource and window; never empty, and in nobody's place but with a role."""

        db_table = "planned_binding"
        constraints = (
            models.UniqueConstraint(
                "invitation",
                "resource",
                Coalesce("giver", 0),
                Coalesce("starts_at", FAR_PAST),
                Coalesce("ends_at", FAR_FUTURE),
                name="planned_binding_once",
            ),
            models.CheckConstraint(
                condition=Q(role="", permissions__gt="") | Q(role__gt="", permissions=""), name="planned_binding_set_or_role"
            ),
            models.CheckConstraint(condition=Q(mask__gt=0), name="planned_binding_not_empty"),
            models.CheckConstraint(condition=Q(in_place_of__isnull=True) | Q(role__gt=""), name="planned_binding_in_place_of_role"),
            window_is_forward("planned_binding_window"),
        )


class PlannedMembership(Planned):
    """A membership to be. ``gives`` is what the group gave when it was planned: one that has grown since has to be approved anew."""

    group = reference(Principal)
    """The number of a group; it may be deleted meanwhile, and then nothing comes of it."""
    gives = models.JSONField(default=list)
    """Pairs of a resource and a mask: the bindings of the group and of those that contain it."""

    noun: ClassVar[str] = "planned_membership"
    recorded: ClassVar[tuple[str, ...]] = ("invitation_id", "group_id", "gives", "starts_at", "ends_at", "giver_id")

    class Meta:
        """One for each giver, group and window."""

        db_table = "planned_membership"
        constraints = (
            models.UniqueConstraint(
                "invitation",
                "group",
                Coalesce("giver", 0),
                Coalesce("starts_at", FAR_PAST),
                Coalesce("ends_at", FAR_FUTURE),
                name="planned_membership_once",
            ),
            window_is_forward("planned_membership_window"),
        )


class InvitationLink(models.Model):
    """A copied link: SHA-256 of its secret, kept also when a newer one has replaced it, to say so. No fact, never in the log (R-INV-1)."""

    invitation = reference(Invitation)
    digest = models.CharField(max_length=64, unique=True)
    generation = models.BigIntegerField()

    class Meta:
        """Found by what is kept of the secret."""

        db_table = "invitation_link"


class InvitationSending(models.Model):
    """A sending of an invitation, counted to keep it from being a nuisance (R-INV-17)."""

    key = BytesText(max_length=400)
    """An inviter, an address or an account."""
    at = models.DateTimeField()

    class Meta:
        """Counted by key within a day."""

        db_table = "invitation_sending"
        indexes = (models.Index(fields=["key", "at"], name="invitation_sending_recent"),)
