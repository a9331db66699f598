"""Acting: one caller, one transaction, its locks, its events. Every command is one ``with acting(...) as act`` block (semantics 9).

Leaving the block settles the final state (last manager, cycles, groups within their organization), writes the events, bumps the
revisions last and commits. Anything raised, or nothing recorded: nothing is kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError

from keyholder.domain.events import Change
from keyholder.domain.refusals import Conflict, Forbidden, Refusal, Refusals
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import authority, invariants, refused_attempts
from keyholder.services.act import Act
from keyholder.services.caller import Caller
from keyholder.services.rules import managers
from keyholder.services.scopes import Scope
from keyholder.storage import audit, locks
from keyholder.storage.audit import Entry, Signature

__all__ = ["Act", "acting"]

TAKEN = _("Somebody else has just written the same; look again and repeat what is still missing.")


@contextmanager
def acting(by: Caller, scope: Scope, *, alone: bool = False) -> Iterator[Act]:
    """Open the one transaction of a command, with the tenants of ``scope`` locked.

    ``alone`` takes the instance lock exclusively: for a change of a person's status, or of what belongs to which tenant.
    A refusal rolls everything back and is itself noted in the log afterwards (semantics 9). Raises Refusal.
    """
    try:
        with locks.locked(scope, alone=alone) as tenants:
            order = scope()
            if not order:
                raise authority.not_there()
            act = Act(by, order, tenants)
            act.authority.require_active()
            act.managed_by_now |= managers.managed_by_now(act)
            yield act
            close(act)
    except IntegrityError as error:
        raise Conflict("taken", sentence(TAKEN)) from error
    except (Forbidden, Conflict, Refusals) as refusal:
        note(by, scope, refusal)
        raise


def close(act: Act) -> None:
    """Settle the final state, append the events and bump the revisions; an act that wrote nothing leaves no trace."""
    if not act.entries:
        if act.ledger.untold:
            message = "a command wrote rows and recorded no event"
            raise AssertionError(message)
        return
    invariants.settle(act)
    for late in act.ledger.take():
        place = last_of_its_tenant(act.entries, late)
        entry = act.entries[place]
        act.entries[place] = Entry(entry.tenant, entry.event, (*entry.changes, late))
    audit.append(signature(act.by), act.tenants, act.entries)


def last_of_its_tenant(entries: Sequence[Entry], late: Change) -> int:
    """Return the place of the event that a mark set while settling belongs to: the last of its own tenant, else the last of all."""
    home = (late.after or {}).get("tenant_id")
    return max((place for place, entry in enumerate(entries) if entry.tenant == home), default=len(entries) - 1)


def note(by: Caller, scope: Scope, refusal: Refusal) -> None:
    """Write a refused attempt to the log, in its own transaction and limited in rate."""
    refused_attempts.note(signature(by), scope, refusal)


def signature(by: Caller) -> Signature:
    """Return what all events of this caller's command have in common."""
    return Signature(by.at, by.principal, by.name or authority.name_of(by.principal), by.channel.value, by.request_id, by.address)
