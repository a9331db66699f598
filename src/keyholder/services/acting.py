"""Acting: one caller, one transaction, its locks, its events. Every command is one ``with acting(...) as act`` block (semantics 9).

Leaving the block settles the final state (last manager, cycles, groups within their organization), writes the events, bumps the
revisions last and commits. Anything raised, or nothing recorded: nothing is kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.events import Event
from keyholder.domain.identifiers import TenantId
from keyholder.domain.refusals import Conflict, Forbidden, Refusal, Refusals
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import authority, invariants, refused_attempts
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.scopes import Scope
from keyholder.storage import audit, blueprints, locks
from keyholder.storage.audit import Entry, Signature
from keyholder.storage.ledger import Ledger
from keyholder.storage.models import Resource, Tenant

TAKEN = _("Somebody else has just written the same; look again and repeat what is still missing.")


class Act:
    """What a command holds while it acts: its caller, the ledger it writes by, the authority it asks, the events it records."""

    def __init__(self, by: Caller, scope: Sequence[TenantId], tenants: dict[TenantId, Tenant]) -> None:
        """Begin with nothing written and nothing recorded."""
        self.by = by
        self.at = by.at
        self.ledger = Ledger()
        self.catalogue: Catalogue = blueprints.catalogue()
        self.authority = Authority(by, self.catalogue)
        self.tenants = tenants
        self.primary = scope[0]
        self.entries: list[Entry] = []
        self.awaiting_allowed: set[int] = set()
        """Resources that may be left without a standing manager, loudly (semantics 4)."""
        self.tolerated: set[int] = set()
        """People outside a policy who are let in all the same, loudly."""

    def record(self, event: Event, *, tenant: TenantId | None = None, also: Sequence[TenantId] = ()) -> None:
        """Tell what happened, with every row written since the last event; ``also`` names further tenants that it touched."""
        home = tenant or self.primary
        self.entries.append(Entry(home, event, tuple(self.ledger.take())))
        self.entries.extend(Entry(other, event) for other in dict.fromkeys(also) if other != home)

    def record_all(self, events: Sequence[Event], *, tenants: Sequence[TenantId] = (), batches: int = 1) -> None:
        """Tell many alike: the rows written last, in ``batches`` of equal length in step with the events, belong to them one by one."""
        changes = self.ledger.take()
        size = len(events)
        if len(changes) != size * batches:
            message = f"{size} events for {len(changes)} changes"
            raise AssertionError(message)
        homes = tenants or [self.primary] * size
        for place, (event, home) in enumerate(zip(events, homes, strict=True)):
            self.entries.append(Entry(home, event, tuple(changes[place + batch * size] for batch in range(batches))))

    def adopt(self, tenant: Tenant) -> TenantId:
        """Take a tenant that this very command made among those it may write to; one that is locked already stays as it is."""
        self.tenants.setdefault(TenantId(tenant.pk), tenant)
        return TenantId(tenant.pk)

    def tenant_of(self, resource: Resource) -> TenantId:
        """Return the tenant whose log tells what happens at a resource."""
        return TenantId(resource.tenant_id)

    def close(self) -> None:
        """Settle the final state and append the events."""
        if not self.entries and not self.ledger.written:
            return
        invariants.settle(self)
        late = self.ledger.take()
        if late:
            last = self.entries[-1]
            self.entries[-1] = Entry(last.tenant, last.event, (*last.changes, *late))
        audit.append(signature(self.by), self.tenants, self.entries)


@contextmanager
def acting(by: Caller, scope: Scope, *, alone: bool = False) -> Iterator[Act]:
    """Open the one transaction of a command, with the tenants of ``scope`` locked.

    ``alone`` takes the instance lock exclusively: for a change of a person's status, or of what belongs to which tenant.
    A refusal rolls everything back and is itself noted in the log afterwards (semantics 9). Raises Refusal.
    """
    try:
        with locks.locked(scope, alone=alone) as tenants:
            order = scope()
            act = Act(by, order, tenants)
            yield act
            if act.ledger.untold and not act.entries:
                message = "a command wrote rows and recorded no event"
                raise AssertionError(message)
            act.close()
    except IntegrityError as error:
        raise Conflict("taken", sentence(TAKEN)) from error
    except (Forbidden, Conflict, Refusals) as refusal:
        note(by, scope, refusal)
        raise


def note(by: Caller, scope: Scope, refusal: Refusal) -> None:
    """Write a refused attempt to the log, in its own transaction and limited in rate."""
    refused_attempts.note(signature(by), scope, refusal)


def signature(by: Caller) -> Signature:
    """Return what all events of this caller's command have in common."""
    return Signature(by.at, by.principal, by.name or authority.name_of(by.principal), by.channel.value, by.request_id, by.address)
