"""Assets: personal until they are shared, shared for those who may see them, filters applied to views (semantics 8)."""

from dataclasses import replace

import pytest

from keyholder.domain.activity import Filters
from keyholder.domain.assets import LONGEST_BODY, AssetAct
from keyholder.domain.blueprint import Catalogue
from keyholder.domain.blueprint_files import BlueprintError
from keyholder.domain.identifiers import AssetId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import applied_assets, assets, bindings, people, removal, resources, trashing
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import assets as queries
from keyholder.services.queries.activity import activity, exported
from keyholder.storage import blueprints
from keyholder.storage.models import AppliedAsset, Asset, Event
from keyholder.storage.replay import discrepancies
from tests.cast import OPERATOR, Cast, caller, person, resource
from tests.services.assets_made import made, ref, seen, sees
from tests.services.happened import actions
from tests.services.refusing import refused


class TestPersonal:
    def test_r024_cleo_s_own_segment_is_seen_by_nobody_else(self, cast: Cast) -> None:
        """Not by Ben who edits, nor by Alice who administers: what one may not see is not there."""
        own = made(cast.cleo, "segment", cast.view)
        assert (sees(cast.cleo, "segment", cast.view), sees(cast.ben, "segment", cast.view)) == (["Paying"], [])
        for other in (cast.ben, cast.alice):
            with refused(NotFound, "not_found"):
                assets.change(by=caller(other), asset=own, name="Mine")
            with refused(NotFound, "not_found"):
                seen(other, own, cast.view)

    def test_r024_cleo_edits_and_deletes_her_own(self, cast: Cast) -> None:
        """Reading 05: she could not correct a typo otherwise."""
        own = made(cast.cleo, "segment", cast.view, "Payng")
        assets.change(by=caller(cast.cleo), asset=own, name="Paying", description="Who paid", body="{}")
        found = seen(cast.cleo, own, cast.view)
        assert (found.name, found.description, found.body, found.personal, found.own) == ("Paying", "Who paid", "{}", True, True)
        assets.delete(by=caller(cast.cleo), asset=own)
        assert sees(cast.cleo, "segment", cast.view) == []

    def test_without_read_permission_it_sleeps(self, cast: Cast) -> None:
        """It is kept while the person is there, and comes back with the permission."""
        reader = person("Eve")
        bindings.grant(by=OPERATOR, to=[reader], on=cast.view, permissions=["read_analyze"])
        own = made(reader, "segment", cast.view)
        bindings.grant(by=OPERATOR, to=[reader], on=cast.view, permissions=["manage_users"])
        bindings.take(by=OPERATOR, of=[reader], on=cast.view, permissions=["read_analyze"])
        assert sees(reader, "segment", cast.view) == []
        with refused(NotFound, "not_found"):
            assets.delete(by=caller(reader), asset=own)
        bindings.grant(by=OPERATOR, to=[reader], on=cast.view, permissions=["read_analyze"])
        assert sees(reader, "segment", cast.view) == ["Paying"]

    def test_the_log_tells_managers_that_and_not_what(self, cast: Cast) -> None:
        """Neither the name nor what is in it stands in the sentence of a personal asset."""
        made(cast.cleo, "segment", cast.view, "Secret")
        event = Event.objects.latest("pk")
        assert (event.action, event.resource) == ("asset.personal_created", cast.view)
        assert event.details == {"resource": "All data", "kind": "segment"}
        (entry,) = activity(by=caller(cast.alice), filters=Filters(action="asset.personal_created")).entries
        assert (str(entry.sentence), entry.changes) == ("Cleo created a personal asset (Segment) at All data.", ())
        assert "Secret" not in str(list(exported(by=caller(cast.alice))))

    def test_whose_kind_is_the_node_s_is_nobody_s_own(self, cast: Cast) -> None:
        goal = made(cast.ben, "goal", cast.view, "Order")
        assert (seen(cast.cleo, goal, cast.view).personal, sees(cast.cleo, "goal", cast.view)) == (False, ["Order"])
        with refused(Invalid, "owner", "Shop"):
            made(None, "filter", cast.account, owner=cast.ben)

    def test_only_the_command_line_makes_one_for_somebody(self, cast: Cast) -> None:
        with refused(Invalid, "owner"):
            made(cast.alice, "segment", cast.view, owner=cast.cleo)
        own = made(None, "segment", cast.view, owner=cast.cleo)
        assert seen(cast.cleo, own, cast.view).own
        assert seen(cast.cleo, made(None, "segment", cast.view, "All"), cast.view).personal is False


