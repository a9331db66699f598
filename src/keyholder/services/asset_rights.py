"""Rights about assets: what a caller may do with one, where they look at it; 404 before 403 (semantics 8)."""

from keyholder.domain.assets import AssetAct, Standing, may, needed
from keyholder.domain.blueprint import AssetKind, Blueprint
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.services.authority import LACKS, Authority, not_there
from keyholder.storage.models import Asset, Resource

UNKNOWN_KIND = _('There is no kind of assets "{kind}" at {type}; there are: {known}.')
NO_KINDS = _("There are no assets at {type}.")
NEEDS = _('This needs "{permission}" at {resource}.')


def kind_at(blueprint: Blueprint, resource: Resource, name: str) -> AssetKind:
    """Return a kind of assets that lives in a node. Raises Invalid for one that does not."""
    kind = blueprint.assets.get(name)
    if kind is not None and resource.type in kind.types:
        return kind
    known = ", ".join(kind.name for kind in blueprint.assets.values() if resource.type in kind.types)
    raise Invalid("kind", sentence(UNKNOWN_KIND if known else NO_KINDS, kind=name, type=resource.type, known=known), place="kind")


class AssetRights:
    """What a caller may do with the assets that they look at from one node."""

    def __init__(self, authority: Authority, place: Resource) -> None:
        """Judge at this node, which exists for the caller."""
        self.authority = authority
        self.place = place
        self.blueprint = authority.catalogue.of(place.type)
        self.held = self.blueprint.everything if authority.by.is_instance else authority.held(place)

    def standing(self, asset: Asset, *, applied: bool = False) -> Standing:
        """Say how an asset stands to the caller here; to the instance everything is as its owner sees it."""
        return Standing(
            is_here=asset.resource_id == self.place.pk,
            personal=asset.owner_id is not None,
            own=self.authority.by.is_instance or (asset.owner_id is not None and asset.owner_id == self.authority.by.principal),
            marked=asset.marked,
            applied=applied,
        )

    def may(self, asset: Asset, act: AssetAct, *, applied: bool = False) -> bool:
        """Say whether the caller may do something with an asset here."""
        kind = self.blueprint.assets[asset.kind]
        return may(self.blueprint, kind, self.standing(asset, applied=applied), act, self.held)

    def may_create(self, kind: AssetKind) -> bool:
        """Say whether the caller may make one of a kind here."""
        return bool(self.held & self.blueprint.mask([kind.create]))

    def lacking(self, asset: Asset, act: AssetAct, *, applied: bool = False) -> Sentence | None:
        """Say which permission an act would need that the caller lacks; None where they may, or where it is there for nobody."""
        kind = self.blueprint.assets[asset.kind]
        wanted = needed(self.blueprint, kind, self.standing(asset, applied=applied), act)
        if not wanted or self.held & self.blueprint.mask(wanted):
            return None
        return self.needs(wanted[0])

    def needs(self, permission: str) -> Sentence:
        """Say that something needs a permission here."""
        return sentence(NEEDS, permission=self.blueprint.called(permission), resource=self.place.name)

    def require(self, asset: Asset, act: AssetAct, *, applied: bool = False) -> None:
        """Raise NotFound for what the caller may not see here, Forbidden for what they may not do with it."""
        if not self.may(asset, AssetAct.VIEW, applied=applied):
            raise not_there()
        if not self.may(asset, act, applied=applied):
            kind = self.blueprint.assets[asset.kind]
            self.refuse(next(iter(needed(self.blueprint, kind, self.standing(asset, applied=applied), act)), kind.change))

    def require_creating(self, kind: AssetKind) -> None:
        """Raise Forbidden unless the caller may make one of a kind here."""
        if not self.may_create(kind):
            self.refuse(kind.create)

    def refuse(self, permission: str) -> None:
        """Raise Forbidden for a permission that is lacking here."""
        raise Forbidden("lacks_permission", sentence(LACKS, permission=self.blueprint.called(permission), resource=self.place.name))
