"""Settings of a node: what it is, whom it belongs to, and what opening or closing its edge to the host would do (R100, reading 30)."""

from dataclasses import dataclass, replace

from keyholder.domain.identifiers import OrganizationId, PrincipalKind, ResourceId, ResourceRef
from keyholder.engine.moment import Moment
from keyholder.services import moves, naming
from keyholder.services.access_trees import unsuspended
from keyholder.services.caller import Caller
from keyholder.services.differences import MOST, Preview, differences, kept_by, views
from keyholder.services.queries.rights import Rights, rights
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import lineages, locks, reaches, slices


@dataclass(frozen=True, slots=True)
class Settings:
    """A node with what is above it, and what the reader may do there."""

    path: tuple[ResourceView, ...]
    """The root first, the node last."""
    rights: Rights
    managed: bool | None
    """Whether its edge to what stands above is open; None where it can't be closed."""
    organization: OrganizationView | None
    """That its account is linked to."""
    is_awaiting: bool
    in_trash: ResourceView | None = None
    """What of the path is in the trash: itself, or the nearest above it."""
    can_be_moved: bool = False
    """Its platform lets such nodes be moved."""
    is_host: bool = False
    """Accounts below it can delegate their users to it."""

    @property
    def resource(self) -> ResourceView:
        """The node itself."""
        return self.path[-1]


def settings(*, by: Caller, ref: ResourceRef) -> Settings:
    """Return the settings of a node that exists for the caller, of who was only invited nothing but its name; raises NotFound."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, ref)
        lineage = lineages.of(row)
        here = ResourceId(row.pk)
        allowed = rights(by=by, at=[here])[here]
        is_more = authority.sees_more_than_the_name(row)
    path = tuple(naming.resource_view(node) for node in reversed(lineage))
    if not is_more:
        return Settings(path, allowed, None, None, is_awaiting=False)
    linked = next((node.organization for node in lineage if node.organization is not None), None)
    home = None if linked is None else OrganizationView(OrganizationId(linked.pk), linked.key, linked.name)
    trashed = next((naming.resource_view(node) for node in lineage if node.trashed_at is not None), None)
    blueprint = authority.catalogue.of(row.type)
    movable = moves.movable(authority.catalogue.types[row.type], blueprint)
    is_host = any(kind.closable for kind in blueprint.children_of(row.type))
    return Settings(path, allowed, row.managed, home, row.awaiting_manager, trashed, movable, is_host)


def staying(*, by: Caller, ref: ResourceRef) -> tuple[PrincipalView, ...]:
    """Return the people of the host who have something of their own here: closing the edge takes none of it. Raises the same."""
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, ref)
        authority.require_own_granting(row)
        here, above = ResourceId(row.pk), row.parent_id
        moment = Moment(slices.at([here]), authority.catalogue, by.at)
        people = sorted(p.id for p in moment.facts.principals.values() if p.kind is PrincipalKind.USER)
        both = [p for p in people if above and moment.local(p, here) and moment.effective(p, ResourceId(above))]
        views = naming.principal_views(both)
    return tuple(views[person] for person in both)


def of_delegation(*, by: Caller, ref: ResourceRef, managed: bool) -> Preview:
    """Return who would lose and who would gain what if the edge to the host were closed or opened.

    For an own administrator, as the command. Raises NotFound and Forbidden; a node whose edge can't be closed is like any other: nothing.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, ref)
        authority.require_own_granting(row)
        here = ResourceId(row.pk)
        facts = unsuspended(slices.at([here]))
        changed = {**facts.resources, here: replace(facts.resources[here], open=managed)}
        before = Moment(facts, authority.catalogue, by.at)
        after = Moment(replace(facts, resources=changed), authority.catalogue, by.at)
        people = sorted(p.id for p in facts.principals.values() if p.kind is not PrincipalKind.GROUP)
        found = differences(before, after, people, [here])
        kept = kept_by(after, found[:MOST], {here})
        sources = [source for ways in kept for source in ways]
        names = naming.of_sources(authority.catalogue, sources, principals=[d.principal for d in found[:MOST]], resources=[here])
        below = tuple(reaches.below(row))
    gaining, losing = ({d.principal for d in found if d.gained}, {d.principal for d in found if d.lost})
    return Preview(views(after, names, found[:MOST], kept), len(gaining), len(losing), below)
