"""Decisions: one question, one answer (PDP). Same question, same facts, same moment: same answer.

Whatever is unknown is denied with a reason, never an error (R-DEC-6, I-AZ-10).
"""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Blueprint, Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.reasons import Reason

__all__ = ["Decision", "Question", "Reason", "check", "decide", "effective", "local", "reached"]


@dataclass(frozen=True, slots=True)
class Question:
    """May this principal do this here? Asked by permission or by action, one of the two.

    A door that does not find whom or what it was asked about asks with None, and is told so in the answer.
    """

    principal: PrincipalId | None
    resource: ResourceId | None
    permission: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, why, and what was judged: the permission and the resource, which an action can move upwards (None where not found)."""

    allowed: bool
    reason: Reason
    permission: str = ""
    resource: ResourceId | None = None


def check(facts: Facts, catalogue: Catalogue, question: Question, at: datetime) -> Decision:
    """Answer a question by these facts at this moment (R001, R007 to R010, R013, R032 to R034)."""
    return decide(Moment(facts, catalogue, at), question)


def effective(facts: Facts, catalogue: Catalogue, principal: PrincipalId, resource: ResourceId, at: datetime) -> Mask:
    """Return everything in force for a principal at a resource, closed (R010); nothing where either is unknown."""
    return Moment(facts, catalogue, at).effective(principal, resource)


def local(facts: Facts, catalogue: Catalogue, principal: PrincipalId, resource: ResourceId, at: datetime) -> Mask:
    """Return what bindings in force at this very resource give, closed: what can be changed here (R016)."""
    return Moment(facts, catalogue, at).local(principal, resource)


def reached(facts: Facts, principal: PrincipalId, at: datetime) -> frozenset[PrincipalId]:
    """Return a principal and every group it is in, directly or through groups, by memberships in force (R072, R075)."""
    return Moment(facts, Catalogue({}), at).reached(principal)


def decide(moment: Moment, question: Question) -> Decision:
    """Answer a question at a moment that may have answered others before."""
    if question.principal is None or question.principal not in moment.facts.principals:
        return Decision(allowed=False, reason=Reason.UNKNOWN_PRINCIPAL)
    lineage = moment.lineage(question.resource) if question.resource is not None else ()
    if not lineage:
        return Decision(allowed=False, reason=Reason.UNKNOWN_RESOURCE)
    blueprint = moment.blueprint_of(lineage[0])
    needed = permission_of(blueprint, question)
    if needed is None:
        return Decision(allowed=False, reason=Reason.UNKNOWN_PERMISSION)
    types = blueprint.actions[question.action].types if question.action else {lineage[0].ref.type}
    place = next((node.id for node in lineage if node.ref.type in types), None)
    if place is None:
        return Decision(allowed=False, reason=Reason.ACTION_NOT_HERE, permission=needed)
    reason = _verdict(moment, question.principal, place, blueprint.permissions[needed].mask)
    above = blueprint.actions[question.action].also_from if question.action else ""
    if reason is Reason.NOT_HELD and above and moment.reaches_from(question.principal, place, above):
        reason = Reason.GRANTED
    return Decision(reason is Reason.GRANTED, reason, needed, place)


def permission_of(blueprint: Blueprint, question: Question) -> str | None:
    """Return the permission that a question comes down to; None where the blueprint knows no such name (R-DEC-6)."""
    if bool(question.permission) == bool(question.action):
        return None
    if question.action:
        return blueprint.actions[question.action].permission if question.action in blueprint.actions else None
    return question.permission if question.permission in blueprint.permissions else None


def _verdict(moment: Moment, principal: PrincipalId, resource: ResourceId, bit: Mask) -> Reason:
    if moment.effective(principal, resource) & bit:
        return Reason.GRANTED
    return moment.obstacle(principal, resource) or Reason.NOT_HELD
