"""Purging: what has been in the trash for its days is deleted for good, by the system; an operator may do so earlier (semantics 4)."""

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import trash_rows
from keyholder.services.commands.finding import resource_row
from keyholder.services.trash_rights import NOT_THERE, ends_at

NOT_THE_INSTANCE = _("Only the instance itself, or an operator at its command line, deletes what is in the trash for good.")


def purge(*, by: Caller, resource: ResourceId, early: bool = False) -> bool:
    """Delete a resource for good, with everything below it; False where its days in the trash are not over yet, unless ``early``.

    Everything is judged again under the locks, so that any number of nodes may try at once: one of them does it, and what was restored
    meanwhile stays. Raises Forbidden for anybody but the instance, NotFound where it is gone, Conflict where it is not in the trash.
    """
    if not by.is_instance:
        raise Forbidden("not_the_instance", sentence(NOT_THE_INSTANCE))
    with acting(by, scopes.of_resources(resource)) as act:
        row = resource_row(act, resource)
        if early and row.trashed_at is None:
            raise Conflict("not_in_trash", sentence(NOT_THERE, resource=row.name))
        if row.trashed_at is None or (not early and act.at < ends_at(act.authority, row)):
            return False
        trash_rows.delete(act, row)
        return True
