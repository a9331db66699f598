"""Rights: what the reader may do at nodes, so that a page offers what would be done and says of the rest who may (semantics 4, R035)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.decision import Question, decide
from keyholder.engine.moment import Moment
from keyholder.services import moves
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import manages
from keyholder.services.queries.seeing import authority_of
from keyholder.storage import slices


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do at one node."""

    manage: bool
    """See and change who has access."""
    update: bool
    """Change its name."""
    create: tuple[str, ...]
    """Types of which they may make one below it."""
    delegate: bool
    """Open or close its edge to what stands above: holding the granting permission at the node itself (reading 30)."""
    delete: bool
    """Put it into the trash (reading 41)."""
    move: bool
    """Take it away from where it stands: what is needed at its parent (R020)."""
    see_users: bool = False
    """See who has access."""


def rights(*, by: Caller, at: Collection[ResourceId]) -> Mapping[ResourceId, Rights]:
    """Return what the reader may do at each of these nodes, which exist for them: as many queries for one as for many."""
    authority = authority_of(by)
    me = by.principal
    moment = Moment(slices.of([me] if me is not None else [], list(at)), authority.catalogue, by.at)
    return {node: _rights(moment, me, node) for node in at}


def _rights(moment: Moment, me: PrincipalId | None, node: ResourceId) -> Rights:
    kind = moment.type_of(moment.facts.resources[node])
    blueprint = moment.catalogue.of(kind.name)
    below = [child.name for child in blueprint.children_of(kind.name)]
    if me is None:
        return Rights(
            manage=True,
            see_users=True,
            update=True,
            create=tuple(below),
            delegate=kind.closable,
            delete=True,
            move=moves.movable(kind, blueprint),
        )

    def may(action: str) -> bool:
        return decide(moment, Question(me, node, action=action)).allowed

    return Rights(
        manage=manages(moment, me, node),
        see_users=may("user.view"),
        update=may(f"{kind.name}.update"),
        create=tuple(child for child in below if may(f"{child}.create")),
        delegate=kind.closable and bool(moment.local(me, node) & blueprint.granting_mask) and moment.obstacle(me, node) is None,
        delete=may(f"{kind.name}.delete"),
        move=_may_move(moment, me, node),
    )


def _may_move(moment: Moment, me: PrincipalId, node: ResourceId) -> bool:
    """Say whether somebody may take a node away from where it stands."""
    here = moment.facts.resources[node]
    if here.parent is None or not moves.movable(moment.type_of(here), moment.blueprint_of(here)):
        return False
    action = f"{here.ref.type}.move"
    return manages(moment, me, here.parent) and decide(moment, Question(me, here.parent, action=action)).allowed
