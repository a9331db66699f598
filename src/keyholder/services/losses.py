"""Losses: who would hold less, and where, if some rows were gone: previews show it (R082, R083)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue
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
    """Return what people and service accounts hold at these resources before and not after, by resource and number."""
    earlier, later = Moment(before, catalogue, at), Moment(after, catalogue, at)
    pairs = [(person, resource) for resource in sorted(set(resources)) for person in holders(earlier, resource)]
    people, places = names_of(_people(pairs)), dict(Resource.objects.filter(pk__in=resources).values_list("pk", "name"))
    found = []
    for person, resource in pairs:
        held, kept = earlier.effective(person, resource), later.effective(person, resource)
        if held & ~kept:
            blueprint = catalogue.of(before.resources[resource].ref.type)
            gone, stays = blueprint.names(held & ~kept), blueprint.minimal(kept)
            kind = before.resources[resource].ref.type
            found.append(Loss(person, people.get(person, ""), resource, places[resource], gone, stays, kind))
    return tuple(found)


def _people(pairs: Iterable[tuple[PrincipalId, ResourceId]]) -> set[PrincipalId]:
    return {person for person, _ in pairs}
