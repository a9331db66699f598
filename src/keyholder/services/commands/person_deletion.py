"""Deleting a person: everything that was theirs goes, the number stays taken, the address is free, the log keeps the name (semantics 2)."""

from itertools import groupby

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, TenantId
from keyholder.domain.requests import RequestState
from keyholder.services import letters, person_deletions, request_rows, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands import assets, group_members, groups, organization_roles, removal
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.invitation_rows import revoke_of
from keyholder.services.commands.people import shut_out
from keyholder.services.taking_over import FACTORS
from keyholder.storage import traces
from keyholder.storage.models import Organization, Principal, User


def delete(*, by: Caller, user: PrincipalId, reason: str = "") -> None:
    """Delete a person with everything that is theirs, all over the instance.

    What they shared stays. Of the invitations that they sent, those stay pending of which somebody else gives something, the others are
    revoked, and so are those to their address. Only an operator may, for anybody but themselves.
    ``keyholder.services.queries.person_deletion`` tells beforehand what goes. Raises NotFound, Forbidden, and Conflict for one's own
    person, the last standing manager of an account, the last admin of an organization and the last operator.
    """
    with acting(by, scopes.of_traces(user), alone=True) as act:
        act.authority.require_operator()
        person = user_row(user)
        if person_deletions.is_own(act.authority, user):
            raise person_deletions.own_person()
        touched = traces.tenants(user)
        _take_access(act, person, reason)
        _take_work(act, user)
        _take_invitations(act, user, reason)
        _take_proofs(act, person)
        act.ledger.remove(person)
        act.ledger.change(Principal.objects.get(pk=user), deleted_at=act.at)
        letters.withdraw_to(act, person.email)
        act.record(Event("user.deleted", "user", user, subject=user, details={"subject": person.name}, reason=reason), also=touched)


def _take_access(act: Act, person: User, reason: str) -> None:
    """Take what a person holds, what they are a member of, and what they are in organizations; each place tells it."""
    user = PrincipalId(person.pk)
    bound = sorted(traces.bindings(user, act.catalogue), key=lambda each: each[0].pk)
    for account, found in groupby(bound, key=lambda each: each[0]):
        removal.drop(act, account, user, [row for _account, row in found], reason)
    for membership in traces.memberships(user):
        group_members.part(act, membership.group, membership, reason)
    for ownership in traces.ownerships(user):
        groups.end_ownership(act, ownership, person, reason)
    for role in traces.roles(user):
        organization_roles.end_role(act, role.organization, role, person, reason)
    for home in _homes(user):
        act.ledger.remove_all(traces.suspensions(user).filter(organization=home))
        act.ledger.remove_all(traces.notes(user).filter(organization=home))
        names = {"subject": person.name, "organization": home.name}
        event = Event("organization.person_removed", "organization", home.pk, None, user, names, reason)
        act.record(event, tenant=TenantId(home.tenant_id))


def _take_work(act: Act, user: PrincipalId) -> None:
    """Take personal assets, and requests for access: those that are open are closed first."""
    for asset in traces.assets(user):
        assets.drop(act, asset)
    asked = traces.requests(user)
    request_rows.close(act, asked.filter(state=RequestState.OPEN.value))
    act.ledger.remove_all(asked.all())


def _take_invitations(act: Act, user: PrincipalId, reason: str) -> None:
    """Revoke the invitations to a person, and those of which nobody gives anything any more; what others can take over stays."""
    accounts = {row.account_id: row.account for rows in (traces.invited(user), traces.sent(user)) for row in rows}
    for number in sorted(accounts):
        revoke_of(act, accounts[number], [user], reason)


def _take_proofs(act: Act, person: User) -> None:
    """Take everything by which a person could prove who they are, and whatever was under way."""
    shut_out(act, person)
    for factor in FACTORS:
        factor.objects.filter(user=person).delete()
    act.ledger.remove_all(traces.identities(PrincipalId(person.pk)))


def _homes(user: PrincipalId) -> list[Organization]:
    """Return the organizations that hold something else about a person: a suspension, a note."""
    found = {row.organization_id: row.organization for rows in (traces.suspensions(user), traces.notes(user)) for row in rows}
    return [found[number] for number in sorted(found)]
