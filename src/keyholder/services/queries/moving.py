"""Where a node can be moved to, and who would gain and lose what by it, before anybody decides (R020)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.moving import Way
from keyholder.engine.decision import Question, decide
from keyholder.engine.moment import Moment
from keyholder.services import moves, naming
from keyholder.services.access_trees import awake
from keyholder.services.caller import Caller
from keyholder.services.closed import closed_ones
from keyholder.services.differences import MOST, Preview, beyond, kept_by, over_time, views
from keyholder.services.jurisdictions import manages
from keyholder.services.queries.seeing import authority_of, resource_named, resource_seen
from keyholder.services.read_models import OrganizationView, PrincipalView, ResourceView
from keyholder.storage import finds, locks, reaches, slices
from keyholder.storage.models import Organization

MOST_TARGETS = 500
"""Places that are looked at."""


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What moving a node means: numbers of bindings, what does not come along, and who gains and loses."""

    resource: ResourceView
    source: ResourceView
    target: ResourceView
    way: Way
    gone: int
    """Bindings that are deleted."""
    own: int
    """Bindings that people get at the node for what they inherited."""
    foreign: tuple[PrincipalView, ...]
    """Groups of another organization, which do not come along."""
    left: OrganizationView | None
    """Whose admins hold nothing there by their role any more."""
    asleep: tuple[PrincipalView, ...]
    """Who is suspended within it: what they would inherit does not become their own."""
    assets: int
    """Assets of what stands above the old place, which are applied there and below no more."""
    invitations: int
    """Pending invitations that give no more what they were to give there."""
    preview: Preview
    fingerprint: str
    """Handed back with the answer: what is shown is done, or nothing."""


def targets(*, by: Caller, ref: ResourceRef) -> tuple[ResourceView, ...]:
    """Return where the caller may move a node, by name; nothing for who may not move it, or where its platform moves no such thing.

    Raises NotFound for a node that they can't see.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row = resource_named(authority, ref)
        kind = authority.catalogue.types[row.type]
        if kind.parent is None or not moves.movable(kind, authority.catalogue.of(row.type)):
            return ()
        numbers = finds.of_type(kind.parent, by.principal, MOST_TARGETS, by.at, closed=closed_ones(by))
        me, action = by.principal, f"{row.type}.move"
        if me is not None:
            moment = Moment(slices.of([me], numbers), authority.catalogue, by.at)
            may = {n for n in numbers if manages(moment, me, n) and decide(moment, Question(me, n, action=action)).allowed}
            numbers = [number for number in numbers if number in may] if row.parent_id in may else []
        views = naming.resource_views(numbers)
        return tuple(views[number] for number in numbers if number != row.parent_id)


def preview(*, by: Caller, ref: ResourceRef, to: ResourceId, way: Way) -> MovePreview:
    """Return what moving a node to another parent would do, now and later.

    Also to whose access is yet to begin, and to who is suspended everywhere. Raises as
    :func:`keyholder.services.commands.moving.move` does.
    """
    authority = authority_of(by)
    with locks.snapshot():
        row, target = resource_named(authority, ref), resource_seen(authority, to)
        found = moves.plan(authority, row, target, way)
        here, places = ResourceId(row.pk), moves.places_of(found)
        facts = awake(slices.at(places))
        outcome = moves.outcome(found, facts)
        after = Moment(outcome, authority.catalogue, by.at)
        people = sorted(p.id for p in facts.principals.values() if p.kind is not PrincipalKind.GROUP)
        every = over_time(facts, outcome, authority.catalogue, people, [here, *(p for p in places if p not in {here, to})], by.at)
        shown = list(beyond(every, here))[:MOST]
        kept = kept_by(after, shown, set(places))
        sources = [source for ways in kept for source in ways]
        concerned = [each.principal for each in shown]
        names = naming.of_sources(authority.catalogue, sources, principals=concerned, resources=[each.resource for each in shown])
        kept_back = naming.principal_views({*found.foreign, *found.asleep})
        gaining, losing = ({each.principal for each in every if each.gained}, {each.principal for each in every if each.lost})
        rows = Preview(views(after, names, shown, kept), len(gaining), len(losing), tuple(reaches.below(row)))
        return MovePreview(
            naming.resource_view(row),
            naming.resource_view(found.source),
            naming.resource_view(target),
            way,
            len(found.gone),
            len(found.own),
            tuple(kept_back[group] for group in found.foreign),
            _organization(found),
            tuple(kept_back[person] for person in found.asleep),
            len({use.asset_id for use in found.withdrawn}),
            len({planned.invitation_id for planned in found.planned}),
            rows,
            found.fingerprint,
        )


def _organization(found: moves.Move) -> OrganizationView | None:
    row = Organization.objects.filter(pk=found.left or 0).first()
    return None if row is None or found.left is None else OrganizationView(found.left, row.key, row.name)
