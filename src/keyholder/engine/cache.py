"""The memo: the facts of one revision, kept ready to be asked many times. It answers exactly as a check does, only sooner.

A memo never changes its facts: a new revision is a new memo, so that nothing of an older one can survive. Windows need no care from
outside: between two turns (a start or an end of any window) no answer changes, and what is remembered is remembered for one such span.
Memory is bounded; what is full is emptied at once and fills again as it is asked. An error is not an answer and is never kept (R-DEC-3).
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.decision import Decision, Question, decide
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment

MOST_ENTRIES = 1_000_000
"""Sets remembered in one span."""
MOST_SPANS = 4
"""Spans remembered: now, and a few other times that questions are asked about."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


class Span:
    """The time from one turn to the next, and what was worked out for it."""

    __slots__ = ("masks", "moment", "since", "until")

    def __init__(self, moment: Moment, since: datetime, until: datetime) -> None:
        """Begin with nothing worked out."""
        self.moment = moment
        self.since = since
        self.until = until
        self.masks: dict[tuple[PrincipalId, ResourceId], Mask] = {}

    def forget(self) -> None:
        """Begin anew."""
        self.moment = Moment(self.moment.facts, self.moment.catalogue, self.moment.at)
        self.masks = {}


class Memo:
    """The answers of one revision."""

    def __init__(self, facts: Facts, catalogue: Catalogue, *, most_entries: int = MOST_ENTRIES) -> None:
        """Prepare to answer by these facts, remembering at most so many sets in one span."""
        self.facts = facts
        self.catalogue = catalogue
        self._most = most_entries
        self._turns = sorted(facts.turns)
        bits = {t.name: {p.name: p.mask for p in catalogue.of(t.name).permissions.values()} for t in catalogue.types.values()}
        self._bits: Mapping[ResourceId, Mapping[str, Mask]] = {r.id: bits.get(r.ref.type, {}) for r in facts.resources.values()}
        self._spans: dict[int, Span] = {}
        self._span = self._span_of(_BEGINNING)

    def allows(self, principal: PrincipalId, resource: ResourceId, permission: str, at: datetime) -> bool:
        """Say whether a check of this permission would be allowed: a few look-ups once the pair has been asked about."""
        span = self._span
        if not span.since <= at < span.until:
            span = self._span = self._span_of(at)
        mask = span.masks.get((principal, resource))
        if mask is None:
            mask = self._work_out(span, principal, resource)
        bits = self._bits.get(resource)
        return bits is not None and bool(mask & bits.get(permission, 0))

    def effective(self, principal: PrincipalId, resource: ResourceId, at: datetime) -> Mask:
        """Return everything in force for a principal at a resource."""
        span = self._span_of(at)
        mask = span.masks.get((principal, resource))
        return self._work_out(span, principal, resource) if mask is None else mask

    def check(self, question: Question, at: datetime) -> Decision:
        """Answer a question by permission or by action, with its reason."""
        span = self._span_of(at)
        decision = decide(span.moment, question)
        self._keep_small(span)
        return decision

    def _span_of(self, at: datetime) -> Span:
        place = bisect_right(self._turns, at)
        span = self._spans.get(place)
        if span is None:
            since = self._turns[place - 1] if place else _BEGINNING
            until = self._turns[place] if place < len(self._turns) else _END
            if len(self._spans) == MOST_SPANS:
                self._spans = {}
            span = self._spans[place] = Span(Moment(self.facts, self.catalogue, since), since, until)
        return span

    def _work_out(self, span: Span, principal: PrincipalId, resource: ResourceId) -> Mask:
        mask = span.moment.effective(principal, resource)
        span.masks[principal, resource] = mask
        self._keep_small(span)
        return mask

    def _keep_small(self, span: Span) -> None:
        if span.moment.remembered > self._most or len(span.masks) > self._most:
            span.forget()
