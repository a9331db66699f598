"""Outsiders: the people of an organization whom its user policy would not take (R087, R088, semantics 5)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, violation
from keyholder.domain.sentences import Sentence
from keyholder.storage import belonging
from keyholder.storage.models import Organization, User


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody whom a policy does not take, and why."""

    principal: PrincipalId
    email: str
    name: str
    why: Sentence


def outsiders(organization: Organization, policy: Policy) -> tuple[Outsider, ...]:
    """Return the people of an organization who are outside a policy, by address."""
    people = User.objects.in_bulk(belonging.people_of(organization.tenant_id)).values()
    judged = ((person, violation(policy, person.canonical, verified=person.email_verified)) for person in people)
    found = [Outsider(PrincipalId(person.pk), person.email, person.name, why) for person, why in judged if why is not None]
    return tuple(sorted(found, key=lambda outsider: outsider.email))
