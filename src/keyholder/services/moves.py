"""Moves: what moving a node to another parent deletes, keeps and turns into bindings of its own (R020, semantics 4).

The command and its preview share it, so that what is shown is what is done.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from keyholder.domain.blueprint import Blueprint, Mask, ResourceType
from keyholder.domain.identifiers import BindingId, OrganizationId, PrincipalId, ResourceId
from keyholder.domain.moving import Way
from keyholder.domain.permissions import Bindable
from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import Window
from keyholder.engine import facts as engine
from keyholder.engine.management import unjustified
from keyholder.services.authority import NOT_HELD, Authority
from keyholder.services.trash_rights import require_out_of_trash
from keyholder.services.warrants import Matter
from keyholder.storage import doomed, lineages, slices, subtrees
from keyholder.storage.models import AppliedAsset, Binding, Group, OrganizationSuspension, PlannedBinding, Resource

NOT_MOVABLE = _("{resource} can't be moved: it stays where it is.")
WRONG_TARGET = _("{resource} can't stand below {target}.")
SAME_PLACE = _("{resource} is at {target} already.")
NEW = -1
"""Numbers of bindings that are not there yet go downwards from here."""


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody gets as their own at the node that is moved, because they inherited it at the old place."""

    principal: PrincipalId
    window: Window
    wanted: Bindable


@dataclass(frozen=True)
class Move:
    """Everything that moving one node means; ``gone`` are bindings that are deleted, ``foreign`` groups that do not come along."""

    row: Resource
    source: Resource
    target: Resource
    way: Way
    gone: tuple[Binding, ...]
    own: tuple[Own, ...]
    foreign: tuple[PrincipalId, ...]
    left: OrganizationId | None
    """The organization whose admins and user admins hold nothing there any more by their role."""
    asleep: tuple[PrincipalId, ...]
    """Who is suspended within it, and would inherit something: suspended they inherit nothing, and nothing of it becomes their own."""
    withdrawn: tuple[AppliedAsset, ...]
    """Uses, there and below, of assets that live above it and not above the new place: they end."""
    planned: tuple[PlannedBinding, ...]
    """What pending invitations to its account planned there and below: they give it no more."""

    @property
    def crosses(self) -> bool:
        """Whether the node goes to another tenant."""
        return bool(self.source.tenant_id != self.target.tenant_id)

    @cached_property
    def fingerprint(self) -> str:
        """What is shown, as a short text: exactly this is done, or it is shown anew."""
        own = [[one.principal, str(one.window.starts_at), str(one.window.ends_at), one.wanted.mask] for one in self.own]
        gone = [[row.pk, row.mask] for row in self.gone]
        other = [[row.pk for row in self.withdrawn], [row.pk for row in self.planned]]
        text = json.dumps([self.row.pk, self.source.pk, self.target.pk, self.way.value, gone, own, other])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan(authority: Authority, row: Resource, target: Resource, way: Way) -> Move:
    """Say what moving a node to another parent means, where the caller may do so.

    They need the granting permission and the blueprint's action ``TYPE.move`` at both parents, and nobody may gain what they may not give.
    Raises NotFound, Forbidden, Invalid for what can't be moved or not to there, Conflict for what is there already or in the trash.
    """
    source = _movable(authority, row, target)
    for place in (source, target):
        authority.require_granting(place)
        authority.require_action(f"{row.type}.move", place)
    found = _planned(authority, row, source, target, way)
    _judge(authority, found)
    authority.warrants.allow(Matter.PLACE, row.pk)
    return found


def outcome(found: Move, before: engine.Facts) -> engine.Facts:
    """Return the facts that result from a move."""
    here = ResourceId(found.row.pk)
    gone = {BindingId(row.pk) for row in found.gone}
    own = (
        engine.Binding(BindingId(NEW - number), one.principal, here, one.wanted.mask, "", one.window)
        for number, one in enumerate(found.own)
    )
    moved = replace(before.resources[here], parent=ResourceId(found.target.pk))
    return replace(
        before,
        resources={**before.resources, here: moved},
        bindings=(*(binding for binding in before.bindings if binding.id not in gone), *own),
    )


def places_of(found: Move) -> list[ResourceId]:
    """Return the node, what is below it, and the new place: where somebody can gain or lose something."""
    return [*(ResourceId(node.pk) for node in subtrees.below(found.row)), ResourceId(found.target.pk)]


def movable(kind: ResourceType, blueprint: Blueprint) -> bool:
    """Say whether a platform lets nodes of a type be moved at all."""
    return kind.parent is not None and f"{kind.name}.move" in blueprint.actions


def _movable(authority: Authority, row: Resource, target: Resource) -> Resource:
    authority.see(row)
    authority.see(target)
    kind = authority.catalogue.types[row.type]
    if row.parent is None or not movable(kind, authority.catalogue.of(row.type)):
        raise Invalid("not_movable", sentence(NOT_MOVABLE, resource=row.name), place="resource")
    if kind.parent != target.type:
        raise Invalid("wrong_target", sentence(WRONG_TARGET, resource=row.name, target=target.name), place="to")
    if row.parent_id == target.pk:
        raise Conflict("same_place", sentence(SAME_PLACE, resource=row.name, target=target.name), place="to")
    require_out_of_trash(row, target)
    source: Resource = row.parent
    return source


