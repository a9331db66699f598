"""What a command holds while it acts: its caller, the ledger it writes by, the authority it asks, the events it records."""

from collections.abc import Sequence
from dataclasses import replace

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.events import Event
from keyholder.domain.identifiers import TenantId
from keyholder.domain.names import LONGEST_DESCRIPTION, clean_description
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.storage import blueprints
from keyholder.storage.audit import Entry
from keyholder.storage.ledger import Ledger
from keyholder.storage.models import Resource, Tenant

NOT_A_REASON = _("A reason holds at most {most} characters, and none that can't be seen.")


class Act:
    """One command acting, from its locks to its events; made by :func:`keyholder.services.acting.acting`."""

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
        self.managed_by_now: set[int] = set()
        """Resources marked as awaiting a manager that had one when the act began: a binding has begun since they were marked."""
        self.tolerated: set[int] = set()
        """People outside a policy who are let in all the same, loudly."""
        self.asleep: set[tuple[int, int]] = set()
        """Principals and what stays assigned to them without the role beside which it counts."""
        self.tells_history = False
        """A state file is written: what it says of the past is history, and accepted (contract 3)."""
        self.declared: set[int] = set()
        """People whom a state file declares: it is a directory of its own, and vouches for them (semantics 7)."""
        self.introduced: set[int] = set()
        """People who made themselves known here, signed in and by a proven address: by asking for access (semantics 6)."""
        self.is_answering = False
        """The caller takes what others give: nothing of it do they give to themselves (R037)."""

    def record(self, event: Event, *, tenant: TenantId | None = None, also: Sequence[TenantId] = ()) -> None:
        """Tell what happened, with every row written since the last event; ``also`` names further tenants that it touched.

        Raises Invalid for a reason that is none: too long, or with characters that command instead of showing.
        """
        home, event = tenant or self.primary, readable(event)
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

    def go_on_as(self, by: Caller) -> None:
        """Go on as somebody else: the person whom this very act made, or who proved in it to be one. The events name them."""
        self.by = by
        self.authority = Authority(by, self.catalogue)

    def adopt(self, tenant: Tenant) -> TenantId:
        """Take a tenant that this very command made among those it may write to; one that is locked already stays as it is."""
        self.tenants.setdefault(TenantId(tenant.pk), tenant)
        return TenantId(tenant.pk)

    def tenant_of(self, resource: Resource) -> TenantId:
        """Return the tenant whose log tells what happens at a resource."""
        return TenantId(resource.tenant_id)


def readable(event: Event) -> Event:
    """Return an event with its reason trimmed; raises Invalid for a reason that no log should hold."""
    try:
        return replace(event, reason=clean_description(event.reason)) if event.reason else event
    except Invalid as refusal:
        raise Invalid("reason", sentence(NOT_A_REASON, most=LONGEST_DESCRIPTION), place="reason") from refusal
