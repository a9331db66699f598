"""The tree as a reader walks it: the columns of a platform, the path to a node, and finding things by name (R040, R063, R099).

What does not exist for the reader is in none of them (semantics 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keyholder.domain.blueprint import Blueprint
from keyholder.domain.identifiers import PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.refusals import Invalid
from keyholder.domain.roster import Tab
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine.moment import Moment
from keyholder.services import naming
from keyholder.services.authority import Authority
from keyholder.services.caller import Caller
from keyholder.services.closed import closed_ones, open_ones
from keyholder.services.jurisdictions import jurisdiction_of, manages
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.storage import finds, lineages, locks, roster, slices, visibility
from keyholder.storage.models import Resource
from keyholder.storage.roster import Wanted

MOST_NODES = 200
"""Nodes that a column shows."""
MOST_HITS = 8
UNKNOWN_PLATFORM = _('There is no platform "{platform}".')


@dataclass(frozen=True, slots=True)
class Column:
    """One level of a platform: the nodes below what is selected to its left; ``people`` only where the reader manages them."""

    types: tuple[str, ...]
    nodes: tuple[ResourceView, ...] = ()
    total: int = 0
    """How many there are, should they be too many to show."""
    selected: ResourceView | None = None
    people: int | None = None
    """With access to what is selected; None where the reader does not manage users there."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the palette found, of each kind a few, by name."""

    people: tuple[PrincipalView, ...] = ()
    groups: tuple[PrincipalView, ...] = ()
    resources: tuple[ResourceView, ...] = ()


def node(*, by: Caller, ref: ResourceRef) -> ResourceView:
    """Return the resource that an address names; raises NotFound."""
    return naming.resource_view(resource_named(authority_of(by), ref))


def path(*, by: Caller, ref: ResourceRef) -> tuple[ResourceView, ...]:
    """Return a resource and what is above it, the root first: by name, everything above exists with it. Raises NotFound."""
    row = resource_named(authority_of(by), ref)
    return tuple(naming.resource_view(above) for above in reversed(lineages.of(row)))


def columns(*, by: Caller, platform: str, selected: ResourceRef | None = None, find: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of a platform with a node and everything above it selected; as many queries as the platform has levels.

    ``find`` holds a text for each column, the first one first: only nodes whose name or id holds it are in the column.
    Raises Invalid for an unknown platform, NotFound for a selection that does not exist for the caller or is of another platform.
    """
    authority = authority_of(by)
    blueprint = authority.catalogue.blueprints.get(platform)
    if blueprint is None:
        raise Invalid("platform", sentence(UNKNOWN_PLATFORM, platform=platform), place="platform")
    with locks.snapshot():
        lineage = _lineage(authority, blueprint, selected)
        people = _people(authority, lineage)
        found = []
        for depth, types in enumerate(_levels(blueprint)):
            parent = lineage[depth - 1] if 0 < depth <= len(lineage) else None
            here = lineage[depth] if depth < len(lineage) else None
            text = find[depth] if depth < len(find) else ""
            found.append(_column(authority, types, parent, here, text, people) if parent is not None or not depth else Column(types))
    return tuple(found)


def search(*, by: Caller, text: str) -> Found:
    """Return people, groups and resources that exist for the caller and whose name, address or id holds a text (R060).

    People are those within what the caller manages (R064) and the caller; groups those of the caller's organizations (R081).
    """
    if not text.strip():
        return Found()
    authority = authority_of(by)
    with locks.snapshot():
        jurisdiction = jurisdiction_of(authority)
        homes = None if by.principal is None else open_ones(by, visibility.organizations_for(by.principal, by.at))
        people = finds.people(text, None if jurisdiction.everything else jurisdiction.ground, by.principal, MOST_HITS, by.at)
        groups = finds.groups(text, homes, MOST_HITS)
        resources = finds.resources(text, by.principal, MOST_HITS, by.at, closed=closed_ones(by))
        named = naming.names(authority.catalogue, [*people, *groups], resources, [])
    views = [named.principal(principal) for principal in (*people, *groups)]
    return Found(
        tuple(view for view in views if view.kind is not PrincipalKind.GROUP),
        tuple(view for view in views if view.kind is PrincipalKind.GROUP),
        tuple(named.resources[resource] for resource in resources),
    )


def _lineage(authority: Authority, blueprint: Blueprint, selected: ResourceRef | None) -> tuple[Resource, ...]:
    """Return what is selected in each column, the root first."""
    if selected is None:
        return ()
    row = resource_named(authority, selected)
    if row.type not in blueprint.types:
        raise Invalid("platform", sentence(UNKNOWN_PLATFORM, platform=blueprint.name), place="selected")
    return tuple(reversed(lineages.of(row)))


def _levels(blueprint: Blueprint) -> list[tuple[str, ...]]:
    """Return the types of each level of a platform, in declared order."""
    levels: list[tuple[str, ...]] = [(blueprint.root_type.name,)]
    while below := tuple(child.name for parent in levels[-1] for child in blueprint.children_of(parent)):
        levels.append(below)
    return levels


def _column(
    authority: Authority,
    types: tuple[str, ...],
    parent: Resource | None,
    here: Resource | None,
    text: str,
    people: Mapping[ResourceId, int],
) -> Column:
    above = None if parent is None else ResourceId(parent.pk)
    me = authority.by.principal
    if me is None:
        ids = finds.children(above, types, text)
    else:
        ids = visibility.children_for(me, above, types, authority.by.at, text, closed=closed_ones(authority.by))
    views = naming.resource_views(ids[:MOST_NODES])
    selected = None if here is None else naming.resource_view(here)
    nodes = tuple(views[number] for number in ids[:MOST_NODES])
    return Column(types, nodes, len(ids), selected, None if selected is None else people.get(selected.id))


def _people(authority: Authority, lineage: Sequence[Resource]) -> Mapping[ResourceId, int]:
    """Return how many have access to each selected node where the caller manages users."""
    numbers = [ResourceId(row.pk) for row in lineage]
    me = authority.by.principal
    if me is not None and lineage:
        moment = Moment(slices.of([me], numbers), authority.catalogue, authority.by.at)
        numbers = [number for number in numbers if manages(moment, me, number)]
    wanted = Wanted(Tab.PEOPLE, most=0)
    upwards = {ResourceId(row.pk): tuple(reversed(lineage[: depth + 1])) for depth, row in enumerate(lineage)}
    return {number: roster.page(upwards[number], authority.catalogue, wanted, authority.by.at).people for number in numbers}
