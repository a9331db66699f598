"""Group places: at which account somebody is invited who is to be in a group (semantics 5 and 6)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.services.authority import Authority
from keyholder.storage import belonging, visibility
from keyholder.storage.models import Group, Resource


def inviting_place(authority: Authority, group: Group) -> Resource | None:
    """Return the account of a group's organization that invitations to the group are about: where the group has access, else the first.

    Only accounts that exist for the caller; None where there is none: then the invitation would be to something they may not know.
    """
    rows = Resource.objects.filter(organization=group.organization_id, trashed_at__isnull=True).order_by("name_key", "pk")
    seen = [row for row in rows if _exists(authority, row)]
    number = PrincipalId(group.pk)
    return next((row for row in seen if belonging.bound_below(row, [number])), seen[0] if seen else None)


def _exists(authority: Authority, row: Resource) -> bool:
    me = authority.by.principal
    return me is None or visibility.exists_for(me, row.path, authority.by.at)
