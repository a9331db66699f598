"""Before a person is removed from an organization: what goes, what stays and why it would be refused (semantics 4 and 5)."""

from dataclasses import dataclass

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Refusal
from keyholder.services import naming, organization_removals
from keyholder.services.caller import Caller
from keyholder.services.organization_removals import Leaving
from keyholder.services.organization_rows import managed
from keyholder.services.queries.seeing import authority_of
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.services.removals import Removal
from keyholder.storage import locks


@dataclass(frozen=True, slots=True)
class AccountDeparture:
    """What goes from one account, and what stays there through groups; ``removal`` is None for who may not ask."""

    account: ResourceView
    removal: Removal | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Departures:
    """What a person has in an organization, as a removal takes it."""

    accounts: tuple[AccountDeparture, ...]
    """Where they have something of their own."""
    groups: tuple[PrincipalView, ...] = ()
    """That they are in directly."""
    owned: tuple[PrincipalView, ...] = ()
    role: OrganizationRole | None = None
    refusal: Refusal | None = None
    """Why they can't be removed from the whole organization."""


def preview(*, by: Caller, organization: OrganizationId, user: PrincipalId) -> Departures:
    """Return what removing a person from each account, or from the whole organization, takes.

    For its admins and user admins. Raises NotFound outside the organization and for who is not of it, Forbidden.
    """
    authority = authority_of(by)
    with locks.snapshot():
        found = organization_removals.plan(authority, managed(authority, organization), user)
        groups = list(dict.fromkeys(PrincipalId(row.group_id) for row in found.memberships))
        owned = [PrincipalId(row.group_id) for row in found.owned]
        views = naming.principal_views([*groups, *owned])
        return Departures(
            tuple(map(_account, found.accounts)),
            tuple(views[group] for group in groups),
            tuple(views[group] for group in owned),
            OrganizationRole(found.role.role) if found.role is not None else None,
            found.refusal,
        )


def _account(leaving: Leaving) -> AccountDeparture:
    return AccountDeparture(naming.resource_view(leaving.account), leaving.removal, leaving.refusal)
