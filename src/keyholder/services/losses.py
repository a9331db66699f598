"""Losses: who would hold less, and where, if some rows were gone: previews show it (R082, R083)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.search import holders
from keyholder.services.authority import names_of
from keyholder.storage.models import Resource


@dataclass(frozen=True, slots=True)
class Loss:
    """What somebody would no longer hold at a resource (nor, by this way, below it), and what they would keep there."""

    principal: PrincipalId
    name: str
    resource: ResourceId
    resource_name: str
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    type: str = ""
    """The resource's type: whose names the permissions have."""


def losses(before: Facts, after: Facts, resources: Collection[ResourceId], catalogue: Catalogue, at: datetime) -> tuple[Loss, ...]:
    """Return what people and service accounts hold at these resources before and not after, by resource and number.

    Also what they would have held once it begins: whoever decides today decides about that as well.
    """
    lost: dict[tuple[ResourceId, PrincipalId], tuple[int, int]] = {}
    for moment in (at, *sorted(_beginnings(before, at))):
        earlier, later = Moment(before, catalogue, moment), Moment(after, catalogue, moment)
        for resource in sorted(set(resources)):
            for person in holders(earlier, resource):
                kept = later.effective(person, resource)
                gone = earlier.effective(person, resource) & ~kept
                if gone:
                    lost[resource, person] = (lost.get((resource, person), (0, 0))[0] | gone, kept)
    people = names_of({person for _resource, person in lost})
    places = dict(Resource.objects.filter(pk__in=resources).values_list("pk", "name"))
    found = []
    for (resource, person), (taken, remaining) in sorted(lost.items()):
        kind = before.resources[resource].ref.type
        blueprint = catalogue.of(kind)
        left = blueprint.minimal(Mask(remaining))
        found.append(Loss(person, people.get(person, ""), resource, places[resource], blueprint.names(Mask(taken)), left, kind))
    return tuple(found)


def _beginnings(facts: Facts, at: datetime) -> set[datetime]:
    """Return the moments to come at which a binding or a membership begins."""
    windows = {row.window for rows in (facts.bindings, facts.memberships) for row in rows}
    return {window.starts_at for window in windows if window.starts_at is not None and window.starts_at > at}
