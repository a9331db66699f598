"""Taking a group away with everything that hangs on it: bindings, memberships both ways, owners (R082). No dangling rows, ever."""

from django.db.models import Q

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, TenantId
from keyholder.services.acting import Act
from keyholder.services.commands import bindings
from keyholder.storage.models import Binding, Group, GroupOwner, Membership, Principal


def remove(act: Act, group: Group, reason: str = "") -> None:
    """Delete a group's rows and leave its number behind as a tombstone; rights to do so were asked before."""
    for binding in Binding.objects.filter(principal=group.pk).select_related("resource").order_by("pk"):
        bindings.delete(act, binding, binding.resource, reason)
    act.ledger.remove_all(Membership.objects.filter(Q(group=group) | Q(member=group.pk)).order_by("pk"))
    act.ledger.remove_all(GroupOwner.objects.filter(group=group).order_by("pk"))
    name, number, home = group.name, group.pk, TenantId(group.organization.tenant_id)
    act.ledger.remove(group)
    act.ledger.change(Principal.objects.get(pk=number), deleted_at=act.at)
    act.record(Event("group.deleted", "group", number, subject=PrincipalId(number), details={"group": name}, reason=reason), tenant=home)
