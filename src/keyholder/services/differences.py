"""Differences: who gains and who loses what, and where, if some rows were otherwise. What every preview shows before anything is saved."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Source, sources_at
from keyholder.services.naming import Names, permission_set
from keyholder.services.read_models import PermissionSet, PrincipalView, ResourceView, SourceView

MOST = 50
"""Rows that a preview shows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one principal holds at one resource before and not after, or the other way round."""

    principal: PrincipalId
    resource: ResourceId
    before: Mask
    after: Mask

    @property
    def gained(self) -> Mask:
        """What is held after and not before."""
        return Mask(self.after & ~self.before)

    @property
    def lost(self) -> Mask:
        """What is held before and not after."""
        return Mask(self.before & ~self.after)


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference with names; for who loses something, what stays and where that comes from."""

    principal: PrincipalView
    resource: ResourceView
    gained: PermissionSet
    lost: PermissionSet
    stays: PermissionSet
    kept: tuple[SourceView, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows by name, and how many principals there are in all who gain or lose something."""

    rows: tuple[DifferenceView, ...] = ()
    gaining: int = 0
    losing: int = 0
    below: tuple[tuple[str, int], ...] = ()
    """How many resources of which type the change reaches as well."""

    @property
    def is_whole(self) -> bool:
        """Whether every principal concerned is among the rows."""
        shown = {row.principal.id for row in self.rows}
        return max(self.gaining, self.losing) <= len(shown)


def differences(
    before: Moment, after: Moment, principals: Collection[PrincipalId], places: Collection[ResourceId]
) -> tuple[Difference, ...]:
    """Return what differs for these principals at these places, in the order given."""
    return tuple(
        difference
        for principal in principals
        for place in places
        if (difference := _difference(before, after, principal, place)).gained or difference.lost
    )


def over_time(
    before: Facts, after: Facts, catalogue: Catalogue, principals: Collection[PrincipalId], places: Collection[ResourceId], at: datetime
) -> tuple[Difference, ...]:
    """Return what differs at a moment and at every later one at which something begins or ends for a principal: each pair the first time.

    In the order of the principals.
    """
    found: dict[tuple[PrincipalId, ResourceId], Difference] = {}
    moments: dict[datetime, tuple[Moment, Moment]] = {}
    later = _turns(before, after, at)
    for principal in principals:
        for turn in (at, *sorted(later.get(principal, ()))):
            if turn not in moments:
                moments[turn] = Moment(before, catalogue, turn), Moment(after, catalogue, turn)
            for each in differences(*moments[turn], [principal], places):
                found.setdefault((principal, each.resource), each)
    return tuple(found.values())


def _turns(before: Facts, after: Facts, at: datetime) -> Mapping[PrincipalId, set[datetime]]:
    """Return the later moments at which something begins or ends for somebody, by principal."""
    rows = {(row.principal, row.window) for facts in (before, after) for row in facts.bindings}
    rows |= {(row.member, row.window) for row in before.memberships}
    found: dict[PrincipalId, set[datetime]] = {}
    for whose, window in rows:
        turns = {turn for turn in (window.starts_at, window.ends_at) if turn is not None and turn > at}
        for principal in before.within([whose], lambda _window: True) if turns else ():
            found.setdefault(principal, set()).update(turns)
    return found


def views(after: Moment, names: Names, found: Sequence[Difference], kept: Sequence[Sequence[Source]]) -> tuple[DifferenceView, ...]:
    """Put names to differences."""
    return tuple(_view(after, names, difference, sources) for difference, sources in zip(found, kept, strict=True))


def kept_by(after: Moment, found: Sequence[Difference], seen: Collection[ResourceId]) -> list[tuple[Source, ...]]:
    """Return, for each difference that takes something where the reader may see it, where what stays comes from (R058)."""
    return [sources_at(after, d.principal, d.resource) if d.lost and d.resource in seen else () for d in found]


def beyond(found: Sequence[Difference], at: ResourceId) -> Iterator[Difference]:
    """Go through the differences at one resource, and those below it that are not the same again."""
    here = {difference.principal: difference for difference in found if difference.resource == at}
    for difference in found:
        known = here.get(difference.principal)
        if known is None or difference is known or difference.gained & ~known.gained or difference.lost & ~known.lost:
            yield difference


def _difference(before: Moment, after: Moment, principal: PrincipalId, place: ResourceId) -> Difference:
    return Difference(principal, place, before.effective(principal, place), after.effective(principal, place))


def _view(after: Moment, names: Names, difference: Difference, sources: Sequence[Source]) -> DifferenceView:
    blueprint = after.blueprint_of(after.facts.resources[difference.resource])
    return DifferenceView(
        names.principal(difference.principal),
        names.resources[difference.resource],
        permission_set(blueprint, difference.gained),
        permission_set(blueprint, difference.lost),
        permission_set(blueprint, difference.after) if sources else PermissionSet(),
        tuple(map(names.source, sources)),
    )
