"""Organizations: making them, their names, where their people come from and whom their policy takes (semantics 5)."""

from collections.abc import Collection

from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import OrganizationId, PrincipalId, TenantId
from keyholder.domain.names import clean_name, name_key
from keyholder.domain.policies import Policy
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state import IdentitySource
from keyholder.services import keys, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row
from keyholder.services.commands.organization_roles import give_role
from keyholder.services.organization_rows import administered
from keyholder.services.outsiders import outsiders
from keyholder.storage.models import Organization, Tenant
from keyholder.storage.models.tenants import TenantKind

KEY_TAKEN = _("There is an organization with the id {key} already.")
NO_ADMIN = _("{organization} can't begin without an active admin: name one.")


def create(*, by: Caller, name: str, key: str = "", admins: Collection[PrincipalId] = ()) -> OrganizationId:
    """Make an organization. Who creates it is its first admin; an operator may name the first admins instead (semantics 5).

    ``key`` is made of the name where none is given. Raises Invalid for a bad name or key, Conflict where the key is taken or nobody
    active would be its admin, Forbidden for naming admins without being an operator.
    """
    shown = clean_name(name)
    with acting(by, scopes.of_instance) as act:
        if admins:
            act.authority.require_operator()
        first = admins if admins or by.principal is None else [by.principal]
        people = [user_row(principal) for principal in dict.fromkeys(first)]
        if not any(person.status == Status.ACTIVE.value for person in people):
            raise Conflict("no_admin", sentence(NO_ADMIN, organization=shown), place="admins")
        row = add_organization(act, shown, keys.chosen(key, shown, _is_taken))
        act.record(about(row, "organization.created"), tenant=TenantId(row.tenant_id), also=[act.primary])
        for person in people:
            give_role(act, row, person, OrganizationRole.ADMIN)
        return OrganizationId(row.pk)


def add_organization(act: Act, name: str, key: str) -> Organization:
    """Write an organization's row and its tenant, without an event; raises Conflict where the key is taken."""
    if _is_taken(key):
        raise Conflict("key_taken", sentence(KEY_TAKEN, key=key), place="key")
    tenant = Tenant.objects.create(kind=TenantKind.ORGANIZATION)
    act.adopt(tenant)
    return act.ledger.add(Organization(key=key, name=name, name_key=name_key(name), tenant=tenant))


def change(*, by: Caller, organization: OrganizationId, name: str | None = None, identity_source: IdentitySource | None = None) -> None:
    """Change an organization's name, or where its people come from; what is None stays. Only an admin may (semantics 7, R043).

    Raises NotFound outside the organization, Forbidden for who is not its admin, Invalid for a bad name.
    """
    shown = None if name is None else clean_name(name)
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        columns: dict[str, object] = {} if shown is None else {"name": shown, "name_key": name_key(shown)}
        if identity_source is not None:
            columns["identity_source"] = identity_source.value
        if act.ledger.change(row, **columns):
            act.record(about(row, "organization.changed", identity_source=row.identity_source))


def set_policy(*, by: Caller, organization: OrganizationId, policy: Policy, reason: str = "") -> int:
    """Set the user policy of an organization and return how many of its people are outside it. Only an admin may (R085 to R088).

    Whoever is outside stays and is marked; the event says how many they are. ``keyholder.services.queries.policies`` tells beforehand who
    they would be. Raises NotFound outside the organization, Forbidden for who is not its admin.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = administered(act.authority, organization)
        outside = len(outsiders(row.tenant_id, policy))
        before = row.policy_mode
        columns = {
            "policy_mode": policy.mode.value,
            "allowed_domains": list(policy.allowed_domains),
            "allowed_addresses": list(policy.allowed_addresses),
            "blocked_addresses": list(policy.blocked_addresses),
            "verified_only": policy.verified_only,
        }
        if act.ledger.change(row, **columns):
            details = {"before": before, "mode": policy.mode.value, "outside": outside}
            act.record(about(row, "organization.policy_changed", reason, **details))
        return outside


def about(row: Organization, action: str, reason: str = "", **details: Value) -> Event:
    """Make an event about an organization."""
    return Event(action, "organization", row.pk, details={"organization": row.name, **details}, reason=reason)


def _is_taken(key: str) -> bool:
    return Organization.objects.filter(key=key).exists()
