"""Searches: who has access to a resource, what a principal has access to. Lists agree with single answers (R-DEC-1, I-AZ-8).

Both collect whoever or whatever can come into question and then ask the same question as a check does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.sources import Source, sources_at


@dataclass(frozen=True, slots=True)
class Access:
    """What a principal has at a resource: set at that very place, and in force there altogether; both closed (R016)."""

    principal: PrincipalId
    resource: ResourceId
    local: Mask
    effective: Mask
    sources: tuple[Source, ...] = ()


def who(
    facts: Facts, catalogue: Catalogue, resource: ResourceId, at: datetime, *, permission: str = "", with_sources: bool = True
) -> tuple[Access, ...]:
    """Return every person and service account with anything effective at a resource, or with this permission, ordered by id.

    Nobody where the resource or the permission is unknown. Sources cost more than the list: leave them out where nobody looks at them.
    """
    moment = Moment(facts, catalogue, at)
    found = (access(moment, principal, resource, with_sources=with_sources) for principal in holders(moment, resource, permission))
    return tuple(found)


def what(facts: Facts, catalogue: Catalogue, principal: PrincipalId, at: datetime, *, with_sources: bool = True) -> tuple[Access, ...]:
    """Return every resource where a principal has anything effective, ordered by id."""
    moment = Moment(facts, catalogue, at)
    return tuple(access(moment, principal, resource, with_sources=with_sources) for resource in reach(moment, principal))


def access(moment: Moment, principal: PrincipalId, resource: ResourceId, *, with_sources: bool = True) -> Access:
    """Return what a principal has at a resource."""
    traced = sources_at(moment, principal, resource) if with_sources else ()
    return Access(principal, resource, moment.local(principal, resource), moment.effective(principal, resource), traced)


def holders(moment: Moment, resource: ResourceId, permission: str = "") -> tuple[PrincipalId, ...]:
    """Return the people and service accounts that hold anything, or this permission, effectively at a resource."""
    lineage = moment.lineage(resource)
    if not lineage:
        return ()
    permissions = moment.blueprint_of(lineage[0]).permissions
    if permission and permission not in permissions:
        return ()
    wanted = permissions[permission].mask if permission else -1
    bound = {binding.principal for node in lineage for binding in moment.facts.bindings_at.get(node.id, ())}
    roles = moment.facts.roles_in
    appointed = {user for node in lineage if node.organization is not None for user in roles.get(node.organization, ())}
    candidates = moment.facts.within(bound, lambda window: window.holds(moment.at)) | appointed
    return tuple(sorted(p for p in candidates if _is_somebody(moment.facts, p) and moment.effective(p, resource) & wanted))


def reach(moment: Moment, principal: PrincipalId) -> tuple[ResourceId, ...]:
    """Return the resources where a principal holds anything effectively."""
    facts = moment.facts
    bound = {binding.resource for party in moment.reached(principal) for binding in facts.bindings_of.get(party, ())}
    linked = {node.id for role in facts.appointments_of.get(principal, ()) for node in facts.linked_to.get(role.organization, ())}
    return tuple(sorted(resource for resource in _below(facts, bound | linked) if moment.effective(principal, resource)))


def _below(facts: Facts, resources: Iterable[ResourceId]) -> set[ResourceId]:
    """Return these resources and all that is below them."""
    found = set(resources)
    to_visit = list(found)
    while to_visit:
        children = {node.id for node in facts.children.get(to_visit.pop(), ())} - found
        found |= children
        to_visit.extend(children)
    return found


def _is_somebody(facts: Facts, principal: PrincipalId) -> bool:
    known = facts.principals.get(principal)
    return known is not None and known.kind is not PrincipalKind.GROUP
