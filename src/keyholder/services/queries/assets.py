"""Assets as a reader sees them: the kinds at a node, a page of one kind, a single one (semantics 8, R022, R025, R092).

A list and a single answer come from one rule: what :mod:`keyholder.domain.assets` says for each way an asset can stand to the reader.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from keyholder.domain.assets import AssetAct, Standing, may
from keyholder.domain.blueprint import AssetKind
from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.sentences import Named, Sentence
from keyholder.services import jurisdictions, naming
from keyholder.services.asset_rights import AssetRights, kind_at
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.cursors import USUAL, Cursor, clamp, seal, unseal
from keyholder.services.queries.seeing import authority_of, resource_named
from keyholder.services.read_models import PrincipalView, ResourceView
from keyholder.storage import lineages, locks, visibility
from keyholder.storage.models import AppliedAsset, Asset


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of assets at a node: it lives there, or in a node above and is applied there."""

    name: str
    label: Named
    plural: Named
    is_here: bool
    """Assets of the kind live in this very node."""
    personal: bool
    marks: bool
    """They can be marked visible."""
    number: int
    """Of those that the reader sees."""
    lacking: Sentence | None = None
    """Why the reader can't make one here; None where they can, or where none is made here."""


@dataclass(frozen=True, slots=True)
class AssetView:
    """An asset by name, and what the reader may do with it where they look at it."""

    id: AssetId
    kind: str
    label: Named
    """What the kind is called."""
    name: str
    description: str
    body: str
    home: ResourceView
    is_here: bool
    personal: bool
    own: bool
    marked: bool
    applied: bool
    """It is applied to the node where the reader looks at it."""
    owner: PrincipalView | None = None
    maker: PrincipalView | None = None
    """Who made it, where the reader sees such people; they may be gone (R039)."""
    places: tuple[ResourceView, ...] = ()
    """Where it is applied, as far as that exists for the reader."""
    may: frozenset[AssetAct] = frozenset()
    lacking: Mapping[AssetAct, Sentence] = field(default_factory=dict)
    """What the reader can't do, and which permission it needs."""


@dataclass(frozen=True, slots=True)
class AssetsHere:
    """The kinds at a node, one of them chosen, and a page of its assets by name."""

    resource: ResourceView
    kinds: tuple[KindView, ...]
    kind: KindView | None
    rows: tuple[AssetView, ...] = ()
    next: str = ""
    """Where the next page begins; empty on the last one."""


def assets(*, by: Caller, at: ResourceRef, kind: str = "", after: str = "", size: int = USUAL) -> AssetsHere:
    """Return what there is at a node, and a page of one kind: the one asked for, else the first that has any.

    Raises NotFound for a node that does not exist for the caller, Invalid for a kind that does not live there and for a foreign cursor.
    """
    authority = authority_of(by)
    with locks.snapshot():
        rights = AssetRights(authority, resource_named(authority, at))
        kinds = _kinds(rights)
        numbers = _numbers(rights, kinds)
        views = tuple(_kind(rights, one, numbers.get(one.name, 0)) for one in kinds)
        chosen = _chosen(rights, views, kind)
        page = _page(rights, rights.blueprint.assets[chosen.name], after, clamp(size)) if chosen is not None else ((), "")
    return AssetsHere(naming.resource_view(rights.place), views, chosen, *page)


def asset(*, by: Caller, at: ResourceRef, number: AssetId) -> AssetView:
    """Return one asset as it is seen from a node: its own, or one where it can be applied. Raises NotFound."""
    authority = authority_of(by)
    with locks.snapshot():
        rights = AssetRights(authority, resource_named(authority, at))
        row = Asset.objects.select_related("resource").filter(pk=number).first()
        kind = rights.blueprint.assets.get(row.kind) if row is not None else None
        if kind is None or not _rows(rights, kind).filter(pk=number).exists():
            raise not_there()
        return _views(rights, [row] if row is not None else [])[0]


def _kinds(rights: AssetRights) -> list[AssetKind]:
    """Return the kinds that live in the node, then those that are applied there."""
    every, here = list(rights.blueprint.assets.values()), rights.place.type
    return [kind for kind in every if here in kind.types] + [kind for kind in every if kind.applies_to == here]


def _chosen(rights: AssetRights, kinds: Sequence[KindView], name: str) -> KindView | None:
    if not name:
        return next((kind for kind in kinds if kind.number), next(iter(kinds), None))
    found = next((kind for kind in kinds if kind.name == name), None)
    return found or _kind(rights, kind_at(rights.blueprint, rights.place, name), 0)


def _kind(rights: AssetRights, kind: AssetKind, number: int) -> KindView:
    is_here = rights.place.type in kind.types
    lacking = rights.needs(kind.create) if is_here and not rights.may_create(kind) else None
    return KindView(kind.name, Named(kind.labels), Named(kind.plural), is_here, kind.personal, bool(kind.marked), number, lacking)


