"""Newcomers: whom somebody can ask who has been let in to nothing yet (R109, R110)."""

from keyholder.domain.identifiers import PrincipalId, PrincipalKind
from keyholder.domain.principals import Status
from keyholder.services.caller import Caller
from keyholder.services.read_models import PrincipalView
from keyholder.storage.models import Event, User

FEW = 3
INVITING = ("user.created", "group.member_added", "access.granted", "organization.role_given")
"""What brings somebody here; it is told to those to whom it happened, with the name of who did it."""


def contacts(*, by: Caller) -> tuple[PrincipalView, ...]:
    """Return who brought the reader here, the latest first, as far as they are still active; nobody for who is not signed in."""
    if by.principal is None:
        return ()
    rows = Event.objects.filter(subject=by.principal, action__in=INVITING, actor__isnull=False, refused="").exclude(actor=by.principal)
    actors = list(dict.fromkeys(rows.order_by("-pk").values_list("actor", flat=True)))
    people = {row.pk: row for row in User.objects.filter(pk__in=actors, status=Status.ACTIVE.value)}
    found = [people[actor] for actor in actors if actor in people][:FEW]
    return tuple(PrincipalView(PrincipalId(row.pk), PrincipalKind.USER, row.name, row.email) for row in found)
