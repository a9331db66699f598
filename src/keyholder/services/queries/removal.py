"""What removing people from an account would take and leave, before anybody decides (R053, R058)."""

from collections.abc import Collection, Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.services import removals
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.services.removals import Removal
from keyholder.storage import locks, traces


def preview(*, by: Caller, who: Sequence[PrincipalId], at: ResourceId, skipping: Collection[PrincipalId] = ()) -> tuple[Removal, ...]:
    """Say of each principal what would go, what would remain and where that can be changed, or why they can't be removed.

    Raises NotFound, Forbidden and Conflict as the command does for the account; what refuses one principal stands in its row.
    """
    asked = [principal for principal in dict.fromkeys(who) if principal not in set(skipping)]
    with locks.snapshot():
        authority = authority_of(by)
        return removals.plan(authority, resource_seen(authority, at), asked)


def waiting(*, by: Caller, at: ResourceId) -> set[PrincipalId]:
    """Return whose requests and invitations wait for an answer at an account and go with them (R-INV-12). Raises NotFound, Forbidden."""
    with locks.snapshot():
        authority = authority_of(by)
        account = resource_seen(authority, at)
        authority.require_granting(account)
        return traces.waiting(account)
