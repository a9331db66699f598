"""What a state file adds: rows of each kind in bulk, an event for each."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.hashers import make_password

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef, TenantId
from keyholder.domain.names import name_key
from keyholder.domain.permissions import bindable
from keyholder.domain.state import AccessState, OrganizationState, ResourceState, ServiceAccountState, UserState
from keyholder.domain.state_changes import Plan
from keyholder.domain.state_rows import GroupRow, MembershipState, OwnerState, RoleState, SuspensionState
from keyholder.services import request_rows, sessions
from keyholder.services.acting import Act
from keyholder.services.commands.people import search_key
from keyholder.services.commands.state_numbers import Numbers
from keyholder.storage import requests
from keyholder.storage.models import (
    Binding,
    Group,
    GroupOwner,
    Membership,
    Organization,
    OrganizationMember,
    OrganizationSuspension,
    Principal,
    Resource,
    ServiceAccount,
    Tenant,
    User,
)
from keyholder.storage.models.tenants import TenantKind


def make(act: Act, wanted: Plan, numbers: Numbers) -> None:
    """Write everything that the plan adds, what others refer to first; bindings come later, when every account has its organization."""
    _users(act, wanted.users.added, numbers)
    _service_accounts(act, wanted.service_accounts.added, numbers)
    _organizations(act, wanted.organizations.added, numbers)
    _roles(act, wanted.roles.added, numbers)
    _suspensions(act, wanted.suspensions.added, numbers)
    _groups(act, wanted.groups.added, numbers)
    _owners(act, wanted.owners.added, numbers)
    _memberships(act, wanted.memberships.added, numbers)
    _resources(act, wanted.resources.added, numbers)


def access(act: Act, added: Sequence[AccessState], numbers: Numbers) -> None:
    """Write bindings, an event for each."""
    rows = act.ledger.add_all([_binding(act, state, numbers) for state in added])
    events = [_granted(row, numbers) for row in rows]
    act.record_all(events, tenants=[TenantId(row.resource.tenant_id) for row in rows])


def _users(act: Act, added: Sequence[UserState], numbers: Numbers) -> None:
    principals = act.ledger.add_all([Principal(kind=PrincipalKind.USER.value) for _ in added])
    unusable = make_password(None)
    rows = act.ledger.add_all(
        [
            User(
                principal=principal,
                email=user.email,
                canonical=user.canonical,
                name=user.name,
                name_key=name_key(user.name),
                search_key=search_key(user.name, user.canonical),
                status=user.status.value,
                password=unusable,
            )
            for principal, user in zip(principals, added, strict=True)
        ]
    )
    numbers.users |= {row.canonical: row.pk for row in rows}
    numbers.names |= {row.pk: row.name for row in rows}
    act.record_all([Event("user.created", "user", r.pk, subject=PrincipalId(r.pk), details={"subject": r.name}) for r in rows], batches=2)


def _service_accounts(act: Act, added: Sequence[ServiceAccountState], numbers: Numbers) -> None:
    principals = act.ledger.add_all([Principal(kind=PrincipalKind.SERVICE_ACCOUNT.value) for _ in added])
    rows = act.ledger.add_all(
        [ServiceAccount(principal=p, name=service.name, name_key=service.key) for p, service in zip(principals, added, strict=True)]
    )
    numbers.services |= {row.name_key: row.pk for row in rows}
    numbers.names |= {row.pk: row.name for row in rows}
    events = [
        Event("service_account.created", "service_account", r.pk, subject=PrincipalId(r.pk), details={"subject": r.name}) for r in rows
    ]
    act.record_all(events, batches=2)


def _organizations(act: Act, added: Sequence[OrganizationState], numbers: Numbers) -> None:
    tenants = Tenant.objects.bulk_create([Tenant(kind=TenantKind.ORGANIZATION) for _ in added])
    rows = act.ledger.add_all([_organization(tenant, state) for tenant, state in zip(tenants, added, strict=True)])
    for row in rows:
        act.adopt(row.tenant)
        numbers.organizations[row.key] = row
    events = [Event("organization.created", "organization", row.pk, details={"organization": row.name}) for row in rows]
    act.record_all(events, tenants=[TenantId(row.tenant_id) for row in rows])


def _organization(tenant: Tenant, state: OrganizationState) -> Organization:
    return Organization(
        tenant=tenant,
        key=state.key,
        name=state.name,
        name_key=name_key(state.name),
        identity_source=state.identity_source.value,
        policy_mode=state.policy.mode.value,
        allowed_domains=list(state.policy.allowed_domains),
        allowed_addresses=list(state.policy.allowed_addresses),
        blocked_addresses=list(state.policy.blocked_addresses),
        verified_only=state.policy.verified_only,
    )


def _roles(act: Act, added: Sequence[RoleState], numbers: Numbers) -> None:
    homes = [numbers.organizations[role.organization] for role in added]
    rows = [
        OrganizationMember(organization=home, user_id=numbers.users[r.user], role=r.role.value)
        for home, r in zip(homes, added, strict=True)
    ]
    events = [
        _in_organization("organization.role_given", row.user_id, row.organization, numbers, role=row.role)
        for row in act.ledger.add_all(rows)
    ]
    act.record_all(events, tenants=[TenantId(home.tenant_id) for home in homes])


def _suspensions(act: Act, added: Sequence[SuspensionState], numbers: Numbers) -> None:
    homes = [numbers.organizations[row.organization] for row in added]
    rows = [OrganizationSuspension(organization=home, user_id=numbers.users[row.user]) for home, row in zip(homes, added, strict=True)]
    events = [_in_organization("organization.person_suspended", r.user_id, r.organization, numbers) for r in act.ledger.add_all(rows)]
    for row in rows:
        sessions.end_all(PrincipalId(row.user_id))
    act.record_all(events, tenants=[TenantId(home.tenant_id) for home in homes])
    for row, home in zip(rows, homes, strict=True):
        request_rows.close(act, requests.open_in([home.tenant_id], PrincipalId(row.user_id)))


def _in_organization(action: str, user: int, home: Organization, numbers: Numbers, **details: str) -> Event:
    named = {"subject": numbers.names[user], "organization": home.name, **details}
    return Event(action, "organization", home.pk, subject=PrincipalId(user), details=named)


def _groups(act: Act, added: Sequence[GroupRow], numbers: Numbers) -> None:
    principals = act.ledger.add_all([Principal(kind=PrincipalKind.GROUP.value) for _ in added])
    rows = act.ledger.add_all(
        [
            Group(
                principal=principal,
                organization=numbers.organizations[row.organization],
                key=row.group.key,
                name=row.group.name,
                name_key=name_key(row.group.name),
                description=row.group.description,
            )
            for principal, row in zip(principals, added, strict=True)
        ]
    )
    numbers.groups |= {wanted.ref: row for wanted, row in zip(added, rows, strict=True)}
    numbers.names |= {row.pk: row.name for row in rows}
    events = [Event("group.created", "group", row.pk, subject=PrincipalId(row.pk), details={"group": row.name}) for row in rows]
    act.record_all(events, tenants=[_home(row) for row in rows], batches=2)


def _owners(act: Act, added: Sequence[OwnerState], numbers: Numbers) -> None:
    rows = act.ledger.add_all([GroupOwner(group=numbers.groups[row.group], user_id=numbers.users[row.user]) for row in added])
    _tell_in_groups(act, [("group.owner_added", row.group, row.user_id) for row in rows], numbers)


def _memberships(act: Act, added: Sequence[MembershipState], numbers: Numbers) -> None:
    rows = act.ledger.add_all(
        [
            Membership(
                group=numbers.groups[row.group],
                member_id=numbers.principal(row.member),
                starts_at=row.window.starts_at,
                ends_at=row.window.ends_at,
            )
            for row in added
        ]
    )
    actions = {PrincipalKind.GROUP: "group.nested"}
    told = [(actions.get(a.member.kind, "group.member_added"), r.group, r.member_id) for a, r in zip(added, rows, strict=True)]
    _tell_in_groups(act, told, numbers)


def _tell_in_groups(act: Act, told: Iterable[tuple[str, Group, int]], numbers: Numbers) -> None:
    events, tenants = [], []
    for action, group, subject in told:
        details = {"group": group.name, "subject": numbers.names[subject]}
        events.append(Event(action, "group", group.pk, subject=PrincipalId(subject), details=details))
        tenants.append(_home(group))
    act.record_all(events, tenants=tenants)


def _home(group: Group) -> TenantId:
    return TenantId(group.organization.tenant_id)


def _resources(act: Act, added: Sequence[ResourceState], numbers: Numbers) -> None:
    """Write nodes level by level: a path holds the numbers of what is above."""
    level = [row for row in added if row.parent is None or row.parent in numbers.resources]
    rest = [row for row in added if row not in set(level)] if len(level) < len(added) else []
    rows = [_resource(act, state, numbers) for state in level]
    Resource.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        row.path = f"{row.parent.path if row.parent is not None else '/'}{row.pk}/"
        numbers.resources[ResourceRef(row.type, row.key)] = row
    Resource.objects.bulk_update(rows, ["path"], batch_size=200)
    for row in rows:
        act.ledger.note_added(row)
    events = [Event("resource.created", "resource", row.pk, ResourceId(row.pk), details={"resource": row.name}) for row in rows]
    act.record_all(events, tenants=[TenantId(row.tenant_id) for row in rows])
    if rest:
        _resources(act, rest, numbers)


def _resource(act: Act, state: ResourceState, numbers: Numbers) -> Resource:
    parent = numbers.resources[state.parent] if state.parent is not None else None
    organization = numbers.organizations[state.organization] if state.organization is not None else None
    tenant = (
        organization.tenant
        if organization is not None
        else parent.tenant
        if parent is not None
        else Tenant.objects.create(kind=TenantKind.ROOT)
    )
    act.adopt(tenant)
    return Resource(
        type=state.ref.type,
        key=state.ref.key,
        name=state.name,
        name_key=name_key(state.name),
        parent=parent,
        organization=organization,
        managed=state.managed if act.catalogue.types[state.ref.type].closable else None,
        trashed_at=state.trashed,
        tenant=tenant,
    )


def _binding(act: Act, state: AccessState, numbers: Numbers) -> Binding:
    wanted = bindable(act.catalogue, state.resource.type, permissions=state.permissions, role=state.role)
    return Binding(
        principal_id=numbers.principal(state.principal),
        resource=numbers.resources[state.resource],
        role=wanted.role,
        permissions=" ".join(wanted.permissions),
        mask=wanted.mask,
        starts_at=state.window.starts_at,
        ends_at=state.window.ends_at,
    )


def _granted(row: Binding, numbers: Numbers) -> Event:
    details = {
        "subject": numbers.names[row.principal_id],
        "resource": row.resource.name,
        "permissions": [row.role] if row.role else row.permissions.split(),
        "until": row.ends_at.isoformat() if row.ends_at else "",
    }
    return Event("access.granted", "binding", row.pk, ResourceId(row.resource_id), PrincipalId(row.principal_id), details)
