"""Putting an asset to use below the node it lives in: a filter at a view (semantics 8, R033, R034)."""

from keyholder.domain.assets import AssetAct
from keyholder.domain.identifiers import AssetId, ResourceId
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services import scopes
from keyholder.services.acting import Act, acting
from keyholder.services.asset_rights import AssetRights
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.assets import about
from keyholder.services.commands.finding import resource_row
from keyholder.storage.models import AppliedAsset, Asset, Resource

NOT_HERE = _("{asset} can't be applied to {resource}: it lives in {home}, and things of its kind are applied below it.")


def apply(*, by: Caller, asset: AssetId, to: ResourceId) -> None:
    """Apply an asset at a node below its own; who may, the blueprint's action ``KIND.apply`` says there (R033, R034).

    Once applied, applying again changes nothing. Raises NotFound for what the caller may not see from there, Forbidden, Invalid where it
    can't be applied.
    """
    with acting(by, scopes.both(scopes.of_resources(to), scopes.of_asset(asset))) as act:
        row, place, used = _found(act, asset, to)
        if used is None:
            AssetRights(act.authority, place).require(row, AssetAct.APPLY)
            act.ledger.add(AppliedAsset(asset=row, resource=place))
            act.record(about(row, "applied", place))


def withdraw(*, by: Caller, asset: AssetId, of: ResourceId) -> None:
    """Take an applied asset off a node; the blueprint's action ``KIND.withdraw`` says who may. Raises as :func:`apply` does."""
    with acting(by, scopes.both(scopes.of_resources(of), scopes.of_asset(asset))) as act:
        row, place, used = _found(act, asset, of)
        if used is not None:
            AssetRights(act.authority, place).require(row, AssetAct.WITHDRAW, applied=True)
            act.ledger.remove(used)
            act.record(about(row, "withdrawn", place))


def _found(act: Act, asset: AssetId, at: ResourceId) -> tuple[Asset, Resource, AppliedAsset | None]:
    """Return an asset as it is seen from a node where it can be applied, the node, and its use there if it has one."""
    place = resource_row(act, at)
    row = Asset.objects.select_related("resource").filter(pk=asset).first()
    if row is None or not place.path.startswith(row.resource.path):
        raise not_there()
    used = AppliedAsset.objects.filter(asset=row, resource=place).first()
    rights = AssetRights(act.authority, place)
    if not rights.may(row, AssetAct.VIEW, applied=used is not None):
        raise not_there()
    if rights.blueprint.assets[row.kind].applies_to != place.type:
        raise Invalid("not_applicable", sentence(NOT_HERE, asset=row.name, resource=place.name, home=row.resource.name), place="to")
    return row, place, used
