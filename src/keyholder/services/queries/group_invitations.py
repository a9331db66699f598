"""Invitations to a group, for who manages its members: where they lead, and those that wait (R071, R107)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.invitations import InvitationState
from keyholder.services import naming
from keyholder.services.caller import Caller
from keyholder.services.group_places import inviting_place
from keyholder.services.queries.groups import group_seen
from keyholder.services.queries.invitations import InvitationView, views_of
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import ResourceView
from keyholder.storage import locks
from keyholder.storage.models import Invitation, PlannedMembership

MOST = 50


def place(*, by: Caller, of: PrincipalId) -> ResourceView | None:
    """Return the account that an invitation to a group is about, None where there is none. Raises NotFound, Forbidden."""
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        authority.require_owner(row)
        found = inviting_place(authority, row)
        return None if found is None else naming.resource_view(found)


def pending(*, by: Caller, of: PrincipalId) -> tuple[InvitationView, ...]:
    """Return the open invitations that put somebody into a group, the newest first, at most 50. Raises NotFound, Forbidden."""
    authority = authority_of(by)
    with locks.snapshot():
        row = group_seen(authority, of)
        authority.require_owner(row)
        planned = PlannedMembership.objects.filter(group=row.pk).values("invitation")
        rows = Invitation.objects.select_related("account").filter(pk__in=planned, state=InvitationState.PENDING.value).order_by("-pk")
        return views_of(authority, list(rows[:MOST]))
