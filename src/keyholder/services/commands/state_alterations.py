"""What a state file changes in rows that are there already."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef, TenantId
from keyholder.domain.names import name_key
from keyholder.domain.permissions import bindable
from keyholder.domain.state import AccessState, OrganizationState, ResourceState, State, UserState
from keyholder.domain.state_changes import Plan
from keyholder.domain.state_rows import GroupRow, RoleState
from keyholder.services.acting import Act
from keyholder.services.commands import bindings, linking, trash_rows
from keyholder.services.commands.people import search_key, tell_status
from keyholder.services.commands.state_numbers import Numbers
from keyholder.storage import subtrees
from keyholder.storage.models import Binding, OrganizationMember, Resource, ServiceAccount, User


def make(act: Act, wanted: Plan, numbers: Numbers) -> None:
    """Change everything that the plan changes, an event for each row."""
    for _, user in wanted.users.changed:
        _user(act, user)
    for _, service in wanted.service_accounts.changed:
        row = ServiceAccount.objects.get(name_key=service.key)
        act.ledger.change(row, name=service.name)
        act.record(Event("service_account.renamed", "service_account", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}))
    for old, new in wanted.organizations.changed:
        _organization(act, old, new, numbers)
    for _, role in wanted.roles.changed:
        _role(act, role, numbers)
    for _, group in wanted.groups.changed:
        _group(act, group, numbers)
    for before, after in wanted.resources.changed:
        _resource(act, before, after, numbers)
    for _, access in wanted.access.changed:
        _access(act, access, numbers)


def dropped(declared: State, wanted: Plan, numbers: Numbers) -> list[AccessState]:
    """Return the bindings of groups that the file declares and that were there until their account was linked elsewhere.

    Written again, they are refused by the rule about groups and organizations: a file is not partly applied.
    """
    if all(old.organization == new.organization for old, new in wanted.resources.changed):
        return []
    added = set(wanted.access.added)
    rows = [row for row in declared.access if row.principal.kind is PrincipalKind.GROUP and row not in added]
    return [row for row in rows if bound(row, numbers) is None]


def bound(state: AccessState, numbers: Numbers) -> Binding | None:
    """Return the binding that an entry means, if it is still there."""
    where, window = numbers.resources[state.resource], state.window
    principal = numbers.principal(state.principal)
    return Binding.objects.filter(principal=principal, resource=where, starts_at=window.starts_at, ends_at=window.ends_at).first()


def _user(act: Act, state: UserState) -> None:
    row = User.objects.get(canonical=state.canonical)
    about = {"subject": state.name}
    subject = PrincipalId(row.pk)
    before = row.name
    key = search_key(state.name, row.canonical)
    if act.ledger.change(row, email=state.email, name=state.name, name_key=name_key(state.name), search_key=key):
        act.record(Event("user.renamed", "user", row.pk, subject=subject, details={**about, "before": before, "after": row.name}))
    if act.ledger.change(row, status=state.status.value):
        tell_status(act, row)


def _organization(act: Act, old: OrganizationState, new: OrganizationState, numbers: Numbers) -> None:
    row = numbers.organizations[new.key]
    home = TenantId(row.tenant_id)
    if act.ledger.change(row, name=new.name, name_key=name_key(new.name), identity_source=new.identity_source.value):
        act.record(Event("organization.changed", "organization", row.pk, details={"organization": row.name}), tenant=home)
    if old.policy != new.policy:
        act.ledger.change(
            row,
            policy_mode=new.policy.mode.value,
            allowed_domains=list(new.policy.allowed_domains),
            allowed_addresses=list(new.policy.allowed_addresses),
            blocked_addresses=list(new.policy.blocked_addresses),
            verified_only=new.policy.verified_only,
        )
        details = {"organization": row.name, "mode": new.policy.mode.value}
        act.record(Event("organization.policy_changed", "organization", row.pk, details=details), tenant=home)


def _role(act: Act, state: RoleState, numbers: Numbers) -> None:
    home = numbers.organizations[state.organization]
    row = OrganizationMember.objects.get(organization=home, user=numbers.users[state.user])
    act.ledger.change(row, role=state.role.value)
    details = {"subject": numbers.names[row.user_id], "organization": home.name, "role": row.role}
    event = Event("organization.role_given", "organization", home.pk, subject=PrincipalId(row.user_id), details=details)
    act.record(event, tenant=TenantId(home.tenant_id))


def _group(act: Act, state: GroupRow, numbers: Numbers) -> None:
    row = numbers.groups[state.ref]
    act.ledger.change(row, name=state.group.name, name_key=name_key(state.group.name), description=state.group.description)
    event = Event("group.changed", "group", row.pk, subject=PrincipalId(row.pk), details={"group": row.name})
    act.record(event, tenant=TenantId(row.organization.tenant_id))


def _resource(act: Act, old: ResourceState, new: ResourceState, numbers: Numbers) -> None:
    row = numbers.resources[new.ref]
    if old.organization != new.organization:
        linking.relink(act, row, numbers.organizations[new.organization] if new.organization is not None else None)
        moved = subtrees.below(row).select_related("tenant")
        numbers.resources |= {ResourceRef(node.type, node.key): node for node in moved}
        row = numbers.resources[new.ref]
    if act.ledger.change(row, name=new.name, name_key=name_key(new.name)):
        _tell(act, row, "resource.changed")
    if act.catalogue.types[row.type].closable and act.ledger.change(row, managed=new.managed):
        _tell(act, row, "resource.delegation_opened" if new.managed else "resource.delegation_closed")
    if new.trashed and new.trashed != row.trashed_at:
        trash_rows.put_away(act, row, new.trashed)
    elif row.trashed_at and not new.trashed:
        trash_rows.take_back(act, row)


def _tell(act: Act, row: Resource, action: str) -> None:
    event = Event(action, "resource", row.pk, ResourceId(row.pk), details={"resource": row.name})
    act.record(event, tenant=TenantId(row.tenant_id))


def _access(act: Act, state: AccessState, numbers: Numbers) -> None:
    resource, row = numbers.resources[state.resource], bound(state, numbers)
    if row is not None:
        wanted = bindable(act.catalogue, resource.type, permissions=state.permissions, role=state.role)
        bindings.replace(act, row, resource, wanted)
