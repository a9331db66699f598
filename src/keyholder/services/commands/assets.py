"""Assets: making, changing, sharing and deleting the configuration and the work inside a node (semantics 8, R022 to R029, R032, R039)."""

from dataclasses import dataclass

from keyholder.domain.assets import AssetAct, clean_body
from keyholder.domain.blueprint import AssetKind
from keyholder.domain.events import Event, Value
from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId
from keyholder.domain.names import clean_description, clean_name, name_key
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import labels, scopes
from keyholder.services.acting import Act, acting
from keyholder.services.asset_rights import AssetRights, kind_at
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import resource_row
from keyholder.storage.models import AppliedAsset, Asset, Principal, Resource

NAME_TAKEN = _("{resource} has something of this kind named {name} already.")
OWN_NAME_TAKEN = _("You have something of this kind with this name at {resource} already.")
NOT_PERSONAL = _("{asset} is shared already: whoever may see it sees it.")
NEVER_PERSONAL = _("Assets of this kind belong to {resource} and to nobody else: leave the owner out.")
OWN_ONLY = _("What is personal belongs to who makes it.")
NEVER_MARKED = _("Assets of this kind are not marked: whoever may see one sees all.")


@dataclass(frozen=True, slots=True)
class NewAsset:
    """What a new asset is to be; ``marked`` means something only for kinds that can be marked visible."""

    kind: str
    name: str
    description: str = ""
    body: str = ""
    marked: bool = False


def create(*, by: Caller, at: ResourceId, new: NewAsset, owner: PrincipalId | None = None) -> AssetId:
    """Make an asset at a node: personal where its kind is and somebody makes it, the node's own otherwise (R024, R027, R029, R032).

    Only the command line names an ``owner``; without one it makes a shared asset. Raises NotFound, Forbidden without the permission that
    the kind asks for, Invalid for an unknown kind or a bad text, Conflict where the name is taken.
    """
    name, description, body = clean_name(new.name), clean_description(new.description), clean_body(new.body)
    with acting(by, scopes.of_resources(at)) as act:
        resource = resource_row(act, at)
        rights = AssetRights(act.authority, resource)
        kind = kind_at(rights.blueprint, resource, new.kind)
        rights.require_creating(kind)
        row = Asset(
            resource=resource,
            kind=kind.name,
            owner_id=_owner(act, kind, resource, owner),
            maker=by.principal,
            name=name,
            name_key=name_key(name),
            description=description,
            body=body,
            marked=_markable(kind, marked=new.marked),
        )
        _refuse_taken(row)
        act.ledger.add(row)
        act.record(about(row, "created"))
        return AssetId(row.pk)


def change(*, by: Caller, asset: AssetId, name: str | None = None, description: str | None = None, body: str | None = None) -> None:
    """Change an asset's name, description or body; what is None stays. One's own personal ones, and shared ones by who may (R026 to R028).

    Raises NotFound for what the caller may not see, Forbidden, Invalid for a bad text, Conflict where the name is taken.
    """
    columns: dict[str, object] = {} if description is None else {"description": clean_description(description)}
    columns |= {} if body is None else {"body": clean_body(body)}
    shown = None if name is None else clean_name(name)
    with acting(by, scopes.of_asset(asset)) as act:
        row, rights = asset_row(act, asset)
        rights.require(row, AssetAct.CHANGE)
        if shown is not None:
            _refuse_taken(row, shown)
            columns |= {"name": shown, "name_key": name_key(shown)}
        if act.ledger.change(row, **columns):
            act.record(about(row, "changed"))


def delete(*, by: Caller, asset: AssetId) -> None:
    """Delete an asset, and take it off wherever it is applied. Raises as :func:`change` does."""
    with acting(by, scopes.of_asset(asset)) as act:
        row, rights = asset_row(act, asset)
        rights.require(row, AssetAct.DELETE)
        drop(act, row)


def drop(act: Act, row: Asset) -> None:
    """Delete an asset's rows and tell it; rights to do so were asked before."""
    event = about(row, "deleted")
    act.ledger.remove_all(AppliedAsset.objects.filter(asset=row).order_by("pk"))
    act.ledger.remove(row)
    act.record(event, tenant=act.tenant_of(row.resource))


