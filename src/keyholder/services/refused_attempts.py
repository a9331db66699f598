"""Refused attempts: written after the roll-back, in a transaction of their own, a number but no revision (semantics 9)."""

from datetime import timedelta

from keyholder.domain.events import Event
from keyholder.domain.refusals import Refusal
from keyholder.services.scopes import Scope
from keyholder.storage import audit, locks
from keyholder.storage.audit import Entry, Signature
from keyholder.storage.models import Event as Row

MOST = 20
WITHIN = timedelta(minutes=1)
LONGEST = 500


def note(signature: Signature, scope: Scope, refusal: Refusal, *, stranger: bool = False) -> None:
    """Append the refusal to the log of the tenant it was aimed at, unless this actor has filled its share of the last minute.

    The command line's refusals are shown to whoever types, and not kept. A ``stranger`` has no principal here; all of them share one share.
    """
    if signature.actor is None and not stranger:
        return
    recent = Row.objects.filter(actor=signature.actor, at__gt=signature.at - WITHIN).exclude(refused="")
    if recent.count() >= MOST:
        return
    with locks.locked(lambda: scope()[:1], alone=False) as tenants:
        event = Event("attempt.refused", "attempt", details={"sentence": str(refusal.sentence)[:LONGEST]})
        audit.append(signature, tenants, [Entry(tenant, event) for tenant in tenants], refused=refusal.code)