class TestSharing:
    def test_r024_sharing_makes_a_copy_and_the_original_stays_private(self, cast: Cast) -> None:
        own = made(cast.cleo, "segment", cast.view, body="paid > 0")
        copy = assets.share(by=caller(cast.cleo), asset=own)
        assets.change(by=caller(cast.cleo), asset=own, body="paid > 10")
        assert (seen(cast.cleo, copy, cast.view).body, seen(cast.cleo, own, cast.view).personal) == ("paid > 0", True)
        assert sees(cast.ben, "segment", cast.view) == ["Paying"]
        assert actions()[-3:] == ["asset.personal_created", "asset.shared", "asset.personal_changed"]

    def test_r026_who_reads_changes_no_shared_one_not_even_her_own(self, cast: Cast) -> None:
        """Once shared, changing it is collaborating (reading 05)."""
        reader = _reader(cast)
        copy = assets.share(by=caller(reader), asset=made(reader, "segment", cast.view))
        for command in (assets.change, assets.delete):
            with refused(Forbidden, "lacks_permission", "Collaborate", "All data"):
                command(by=caller(reader), asset=copy)
        assert AssetAct.CHANGE in seen(reader, copy, cast.view).lacking

    def test_r028_who_collaborates_changes_and_deletes_what_others_shared(self, cast: Cast) -> None:
        copy = assets.share(by=caller(cast.cleo), asset=made(cast.cleo, "segment", cast.view))
        assets.change(by=caller(cast.ben), asset=copy, name="Buyers")
        assert sees(cast.cleo, "segment", cast.view) == ["Buyers", "Paying"]
        assets.delete(by=caller(cast.ben), asset=copy)
        assert sees(cast.cleo, "segment", cast.view) == ["Paying"]

    def test_r039_what_is_shared_stays_when_its_maker_goes(self, cast: Cast) -> None:
        """Removed from the account and suspended everywhere; what was private is seen by nobody."""
        reader = _reader(cast)
        own = made(reader, "segment", cast.view)
        copy = assets.share(by=caller(reader), asset=own, name="Shared")
        removal.remove(by=caller(cast.alice), who=[reader], at=cast.account)
        people.suspend(by=OPERATOR, user=reader)
        assert sees(cast.ben, "segment", cast.view) == ["Shared"]
        assert seen(cast.alice, copy, cast.view).name == "Shared"
        with refused(NotFound, "not_found"):
            seen(reader, own, cast.view)

    def test_what_is_shared_is_not_shared_again(self, cast: Cast) -> None:
        copy = assets.share(by=caller(cast.cleo), asset=made(cast.cleo, "segment", cast.view))
        with refused(Conflict, "shared_already", "Paying"):
            assets.share(by=caller(cast.cleo), asset=copy)

    def test_a_name_is_taken_once_among_the_shared_and_once_for_each_owner(self, cast: Cast) -> None:
        own = made(cast.cleo, "segment", cast.view)
        made(cast.ben, "segment", cast.view)
        assets.share(by=caller(cast.cleo), asset=own)
        with refused(Conflict, "name_taken", "All data", "Paying"):
            assets.share(by=caller(cast.cleo), asset=own)
        with refused(Conflict, "name_taken", "You"):
            made(cast.cleo, "segment", cast.view, "PAYING")
        assert assets.share(by=caller(cast.cleo), asset=own, name="Paying again")


