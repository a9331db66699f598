"""Access as a tree: what a principal holds at nodes of a platform, between nodes that only lead there (R016, R017)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.search import Access, access
from keyholder.engine.sources import Source
from keyholder.services import naming
from keyholder.services.naming import Names
from keyholder.services.read_models import AccessView, ResourceView


@dataclass(frozen=True, slots=True)
class AccessNode:
    """A resource with what is held there; ``access`` is None where it only leads to something below."""

    resource: ResourceView
    access: AccessView | None = None
    until: datetime | None = None
    """The first moment at which something held here ends."""
    can_change: bool = False
    """The reader may change what is local here."""
    children: tuple["AccessNode", ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformAccess:
    """The trees of one platform, by name."""

    platform: str
    nodes: tuple[AccessNode, ...]


@dataclass(frozen=True)
class Held:
    """What a principal has at some nodes: as the engine decides, and as it would be if nobody were suspended."""

    principal: PrincipalId
    decided: Moment
    unheld: Moment
    answers: Mapping[ResourceId, Access]
    """With the sources of ``unheld`` and the effective set of ``decided``; only nodes where there is something."""

    @property
    def sources(self) -> list[Source]:
        """Return every source of every answer."""
        return [source for answer in self.answers.values() for source in answer.sources]

    @property
    def resources(self) -> set[ResourceId]:
        """Return the nodes and everything above them."""
        return {node.id for resource in self.answers for node in self.decided.lineage(resource)}


def held(facts: Facts, catalogue: Catalogue, principal: PrincipalId, nodes: Collection[ResourceId], at: datetime) -> Held:
    """Work out what a principal has at these nodes."""
    decided = Moment(facts, catalogue, at)
    unheld = Moment(unsuspended(facts), catalogue, at) if _is_suspended(facts, principal) else decided
    answers = {}
    for node in sorted(nodes):
        if unheld.effective(principal, node):
            answers[node] = replace(access(unheld, principal, node), effective=decided.effective(principal, node))
    return Held(principal, decided, unheld, answers)


def forest(found: Held, names: Names, changeable: Collection[ResourceId], also: Collection[ResourceId] = ()) -> tuple[PlatformAccess, ...]:
    """Return the trees of each platform where something is held; ``changeable`` are the nodes where the reader may change it.

    ``also`` are nodes that are shown though nothing is held there; what stands above them is among them.
    """
    nodes: dict[ResourceId, AccessNode] = {}
    for resource in found.resources.union(also):
        answer = found.answers.get(resource)
        view = None if answer is None else names.access(answer, found.unheld.effective(found.principal, resource))
        blueprint = names.catalogue.of(names.resources[resource].type)
        until = None if answer is None else first_end(blueprint, answer.sources)
        nodes[resource] = AccessNode(names.resources[resource], view, until, resource in changeable)
    below: defaultdict[ResourceId | None, list[AccessNode]] = defaultdict(list)
    for node in sorted(nodes.values(), key=lambda n: (n.resource.name, n.resource.id)):
        below[node.resource.parent].append(node)
    roots = _with_children(below, None)
    platforms = {blueprint.name: [r for r in roots if r.resource.type in blueprint.types] for blueprint in names.catalogue}
    return tuple(PlatformAccess(name, tuple(trees)) for name, trees in platforms.items() if trees)


def unsuspended(facts: Facts) -> Facts:
    """Return the same facts with nobody suspended: what a suspension holds back is shown, and what is in the trash stays there."""
    return replace(awake(facts), suspensions=())


def awake(facts: Facts) -> Facts:
    """Return the same facts with nobody suspended everywhere; who is within an organization stays so."""
    return replace(facts, principals={p.id: replace(p, active=True) for p in facts.principals.values()})


def first_end(blueprint: Blueprint, sources: Sequence[Source]) -> datetime | None:
    """Return the first moment at which something held by these sources ends; each permission lasts as long as the longest way to it."""
    ends: list[datetime] = []
    for permission in blueprint.permissions.values():
        ways = [source.until for source in sources if source.permissions & permission.mask]
        finite = [end for end in ways if end is not None]
        if finite and len(finite) == len(ways):
            ends.append(max(finite))
    return min(ends, default=None)


def names_of(
    found: Held, catalogue: Catalogue, principals: Iterable[PrincipalId] = (), organizations: Iterable[OrganizationId] = ()
) -> Names:
    """Look up everything that the trees name, and these principals and organizations as well."""
    everybody = [found.principal, *principals]
    return naming.of_sources(catalogue, found.sources, principals=everybody, resources=found.resources, organizations=organizations)


def _with_children(below: Mapping[ResourceId | None, Sequence[AccessNode]], parent: ResourceId | None) -> tuple[AccessNode, ...]:
    return tuple(replace(node, children=_with_children(below, node.resource.id)) for node in below.get(parent, ()))


def _is_suspended(facts: Facts, principal: PrincipalId) -> bool:
    known = facts.principals.get(principal)
    return known is not None and (not known.active or any(s.user == principal for s in facts.suspensions))