def _planned(authority: Authority, row: Resource, source: Resource, target: Resource, way: Way) -> Move:
    within = list(subtrees.bindings_within(row))
    above = _above(row)
    inherited = list(Binding.objects.filter(resource__in=above).select_related("resource").order_by("pk")) if way is Way.KEEP else []
    inherited = [one for one in inherited if one.ends_at is None or one.ends_at > authority.by.at]
    left, joined = lineages.organization_of(lineages.of(source)), lineages.organization_of(lineages.of(target))
    lost = None if left is None or left == joined else OrganizationId(left)
    foreign, asleep = _foreign([*within, *inherited], joined), _asleep(inherited, lost)
    gone = within if way is Way.REPLACE else [one for one in within if one.principal_id in foreign]
    own = _own(authority, row, above, [one for one in inherited if one.principal_id not in foreign | asleep])
    kept_back = tuple(sorted(foreign)), lost, tuple(sorted(asleep))
    withdrawn = tuple(subtrees.applied_from_above(row, lineages.of(target)))
    return Move(row, source, target, way, tuple(gone), own, *kept_back, withdrawn, tuple(doomed.planned_elsewhere(row)))


def _above(row: Resource) -> Mapping[int, tuple[Resource, ...]]:
    """Return what stands above a node over open edges, the nearest first, each with the nodes whose edges lie between."""
    found: dict[int, tuple[Resource, ...]] = {}
    lineage = lineages.of(row)
    for depth, node in enumerate(lineage[:-1]):
        if node.managed is False:
            break
        found[lineage[depth + 1].pk] = lineage[: depth + 1]
    return found


def _foreign(rows: Iterable[Binding], organization: int | None) -> set[PrincipalId]:
    """Return the groups among those bound that belong to another organization than that of the new place."""
    groups = Group.objects.filter(pk__in={row.principal_id for row in rows}).values_list("pk", "organization_id")
    return {PrincipalId(pk) for pk, home in groups if home != organization}


def _asleep(rows: Iterable[Binding], left: OrganizationId | None) -> set[PrincipalId]:
    """Return the people among those bound who are suspended within the organization that is left."""
    suspended = OrganizationSuspension.objects.filter(organization=left, user__in={row.principal_id for row in rows})
    return {PrincipalId(user) for user in suspended.values_list("user_id", flat=True)} if left is not None else set()


def _own(authority: Authority, row: Resource, above: Mapping[int, tuple[Resource, ...]], inherited: Sequence[Binding]) -> tuple[Own, ...]:
    """Return what is inherited as bindings at the node itself, one for each principal and window that holds less there already."""
    kind, blueprint = authority.catalogue.types[row.type], authority.catalogue.of(row.type)
    found: dict[tuple[PrincipalId, Window], int] = {}
    for binding in inherited:
        stops = 0
        for node in above[binding.resource_id]:
            stops |= authority.catalogue.types[node.type].stops
        key = PrincipalId(binding.principal_id), Window(binding.starts_at, binding.ends_at)
        found[key] = found.get(key, 0) | _carried(blueprint, kind, binding, stops)
    here = {
        (PrincipalId(one.principal_id), Window(one.starts_at, one.ends_at)): blueprint.closure(one.mask)
        for one in Binding.objects.filter(resource=row, principal__in={who for who, _window in found})
    }
    return tuple(
        Own(who, when, Bindable(blueprint.names(mask), "", Mask(mask)))
        for (who, when), mask in found.items()
        if mask & ~here.get((who, when), 0)
    )


def _carried(blueprint: Blueprint, kind: ResourceType, binding: Binding, stops: int) -> int:
    """Return what of a binding arrives at the node and can be bound there: as it was ticked, else the fewest permissions that say it."""
    arrives = blueprint.closure(binding.mask) & ~stops
    ticked = 0 if binding.role else binding.mask & arrives
    rest = blueprint.mask(blueprint.minimal(arrives & ~blueprint.closure(ticked)))
    return (ticked | rest) & blueprint.mask(name for name in blueprint.permissions if name in kind.permissions)


def _judge(authority: Authority, found: Move) -> None:
    """Refuse where somebody would gain what the caller may not give there.

    Where who holds the granting permission may grant anything, holding it at both places, as was asked, is all there is to judge.
    """
    me, blueprint = authority.by.principal, authority.catalogue.of(found.row.type)
    if me is None or blueprint.grants_anything:
        return
    before = slices.at(places_of(found))
    beyond = unjustified(before, outcome(found, before), authority.catalogue, me, authority.by.at)
    if beyond:
        missing = blueprint.called(blueprint.names(beyond[0].permissions)[0])
        raise Forbidden("not_held", sentence(NOT_HELD, resource=found.row.name, permission=missing))
