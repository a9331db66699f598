"""The trash as somebody sees who may restore from it, what deleting a resource would take along, and what is due to go (semantics 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.engine.moment import Moment
from keyholder.engine.search import holders
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.closed import closed_ones
from keyholder.services.event_sentences import Words, actor_of
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import ResourceView
from keyholder.services.trash_rights import ends_at, require_trashing, restores
from keyholder.storage import locks, slices
from keyholder.storage import trash as rows
from keyholder.storage.models import Resource

MOST = 500
"""Resources that are looked at; the newest ones."""


@dataclass(frozen=True, slots=True)
class Trashed:
    """One thing in the trash: since when and by whom, until when it can be restored, and what above it has to be restored first."""

    resource: ResourceView
    since: datetime
    ends_at: datetime
    by: Words
    """Empty where the log does not tell any more."""
    reason: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True)
class Trashing:
    """What deleting a resource takes along, and until when it could be restored."""

    resource: ResourceView
    ends_at: datetime
    types: tuple[tuple[str, int], ...]
    """How many nodes below it, type by type."""
    people: int
    """Who has access there or below, in whatever way; service accounts too."""
    invitations: int
    requests: int
    has_to_be_typed: bool
    """Its name is asked for: a hosted account's end is its own people's and the host's (R097)."""


def trash(*, by: Caller) -> tuple[Trashed, ...]:
    """Return what the caller may restore, judged on what would be effective without the trash; the newest first.

    What was put there by itself is listed by itself, also where something above it is there as well.
    """
    authority = authority_of(by)
    authority.require_active()
    with locks.snapshot():
        numbers = restorable(authority)
        found = Resource.objects.in_bulk(numbers)
        told, views, above = rows.put_there(numbers), naming.resource_views(numbers), rows.above(numbers)
        return tuple(
            Trashed(
                views[number],
                found[number].trashed_at or by.at,
                ends_at(authority, found[number]),
                actor_of(told[number]) if number in told else "",
                told[number].reason if number in told else "",
                above.get(number, ""),
            )
            for number in numbers
        )


def trashing(*, by: Caller, ref: ResourceRef) -> Trashing:
    """Return what deleting a resource takes along. Raises as :func:`keyholder.services.commands.trashing.trash` does."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, ref)
        require_trashing(authority, row)
        below, kind = rows.below(row), authority.catalogue.types[row.type]
        return Trashing(
            naming.resource_view(row),
            ends_at(authority, row),
            below.types,
            _people(authority, [ResourceId(row.pk), *below.bound]),
            below.invitations,
            below.requests,
            kind.account_level and kind.parent is not None,
        )


def due(*, by: Caller) -> Sequence[ResourceId]:
    """Return what has been in the trash for its days and goes for good, parents before what is below them; to the instance alone."""
    return rows.due(authority_of(by).catalogue, by.at) if by.is_instance else ()


def restorable(authority: Authority) -> list[ResourceId]:
    """Return what the caller may restore, the newest first."""
    me = authority.by.principal
    numbers = rows.lying(me, MOST, authority.by.at, closed=closed_ones(authority.by))
    if me is None or not numbers:
        return numbers
    moment = Moment(slices.of([me], numbers).without_trash(), authority.catalogue, authority.by.at)
    return [number for number in numbers if restores(moment, me, number)]


def _people(authority: Authority, places: Sequence[ResourceId]) -> int:
    """Return how many have access at one of these places."""
    moment = Moment(slices.at(places), authority.catalogue, authority.by.at)
    return len({principal for place in places for principal in holders(moment, place)})
