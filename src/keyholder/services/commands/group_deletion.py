"""Deleting a group, which takes everything that hangs on it along; its number stays taken (R082, R-PRV-8, I-GR-5)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Forbidden
from keyholder.domain.sentences import sentence
from keyholder.services import group_rights, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.closed import require_open
from keyholder.services.commands import group_removal
from keyholder.services.commands.finding import group_row
from keyholder.services.group_rights import MAY_NOT_DELETE
from keyholder.storage import visibility
from keyholder.storage.models import Group


def delete(*, by: Caller, group: PrincipalId, reason: str = "") -> None:
    """Delete a group with everything that hangs on it. ``keyholder.services.queries.group_deletion`` tells beforehand who loses what.

    An admin or user admin of the organization may, and who holds the granting permission at every account where the group is bound.
    Raises NotFound outside the organization, Forbidden, Conflict where an account would lose its last standing manager (R056).
    """
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        _require_deleting(act, row)
        group_removal.remove(act, row, reason)


def _require_deleting(act: Act, group: Group) -> None:
    """Raise unless the caller may delete a group: NotFound before Forbidden."""
    if group_rights.may_delete(act.authority, group):
        require_open(act.by, organization=group.organization_id)
        return
    if act.by.principal is not None and not visibility.group_exists_for(act.by.principal, PrincipalId(group.pk), act.at):
        raise not_there()
    raise Forbidden("may_not_delete", sentence(MAY_NOT_DELETE, group=group.name))
