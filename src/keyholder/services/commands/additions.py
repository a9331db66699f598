"""Adding people: permissions at a resource and memberships of groups in one transaction, all or none (R041, R042, R046, R068)."""

from collections.abc import Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members
from keyholder.services.commands.binding_rows import Granted
from keyholder.services.commands.finding import resource_row


def add(
    *,
    by: Caller,
    to: Sequence[PrincipalId],
    on: ResourceId,
    permissions: Sequence[str] = (),
    role: str = "",
    groups: Sequence[PrincipalId] = (),
    window: Window = ALWAYS,
    reason: str = "",
) -> tuple[Granted, ...]:
    """Give known people permissions, or a role, at a resource and put them into groups, all for the same window.

    Returns what became of each at the resource: added, merged with what was there, or holding it all before. Raises what
    :func:`keyholder.services.commands.bindings.grant` and :func:`keyholder.services.commands.group_members.add` raise.
    """
    with acting(by, scopes.both(scopes.of_resources(on), scopes.of_groups(*groups))) as act:
        resource = resource_row(act, on)
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role)
        granted = bindings.give(act, resource, to, wanted, window, reason)
        for group in dict.fromkeys(groups):
            group_members.admit(act, group, to, window, reason)
        return granted