def share(*, by: Caller, asset: AssetId, name: str = "") -> AssetId:
    """Make a shared copy of a personal asset, which stays private (R024); ``name`` is the copy's where it is to be another.

    Raises NotFound for what the caller may not see, Forbidden, Conflict for what is shared already and where the name is taken.
    """
    shown = clean_name(name) if name else ""
    with acting(by, scopes.of_asset(asset)) as act:
        row, rights = asset_row(act, asset)
        rights.require(row, AssetAct.VIEW)
        if row.owner_id is None:
            raise Conflict("shared_already", sentence(NOT_PERSONAL, asset=row.name))
        rights.require(row, AssetAct.SHARE)
        title = shown or row.name
        copy = Asset(
            resource=row.resource,
            kind=row.kind,
            maker=row.owner_id,
            name=title,
            name_key=name_key(title),
            description=row.description,
            body=row.body,
        )
        _refuse_taken(copy)
        act.ledger.add(copy)
        act.record(about(copy, "shared"))
        return AssetId(copy.pk)


def mark(*, by: Caller, asset: AssetId, marked: bool) -> None:
    """Show an asset also to those who see only what is marked visible, or no longer (R092, reading 38).

    Raises NotFound for what the caller may not see, Forbidden, Invalid for a kind that is not marked.
    """
    with acting(by, scopes.of_asset(asset)) as act:
        row, rights = asset_row(act, asset)
        rights.require(row, AssetAct.VIEW)
        _markable(rights.blueprint.assets[row.kind], marked=True)
        rights.require(row, AssetAct.MARK)
        if act.ledger.change(row, marked=marked):
            act.record(about(row, "marked" if marked else "unmarked"))


def asset_row(act: Act, asset: AssetId) -> tuple[Asset, AssetRights]:
    """Return an asset, and what the caller may do with it at the node it lives in; raises NotFound where that does not exist for them."""
    row = Asset.objects.select_related("resource").filter(pk=asset).first()
    if row is None:
        raise not_there()
    act.authority.see(row.resource)
    return row, AssetRights(act.authority, row.resource)


def about(row: Asset, what: str, at: Resource | None = None) -> Event:
    """Make an event about an asset; of a personal one it names neither the asset nor what is in it."""
    place = at or row.resource
    details: dict[str, Value] = {"resource": labels.resource(place), "kind": row.kind}
    if row.owner_id is not None:
        return Event(f"asset.personal_{what}", "asset", row.pk, ResourceId(place.pk), details=details)
    return Event(f"asset.{what}", "asset", row.pk, ResourceId(place.pk), details={**details, "asset": row.name})


def _owner(act: Act, kind: AssetKind, resource: Resource, named: PrincipalId | None) -> PrincipalId | None:
    """Return whose a new asset is."""
    if not kind.personal:
        if named is not None:
            raise Invalid("owner", sentence(NEVER_PERSONAL, resource=resource.name), place="owner")
        return None
    if act.by.is_instance:
        if named is not None and not Principal.objects.filter(pk=named, deleted_at__isnull=True).exists():
            raise not_there()
        return named
    if named not in {None, act.by.principal}:
        raise Invalid("owner", sentence(OWN_ONLY), place="owner")
    return act.by.principal


def _markable(kind: AssetKind, *, marked: bool) -> bool:
    if marked and not kind.marked:
        raise Invalid("marked", sentence(NEVER_MARKED), place="marked")
    return marked


def _refuse_taken(row: Asset, name: str = "") -> None:
    """Raise Conflict where another asset of the same kind and owner at the same node has the name."""
    wanted = name or row.name
    others = Asset.objects.filter(resource=row.resource, kind=row.kind, owner=row.owner_id, name_key=name_key(wanted)).exclude(pk=row.pk)
    if others.exists():
        template = NAME_TAKEN if row.owner_id is None else OWN_NAME_TAKEN
        raise Conflict("name_taken", sentence(template, name=wanted, resource=row.resource.name), place="name")
