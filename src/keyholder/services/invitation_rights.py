"""Invitation rights: who may send an invitation again, revoke it or take it over (R-INV-13)."""

from keyholder.domain.refusals import Forbidden, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import Authority, not_there
from keyholder.storage.models import Group, Invitation, PlannedBinding, PlannedMembership, Resource

NOT_YOURS = _("This invitation is handled by who manages users at {account}, or every place and every group that it is about.")


def require_handling(authority: Authority, row: Invitation) -> None:
    """Raise unless the caller grants at the account, or manages every place and every group that the invitation gives.

    NotFound where they manage nothing that it is about, else Forbidden.
    """
    if grants(authority, row.account):
        return
    places = Resource.objects.filter(pk__in=PlannedBinding.objects.filter(invitation=row).values("resource")).order_by("pk")
    groups = Group.objects.filter(pk__in=PlannedMembership.objects.filter(invitation=row).values("group")).order_by("pk")
    found = [*(grants(authority, place) for place in places), *(authority.owns(group) for group in groups)]
    if not any(found):
        raise not_there()
    if not all(found):
        raise Forbidden("lacks_permission", sentence(NOT_YOURS, account=row.account.name))


def may_handle(authority: Authority, row: Invitation) -> bool:
    """Say whether the caller may handle an invitation."""
    try:
        require_handling(authority, row)
    except Refusal:
        return False
    return True


def grants(authority: Authority, resource: Resource) -> bool:
    """Say whether the caller holds the granting permission at a resource."""
    try:
        authority.require_granting(resource)
    except Refusal:
        return False
    return True