class TestFilters:
    def test_r032_creating_one_needs_edit_at_the_account(self, cast: Cast) -> None:
        """Edit at the property or the view is refused."""
        editor = _editor(cast)
        with refused(Forbidden, "lacks_permission", "Edit", "Shop"):
            made(editor, "filter", cast.account)
        assert made(cast.ben, "filter", cast.account)

    def test_r034_a_view_s_editor_applies_what_is_there(self, cast: Cast) -> None:
        """R033: with Edit at that view; what they apply they may take off again."""
        editor, intern = _editor(cast), made(cast.ben, "filter", cast.account, "No interns")
        applied_assets.apply(by=caller(editor), asset=intern, to=cast.view)
        found = seen(editor, intern, cast.view)
        assert (found.applied, found.home.id, set(found.may)) == (True, cast.account, {AssetAct.VIEW, AssetAct.WITHDRAW})
        assert [place.id for place in seen(cast.cleo, intern, cast.account).places] == [cast.view]
        applied_assets.withdraw(by=caller(editor), asset=intern, of=cast.view)
        assert not seen(editor, intern, cast.view).applied
        assert [e.action for e in Event.objects.order_by("-pk")[:2]] == ["asset.withdrawn", "asset.applied"]

    def test_where_one_is_applied_is_not_told_of_what_lies_in_the_trash(self, cast: Cast) -> None:
        intern = made(cast.ben, "filter", cast.account, "No interns")
        applied_assets.apply(by=caller(cast.ben), asset=intern, to=cast.view)
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        assert seen(cast.ben, intern, cast.account).places == ()
        trashing.restore(by=caller(cast.ben), resource=cast.property)
        assert [place.id for place in seen(cast.ben, intern, cast.account).places] == [cast.view]

    def test_r033_edit_at_the_account_suffices(self, cast: Cast) -> None:
        filter_ = made(cast.ben, "filter", cast.account)
        applied_assets.apply(by=caller(cast.ben), asset=filter_, to=cast.view)
        applied_assets.apply(by=caller(cast.ben), asset=filter_, to=cast.view)
        assert AppliedAsset.objects.count() == 1

    def test_who_reads_a_view_sees_what_is_applied_there_and_nothing_else(self, cast: Cast) -> None:
        reader = _reader(cast)
        applied, other = made(cast.ben, "filter", cast.account, "Applied"), made(cast.ben, "filter", cast.account, "Other")
        with refused(NotFound, "not_found"):
            applied_assets.apply(by=caller(reader), asset=applied, to=cast.view)
        applied_assets.apply(by=caller(cast.ben), asset=applied, to=cast.view)
        assert sees(reader, "filter", cast.view) == ["Applied"]
        with refused(Forbidden, "lacks_permission", "Edit", "All data"):
            applied_assets.withdraw(by=caller(reader), asset=applied, of=cast.view)
        with refused(NotFound, "not_found"):
            seen(reader, other, cast.view)
        with refused(NotFound, "not_found"):
            seen(reader, applied, cast.account)

    def test_one_applies_only_where_its_kind_is_applied_and_below_its_home(self, cast: Cast) -> None:
        filter_ = made(cast.ben, "filter", cast.account)
        elsewhere = resource(cast.ben, "account", "200", "Market")
        view = resource(cast.ben, "view", "2001", "Theirs", resource(cast.ben, "property", "UA-200-1", "Site", elsewhere))
        with refused(NotFound, "not_found"):
            applied_assets.apply(by=caller(cast.ben), asset=filter_, to=view)
        with refused(Invalid, "not_applicable", "Paying", "Shop"):
            applied_assets.apply(by=caller(cast.ben), asset=filter_, to=cast.account)
        assert AppliedAsset.objects.count() == 0

    def test_a_deleted_one_is_taken_off_everywhere(self, cast: Cast) -> None:
        filter_ = made(cast.ben, "filter", cast.account)
        applied_assets.apply(by=caller(cast.ben), asset=filter_, to=cast.view)
        assets.delete(by=caller(cast.ben), asset=filter_)
        assert (Asset.objects.count(), AppliedAsset.objects.count()) == (0, 0)
        assert [change[0] for change in Event.objects.latest("pk").changes] == ["applied_asset", "asset"]


class TestApplications:
    """Of a hosted account: those marked visible are seen by everybody there, all of them by who may see all (R092, reading 38)."""

    def test_r092_who_only_views_sees_the_marked_ones(self, cast: Cast) -> None:
        account = _hosted(cast)
        shop, back = (made(cast.ben, "application", account, name) for name in ("Shop", "Back office"))
        assert (sees(cast.ben, "application", account), sees(cast.cleo, "application", account)) == (["Back office", "Shop"], [])
        assets.mark(by=caller(cast.ben), asset=shop, marked=True)
        assert sees(cast.cleo, "application", account) == ["Shop"]
        with refused(NotFound, "not_found"):
            seen(cast.cleo, back, account)
        assets.mark(by=caller(cast.ben), asset=shop, marked=False)
        assert (sees(cast.cleo, "application", account), actions()[-2:]) == ([], ["asset.marked", "asset.unmarked"])

    def test_r092_who_only_views_changes_none(self, cast: Cast) -> None:
        account = _hosted(cast)
        shop = made(cast.ben, "application", account, marked=True)
        for attempt in (
            lambda: assets.mark(by=caller(cast.cleo), asset=shop, marked=False),
            lambda: assets.change(by=caller(cast.cleo), asset=shop, name="Mine"),
            lambda: assets.delete(by=caller(cast.cleo), asset=shop),
            lambda: made(cast.cleo, "application", account),
        ):
            with refused(Forbidden, "lacks_permission", "Client"):
                attempt()

    def test_only_kinds_that_are_marked_can_be(self, cast: Cast) -> None:
        goal = made(cast.ben, "goal", cast.view)
        with refused(Invalid, "marked"):
            assets.mark(by=caller(cast.ben), asset=goal, marked=True)
        with refused(Invalid, "marked"):
            made(cast.ben, "goal", cast.view, "Another", marked=True)


