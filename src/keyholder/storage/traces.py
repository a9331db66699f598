"""Traces: what a person has left all over the instance, and what goes with them when they are deleted (semantics 2)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import PrincipalId, TenantId
from keyholder.domain.invitations import InvitationState
from keyholder.storage import lineages, tenancy
from keyholder.storage import requests as of_requests
from keyholder.storage.models import (
    AccessRequest,
    AddressChange,
    Asset,
    Binding,
    GroupOwner,
    Identity,
    Invitation,
    Membership,
    OrganizationMember,
    OrganizationNote,
    OrganizationSuspension,
    PasswordReset,
    PlannedBinding,
    PlannedMembership,
    ProviderSignIn,
    Resource,
    User,
)


def tenants(person: PrincipalId) -> list[TenantId]:
    """Return every tenant in which anything refers to a person, be it by their address only."""
    found = set(tenancy.of_holdings([person]))
    for rows, column in _scattered(person):
        found.update(rows.values_list(column, flat=True))
    return sorted(found)


def bindings(person: PrincipalId, catalogue: Catalogue) -> list[tuple[Resource, Binding]]:
    """Return a person's bindings, of every window, each with the account that it belongs to."""
    rows = Binding.objects.filter(principal=person).select_related("resource").order_by("resource__path", "pk")
    return [(lineages.account_of(row.resource, catalogue), row) for row in rows]


def memberships(person: PrincipalId) -> QuerySet[Membership]:
    """Return the memberships of a person in groups, of every window."""
    return Membership.objects.filter(member=person).select_related("group__organization", "member").order_by("group__name_key", "pk")


def ownerships(person: PrincipalId) -> QuerySet[GroupOwner]:
    """Return that a person owns groups."""
    return GroupOwner.objects.filter(user=person).select_related("group__organization").order_by("group__name_key", "pk")


def roles(person: PrincipalId) -> QuerySet[OrganizationMember]:
    """Return what a person is in organizations."""
    return OrganizationMember.objects.filter(user=person).select_related("organization").order_by("organization__name_key", "pk")


def assets(person: PrincipalId) -> QuerySet[Asset]:
    """Return a person's personal assets, each with the node it lives in."""
    return Asset.objects.filter(owner=person).select_related("resource").order_by("pk")


def requests(person: PrincipalId) -> QuerySet[AccessRequest]:
    """Return a person's requests, whatever became of them, each with the resource it is about."""
    return of_requests.of_people([person]).select_related("resource").order_by("pk")


def invited(person: PrincipalId) -> QuerySet[Invitation]:
    """Return the pending invitations to a person's address, expired or not."""
    return _pending().filter(canonical__in=_address(person))


def sent(person: PrincipalId) -> QuerySet[Invitation]:
    """Return the pending invitations that a person made or gives something of, expired or not."""
    planned = (model.objects.filter(giver=person).values("invitation") for model in (PlannedBinding, PlannedMembership))
    mine = Q(invited_by=person)
    for rows in planned:
        mine |= Q(pk__in=rows)
    return _pending().filter(mine)


def waiting(account: Resource) -> set[PrincipalId]:
    """Return whose something waits for an answer at an account: a request, an invitation to them or partly by them. One query."""
    asked = of_requests.open_at(account)
    pending = _pending().filter(account=account).order_by()
    planned = (model.objects.filter(invitation__in=pending.values("pk")) for model in (PlannedBinding, PlannedMembership))
    addresses = (asked.filter(person__isnull=True).values("canonical"), pending.values("canonical"))
    ways = [
        asked.exclude(person=None).values_list("person_id"),
        pending.exclude(invited_by=None).values_list("invited_by_id"),
        *(rows.exclude(giver=None).values_list("giver_id") for rows in planned),
        *(User.objects.filter(canonical__in=theirs).values_list("pk") for theirs in addresses),
    ]
    return {PrincipalId(number) for (number,) in ways[0].union(*ways[1:])}


def suspensions(person: PrincipalId) -> QuerySet[OrganizationSuspension]:
    """Return where a person is suspended within an organization."""
    return OrganizationSuspension.objects.filter(user=person).select_related("organization").order_by("pk")


def notes(person: PrincipalId) -> QuerySet[OrganizationNote]:
    """Return what admins of organizations noted about a person."""
    return OrganizationNote.objects.filter(user=person).select_related("organization").order_by("pk")


def identities(person: PrincipalId) -> QuerySet[Identity]:
    """Return who a person is to identity providers."""
    return Identity.objects.filter(user=person).order_by("pk")


def forget_proofs(person: PrincipalId) -> None:
    """Delete what was under way for a person to prove who they are: links, addresses, sign-ins that link a provider. They are no facts."""
    PasswordReset.objects.filter(user=person).delete()
    AddressChange.objects.filter(user=person).delete()
    ProviderSignIn.objects.filter(linking=person).delete()


def _scattered(person: PrincipalId) -> Iterator[tuple[QuerySet[Any], str]]:
    """Go through what may lie where a person holds nothing, each with the way to its tenant."""
    yield assets(person), "resource__tenant"
    yield requests(person), "resource__tenant"
    yield invited(person), "account__tenant"
    yield sent(person), "account__tenant"
    yield suspensions(person), "organization__tenant"
    yield notes(person), "organization__tenant"


def _pending() -> QuerySet[Invitation]:
    return Invitation.objects.filter(state=InvitationState.PENDING.value).select_related("account").order_by("pk")


def _address(person: PrincipalId) -> QuerySet[User, str]:
    return User.objects.filter(pk=person).values_list("canonical", flat=True)
