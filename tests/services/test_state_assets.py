"""Assets through the state file: exported, made again on an empty database, changed and deleted by the same rules (contract 3)."""

from dataclasses import replace

from keyholder.domain.identifiers import AssetId, ResourceRef
from keyholder.domain.refusals import Refusals
from keyholder.domain.state import AssetState, State, user_ref
from keyholder.domain.state_changes import Counts
from keyholder.services.commands import applied_assets, assets, state
from keyholder.services.queries import state as reading
from keyholder.storage.models import AppliedAsset, Asset
from keyholder.storage.replay import discrepancies
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.assets_made import made, seen, sees
from tests.services.refusing import refused

ACCOUNT, VIEW, CLEO = ResourceRef("account", "100"), ResourceRef("view", "1001"), user_ref("cleo@acme.example")


def test_an_export_holds_every_asset_with_its_owner_and_its_places(cast: Cast) -> None:
    own = made(cast.cleo, "segment", cast.view, body="paid > 0")
    assets.share(by=caller(cast.cleo), asset=own, name="Shared")
    applied_assets.apply(by=caller(cast.ben), asset=made(cast.ben, "filter", cast.account, "No robots"), to=cast.view)
    assert reading.current(by=OPERATOR).assets == (
        AssetState(ACCOUNT, "filter", "No robots", applied=(VIEW,)),
        AssetState(VIEW, "segment", "Shared", body="paid > 0"),
        AssetState(VIEW, "segment", "Paying", CLEO, body="paid > 0"),
    )


def test_a_file_makes_changes_and_deletes_them_and_is_then_done(cast: Cast) -> None:
    """With prune what is shared and not listed goes; what is Cleo's own stays (contract 3)."""
    made(cast.cleo, "segment", cast.view)
    made(None, "segment", cast.view, "Old")
    made(cast.ben, "filter", cast.account, "No robots")
    there = reading.current(by=OPERATOR)
    wanted = replace(
        there,
        assets=(
            AssetState(ACCOUNT, "filter", "No Robots", description="None at all", applied=(VIEW,)),
            AssetState(VIEW, "segment", "New"),
            AssetState(VIEW, "segment", "Mine", CLEO),
        ),
    )
    applied = state.apply(by=OPERATOR, state=wanted, prune=True)
    assert (applied.counts["assets"], applied.counts["applied_assets"]) == (Counts(2, 1, 1), Counts(1))
    assert {kind for kind, counts in applied.counts.items() if counts != Counts()} == {"assets", "applied_assets"}
    assert sees(None, "segment", cast.view) == ["Mine", "New", "Paying"]
    assert seen(cast.ben, AssetId(Asset.objects.get(kind="filter").pk), cast.view).applied
    assert (list(discrepancies()), state.apply(by=OPERATOR, state=wanted, prune=True).counts["assets"].removed) == ([], 0)
    state.apply(by=OPERATOR, state=replace(wanted, assets=(replace(wanted.assets[0], applied=()), *wanted.assets[1:])), prune=True)
    assert AppliedAsset.objects.count() == 0


def test_an_export_makes_the_same_assets_on_an_empty_database(cast: Cast) -> None:
    """Read into nothing but what the file holds, in the place of what was there."""
    own = made(cast.cleo, "segment", cast.view)
    assets.share(by=caller(cast.cleo), asset=own, name="Shared")
    applied_assets.apply(by=caller(cast.ben), asset=made(cast.ben, "filter", cast.account, "No robots"), to=cast.view)
    whole = reading.current(by=OPERATOR)
    for row in Asset.objects.order_by("pk"):
        assets.delete(by=OPERATOR, asset=AssetId(row.pk))
    assert reading.current(by=OPERATOR).assets == ()
    state.apply(by=OPERATOR, state=whole)
    assert reading.current(by=OPERATOR) == whole
    assert seen(cast.cleo, AssetId(Asset.objects.get(owner=cast.cleo).pk), cast.view).own


def test_a_filter_is_applied_below_its_home_and_nowhere_else(cast: Cast) -> None:
    """All or nothing: with one that can't be, none is made."""
    there = reading.current(by=OPERATOR)
    market = replace(there.resources[0], ref=ResourceRef("account", "200"), name="Market", organization=None, awaiting_manager=True)
    filters = (AssetState(market.ref, "filter", "F", applied=(VIEW,)), AssetState(ACCOUNT, "filter", "G", applied=(VIEW,)))
    with refused(Refusals, "not_below", "F", "account:200", "view:1001"):
        state.apply(by=OPERATOR, state=State(resources=(market,), assets=filters))
    assert (Asset.objects.count(), AppliedAsset.objects.count()) == (0, 0)


def test_what_is_in_the_trash_keeps_its_assets(cast: Cast) -> None:
    """They come back with it."""
    made(None, "segment", cast.view, "Kept")
    there = reading.current(by=OPERATOR)
    trashed = tuple(replace(row, trashed=NOW) if row.ref == VIEW else row for row in there.resources)
    state.apply(by=OPERATOR, state=replace(there, resources=trashed))
    state.apply(by=OPERATOR, state=there)
    assert sees(cast.ben, "segment", cast.view) == ["Kept"]