class TestWhatIsRefused:
    def test_dan_finds_nothing(self, cast: Cast) -> None:
        shared = made(None, "segment", cast.view)
        for attempt in (
            lambda: queries.assets(by=caller(cast.dan), at=ref(cast.view)),
            lambda: seen(cast.dan, shared, cast.view),
            lambda: assets.delete(by=caller(cast.dan), asset=shared),
            lambda: assets.share(by=caller(cast.dan), asset=shared),
            lambda: assets.mark(by=caller(cast.dan), asset=shared, marked=True),
            lambda: made(cast.dan, "segment", cast.view, "Mine"),
            lambda: assets.delete(by=caller(cast.dan), asset=AssetId(shared + 1000)),
        ):
            with refused(NotFound, "not_found"):
                attempt()

    @pytest.mark.parametrize(("kind", "at"), [("segment", "account"), ("filter", "view"), ("application", "view"), ("planet", "view")])
    def test_a_kind_lives_where_the_blueprint_says(self, cast: Cast, kind: str, at: str) -> None:
        with refused(Invalid, "kind", at):
            made(cast.alice, kind, getattr(cast, at))

    @pytest.mark.parametrize(("text", "code"), [("x" * (LONGEST_BODY + 1), "body"), ("a\x00b", "body")])
    def test_a_body_is_a_small_text(self, cast: Cast, text: str, code: str) -> None:
        with refused(Invalid, code):
            made(cast.cleo, "segment", cast.view, body=text)

    def test_a_name_is_a_name(self, cast: Cast) -> None:
        with refused(Invalid, "name"):
            made(cast.cleo, "segment", cast.view, " ")


class TestKept:
    def test_the_log_gives_the_tables_back(self, cast: Cast) -> None:
        """Everything that was done with assets is in the events, row by row (R-AUD-3)."""
        own = made(cast.cleo, "segment", cast.view)
        copy = assets.share(by=caller(cast.cleo), asset=own)
        assets.change(by=caller(cast.ben), asset=copy, body="x")
        filter_ = made(cast.ben, "filter", cast.account)
        applied_assets.apply(by=caller(cast.ben), asset=filter_, to=cast.view)
        assets.delete(by=caller(cast.cleo), asset=own)
        assert list(discrepancies()) == []

    def test_a_page_ends_and_the_next_goes_on(self, cast: Cast) -> None:
        for number in range(5):
            made(cast.ben, "goal", cast.view, f"Goal {number}")
        first = queries.assets(by=caller(cast.cleo), at=ref(cast.view), kind="goal", size=3)
        second = queries.assets(by=caller(cast.cleo), at=ref(cast.view), kind="goal", size=3, after=first.next)
        assert [row.name for row in (*first.rows, *second.rows)] == [f"Goal {number}" for number in range(5)]
        assert (second.next, next(kind.number for kind in first.kinds if kind.name == "goal")) == ("", 5)


def _reader(cast: Cast) -> PrincipalId:
    """Make somebody who reads the view and nothing else."""
    reader = person("Eve")
    bindings.grant(by=OPERATOR, to=[reader], on=cast.view, permissions=["read_analyze"])
    return reader


def _editor(cast: Cast) -> PrincipalId:
    """Make somebody who edits the view and nothing else."""
    editor = person("Fay")
    bindings.grant(by=OPERATOR, to=[editor], on=cast.view, permissions=["edit"])
    return editor


def _hosted(cast: Cast) -> ResourceId:
    """Make a hosted account that Ben administers and Cleo views."""
    host = resource(None, "host", "h1", "Agency")
    account = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=account, role="view_only")
    return account


class TestBlueprints:
    def test_a_blueprint_drops_no_kind_that_is_in_use(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refused at start, with counts (semantics 1)."""
        made(cast.cleo, "segment", cast.view)
        applied_assets.apply(by=caller(cast.ben), asset=made(cast.ben, "filter", cast.account), to=cast.view)
        blueprints.settle()
        whole = blueprints.catalogue()
        google = whole.blueprints["google_analytics"]
        kept = {name: kind for name, kind in google.assets.items() if name != "segment"}
        kept["filter"] = replace(kept["filter"], applies_to="property")
        smaller = Catalogue({**whole.blueprints, google.name: replace(google, assets=kept)})
        monkeypatch.setattr(blueprints, "catalogue", lambda: smaller)
        with pytest.raises(BlueprintError, match="1 of kind filter at view, 1 of kind segment at view"):
            blueprints.settle()
