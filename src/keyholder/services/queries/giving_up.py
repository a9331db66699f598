"""What giving up one's own access at a resource would take and leave, before anybody decides (R055, semantics 4)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.refusals import Refusal
from keyholder.services import removals
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of, resource_seen
from keyholder.services.remains import Remaining, elsewhere, remains
from keyholder.services.removals import Taken
from keyholder.storage import lineages, locks, subtrees, traces
from keyholder.storage.models import Resource


@dataclass(frozen=True, slots=True)
class GivingUp:
    """What would go of the reader's own at this very resource, and why it can't; what stays."""

    taken: tuple[Taken, ...]
    below: tuple[Taken, ...] = ()
    """The reader's own below it, which stays."""
    remaining: tuple[Remaining, ...] = ()
    """What comes from above, through groups or by an organization role."""
    is_waiting: bool = False
    """Whether something of the reader's waits for an answer in the account, which goes with the last of their own there (R-INV-12)."""
    refusal: Refusal | None = None


def giving_up(*, by: Caller, on: ResourceId) -> GivingUp:
    """Say what :func:`keyholder.services.commands.removal.give_up` would do.

    Raises NotFound for a resource that the caller can't see or has nothing at.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_seen(authority, on)
        if by.principal is None:
            raise not_there()
        bound = removals.bound_within(row, [by.principal]).get(by.principal, ())
        taken = tuple(binding for binding in bound if binding.resource == on)
        left = remains(authority, row, [by.principal], without=[binding.binding for binding in taken])[by.principal]
        if not taken and not left:
            raise not_there()
        refusal = _refusal(authority, row, by.principal, taken) if taken else elsewhere(by.name, row, left)
        below = tuple(binding for binding in bound if binding.resource != on)
        return GivingUp(taken, below, left, _is_waiting(authority, row, by.principal, taken), refusal)


def _is_waiting(authority: Authority, row: Resource, me: PrincipalId, taken: tuple[Taken, ...]) -> bool:
    account = lineages.account_of(row, authority.catalogue)
    leaves = len(taken) == subtrees.bindings_within(account).filter(principal=me).count()
    return bool(taken) and leaves and me in traces.waiting(account)


def _refusal(authority: Authority, row: Resource, me: PrincipalId, taken: tuple[Taken, ...]) -> Refusal | None:
    if not authority.catalogue.types[row.type].guarded:
        return None
    last = removals.last_managers(authority, row, [me], [binding.binding for binding in taken])
    return removals.stays(authority, row) if last else None