def _numbers(rights: AssetRights, kinds: Sequence[AssetKind]) -> Mapping[str, int]:
    every = Q(pk__in=[])
    for kind in kinds:
        every |= _seen(rights, kind)
    return dict(Asset.objects.filter(every).values_list("kind").annotate(Count("pk")).order_by())


def _rows(rights: AssetRights, kind: AssetKind) -> QuerySet[Asset]:
    """Return the assets of a kind that the reader sees from the node."""
    return Asset.objects.filter(_seen(rights, kind))


def _seen(rights: AssetRights, kind: AssetKind) -> Q:
    is_here = rights.place.type in kind.types
    if not is_here and rights.place.type != kind.applies_to:
        return Q(pk__in=[])
    homes = [rights.place.pk] if is_here else lineages.numbers(rights.place.path)
    seen = Q(pk__in=[])
    for standing, condition in _ways(rights, is_here=is_here):
        if may(rights.blueprint, kind, standing, AssetAct.VIEW, rights.held):
            seen |= condition
    return Q(resource__in=homes, kind=kind.name) & seen


def _ways(rights: AssetRights, *, is_here: bool) -> Iterator[tuple[Standing, Q]]:
    """Go through the ways an asset can stand to the reader, each with the condition on its row."""
    if not is_here:
        used = Exists(AppliedAsset.objects.filter(asset=OuterRef("pk"), resource=rights.place))
        yield Standing(is_here=False, applied=True), Q(used)
        yield Standing(is_here=False), ~Q(used)
        return
    yield Standing(marked=True), Q(owner__isnull=True, marked=True)
    yield Standing(), Q(owner__isnull=True, marked=False)
    me = rights.authority.by.principal
    yield Standing(personal=True, own=True), Q(owner__isnull=False) if rights.authority.by.is_instance else Q(owner=me)


def _page(rights: AssetRights, kind: AssetKind, after: str, size: int) -> tuple[tuple[AssetView, ...], str]:
    rows = _rows(rights, kind).select_related("resource").order_by("name_key", "id")
    context = ("assets", rights.place.pk, kind.name)
    cursor = unseal(after, *context)
    if cursor is not None:
        name, number = cursor.position
        rows = rows.filter(Q(name_key__gt=name) | Q(name_key=name, pk__gt=number))
    found = list(rows[: size + 1])
    page = found[:size]
    more = seal(Cursor((page[-1].name_key, page[-1].pk)), *context) if len(found) > size else ""
    return _views(rights, page), more


def _views(rights: AssetRights, rows: Sequence[Asset]) -> tuple[AssetView, ...]:
    if not rows:
        return ()
    places = _places(rights, [row.pk for row in rows])
    people = _people(rights, {PrincipalId(pk) for row in rows for pk in (row.owner_id, row.maker) if pk is not None})
    return tuple(_view(rights, row, places.get(row.pk, ()), people) for row in rows)


def _view(rights: AssetRights, row: Asset, used: Collection[ResourceView], people: Mapping[PrincipalId, PrincipalView]) -> AssetView:
    applied = row.resource_id != rights.place.pk and any(view.id == rights.place.pk for view in used)
    standing = rights.standing(row, applied=applied)
    lacking = {act: rights.lacking(row, act, applied=applied) for act in AssetAct}
    return AssetView(
        AssetId(row.pk),
        row.kind,
        Named(rights.blueprint.assets[row.kind].labels),
        row.name,
        row.description,
        row.body,
        naming.resource_view(row.resource),
        standing.is_here,
        standing.personal,
        row.owner_id is not None and row.owner_id == rights.authority.by.principal,
        row.marked,
        applied,
        people.get(PrincipalId(row.owner_id or 0)),
        people.get(PrincipalId(row.maker or 0)),
        tuple(used),
        frozenset(act for act in AssetAct if rights.may(row, act, applied=applied)),
        {act: why for act, why in lacking.items() if why is not None},
    )


def _places(rights: AssetRights, numbers: Collection[int]) -> Mapping[int, tuple[ResourceView, ...]]:
    """Return where each asset is applied, as far as that exists for the reader, by name."""
    pairs = AppliedAsset.objects.filter(asset__in=numbers).order_by("resource__name_key", "resource").values_list("asset", "resource")
    used = [(asset, ResourceId(resource)) for asset, resource in pairs]
    views = naming.resource_views({resource for _asset, resource in used} & _existing(rights, {resource for _asset, resource in used}))
    found: dict[int, list[ResourceView]] = {}
    for number, resource in used:
        if resource in views:
            found.setdefault(number, []).append(views[resource])
    return {number: tuple(places) for number, places in found.items()}


def _existing(rights: AssetRights, resources: set[ResourceId]) -> set[ResourceId]:
    by = rights.authority.by
    return resources if by.principal is None or not resources else visibility.existing(by.principal, resources, by.at)


def _people(rights: AssetRights, numbers: set[PrincipalId]) -> Mapping[PrincipalId, PrincipalView]:
    return naming.principal_views(jurisdictions.known(rights.authority, numbers)) if numbers else {}
