"""Organization removals: what removing a person from an organization, or from some of its accounts, takes and why it is refused.

The command and its preview share it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.refusals import Forbidden, Refusal
from keyholder.domain.sentences import sentence
from keyholder.services import removals
from keyholder.services.authority import NOT_ADMIN, Authority, not_there
from keyholder.services.organization_rows import require_of
from keyholder.services.removals import Removal
from keyholder.storage import subtrees
from keyholder.storage.models import GroupOwner, Membership, Organization, OrganizationMember, Resource


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes from one account; ``refusal`` says why it can't be taken there."""

    account: Resource
    removal: Removal | None
    """None where the caller may not even ask."""
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Departure:
    """Everything that a person has in an organization, and what of it a removal takes."""

    accounts: tuple[Leaving, ...]
    memberships: tuple[Membership, ...] = ()
    owned: tuple[GroupOwner, ...] = ()
    role: OrganizationMember | None = None
    refusal: Refusal | None = None
    """Why they can't be removed from the whole organization, besides what the accounts say."""


def plan(authority: Authority, home: Organization, person: PrincipalId) -> Departure:
    """Say what removing a person takes at each linked account where they have anything of their own, and in the whole organization.

    Authority is judged here, for each account as its own removals judge it. Raises NotFound for who is not of the organization.
    """
    require_of(home, person)
    role = OrganizationMember.objects.filter(organization=home, user=person).first()
    refusal = None
    if role is not None and not authority.is_admin(OrganizationId(home.pk)):
        refusal = Forbidden("not_admin", sentence(NOT_ADMIN, organization=home.name))
    return Departure(
        tuple(_leaving(authority, account, person) for account in accounts_with(home, person)),
        tuple(
            Membership.objects.filter(group__organization=home, member=person)
            .select_related("group__organization", "member")
            .order_by("pk")
        ),
        tuple(GroupOwner.objects.filter(group__organization=home, user=person).select_related("group__organization").order_by("pk")),
        role,
        refusal,
    )


def accounts_with(home: Organization, person: PrincipalId) -> Sequence[Resource]:
    """Return the linked accounts in which a person has bindings of their own, by name."""
    linked = Resource.objects.filter(organization=home).order_by("name_key", "pk")
    return [account for account in linked if subtrees.bindings_within(account).filter(principal=person).exists()]


def chosen(departure: Departure, accounts: Collection[ResourceId] | None) -> tuple[Leaving, ...]:
    """Return what goes from the chosen accounts, from all where None; raises NotFound for one in which they have nothing of their own."""
    if accounts is None:
        return departure.accounts
    found = {ResourceId(leaving.account.pk): leaving for leaving in departure.accounts}
    if not accounts or not set(accounts) <= set(found):
        raise not_there()
    return tuple(found[account] for account in found if account in set(accounts))


def refused(leavings: Sequence[Leaving]) -> Iterator[tuple[Resource, Refusal]]:
    """Go through the accounts where it can't be done."""
    return ((leaving.account, leaving.refusal) for leaving in leavings if leaving.refusal is not None)


def _leaving(authority: Authority, account: Resource, person: PrincipalId) -> Leaving:
    try:
        (removal,) = removals.plan(authority, account, [person])
    except Refusal as refusal:
        return Leaving(account, None, refusal)
    return Leaving(account, removal, removal.refusal)
