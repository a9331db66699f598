"""A moment: facts and catalogue, judged at one point in time. The formulas of semantics 3 stand here, a method for each.

Everything else in this room asks a moment. It remembers what it has worked out, so that many questions cost little more than one;
an answer depends on nothing but the question, the facts, the catalogue and the time.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from keyholder.domain.blueprint import NOTHING, Blueprint, Catalogue, Mask, ResourceType
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.engine.facts import Binding, Facts, Membership, Resource


class Reason(StrEnum):
    """Why a question is answered as it is. A check names the coarse ones; an explanation finds out what lies behind NOT_HELD."""

    GRANTED = "granted"
    UNKNOWN_PRINCIPAL = "unknown_principal"
    UNKNOWN_RESOURCE = "unknown_resource"
    """Also one that hangs where no blueprint puts it, or whose ancestor is missing."""
    UNKNOWN_PERMISSION = "unknown_permission"
    """Neither a permission nor an action of the resource's platform; or both, or none, were asked for."""
    ACTION_NOT_HERE = "action_not_here"
    """Neither the resource nor an ancestor is of one of the action's types."""
    SUSPENDED = "suspended"
    SUSPENDED_IN_ORGANIZATION = "suspended_in_organization"
    TRASHED = "trashed"
    """The resource or an ancestor is in the trash."""
    NOT_HELD = "not_held"

    NOT_YET = "not_yet"
    """A binding, or a membership on the way to it, has not begun."""
    ENDED = "ended"
    """A binding, or a membership on the way to it, has ended."""
    UNASSIGNED = "unassigned"
    """The binding counts only while its principal holds a role further up."""
    CLOSED_EDGE = "closed_edge"
    """It is held above, and the edge in between is closed."""
    NOT_PASSED_ON = "not_passed_on"
    """It is held above and never crosses the edge in between."""
    BELOW_ONLY = "below_only"
    """It is held at something below, and nothing rises."""
    LACKS_PERMISSION = "lacks_permission"
    """Other permissions are held here, this one is not."""
    NO_BINDING = "no_binding"
    FOREIGN_GROUP = "foreign_group"
    """A group is bound outside what is linked to its organization: such a row is never looked at (R-PRV-7)."""


class Moment:
    """What the facts say at one point in time."""

    def __init__(self, facts: Facts, catalogue: Catalogue, at: datetime) -> None:
        """Judge these facts by these blueprints at this moment (aware)."""
        self.facts = facts
        self.catalogue = catalogue
        self.at = at
        self._reached: dict[PrincipalId, frozenset[PrincipalId]] = {}
        self._lineages: dict[ResourceId, tuple[Resource, ...]] = {}
        self._held: dict[tuple[PrincipalId, ResourceId], Mask] = {}

    def effective(self, principal: PrincipalId, resource: ResourceId) -> Mask:
        """Return everything in force for a principal at a resource: ``effective(u, n)`` (R010, I-AZ-1)."""
        if self.obstacle(principal, resource):
            return NOTHING
        return self._held_at(principal, self.lineage(resource))

    def local(self, principal: PrincipalId, resource: ResourceId) -> Mask:
        """Return what bindings in force at this very resource give: ``local(u, n)``; whether anything bars the person is not asked."""
        lineage = self.lineage(resource)
        if not lineage:
            return NOTHING
        blueprint = self.blueprint_of(lineage[0])
        bits = 0
        for party in self.reached(principal):
            for binding in self.facts.binding_index.get((party, resource), ()):
                if self.fault(binding) is None:
                    bits |= granted(blueprint, binding)
        return blueprint.closure(bits)

    def organization_role(self, principal: PrincipalId, node: Resource) -> Mask:
        """Return what an organization's admins and user admins hold at a node linked to it: ``org(u, n)``."""
        if node.organization is None or principal not in self.facts.roles_in.get(node.organization, {}):
            return NOTHING
        blueprint = self.blueprint_of(node)
        return blueprint.closure(blueprint.organization_admins_hold)

    def obstacle(self, principal: PrincipalId, resource: ResourceId) -> Reason | None:
        """Return why nothing at all is effective for this principal at this resource; None where something can be."""
        known = self.facts.principals.get(principal)
        lineage = self.lineage(resource)
        if known is None:
            return Reason.UNKNOWN_PRINCIPAL
        if not lineage:
            return Reason.UNKNOWN_RESOURCE
        if not known.active:
            return Reason.SUSPENDED
        if any(node.trashed for node in lineage):
            return Reason.TRASHED
        if (self.organization_of(resource), principal) in self.facts.suspended_in:
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
        if resource not in self._lineages:
            self._lineages[resource] = self._climb(resource)
        return self._lineages[resource]

    def organization_of(self, resource: ResourceId) -> OrganizationId | None:
        """Return the organization that the resource's account is linked to: the nearest on the way up."""
        return next((node.organization for node in self.lineage(resource) if node.organization is not None), None)

    @property
    def remembered(self) -> int:
        """Return how many sets have been worked out and kept."""
        return len(self._held) + len(self._reached) + len(self._lineages)

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
