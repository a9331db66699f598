"""Jurisdictions: the part of the world that a caller manages, and therefore sees the people of (R064).

Where they hold the granting permission, and over open edges everything below; of an organization where they have a role, its people too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from keyholder.domain.blueprint import Catalogue, ResourceType
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.moment import Moment
from keyholder.services.authority import Authority
from keyholder.services.closed import open_ones
from keyholder.storage import acquaintance, jurisdictions, slices
from keyholder.storage.jurisdictions import Ground
from keyholder.storage.models import Resource


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What a caller manages; the instance and nobody else manages everything."""

    everything: bool = False
    ground: Ground = field(default_factory=Ground)


def jurisdiction_of(authority: Authority, *, in_trash: bool = False) -> Jurisdiction:
    """Return what the caller manages: three queries, none for the instance.

    With ``in_trash`` also what they would manage if nothing were in the trash.
    """
    me = authority.by.principal
    if me is None:
        return Jurisdiction(everything=True)
    places = open_places(authority, jurisdictions.bearing([me]))
    facts = slices.of([me], places)
    moment = Moment(facts.without_trash() if in_trash else facts, authority.catalogue, authority.by.at)
    managed = {place for place in places if manages(moment, me, place)}
    roots = tuple(sorted(place for place in managed if not _is_below(moment, place, managed)))
    return Jurisdiction(
        ground=Ground(
            roots,
            tuple(root for root in roots if _can_close(authority.catalogue, moment.facts.resources[root].ref.type)),
            tuple(sorted({node for root in roots for node in _above(moment, root)})),
            tuple(open_ones(authority.by, jurisdictions.admin_of(me))),
        )
    )


def open_places(authority: Authority, places: Sequence[ResourceId]) -> Sequence[ResourceId]:
    """Return those of the resources that the caller's session opens."""
    closed = {one.tenant for one in authority.by.closed}
    if not closed:
        return places
    left = Resource.objects.filter(pk__in=places).exclude(tenant__in=closed).order_by("pk").values_list("pk", flat=True)
    return [ResourceId(pk) for pk in left]


def ground_at(authority: Authority, row: Resource) -> Ground:
    """Return one node with everything below it over open edges, as a ground."""
    root = ResourceId(row.pk)
    return Ground((root,), (root,) if _can_close(authority.catalogue, row.type) else ())


def known(authority: Authority, principals: Collection[PrincipalId]) -> set[PrincipalId]:
    """Return those of the principals whose page the caller may see: within what they manage, themselves; for an operator all (R064)."""
    jurisdiction = jurisdiction_of(authority)
    if jurisdiction.everything or authority.is_operator():
        return set(principals)
    mine = {authority.by.principal} & set(principals)
    return jurisdictions.known(jurisdiction.ground, principals, authority.by.at) | {me for me in mine if me is not None}


def acquainted(authority: Authority, at: Resource, principals: Collection[PrincipalId]) -> set[PrincipalId]:
    """Return those of the principals who are known to the caller at a resource: in the same tenant (semantics 4, *Known*).

    Clients of one host share a tenant and never see each other (semantics 9, R098): there only who is within what the caller manages is,
    and the database is asked the same about everybody, so that not even the time tells who is another client's.
    """
    found = acquaintance.knows(at.tenant_id, principals)
    if authority.by.is_instance or not acquaintance.is_parted(at.tenant_id):
        return found
    ground = jurisdictions.within(jurisdiction_of(authority).ground, at.tenant_id)
    return jurisdictions.known(ground, found, authority.by.at)


def manages(moment: Moment, principal: PrincipalId, resource: ResourceId) -> bool:
    """Say whether a principal holds the granting permission at a resource."""
    lineage = moment.lineage(resource)
    return bool(lineage) and bool(moment.effective(principal, resource) & moment.blueprint_of(lineage[0]).granting_mask)


def _above(moment: Moment, resource: ResourceId) -> tuple[ResourceId, ...]:
    """Return the nodes above from which something arrives."""
    found = []
    for node, parent in zip(moment.lineage(resource), moment.lineage(resource)[1:], strict=False):
        if not node.open:
            break
        found.append(parent.id)
    return tuple(found)


def _is_below(moment: Moment, resource: ResourceId, managed: set[ResourceId]) -> bool:
    return any(node in managed for node in _above(moment, resource))


def _can_close(catalogue: Catalogue, type_name: str) -> bool:
    """Say whether an edge below a node of this type can be closed."""
    below: list[ResourceType] = list(catalogue.of(type_name).children_of(type_name))
    for kind in below:
        below.extend(catalogue.of(type_name).children_of(kind.name))
    return any(kind.closable for kind in below)
