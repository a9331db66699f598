"""Removing people from an account, and giving up what one has (semantics 4, R050 to R058)."""

from collections.abc import Collection, Sequence

from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.services import bulk, labels, removals, request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import resource_row
from keyholder.services.commands.invitation_rows import revoke_of
from keyholder.services.remains import elsewhere, remains
from keyholder.services.removals import Removal
from keyholder.storage import lineages, requests, subtrees
from keyholder.storage.models import Binding, Resource


def remove(
    *, by: Caller, who: Sequence[PrincipalId], at: ResourceId, skipping: Collection[PrincipalId] = (), reason: str = ""
) -> tuple[Removal, ...]:
    """Remove principals from an account: every direct binding of theirs there and below goes, in all windows, all or none (R052, R053).

    Their pending invitation there is revoked, and so is what they sent that nobody else gives anything of (R-INV-12).
    Needs the granting permission at the account; any manager may remove any other (R054). ``skipping`` goes on without those. Returns what
    went and what remains of each and where that can be changed (R058). Raises NotFound, Forbidden, Conflict naming the account where ``at``
    is not one (R051), and for each principal that can't be removed, several as Refusals: Conflict for the last standing managers together
    (R055, R057) or for access that comes from elsewhere only, NotFound for who has none.
    """
    asked = [principal for principal in dict.fromkeys(who) if principal not in set(skipping)]
    with acting(by, scopes.of_resources(at)) as act:
        account = resource_row(act, at)
        planned = removals.plan(act.authority, account, asked)
        bulk.refuse(asked, list(removals.refused(planned)))
        for removal in planned:
            take(act, account, removal, reason)
        leave(act, account, asked, reason)
        return planned


def give_up(*, by: Caller, on: ResourceId, reason: str = "") -> None:
    """Give up everything of one's own at a resource, in all windows; what comes from above or through a group stays (semantics 4).

    Who has nothing of their own left in the account has left it: then goes what a removal takes besides. Raises NotFound for a resource
    the caller can't see or has nothing at, Conflict naming where access comes from when nothing of it is the caller's own, and for the last
    standing manager (R055).
    """
    with acting(by, scopes.of_resources(on)) as act:
        resource = resource_row(act, on)
        if by.principal is None:
            raise not_there()
        rows = list(Binding.objects.filter(principal=by.principal, resource=on).order_by("pk"))
        if not rows:
            left = remains(act.authority, resource, [by.principal])[by.principal]
            raise elsewhere(labels.principal(by.principal), resource, left) if left else not_there()
        for row in rows:
            act.ledger.remove(row)
            held: dict[str, Value] = {"permissions": [row.role] if row.role else row.permissions.split()}
            details = {**_names(by.principal, resource), **held}
            act.record(Event("access.given_up", "binding", row.pk, on, by.principal, details, reason))
        account = lineages.account_of(resource, act.catalogue)
        if not subtrees.bindings_within(account).filter(principal=by.principal).exists():
            leave(act, account, [by.principal], reason)


def take(act: Act, account: Resource, removal: Removal, reason: str) -> None:
    """Delete what a removal from an account takes and tell it; rights were asked before."""
    rows = Binding.objects.filter(pk__in=[taken.binding for taken in removal.taken]).order_by("pk")
    drop(act, account, removal.principal, list(rows), reason)


def leave(act: Act, account: Resource, people: Collection[PrincipalId], reason: str) -> None:
    """Close the requests of people who have left an account together, and revoke what they leave of invitations (R-INV-12)."""
    revoke_of(act, account, people, reason)
    request_rows.close(act, requests.open_below(account, people))


def drop(act: Act, account: Resource, principal: PrincipalId, rows: Sequence[Binding], reason: str) -> None:
    """Delete somebody's bindings at an account and below it, and tell it as one removal."""
    act.ledger.remove_all(rows)
    to_oneself: dict[str, Value] = {"self": True} if principal == act.by.principal else {}
    details: dict[str, Value] = {**_names(principal, account), **to_oneself, "bindings": len(rows)}
    event = Event("access.removed", "resource", account.pk, ResourceId(account.pk), principal, details, reason)
    act.record(event, tenant=act.tenant_of(account))


def _names(principal: PrincipalId, resource: Resource) -> dict[str, Value]:
    return {"subject": labels.principal(principal), "resource": labels.resource(resource)}
