"""Groups of an organization: making and naming them, their owners, deleting them (semantics 5)."""

from collections.abc import Sequence

from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import OrganizationId, PrincipalId, PrincipalKind, ResourceId, TenantId
from keyholder.domain.names import clean_description, clean_name, name_key
from keyholder.domain.permissions import bindable
from keyholder.domain.refusals import Conflict
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services import group_rights, keys, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.binding_rows import refuse_over, unite
from keyholder.services.commands.finding import NOT_KNOWN, group_row, resource_row, user_row
from keyholder.services.organization_rows import visible
from keyholder.storage import acquaintance
from keyholder.storage.models import Group, GroupOwner, Organization, Principal, Resource, User

NAME_TAKEN = _("{organization} has a group named {name} already.")
KEY_TAKEN = _("{organization} has a group with the id {key} already.")
NO_ORGANIZATION = _(
    "{resource} is linked to no organization yet, and a group needs one: create or choose an organization and link it first."
)


def create(*, by: Caller, organization: OrganizationId, name: str, key: str = "", description: str = "") -> PrincipalId:
    """Make a group; who creates it owns it (R065, R067, R080). ``key`` is made of the name where none is given.

    An admin or user admin of the organization may, and who holds the granting permission anywhere in what is linked to it. Raises
    NotFound outside the organization, Forbidden, Invalid for a bad name, key or description, Conflict where the name or the key is taken.
    """
    with acting(by, scopes.of_organizations(organization)) as act:
        row = visible(act.authority, organization)
        group_rights.require_creating(act.authority, row)
        return PrincipalId(_create(act, row, name, key, description).pk)


def create_at(
    *,
    by: Caller,
    at: ResourceId,
    name: str,
    description: str = "",
    permissions: Sequence[str] = (),
    role: str = "",
    window: Window = ALWAYS,
    reason: str = "",
) -> PrincipalId:
    """Make a group at a resource and give it permissions or a role there, for a window, in one transaction (R065, R068, R070).

    Needs the granting permission there. Raises NotFound, Forbidden, Invalid for a bad name, for permissions that can't be given there or
    for a window that is over, Conflict where the name is taken, and where the account is linked to no organization (code
    ``no_organization``, R066).
    """
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        wanted = bindable(act.catalogue, resource.type, permissions=permissions, role=role)
        act.authority.confer(wanted.mask, resource)
        refuse_over(window, act.at)
        group = _create(act, _organization_of(resource), name, "", description)
        unite(act, PrincipalId(group.pk), resource, wanted, window, reason)
        return PrincipalId(group.pk)


def add_group(act: Act, organization: Organization, name: str, key: str, description: str = "") -> Group:
    """Write a group's rows, without an event; the texts are checked. Raises Conflict where the name or the key is taken."""
    _refuse_taken(organization, name=name)
    if _has_key(organization, key):
        raise Conflict("key_taken", sentence(KEY_TAKEN, organization=organization.name, key=key), place="key")
    principal = act.ledger.add(Principal(kind=PrincipalKind.GROUP.value))
    row = Group(principal=principal, organization=organization, key=key, name=name, name_key=name_key(name), description=description)
    return act.ledger.add(row)


def change(*, by: Caller, group: PrincipalId, name: str | None = None, description: str | None = None) -> None:
    """Change a group's name or description; what is None stays. Its owners and its organization's admins and user admins may.

    Raises NotFound outside the organization (R081), Forbidden, Invalid for a bad text, Conflict where the name is taken.
    """
    columns: dict[str, object] = {} if description is None else {"description": clean_description(description)}
    shown = None if name is None else clean_name(name)
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        if shown is not None:
            _refuse_taken(row.organization, name=shown, besides=row)
            columns |= {"name": shown, "name_key": name_key(shown)}
        before = row.name
        if act.ledger.change(row, **columns):
            act.record(about(row, "group.changed", before=before, after=row.name))


def add_owner(*, by: Caller, group: PrincipalId, user: PrincipalId) -> None:
    """Make a known person an owner of a group: they manage its members (R080). Its owners, admins and user admins may.

    Raises NotFound outside the organization, Forbidden, Conflict for somebody who is not known there.
    """
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        person = User.objects.filter(pk=user).first()
        if person is None or not (act.authority.is_operator() or acquaintance.knows(row.organization.tenant_id, [user])):
            raise Conflict("not_known", sentence(NOT_KNOWN))
        if not GroupOwner.objects.filter(group=row, user=person).exists():
            give_ownership(act, row, person)


def give_ownership(act: Act, group: Group, person: User) -> None:
    """Write that a person owns a group and tell it; authority was asked before."""
    act.ledger.add(GroupOwner(group=group, user=person))
    act.record(about(group, "group.owner_added", subject=PrincipalId(person.pk), name=person.name))


def remove_owner(*, by: Caller, group: PrincipalId, user: PrincipalId) -> None:
    """End a person owning a group. A group without an owner is managed by its organization's admins and user admins.

    Its owners, admins and user admins may. Raises NotFound outside the organization or for who is no owner, Forbidden.
    """
    with acting(by, scopes.of_groups(group)) as act:
        row = group_row(group)
        act.authority.require_owner(row)
        ownership = GroupOwner.objects.filter(group=row, user=user).first()
        if ownership is None:
            raise not_there()
        end_ownership(act, ownership, user_row(user))


def end_ownership(act: Act, ownership: GroupOwner, person: User, reason: str = "") -> None:
    """Delete that a person owns a group and tell it; authority was asked before."""
    group = ownership.group
    act.ledger.remove(ownership)
    event = about(group, "group.owner_removed", reason, subject=PrincipalId(person.pk), name=person.name)
    act.record(event, tenant=TenantId(group.organization.tenant_id))


def about(row: Group, action: str, reason: str = "", *, subject: PrincipalId | None = None, name: str = "", **details: Value) -> Event:
    """Make an event about a group, and about ``subject`` named ``name`` where it happened to somebody."""
    names: dict[str, Value] = {"group": row.name, **({"subject": name} if subject else {})}
    return Event(action, "group", row.pk, None, subject, {**names, **details}, reason)


def _create(act: Act, organization: Organization, name: str, key: str, description: str) -> Group:
    shown, told = clean_name(name), clean_description(description)
    row = add_group(act, organization, shown, keys.chosen(key, shown, lambda made: _has_key(organization, made)), told)
    act.record(about(row, "group.created"))
    creator = User.objects.filter(pk=act.by.principal).first()
    if creator is not None:
        give_ownership(act, row, creator)
    return row


def _has_key(organization: Organization, key: str) -> bool:
    return Group.objects.filter(organization=organization, key=key).exists()


def _refuse_taken(organization: Organization, *, name: str, besides: Group | None = None) -> None:
    others = Group.objects.filter(organization=organization, name_key=name_key(name))
    if others.exclude(pk=besides.pk if besides else None).exists():
        raise Conflict("name_taken", sentence(NAME_TAKEN, organization=organization.name, name=name), place="name")


def _organization_of(resource: Resource) -> Organization:
    """Return the organization that a resource's account is linked to; raises Conflict where it is linked to none (R066)."""
    row = Organization.objects.filter(tenant=resource.tenant_id).first()
    if row is None:
        raise Conflict("no_organization", sentence(NO_ORGANIZATION, resource=resource.name))
    return row
