"""Groups: named sets of people and groups of one organization, their owners and their memberships with windows."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from keyholder.storage.models.columns import BytesText, Windowed, reference, window_is_forward
from keyholder.storage.models.moments import FAR_FUTURE, FAR_PAST
from keyholder.storage.models.organizations import Organization
from keyholder.storage.models.principals import Principal, User


class Group(models.Model):
    """A group belongs to one organization; its key and its name are unique there (R067, R081)."""

    principal = models.OneToOneField(Principal, primary_key=True, on_delete=models.DO_NOTHING, related_name="group")
    organization = reference(Organization)
    key = BytesText(max_length=200)
    name = models.CharField(max_length=200)
    name_key = BytesText(max_length=800)
    description = models.TextField(blank=True, default="")

    noun: ClassVar[str] = "group"
    recorded: ClassVar[tuple[str, ...]] = ("organization_id", "key", "name", "description")

    class Meta:
        """Unique within the organization."""

        db_table = "group"
        constraints = (
            models.UniqueConstraint(fields=["organization", "key"], name="group_key_once"),
            models.UniqueConstraint(fields=["organization", "name_key"], name="group_name_once"),
        )


class GroupOwner(models.Model):
    """Somebody who manages a group's members (R080)."""

    group = reference(Group)
    user = reference(User)

    noun: ClassVar[str] = "group_owner"
    recorded: ClassVar[tuple[str, ...]] = ("group_id", "user_id")

    class Meta:
        """An owner once."""

        db_table = "group_owner"
        constraints = (models.UniqueConstraint(fields=["group", "user"], name="group_owner_once"),)


class Membership(Windowed):
    """A person or a group in a group, for a window. Cycles and long chains are refused by the commands (R074, R-PRV-4)."""

    group = reference(Group)
    member = reference(Principal)

    noun: ClassVar[str] = "membership"
    recorded: ClassVar[tuple[str, ...]] = ("group_id", "member_id", "starts_at", "ends_at")

    class Meta:
        """One membership for each window; nobody is a member of itself."""

        db_table = "membership"
        constraints = (
            models.UniqueConstraint(
                "group", "member", Coalesce("starts_at", FAR_PAST), Coalesce("ends_at", FAR_FUTURE), name="membership_once"
            ),
            models.CheckConstraint(condition=~models.Q(group=models.F("member")), name="membership_not_itself"),
            window_is_forward("membership_window"),
        )
