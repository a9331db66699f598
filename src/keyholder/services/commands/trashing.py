"""Deleting a resource, which puts it into the trash, and restoring it with everything that people had there (semantics 4, reading 41)."""

from keyholder.domain.identifiers import ResourceId
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import trash_rows
from keyholder.services.commands.finding import resource_row
from keyholder.services.trash_rights import require_restoring, require_trashing


def trash(*, by: Caller, resource: ResourceId, reason: str = "") -> None:
    """Put a resource into the trash: nothing is effective there or below any more, and its id stays taken.

    Who may do the blueprint's action ``TYPE.delete`` may. Every manager is told, open requests are closed, and what was invited there can't
    be accepted meanwhile. Nobody's session ends. Raises NotFound, Forbidden, and Conflict for what is there already and for a host that
    holds accounts.
    """
    with acting(by, scopes.of_resources(resource)) as act:
        row = resource_row(act, resource)
        require_trashing(act.authority, row)
        trash_rows.put_away(act, row, act.at, reason)


def restore(*, by: Caller, resource: ResourceId, reason: str = "") -> None:
    """Take a resource out of the trash: its bindings, and those below it, count again; what was put there by itself stays there.

    Who would manage it without the trash, or might delete it, may. Raises NotFound, Forbidden, and Conflict for what is not there, while
    something above it is, and where it would be left without its last standing manager.
    """
    with acting(by, scopes.of_resources(resource)) as act:
        row = resource_row(act, resource)
        require_restoring(act.authority, row)
        trash_rows.take_back(act, row, reason)
