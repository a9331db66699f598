"""What hangs on a resource and everything below it, and goes when that is deleted for good (semantics 4)."""

from collections.abc import Iterator, Sequence

from django.db import models
from django.db.models import Q

from keyholder.domain.invitations import InvitationState
from keyholder.storage.models import (
    AccessRequest,
    AppliedAsset,
    Asset,
    Invitation,
    InvitationLink,
    LinkRequest,
    PlannedBinding,
    PlannedMembership,
    Resource,
)
from keyholder.storage.subtrees import bindings_within, range_of


def invitations(node: Resource) -> list[Invitation]:
    """Return the invitations to accounts at a resource or below it, whatever became of them."""
    return list(Invitation.objects.filter(range_of("account__path", node)).order_by("pk"))


def planned_elsewhere(node: Resource) -> list[PlannedBinding]:
    """Return what pending invitations to an account above a resource plan at it and below it."""
    pending = PlannedBinding.objects.filter(range_of("resource__path", node), invitation__state=InvitationState.PENDING.value)
    return list(pending.exclude(range_of("invitation__account__path", node)).select_related("invitation__account").order_by("pk"))


def rows(node: Resource) -> Iterator[Sequence[models.Model]]:
    """Go through the rows that refer to a resource or to what is below it, table by table, those that refer to others first."""
    own = range_of("invitation__account__path", node)
    yield list(PlannedBinding.objects.filter(own | range_of("resource__path", node)).order_by("pk"))
    yield list(PlannedMembership.objects.filter(own).order_by("pk"))
    yield invitations(node)
    yield list(AccessRequest.objects.filter(range_of("resource__path", node)).order_by("pk"))
    yield list(LinkRequest.objects.filter(range_of("account__path", node)).order_by("pk"))
    yield list(bindings_within(node))
    yield list(AppliedAsset.objects.filter(range_of("resource__path", node) | range_of("asset__resource__path", node)).order_by("pk"))
    yield list(Asset.objects.filter(range_of("resource__path", node)).order_by("pk"))


def forget_links(node: Resource) -> None:
    """Forget the links of invitations to what is at a resource or below it: they are no facts."""
    InvitationLink.objects.filter(Q(range_of("invitation__account__path", node))).delete()
