"""Removing a person from a whole organization, or from some of its accounts, in one transaction (semantics 4 and 5)."""

from collections.abc import Collection

from keyholder.domain.events import Event
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId, TenantId
from keyholder.domain.refusals import Refusals, RefusedRow
from keyholder.services import organization_removals, request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import group_members, groups, organization_roles, removal
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.invitation_rows import revoke_of
from keyholder.services.organization_removals import Departure
from keyholder.services.organization_rows import managed
from keyholder.storage import requests
from keyholder.storage.models import Organization, OrganizationNote, Resource, User


def remove(
    *, by: Caller, organization: OrganizationId, user: PrincipalId, accounts: Collection[ResourceId] | None = None, reason: str = ""
) -> Departure:
    """Remove a person from some of an organization's accounts or, where none are named, from all that is the organization's.

    From an account goes what :func:`keyholder.services.commands.removal.remove` takes there, by the same rules. From the whole organization
    also go memberships and ownership of its groups, a role in it, and what its admins noted. All or none;
    ``keyholder.services.queries.organization_removal`` tells beforehand. Admins and user admins may; only an admin for somebody who has a
    role. Raises NotFound for who is not of it, Forbidden, Conflict for a last standing manager or admin; several accounts that refuse as
    Refusals, each named.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        home = managed(act.authority, organization)
        person = user_row(user)
        departure = organization_removals.plan(act.authority, home, user)
        leavings = organization_removals.chosen(departure, accounts)
        if accounts is None and departure.refusal is not None:
            raise departure.refusal
        _refuse(leavings)
        for leaving in leavings:
            if leaving.removal is not None:
                removal.take(act, leaving.account, leaving.removal, reason)
                removal.leave(act, leaving.account, [user], reason)
        if accounts is None:
            _depart(act, home, person, departure, reason)
        return departure


def _refuse(leavings: Collection[organization_removals.Leaving]) -> None:
    refused = list(organization_removals.refused(list(leavings)))
    if len(refused) == 1:
        raise refused[0][1]
    if refused:
        raise Refusals([RefusedRow(account.name, refusal) for account, refusal in refused])


def _depart(act: Act, home: Organization, person: User, departure: Departure, reason: str) -> None:
    """Take what a person has besides their bindings."""
    user = PrincipalId(person.pk)
    for membership in departure.memberships:
        group_members.part(act, membership.group, membership, reason)
    for ownership in departure.owned:
        groups.end_ownership(act, ownership, person, reason)
    if departure.role is not None:
        organization_roles.end_role(act, home, departure.role, person, reason)
    for account in Resource.objects.filter(organization=home).order_by("pk"):
        revoke_of(act, account, [user], reason)
    request_rows.close(act, requests.open_in([home.tenant_id], user))
    act.ledger.remove_all(OrganizationNote.objects.filter(organization=home, user=person).order_by("pk"))
    names = {"subject": person.name, "organization": home.name}
    to_oneself: dict[str, bool] = {"self": True} if user == act.by.principal else {}
    event = Event("organization.person_removed", "organization", home.pk, None, user, {**names, **to_oneself}, reason)
    act.record(event, tenant=TenantId(home.tenant_id))
