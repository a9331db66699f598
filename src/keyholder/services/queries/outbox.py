"""The outbox as an operator sees it: letters by where they are, newest first, with what the mail server said last (semantics 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from keyholder.domain.letters import LetterKind, LetterState
from keyholder.domain.outbox import said
from keyholder.domain.sentences import Sentence
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.services.turning import Wish, turn
from keyholder.storage import locks
from keyholder.storage import outbox as rows
from keyholder.storage.models import Letter

USUAL = 50
"""Letters on a page."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter of the outbox, without what fills it."""

    number: int
    kind: LetterKind
    recipient: str
    state: LetterState
    attempts: int
    posted_at: datetime
    due_at: datetime
    settled_at: datetime | None
    error: str
    """As it was noted; empty where nothing went wrong."""

    @property
    def why(self) -> Sentence | None:
        """What went wrong last, in words."""
        return said(self.error)


@dataclass(frozen=True, slots=True)
class Outbox:
    """One page of letters, the newest first, and how many there are in each state; a cursor is empty where there is no such page."""

    letters: tuple[LetterView, ...]
    counts: Mapping[LetterState, int]
    next: str = ""
    previous: str = ""


def outbox(*, by: Caller, state: LetterState | None = LetterState.WAITING, cursor: str = "", size: int = USUAL) -> Outbox:
    """Return a page of the letters in a state, or of all.

    Raises Forbidden for anybody but an operator, Invalid for a cursor of another list.
    """
    authority_of(by).require_operator()
    with locks.snapshot():
        listed = rows.numbered(tuple(LetterState) if state is None else (state,), None)
        page = turn(lambda wish: _read(listed, wish), lambda row: (row.pk,), cursor, size, "outbox", state)
        counts = rows.counts()
    return Outbox(tuple(map(_view, page.rows)), counts, page.next, page.previous)


def counts(*, by: Caller) -> Mapping[LetterState, int]:
    """Return how many letters there are in each state; raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    return rows.counts()


def _read(listed: QuerySet[Letter], wish: Wish) -> list[Letter]:
    if wish.after is not None:
        (number,) = wish.after
        listed = listed.filter(pk__gt=number) if wish.backwards else listed.filter(pk__lt=number)
    return list(listed.order_by("pk" if wish.backwards else "-pk")[: wish.most])


def _view(row: Letter) -> LetterView:
    return LetterView(
        row.pk,
        LetterKind(row.kind),
        row.recipient,
        LetterState(row.state),
        row.attempts,
        row.posted_at,
        row.due_at,
        row.settled_at,
        row.error,
    )
