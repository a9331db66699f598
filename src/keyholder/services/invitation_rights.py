"""Invitation rights: who may send an invitation again, revoke it or take it over (R-INV-13)."""

from keyholder.domain.refusals import Forbidden, Refusal
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import Authority, not_there
from keyholder.services.jurisdictions import jurisdiction_of
from keyholder.storage import subtrees
from keyholder.storage.models import Group, Invitation, PlannedBinding, PlannedMembership, Resource

NOT_YOURS = _("This invitation is handled by who manages users at {account}, or every place and every group that it is about.")


def require_handling(authority: Authority, row: Invitation) -> None:
    """Raise unless the caller grants at the account, or manages every place and every group that the invitation gives.

    One that gives nothing yet is also handled by who sent it, while they grant anything within the account (R109).

    NotFound where they manage nothing that it is about, else Forbidden.
    """
    if grants(authority, row.account) or _is_own_and_empty(authority, row):
        return
    places = Resource.objects.filter(pk__in=PlannedBinding.objects.filter(invitation=row).values("resource")).order_by("pk")
    groups = Group.objects.filter(pk__in=PlannedMembership.objects.filter(invitation=row).values("group")).order_by("pk")
    found = [*(grants(authority, place) for place in places), *(authority.owns(group) for group in groups)]
    if not any(found):
        raise not_there()
    if not all(found):
        raise Forbidden("lacks_permission", sentence(NOT_YOURS, account=row.account.name))


def _is_own_and_empty(authority: Authority, row: Invitation) -> bool:
    if authority.by.principal is None or row.invited_by_id != authority.by.principal:
        return False
    if any(planned.objects.filter(invitation=row).exists() for planned in (PlannedBinding, PlannedMembership)):
        return False
    return subtrees.below(row.account).filter(pk__in=jurisdiction_of(authority).ground.roots).exists()


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
