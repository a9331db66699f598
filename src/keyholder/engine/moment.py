"""A moment: facts and catalogue, judged at one point in time. The formulas of semantics 3 stand here, a method for each.

Everything else in this room asks a moment. It remembers what it has worked out, so that many questions cost little more than one;
an answer depends on nothing but the question, the facts, the catalogue and the time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from keyholder.domain.blueprint import NOTHING, Blueprint, Catalogue, Mask, ResourceType
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.engine.facts import Binding, Facts, Membership, Resource
from keyholder.engine.reasons import Reason

__all__ = ["Moment", "Place", "Reason", "granted"]


@dataclass(frozen=True, slots=True)
class Place:
    """What is to know about a resource's position, whoever asks: see :meth:`Moment.lineage` and :meth:`Moment.organization_of`."""

    lineage: tuple[Resource, ...]
    organization: OrganizationId | None
    in_trash: bool


class Moment:
    """What the facts say at one point in time."""

    def __init__(self, facts: Facts, catalogue: Catalogue, at: datetime) -> None:
        """Judge these facts by these blueprints at this moment (aware)."""
        self.facts = facts
        self.catalogue = catalogue
        self.at = at
        self._reached: dict[PrincipalId, frozenset[PrincipalId]] = {}
        self._places: dict[ResourceId, Place] = {}
        self._bound: dict[tuple[PrincipalId, ResourceId], Mask] = {}
        self._held: dict[tuple[PrincipalId, ResourceId], Mask] = {}

    def effective(self, principal: PrincipalId, resource: ResourceId) -> Mask:
        """Return everything in force for a principal at a resource: ``effective(u, n)`` (R010, I-AZ-1)."""
        if self.obstacle(principal, resource):
            return NOTHING
        return self._held_at(principal, self.lineage(resource))

    def local(self, principal: PrincipalId, resource: ResourceId) -> Mask:
        """Return what bindings in force at this very resource give: ``local(u, n)``; whether anything bars the person is not asked."""
        bits = 0
        for party in self.reached(principal):
            bits |= self._bound_to(party, resource)
        return Mask(bits)

    def organization_role(self, principal: PrincipalId, node: Resource) -> Mask:
        """Return what an organization's admins and user admins hold at a node linked to it: ``org(u, n)``."""
        if node.organization is None or principal not in self.facts.roles_in.get(node.organization, {}):
            return NOTHING
        blueprint = self.blueprint_of(node)
        return blueprint.closure(blueprint.organization_admins_hold)

    def obstacle(self, principal: PrincipalId, resource: ResourceId) -> Reason | None:
        """Return why nothing at all is effective for this principal at this resource; None where something can be."""
        known = self.facts.principals.get(principal)
        place = self._place(resource)
        if known is None:
            return Reason.UNKNOWN_PRINCIPAL
        if not place.lineage:
            return Reason.UNKNOWN_RESOURCE
        if not known.active:
            return Reason.SUSPENDED
        if place.in_trash:
            return Reason.TRASHED
        if (place.organization, principal) in self.facts.suspended_in:
            return Reason.SUSPENDED_IN_ORGANIZATION
        return None

    def reached(self, principal: PrincipalId) -> frozenset[PrincipalId]:
        """Return a principal and every group it is in, directly or through groups, by memberships in force: ``principals(u)``.

        Nobody is reached from a principal that is unknown, and nothing but a known group is followed (R-PRV-7). Circles end.
        """
        if principal not in self._reached:
            found = {principal} if principal in self.facts.principals else set()
            to_visit = list(found)
            while to_visit:
                groups = {m.group for m in self.ways_up(to_visit.pop()) if m.window.holds(self.at)} - found
                found |= groups
                to_visit.extend(groups)
            self._reached[principal] = frozenset(found)
        return self._reached[principal]

    def ways_up(self, member: PrincipalId) -> Iterator[Membership]:
        """Go through the memberships of a principal in groups that exist, whatever their windows."""
        return (m for m in self.facts.memberships_of.get(member, ()) if m.group in self.facts.groups)

    def fault(self, binding: Binding) -> Reason | None:
        """Return why a binding gives nothing at its own resource; None where it counts."""
        if self._is_foreign(binding):
            return Reason.FOREIGN_GROUP
        if not binding.window.holds(self.at):
            ends_at = binding.window.ends_at
            return Reason.ENDED if ends_at is not None and ends_at <= self.at else Reason.NOT_YET
        return None if self.is_assigned(binding) else Reason.UNASSIGNED

    def is_assigned(self, binding: Binding) -> bool:
        """Say whether the role that a binding depends on at its type, if on any, is in force for the very principal of the binding.

        A person's role does not lend itself to a group's binding, nor a group's to a person's: who is assigned is who has the role.
        """
        rule = self.type_of(self.facts.resources[binding.resource]).assignment
        if rule is None:
            return True
        above = [node.id for node in self.lineage(binding.resource)[1:] if node.ref.type == rule.at]
        rows = [row for place in above for row in self.facts.binding_index.get((binding.principal, place), ())]
        return any(row.role == rule.role and self.fault(row) is None for row in rows)

    def lineage(self, resource: ResourceId) -> tuple[Resource, ...]:
        """Return a resource and what is above it up to its root.

        Empty where one of them is missing, or where one hangs below something that its blueprint does not put it under: such a row
        decides nothing (R-PRV-7), and no circle and no mixture of platforms gets further than here.
        """
        return self._place(resource).lineage

    def organization_of(self, resource: ResourceId) -> OrganizationId | None:
        """Return the organization that the resource's account is linked to: the nearest on the way up."""
        return self._place(resource).organization

    def reaches_from(self, principal: PrincipalId, resource: ResourceId, type_name: str) -> bool:
        """Say whether a principal holds anything at the node of a type above a resource, with no closed edge in between (reading 28)."""
        lineage = self.lineage(resource)
        for node, parent in pairwise(lineage):
            if not node.open:
                return False
            if parent.ref.type == type_name:
                return bool(self.effective(principal, parent.id))
        return False

    @property
    def remembered(self) -> int:
        """Return how much has been worked out and kept."""
        return len(self._held) + len(self._bound) + len(self._reached) + len(self._places)

    def passed_down(self, mask: Mask, node: Resource) -> Mask:
        """Return what of a set held at the parent crosses the edge to this node."""
        return Mask(mask & ~self.type_of(node).stops) if node.open else NOTHING

    def type_of(self, node: Resource) -> ResourceType:
        """Return the type of a node in a lineage."""
        return self.catalogue.types[node.ref.type]

    def blueprint_of(self, node: Resource) -> Blueprint:
        """Return the blueprint of a node in a lineage."""
        return self.catalogue.of(node.ref.type)

    def _held_at(self, principal: PrincipalId, lineage: tuple[Resource, ...]) -> Mask:
        node, above = lineage[0], lineage[1:]
        key = (principal, node.id)
        if key not in self._held:
            inherited = self.passed_down(self._held_at(principal, above), node) if above else NOTHING
            own = self.local(principal, node.id) | self.organization_role(principal, node)
            self._held[key] = Mask(inherited | own)
        return self._held[key]

    def _bound_to(self, party: PrincipalId, resource: ResourceId) -> Mask:
        """Return what the bindings in force of this very principal give at this very resource, closed: the same for all its members."""
        key = (party, resource)
        if key not in self._bound:
            place = self._place(resource)
            bits = 0
            for binding in self.facts.binding_index.get(key, ()) if place.lineage else ():
                if self.fault(binding) is None:
                    bits |= granted(self.blueprint_of(place.lineage[0]), binding)
            self._bound[key] = Mask(bits)
        return self._bound[key]

    def _place(self, resource: ResourceId) -> Place:
        if resource not in self._places:
            lineage = self._climb(resource)
            organization = next((node.organization for node in lineage if node.organization is not None), None)
            self._places[resource] = Place(lineage, organization, any(node.trashed for node in lineage))
        return self._places[resource]

    def _climb(self, resource: ResourceId) -> tuple[Resource, ...]:
        found = []
        node = self.facts.resources.get(resource)
        while node is not None:
            parent = self.facts.resources.get(node.parent) if node.parent is not None else None
            type_ = self.catalogue.types.get(node.ref.type)
            if type_ is None or type_.parent != (parent.ref.type if parent else None):
                return ()
            found.append(node)
            node = parent
        return tuple(found)

    def _is_foreign(self, binding: Binding) -> bool:
        """Say whether a group is bound outside what is linked to its own organization."""
        if binding.principal not in self.facts.groups:
            return False
        own = self.facts.groups[binding.principal]
        return own is None or own != self.organization_of(binding.resource)


def granted(blueprint: Blueprint, binding: Binding) -> Mask:
    """Return what a binding gives at its own resource, closed; a role that the blueprint does not know gives nothing (R-PRV-7)."""
    if not binding.role:
        return blueprint.closure(binding.mask)
    role = blueprint.roles.get(binding.role)
    return blueprint.closure(role.mask) if role else NOTHING
