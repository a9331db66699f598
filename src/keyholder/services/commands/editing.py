"""Editing one binding as the permission editor does: what it holds and until when, in one transaction (R018, R048, R049)."""

from collections.abc import Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.permissions import bindable
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings
from keyholder.services.commands.finding import binding_of, resource_row


def edit(
    *,
    by: Caller,
    of: PrincipalId,
    on: ResourceId,
    permissions: Sequence[str] = (),
    role: str = "",
    since: Window = ALWAYS,
    to: Window = ALWAYS,
    reason: str = "",
) -> None:
    """Make the binding of the window ``since`` hold exactly this set or role, for the window ``to``; nothing given deletes it.

    It unites with what stands in the new window already. Raises what :func:`keyholder.services.commands.bindings.set_permissions` and
    :func:`keyholder.services.commands.bindings.move_window` raise.
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        act.authority.require_granting(resource)
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role) if permissions or role else None
        is_there = binding_of(of, on, since) is not None
        bindings.put(act, resource, of, wanted, since if is_there or wanted is None else to, reason)
        if is_there and wanted is not None:
            bindings.shift(act, resource, [of], to, since, reason)
