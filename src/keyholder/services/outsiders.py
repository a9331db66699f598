"""Outsiders: the people of an organization, or of an account that it is to get, whom its user policy would not take (R087, R088)."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.invitations import InvitationState, Standing
from keyholder.domain.policies import Policy, violation
from keyholder.domain.sentences import Sentence
from keyholder.services.invitation_links import term_of
from keyholder.storage import belonging
from keyholder.storage.models import Invitation, User


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody whom a policy does not take, and why."""

    principal: PrincipalId
    email: str
    name: str
    why: Sentence


def outsiders(tenant: int, policy: Policy) -> tuple[Outsider, ...]:
    """Return the people of a tenant, an organization's or a free account's, who are outside a policy, by address."""
    people = User.objects.in_bulk(belonging.people_of(tenant)).values()
    judged = ((person, violation(policy, person.canonical, verified=person.email_verified)) for person in people)
    found = [Outsider(PrincipalId(person.pk), person.email, person.name, why) for person, why in judged if why is not None]
    return tuple(sorted(found, key=lambda outsider: outsider.email))


def invited_outsiders(tenant: int, policy: Policy, catalogue: Catalogue, at: datetime) -> tuple[str, ...]:
    """Return the addresses invited to a tenant's accounts that a policy does not take, of invitations that can be accepted now.

    Whether an address is proven is told only by its acceptance.
    """
    rows = Invitation.objects.filter(account__tenant=tenant, state=InvitationState.PENDING.value).select_related("account")
    outside = (row for row in rows.order_by("canonical", "pk") if violation(policy, row.canonical) is not None)
    return tuple(row.email for row in outside if term_of(row, catalogue).standing(at) is Standing.PENDING)
