"""Newcomers: whom somebody can ask who has been let in to nothing yet (R109, R110)."""

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.principals import Status
from keyholder.services.caller import Caller
from keyholder.services.read_models import PrincipalView
from keyholder.storage.models import Event, Invitation, User

FEW = 3
INVITING = ("user.created", "group.member_added", "access.granted", "organization.role_given")
"""What brings somebody here; it is told to those to whom it happened, with the name of who did it."""


def contacts(*, by: Caller) -> tuple[PrincipalView, ...]:
    """Return who brought the reader here, as far as they are still active: by an invitation, then by what the log tells, the latest first.

    Nobody for who is not signed in (R109, R110).
    """
    if by.principal is None:
        return ()
    accepted = Invitation.objects.filter(accepted_by=by.principal, invited_by__isnull=False).order_by("-settled_at")
    rows = Event.objects.filter(subject=by.principal, action__in=INVITING, actor__isnull=False, refused="").exclude(actor=by.principal)
    actors = list(dict.fromkeys([*accepted.values_list("invited_by", flat=True), *rows.order_by("-pk").values_list("actor", flat=True)]))
    people = {row.pk: row for row in User.objects.filter(pk__in=actors, status=Status.ACTIVE.value)}
    found = [people[actor] for actor in actors if actor in people][:FEW]
    return tuple(PrincipalView(PrincipalId(row.pk), PrincipalKind.USER, row.name, row.email) for row in found)
