"""Who would lose what if a group were deleted (R082, reading 13)."""

from dataclasses import replace

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import sentence
from keyholder.services import group_rights
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.group_rights import MAY_NOT_DELETE
from keyholder.services.losses import Loss, losses
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import guards, locks, slices, visibility
from keyholder.storage.models import Binding, Group


def preview(*, by: Caller, group: PrincipalId) -> tuple[Loss, ...]:
    """Return who loses what where if the group is deleted, also what came through groups that contain it.

    Raises NotFound outside the organization (R081), Forbidden for who may not delete it.
    """
    with locks.snapshot():
        authority = authority_of(by)
        row = Group.objects.filter(pk=group).first()
        if row is None or (by.principal is not None and not visibility.group_exists_for(by.principal, group, by.at)):
            raise not_there()
        if not group_rights.may_delete(authority, row):
            raise Forbidden("may_not_delete", sentence(MAY_NOT_DELETE, group=row.name))
        containing = {group, *(outer for outer, _ in guards.above([group]))}
        places = [ResourceId(pk) for pk in Binding.objects.filter(principal__in=containing).values_list("resource", flat=True)]
        before = slices.at(places)
        after = replace(
            before,
            bindings=tuple(binding for binding in before.bindings if binding.principal != group),
            memberships=tuple(edge for edge in before.memberships if group not in (edge.group, edge.member)),
        )
        return losses(before, after, places, authority.catalogue, by.at)
