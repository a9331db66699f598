"""What removing people from an account would take and leave, before anybody decides (R053, R058)."""

from collections.abc import Collection, Sequence

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.services import removals
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.removals import Removal
from keyholder.storage import blueprints, locks
from keyholder.storage.models import Resource


def preview(*, by: Caller, who: Sequence[PrincipalId], at: ResourceId, skipping: Collection[PrincipalId] = ()) -> tuple[Removal, ...]:
    """Say of each principal what would go, what would remain and where that can be changed, or why they can't be removed.

    Raises NotFound, Forbidden and Conflict as the command does for the account; what refuses one principal stands in its row.
    """
    asked = [principal for principal in dict.fromkeys(who) if principal not in set(skipping)]
    with locks.snapshot():
        account = Resource.objects.filter(pk=at).first()
        if account is None:
            raise not_there()
        return removals.plan(Authority(by, blueprints.catalogue()), account, asked)
