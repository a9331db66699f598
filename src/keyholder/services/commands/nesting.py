"""Groups within groups: putting one into another and taking it out again (R072 to R074, semantics 5)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import NOT_OWNER, not_there
from keyholder.services.caller import Caller
from keyholder.services.closed import require_open
from keyholder.services.commands.binding_rows import Outcome, refuse_over
from keyholder.services.commands.finding import group_row
from keyholder.services.commands.group_members import absent, join, memberships_of, part
from keyholder.storage import visibility
from keyholder.storage.models import Group

FOREIGN = _("{inner} belongs to another organization than {outer}; only groups of one organization contain each other.")
ITSELF = _("A group can't contain itself: {path}.")


def nest(*, by: Caller, group: PrincipalId, into: PrincipalId, window: Window = ALWAYS, reason: str = "") -> Outcome:
    """Put a group into another one: its members get what the outer one gives, and its owners may confer that from now on.

    Needs ownership of the outer group, or a role in the organization. Raises NotFound for a group that the caller can't see, Forbidden,
    Invalid for a window that is over, Conflict for a group of another organization, for a cycle (with its path) and for a chain of more
    than twenty groups.
    """
    with acting(by, scopes.of_groups(into, group)) as act:
        outer, inner = group_row(into), _visible(act, group)
        act.authority.require_owner(outer)
        refuse_over(window, act.at)
        if outer.organization_id != inner.organization_id:
            raise Conflict("foreign_group", sentence(FOREIGN, inner=inner.name, outer=outer.name))
        if outer.pk == inner.pk:
            raise Conflict("cycle", sentence(ITSELF, path=f"{outer.name} > {outer.name}"))
        return join(act, outer, group, window, reason, action="group.nested")


def unnest(*, by: Caller, group: PrincipalId, out_of: PrincipalId, window: Window | None = None, reason: str = "") -> None:
    """Take a group out of another one: of every window, or of one. Owners of either may: who manages the inner one could empty it as well.

    Raises NotFound for a group that the caller can't see or that is not in there, Forbidden, Conflict where the group is in there only
    through another one, or where an account would lose its last standing manager (R056).
    """
    with acting(by, scopes.of_groups(out_of, group)) as act:
        outer, inner = _visible(act, out_of), _visible(act, group)
        if not (act.authority.owns(outer) or act.authority.owns(inner)):
            raise Forbidden("not_owner", sentence(NOT_OWNER, group=outer.name))
        memberships = list(memberships_of(outer, group, window))
        if not memberships:
            raise absent(outer, group)
        for membership in memberships:
            part(act, outer, membership, reason)


def _visible(act: Act, group: PrincipalId) -> Group:
    row = group_row(group)
    if act.by.principal is not None and not visibility.group_exists_for(act.by.principal, group, act.at):
        raise not_there()
    require_open(act.by, organization=row.organization_id)
    return row
