"""Making and changing nodes of the tree: what a creator gets, delegation, the trash (semantics 1, 3, 4)."""

from dataclasses import dataclass

from keyholder.domain.blueprint import ResourceType
from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.names import clean_key, clean_name, name_key
from keyholder.domain.permissions import Bindable, bindable
from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import bulk, labels, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.caller import Caller
from keyholder.services.commands.bindings import unite
from keyholder.services.commands.finding import resource_row, strangers
from keyholder.services.scopes import Scope
from keyholder.services.trash_rights import require_out_of_trash
from keyholder.storage.models import Resource, Tenant
from keyholder.storage.models.tenants import TenantKind

ID_TAKEN = _("The id {key} is taken among things of this type; ids in the trash stay taken.")
UNKNOWN_TYPE = _("There is no resource type {type}.")
WRONG_PARENT = _("Something of the type {type} can't stand below this.")
BY_OPERATOR = _("Accounts are created by an operator here; ask one.")
ADMINISTRATOR_NEEDED = _("This account needs an administrator of its own from the beginning: name one.")


@dataclass(frozen=True, slots=True)
class NewResource:
    """What a new node is to be; ``managed`` means something only where the edge to the parent can be closed."""

    ref: ResourceRef
    name: str
    parent: ResourceId | None = None
    managed: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """Where a node may be made: its type and parent, with its key and name as they are kept."""

    kind: ResourceType
    parent: Resource | None
    key: str
    name: str


def create(*, by: Caller, new: NewResource, administrator: PrincipalId | None = None, accounts_by_operator: bool = False) -> ResourceId:
    """Create a node. Who creates it gets what the blueprint says, on the new node and not above it (R035, reading 20).

    A root needs only being signed in, or an operator where ``accounts_by_operator``; anything else needs the blueprint's action
    ``TYPE.create`` at the parent. Where the blueprint gives a creator nothing, an account needs ``administrator`` (R093), somebody known.
    Raises Invalid for a bad name, key, type or parent, Conflict where the id is taken, below what is in the trash, for a stranger, or where
    no manager would stand.
    """
    with acting(by, scope_of(new)) as act:
        plot = plot_of(act, new, accounts_by_operator=accounts_by_operator)
        row = place(act, plot, managed=new.managed)
        created = endow_creator(act, plot.kind, row)
        if administrator is not None:
            appoint(act, plot.kind, row, administrator)
        elif plot.kind.account_level and not created:
            raise Conflict("no_administrator", sentence(ADMINISTRATOR_NEEDED), place="administrator")
        return ResourceId(row.pk)


def scope_of(new: NewResource) -> Scope:
    """Return what making a node locks: the tenant of its parent, or the instance's where it begins one of its own."""
    return scopes.of_resources(new.parent) if new.parent is not None else scopes.of_instance


def plot_of(act: Act, new: NewResource, *, accounts_by_operator: bool) -> Plot:
    """Judge whether the caller may make a node; raises as :func:`create` does."""
    name, key = clean_name(new.name), clean_key(new.ref.key)
    kind = _kind(act, new.ref.type)
    parent = _parent(act, kind, new.parent, accounts_by_operator=accounts_by_operator)
    if Resource.objects.filter(type=kind.name, key=key).exists():
        raise Conflict("id_taken", sentence(ID_TAKEN, key=key), place="key")
    return Plot(kind, parent, key, name)


def place(act: Act, plot: Plot, *, managed: bool) -> Resource:
    """Make a node where it was found that it may be, and tell it."""
    row = add_resource(act, plot.kind, plot.key, plot.name, plot.parent, managed=managed)
    act.record(about(row, "resource.created"), tenant=act.tenant_of(row))
    return row


def endow_creator(act: Act, kind: ResourceType, row: Resource) -> bool:
    """Give the creator of a node what the blueprint says; say whether that is anything."""
    creator = act.by.principal if kind.creator or kind.creator_role else None
    if creator is None:
        return False
    permissions = [name for name in act.catalogue.of(kind.name).permissions if name in kind.creator]
    _give(act, creator, row, bindable(act.catalogue, kind.name, permissions=permissions, role=kind.creator_role))
    return True


