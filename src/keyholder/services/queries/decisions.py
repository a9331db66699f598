"""Decisions by the names people use: may this person do this there, why, who else may, and what else may they (R017, R110, contract 2).

The instance may ask about everybody. A person may ask about themselves wherever they can see, and about others who are known there where
they hold the granting permission (R064); whom they can't know is answered like nobody at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.addresses import canon
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.engine import search
from keyholder.engine.decision import Question, decide
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment, Reason
from keyholder.services import naming
from keyholder.services.authority import Authority, not_there
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import acquainted
from keyholder.services.queries.seeing import authority_of, known_permission, known_type, resource_named
from keyholder.services.read_models import AccessView, ResourceView
from keyholder.storage import locks, slices
from keyholder.storage.models import User

ONE_OF_TWO = _("Ask about a permission or about an action, one of the two.")
UNKNOWN_ACTION = _('There is no action "{action}" at {type}; there are: {known}.')
NOBODY = ""
"""Stands for an address that nobody has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as people write it: an address, a permission or an action, a resource, and when if not now."""

    user: str
    resource: ResourceRef
    permission: str = ""
    action: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no with the reason; what was judged, and where: an action may be judged further up."""

    allowed: bool
    reason: Reason
    permission: str = ""
    judged_at: ResourceRef | None = None


def check(*, by: Caller, asked: Asked) -> Answer:
    """Answer one question; one query where the instance asks. Whom or what nobody knows is a no with its reason.

    Raises Invalid, code ``type``, ``permission``, ``action`` or ``question``, for what no blueprint has or what is no question; NotFound
    and Forbidden where a person asks about what is not theirs to ask.
    """
    authority = authority_of(by)
    refuse_nonsense(authority, asked)
    canonical = canonical_of(asked.user)
    if not by.is_instance:
        canonical = admitted(authority, canonical, asked.resource)
    facts = slices.of_question(canonical, asked.resource)
    return _answer(Moment(facts, authority.catalogue, asked.at or by.at), asked, person_of(facts))


def who(*, by: Caller, resource: ResourceRef, permission: str = "", at: datetime | None = None) -> tuple[AccessView, ...]:
    """Return every person and service account with access at a resource, or with this permission, by name (R040).

    Raises NotFound, Forbidden without the granting permission there, Invalid for an unknown type or permission.
    """
    authority = authority_of(by)
    known_type(authority, resource.type)
    known_permission(authority, resource.type, permission)
    with locks.snapshot():
        row = resource_named(authority, resource)
        authority.require_granting(row)
        here = ResourceId(row.pk)
        found = search.who(slices.at([here]), authority.catalogue, here, at or by.at, permission=permission)
        shown = _shown(authority, found)
    return tuple(sorted(shown, key=lambda access: (access.principal.shown, access.principal.id)))


def what(*, by: Caller, user: str, at: datetime | None = None) -> tuple[AccessView, ...]:
    """Return everything that a person can reach, in the order of the tree; of somebody else only what the caller manages.

    Raises NotFound where nobody has the address, or nobody whom the caller may see.
    """
    authority = authority_of(by)
    with locks.snapshot():
        person = User.objects.filter(canonical=canonical_of(user)).values_list("pk", flat=True).first()
        if person is None:
            raise not_there()
        found, facts = _reach(authority, PrincipalId(person), at or by.at)
        shown = _shown(authority, found)
    names = {access.resource.id: access.resource for access in shown}
    return tuple(sorted(shown, key=lambda access: [_order(names, node.id) for node in reversed(tuple(facts.chain(access.resource.id)))]))


def refuse_nonsense(authority: Authority, asked: Asked) -> None:
    """Raise Invalid for a question whose names no blueprint knows."""
    known_type(authority, asked.resource.type)
    if bool(asked.permission) is bool(asked.action):
        raise Invalid("question", sentence(ONE_OF_TWO), place="permission")
    known_permission(authority, asked.resource.type, asked.permission)
    known = authority.catalogue.of(asked.resource.type).actions
    if asked.action and asked.action not in known:
        words = sentence(UNKNOWN_ACTION, action=asked.action, type=asked.resource.type, known=", ".join(known))
        raise Invalid("action", words, place="action")


def canonical_of(address: str) -> str:
    """Return the canonical form of an address; NOBODY for what is none."""
    try:
        return canon(address)
    except Invalid:
        return NOBODY


def admitted(authority: Authority, canonical: str, resource: ResourceRef) -> str:
    """Return whom a person asks about: themselves, or who is known where they manage; NOBODY else. Raises NotFound and Forbidden."""
    row = resource_named(authority, resource)
    person = User.objects.filter(canonical=canonical).values_list("pk", flat=True).first()
    if person is not None and person == authority.by.principal:
        return canonical
    authority.require_granting(row)
    return canonical if acquainted(authority, row, [PrincipalId(person)] if person is not None else []) else NOBODY


def person_of(facts: Facts) -> PrincipalId | None:
    """Return the one person of a slice for a question."""
    return next((p.id for p in facts.principals.values() if p.kind is PrincipalKind.USER), None)


def question_of(facts: Facts, asked: Asked, person: PrincipalId | None) -> Question:
    """Return a question as the engine takes it."""
    node = facts.by_ref.get(asked.resource)
    return Question(person, None if node is None else node.id, asked.permission, asked.action)


def _answer(moment: Moment, asked: Asked, person: PrincipalId | None) -> Answer:
    decision = decide(moment, question_of(moment.facts, asked, person))
    judged = None if decision.resource is None else moment.facts.resources[decision.resource].ref
    return Answer(decision.allowed, decision.reason, decision.permission, judged)


def _reach(authority: Authority, person: PrincipalId, at: datetime) -> tuple[Sequence[search.Access], Facts]:
    """Return what a person can reach, as far as the caller may know; raises NotFound where that is nothing of somebody else's."""
    me = authority.by.principal
    is_mine = me is None or me == person
    facts = slices.held_by([person] if me is None else [person, me])
    moment = Moment(facts, authority.catalogue, at)
    found = [search.access(moment, person, resource) for resource in search.reach(moment, person)]
    if me is not None and not is_mine:
        found = [access for access in found if moment.effective(me, access.resource) & _granting(authority, moment, access.resource)]
        if not found:
            raise not_there()
    return found, facts


def _granting(authority: Authority, moment: Moment, resource: ResourceId) -> int:
    return authority.catalogue.of(moment.facts.resources[resource].ref.type).granting_mask


def _shown(authority: Authority, found: Sequence[search.Access]) -> list[AccessView]:
    sources = [source for access in found for source in access.sources]
    names = naming.of_sources(authority.catalogue, sources, principals={a.principal for a in found}, resources={a.resource for a in found})
    return [names.access(access) for access in found]


def _order(names: dict[ResourceId, ResourceView], resource: ResourceId) -> tuple[str, int]:
    return names[resource].name if resource in names else "", resource
