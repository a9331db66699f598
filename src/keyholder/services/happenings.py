"""Happenings: events as a reader sees them; what stands in the logs of several tenants is one (semantics 9, R-AUD-4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keyholder.domain.activity import Filters
from keyholder.services.authority import Authority
from keyholder.services.jurisdictions import jurisdiction_of
from keyholder.storage import activity
from keyholder.storage.activity import Reach, Seen


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: the row that tells it, and the number of the last of its rows, the oldest one."""

    told: Seen
    last: int


def reach_of(authority: Authority) -> Reach:
    """Return which events the caller may see: five queries, none for the instance. What is in the trash keeps its story.

    Of an organization that keeps the reader out, by a suspension or because their session does not open it, nothing is told but that they
    were suspended.
    """
    me = authority.by.principal
    if me is None:
        return Reach(None)
    roots = jurisdiction_of(authority, in_trash=True).ground.roots
    out = {*activity.suspending(me), *(one.tenant for one in authority.by.closed)}
    whole = [tenant for tenant in activity.tenants_of(me, roots, authority.catalogue) if tenant not in out]
    return Reach(me, roots, tuple(whole), tuple(sorted(out)))


def before(last: int | None, reach: Reach, filters: Filters, batch: int) -> Iterator[Happening]:
    """Go through what happened, newest first, from after the one that ends with row ``last``; ``batch`` rows are read at once."""
    for group in _groups(reach, filters, batch, last):
        if group[0].row.pk != last:
            yield Happening(next((seen for seen in reversed(group) if seen.row.changes), group[-1]), group[-1].row.pk)


def _groups(reach: Reach, filters: Filters, batch: int, upto: int | None) -> Iterator[list[Seen]]:
    """Go through the rows, those of one happening together: the one with the changes was written first and comes last."""
    group: list[Seen] = []
    while True:
        found = activity.page(reach, filters, batch, upto=upto)
        for seen in found:
            if group and not _is_copy(seen, group):
                yield group
                group = []
            group.append(seen)
        if len(found) < batch:
            break
        upto = found[-1].row.pk - 1
    if group:
        yield group


def _is_copy(seen: Seen, group: Sequence[Seen]) -> bool:
    return _signature(seen) == _signature(group[0]) and seen.row.tenant_id not in {other.row.tenant_id for other in group}


def _signature(seen: Seen) -> tuple[object, ...]:
    row = seen.row
    return (row.at, row.actor, row.request_id, row.action, row.target_kind, row.target, row.resource, row.subject, row.refused, row.details)