def appoint(act: Act, kind: ResourceType, row: Resource, administrator: PrincipalId) -> None:
    """Give a new node's first administrator its administration. Raises Conflict for a stranger."""
    bulk.refuse([administrator], strangers(act, [administrator], row))
    _give(act, administrator, row, administration(act, kind))


def add_resource(act: Act, kind: ResourceType, key: str, name: str, parent: Resource | None, *, managed: bool = True) -> Resource:
    """Write a node's row, in its parent's tenant or a new one of its own, without an event."""
    tenant = parent.tenant if parent is not None else Tenant.objects.create(kind=TenantKind.ROOT)
    act.adopt(tenant)
    row = Resource(
        type=kind.name,
        key=key,
        name=name,
        name_key=name_key(name),
        parent=parent,
        managed=managed if kind.closable else None,
        tenant=tenant,
    )
    row.save()
    row.path = f"{parent.path if parent is not None else '/'}{row.pk}/"
    row.save(update_fields=["path"])
    act.ledger.note_added(row)
    return row


def rename(*, by: Caller, resource: ResourceId, name: str) -> None:
    """Change a node's name: the blueprint's action ``TYPE.update`` says who may."""
    shown = clean_name(name)
    with acting(by, scopes.of_resources(resource)) as act:
        row = resource_row(act, resource)
        act.authority.require_action(f"{row.type}.update", row)
        if act.ledger.change(row, name=shown, name_key=name_key(shown)):
            act.record(about(row, "resource.changed"))


def delegate(*, by: Caller, account: ResourceId, managed: bool) -> None:
    """Open or close the edge between an account and what stands above it.

    Only an own administrator moves the switch: one who holds the granting permission without what comes from above (reading 30, R100).
    Closing it is refused where no own manager would remain, also where the account awaits one: nobody could help it then.
    """
    with acting(by, scopes.of_resources(account)) as act:
        row = resource_row(act, account)
        if not act.catalogue.types[row.type].closable:
            raise Invalid("not_closable", sentence(WRONG_PARENT, type=row.type))
        act.authority.require_own_granting(row)
        if act.ledger.change(row, managed=managed):
            act.record(about(row, "resource.delegation_opened" if managed else "resource.delegation_closed"))


def about(row: Resource, action: str, reason: str = "") -> Event:
    """Make an event about a node."""
    return Event(action, "resource", row.pk, ResourceId(row.pk), details={"resource": labels.resource(row)}, reason=reason)


def _kind(act: Act, name: str) -> ResourceType:
    kind = act.catalogue.types.get(name)
    if kind is None:
        raise Invalid("unknown_type", sentence(UNKNOWN_TYPE, type=name), place="type")
    return kind


def _parent(act: Act, kind: ResourceType, parent: ResourceId | None, *, accounts_by_operator: bool) -> Resource | None:
    if parent is None:
        if kind.parent is not None:
            raise Invalid("wrong_parent", sentence(WRONG_PARENT, type=kind.name), place="parent")
        if accounts_by_operator and not act.authority.is_operator():
            raise Forbidden("not_operator", sentence(BY_OPERATOR))
        return None
    row = resource_row(act, parent)
    if kind.parent != row.type:
        raise Invalid("wrong_parent", sentence(WRONG_PARENT, type=kind.name), place="parent")
    act.authority.require_action(f"{kind.name}.create", row)
    require_out_of_trash(row)
    return row


def _give(act: Act, principal: PrincipalId, row: Resource, wanted: Bindable) -> None:
    act.authority.concede(wanted.mask, row)
    unite(act, principal, row, wanted)


def administration(act: Act, kind: ResourceType) -> Bindable:
    """Return what makes a manager at a type: the role of a standing manager, else the first that grants, else the granting permission."""
    blueprint = act.catalogue.of(kind.name)
    granting = [role.name for role in blueprint.roles.values() if role.name in kind.roles and role.mask & blueprint.granting_mask]
    role = blueprint.standing_role if blueprint.standing_role in granting else next(iter(granting), "")
    return bindable(act.catalogue, kind.name, permissions=() if role else [blueprint.granting], role=role)
