"""Who is what in an organization: its admins and user admins, and whom it has suspended within itself (semantics 2 and 5)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import OrganizationId, PrincipalId, TenantId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.domain.sentences import sentence
from keyholder.services import request_rows, scopes, sessions
from keyholder.services.acting import Act, acting
from keyholder.services.authority import NOT_ADMIN, not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import NOT_KNOWN, user_row
from keyholder.services.organization_rows import administered, managed, visible
from keyholder.storage import acquaintance, requests
from keyholder.storage.models import Organization, OrganizationMember, OrganizationSuspension, User


def appoint(*, by: Caller, organization: OrganizationId, user: PrincipalId, role: OrganizationRole) -> None:
    """Make a person an admin or a user admin of an organization, or change which of the two they are. Only an admin may (semantics 5).

    Raises NotFound outside the organization, Forbidden for who is not its admin, Conflict for somebody who is not known there, whom its
    enforced policy keeps out, or who is its last active admin and would be less.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        person = User.objects.filter(pk=user).first()
        if person is None or not (act.authority.is_operator() or user == by.principal or acquaintance.knows(row.tenant_id, [user])):
            raise Conflict("not_known", sentence(NOT_KNOWN))
        give_role(act, row, person, role)


def give_role(act: Act, organization: Organization, person: User, role: OrganizationRole) -> None:
    """Write a person's role in an organization and tell it; authority was asked before."""
    row = OrganizationMember.objects.filter(organization=organization, user=person).first()
    before = row.role if row else ""
    if row is None:
        act.ledger.add(OrganizationMember(organization=organization, user=person, role=role.value))
    elif not act.ledger.change(row, role=role.value):
        return
    _tell(act, "organization.role_given", organization, person, role=role.value, before=before)


def dismiss(*, by: Caller, organization: OrganizationId, user: PrincipalId, reason: str = "") -> None:
    """End a person being an admin or user admin. Only an admin may; everybody may give up their own role (semantics 4 and 5).

    Raises NotFound outside the organization or for somebody without a role, Forbidden for who is not its admin, Conflict for the last
    active admin (I-MG-2).
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = visible(act.authority, organization) if user == by.principal else administered(act.authority, organization)
        held = OrganizationMember.objects.filter(organization=row, user=user).first()
        if held is None:
            raise not_there()
        end_role(act, row, held, user_row(user), reason)


def end_role(act: Act, organization: Organization, held: OrganizationMember, person: User, reason: str = "") -> None:
    """Delete a person's role in an organization and tell it; authority was asked before."""
    act.ledger.remove(held)
    _tell(act, "organization.role_taken", organization, person, reason, role=held.role)


def suspend_person(*, by: Caller, organization: OrganizationId, user: PrincipalId, reason: str = "") -> None:
    """Suspend a person within an organization: nothing is effective at what is linked to it, all sessions end, nothing is deleted.

    Other tenants are untouched. Admins and user admins may; only an admin may suspend somebody who has a role there (R-PRV-5). Raises
    NotFound outside the organization or for somebody unknown there, Forbidden, Conflict for a last standing manager or last admin.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = _managed_above(act, organization, user)
        person = user_row(user)
        if not acquaintance.knows(row.tenant_id, [user]):
            raise not_there()
        if OrganizationSuspension.objects.filter(organization=row, user=person).exists():
            return
        act.ledger.add(OrganizationSuspension(organization=row, user=person))
        sessions.end_all(user)
        _tell(act, "organization.person_suspended", row, person, reason)
        request_rows.close(act, requests.open_in([row.tenant_id], user))


def activate_person(*, by: Caller, organization: OrganizationId, user: PrincipalId, reason: str = "") -> None:
    """Make a person who was suspended within an organization active there again: what they held counts again.

    Admins and user admins may; only an admin for somebody who has a role there. Raises NotFound where nobody is suspended, Forbidden.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = _managed_above(act, organization, user)
        suspension = OrganizationSuspension.objects.filter(organization=row, user=user).first()
        if suspension is None:
            raise not_there()
        act.ledger.remove(suspension)
        _tell(act, "organization.person_activated", row, user_row(user), reason)


def _managed_above(act: Act, organization: OrganizationId, user: PrincipalId) -> Organization:
    """Return an organization whose people the caller manages; raises Forbidden for a user admin where the person has a role there."""
    row = managed(act.authority, organization)
    if OrganizationMember.objects.filter(organization=row, user=user).exists() and not act.authority.is_admin(organization):
        raise Forbidden("not_admin", sentence(NOT_ADMIN, organization=row.name))
    return row


def _tell(act: Act, action: str, organization: Organization, person: User, reason: str = "", **details: str) -> None:
    names = {"subject": person.name, "organization": organization.name}
    to_oneself: dict[str, bool] = {"self": True} if person.pk == act.by.principal else {}
    event = Event(action, "organization", organization.pk, None, PrincipalId(person.pk), {**names, **to_oneself, **details}, reason)
    act.record(event, tenant=TenantId(organization.tenant_id))
