"""What a state file with ``prune`` ends: bindings, memberships, owners, roles and groups go, resources go to the trash (contract 3)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, TenantId
from keyholder.domain.state import AccessState
from keyholder.domain.state_changes import Plan
from keyholder.domain.state_rows import MembershipState, OwnerState, RoleState
from keyholder.services.acting import Act
from keyholder.services.commands import bindings, group_removal, trash_rows
from keyholder.services.commands.state_alterations import bound
from keyholder.services.commands.state_numbers import Numbers
from keyholder.storage import trash
from keyholder.storage.models import GroupOwner, Membership, OrganizationMember, Resource


def make(act: Act, wanted: Plan, numbers: Numbers) -> None:
    """End everything that the plan removes, what refers to others first."""
    for access in wanted.access.removed:
        _access(act, access, numbers)
    for membership in wanted.memberships.removed:
        _membership(act, membership, numbers)
    for owner in wanted.owners.removed:
        _owner(act, owner, numbers)
    for group in wanted.groups.removed:
        group_removal.remove(act, numbers.groups[group.ref])
    for role in wanted.roles.removed:
        _role(act, role, numbers)
    for resource in wanted.resources.removed:
        _resource(act, numbers.resources[resource.ref])


def _resource(act: Act, row: Resource) -> None:
    """Put a resource into the trash; what holds accounts goes there after each of them, which then are there by themselves."""
    for account in trash.accounts_in(act.catalogue, row):
        trash_rows.put_away(act, account, act.at)
    trash_rows.put_away(act, row, act.at)


def _access(act: Act, state: AccessState, numbers: Numbers) -> None:
    row = bound(state, numbers)
    if row is not None:
        bindings.delete(act, row, numbers.resources[state.resource])


def _membership(act: Act, state: MembershipState, numbers: Numbers) -> None:
    group, member, window = numbers.groups[state.group], numbers.principal(state.member), state.window
    act.ledger.remove(Membership.objects.get(group=group, member=member, starts_at=window.starts_at, ends_at=window.ends_at))
    details = {"group": group.name, "subject": numbers.names[member]}
    action = "group.member_removed" if member in numbers.users.values() else "group.unnested"
    event = Event(action, "group", group.pk, subject=PrincipalId(member), details=details)
    act.record(event, tenant=TenantId(group.organization.tenant_id))


def _owner(act: Act, state: OwnerState, numbers: Numbers) -> None:
    group, user = numbers.groups[state.group], numbers.users[state.user]
    act.ledger.remove(GroupOwner.objects.get(group=group, user=user))
    details = {"group": group.name, "subject": numbers.names[user]}
    event = Event("group.owner_removed", "group", group.pk, subject=PrincipalId(user), details=details)
    act.record(event, tenant=TenantId(group.organization.tenant_id))


def _role(act: Act, state: RoleState, numbers: Numbers) -> None:
    home, user = numbers.organizations[state.organization], numbers.users[state.user]
    act.ledger.remove(OrganizationMember.objects.get(organization=home, user=user))
    details = {"subject": numbers.names[user], "organization": home.name, "role": state.role.value}
    event = Event("organization.role_taken", "organization", home.pk, subject=PrincipalId(user), details=details)
    act.record(event, tenant=TenantId(home.tenant_id))
