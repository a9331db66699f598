"""The rows of the outbox: which letter is due, who has it for how long, and what became of it (semantics 6).

A letter that a worker took belongs to it until its lease ends: nobody else finds it before, and once somebody else has it the first one
can't settle it any more. PostgreSQL: the row is taken ``FOR UPDATE SKIP LOCKED``; SQLite: the transaction is immediate.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet

from keyholder.domain.letters import LetterState
from keyholder.domain.outbox import OF_THE_SERVER
from keyholder.storage import locks
from keyholder.storage.models import Letter

WAITING = LetterState.WAITING.value


def due(at: datetime) -> QuerySet[Letter]:
    """Return the letters whose turn it is and that nobody has, the longest due first."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    return Letter.objects.filter(free, state=WAITING, due_at__lte=at).order_by("due_at", "pk")


def lease(at: datetime, until: datetime) -> Letter | None:
    """Take the letter whose turn it is, for a while, and count the attempt that begins; None where none is due."""
    if not due(at).exists():
        return None
    with locks.writing():
        row = due(at).select_for_update(skip_locked=True).first()
        if row is not None:
            row.leased_until, row.attempts = until, row.attempts + 1
            row.save(update_fields=["leased_until", "attempts"])
        return row


def settle(number: int, until: datetime, state: LetterState, **columns: object) -> bool:
    """Write what became of a leased letter; False where it is not the worker's any more: taken back, or leased to another one."""
    held = Letter.objects.filter(pk=number, state=WAITING, leased_until=until)
    return bool(held.update(state=state.value, leased_until=None, **columns))


def give_back(number: int, until: datetime, due_at: datetime, error: str) -> bool:
    """Put a leased letter back that was not to blame: the attempt does not count."""
    return settle(number, until, LetterState.WAITING, due_at=due_at, error=error, attempts=F("attempts") - 1)


def retry(letters: QuerySet[Letter], at: datetime) -> int:
    """Let letters begin anew, and return how many."""
    return letters.update(state=WAITING, due_at=at, attempts=0, leased_until=None, settled_at=None)


def discard(letters: QuerySet[Letter], at: datetime) -> int:
    """Take letters out of the outbox, and return how many."""
    return letters.update(state=LetterState.WITHDRAWN.value, leased_until=None, settled_at=at)


def forget(before: datetime) -> int:
    """Delete letters that were sent or withdrawn before a moment, and return how many; those that were given up stay."""
    settled = [LetterState.SENT.value, LetterState.WITHDRAWN.value]
    return Letter.objects.filter(state__in=settled, settled_at__lt=before).delete()[0]


def hasten(at: datetime) -> int:
    """Let every letter that waits be due now: the mail server is another one."""
    return Letter.objects.filter(state=WAITING, due_at__gt=at).update(due_at=at)


def numbered(states: Collection[LetterState], numbers: Collection[int] | None) -> QuerySet[Letter]:
    """Return the letters in these states, of these numbers or all."""
    rows = Letter.objects.filter(state__in=[state.value for state in states])
    return rows if numbers is None else rows.filter(pk__in=list(numbers))


def counts() -> Mapping[LetterState, int]:
    """Return how many letters there are in each state."""
    found = dict(Letter.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: found.get(state.value, 0) for state in LetterState}


def held() -> int:
    """Return how many letters wait because the mail server is at fault."""
    faults = Q()
    for fault in OF_THE_SERVER:
        faults |= Q(error__startswith=f"{fault.value}:")
    return Letter.objects.filter(faults, state=WAITING).count()


def repeated() -> list[tuple[int, int]]:
    """Return letters that repeat another one of the same act: of its kind, about the same, to the same address; each with the first."""
    same = ("request_id", "kind", "recipient", "about", "generation", "path")
    told = Letter.objects.exclude(request_id="").order_by().values(*same).annotate(first=Min("pk"), number=Count("pk"))
    found = ((Letter.objects.filter(**{name: row[name] for name in same}), row["first"]) for row in told.filter(number__gt=1))
    return [(pk, one) for rows, one in found for pk in rows.exclude(pk=one).order_by("pk").values_list("pk", flat=True)]


def unsettled() -> list[int]:
    """Return letters whose state does not go with the rest: ended without a moment, or waiting with one; dead without a reason."""
    ended = ~Q(state=WAITING)
    wrong = Q(ended, settled_at=None) | Q(ended, leased_until__isnull=False) | Q(state=WAITING, settled_at__isnull=False)
    dumb = Q(state=LetterState.DEAD.value, error="") | Q(attempts__lt=0)
    return list(Letter.objects.filter(wrong | dumb).order_by("pk").values_list("pk", flat=True))


def after_commit(ring: Callable[[], None]) -> None:
    """Call something once what was written is there for everybody."""
    transaction.on_commit(partial(ring), robust=True)
