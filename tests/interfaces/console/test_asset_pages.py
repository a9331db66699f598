"""The assets of a node: their kinds as tabs, what somebody makes, shares and applies, and why something can't be done."""

import pytest
from django.test import Client

from keyholder.domain.identifiers import AssetId, ResourceRef
from keyholder.services.commands import bindings, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Asset
from tests.cast import OPERATOR, Cast, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.assets_made import made, seen, sees

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
VIEW, ACCOUNT = "/view/1001/assets/", "/account/100/assets/"
SEGMENT = {"name": "Paying", "description": "Who paid", "body": '{"paid": ">0"}'}


class TestPersonal:
    def test_r024_cleo_makes_one_corrects_it_and_shares_a_copy(self, cast: Cast, signed_in: SignedIn) -> None:
        cleo = signed_in(cast.cleo)
        answer = cleo.post(VIEW + "new/segment/", SEGMENT, follow=True)
        assert (toast(answer), "Yours alone" in text(answer)) == ("Paying was created.", True)
        own = Asset.objects.get().pk
        assert toast(cleo.post(f"{VIEW}{own}/", {**SEGMENT, "name": "Buyers"}, follow=True)) == "Buyers was changed."
        asked = text(cleo.get(f"{VIEW}{own}/share/"))
        assert "This one stays as it is, and yours alone." in asked
        shared = cleo.post(f"{VIEW}{own}/share/", {"name": "Buyers"}, follow=True)
        assert (toast(shared), "Shared" in text(shared)) == ("A copy of Buyers is shared.", True)
        assert (sees(cast.ben, "segment", cast.view), sees(cast.cleo, "segment", cast.view)) == (["Buyers"], ["Buyers", "Buyers"])

    def test_a_name_that_is_taken_stands_at_its_field(self, cast: Cast, signed_in: SignedIn) -> None:
        cleo = signed_in(cast.cleo)
        cleo.post(VIEW + "new/segment/", SEGMENT)
        answer = cleo.post(VIEW + "new/segment/", SEGMENT)
        assert answer.status_code == 409
        assert "You have something of this kind with this name at All data already." in text(answer)
        assert answer.context["form"]["body"].value() == SEGMENT["body"]

    def test_another_s_is_not_there(self, cast: Cast, signed_in: SignedIn) -> None:
        own = made(cast.cleo, "segment", cast.view)
        alice = signed_in(cast.alice)
        assert {alice.get(f"{VIEW}{own}/{page}").status_code for page in ("", "share/", "delete/")} == {404}
        assert "Paying" not in text(alice.get(VIEW + "?kind=segment"))


class TestShared:
    def test_r026_who_reads_sees_why_it_can_t_be_changed(self, cast: Cast, signed_in: SignedIn) -> None:
        goal = made(cast.ben, "goal", cast.view, "Order", "path = /thanks")
        page = signed_in(cast.cleo).get(f"{VIEW}{goal}/")
        assert ("path = /thanks" in text(page), "This needs &quot;Edit&quot; at All data." in page.content.decode()) == (True, True)
        assert page.content.decode().count("<textarea") == 0
        assert signed_in(cast.cleo).post(f"{VIEW}{goal}/", SEGMENT).status_code == 403

    def test_r028_who_collaborates_deletes_what_others_shared(self, cast: Cast, signed_in: SignedIn) -> None:
        shared = made(None, "segment", cast.view)
        ben = signed_in(cast.ben)
        assert "Everybody who sees it at All data loses it." in text(ben.get(f"{VIEW}{shared}/delete/"))
        assert toast(ben.post(f"{VIEW}{shared}/delete/", follow=True)) == "Paying was deleted."
        assert sees(cast.ben, "segment", cast.view) == []

    def test_the_kinds_are_tabs_with_numbers_and_the_first_that_has_any_is_open(self, cast: Cast, signed_in: SignedIn) -> None:
        made(cast.ben, "goal", cast.view, "Order")
        page = signed_in(cast.cleo).get(VIEW)
        assert ("Goals 1" in text(page), "Segments 0" in text(page), "Order" in text(page)) == (True, True, True)
        assert 'title="This needs &quot;Edit&quot; at All data."' in page.content.decode()

    def test_a_kind_of_another_level_is_not_there(self, cast: Cast, signed_in: SignedIn) -> None:
        ben = signed_in(cast.ben)
        addresses = (ACCOUNT + "?kind=segment", ACCOUNT + "new/segment/", VIEW + "new/filter/", VIEW + "?kind=planet")
        assert {ben.get(address).status_code for address in addresses} == {404}

    def test_a_long_list_goes_on(self, cast: Cast, signed_in: SignedIn) -> None:
        for number in range(51):
            made(cast.ben, "goal", cast.view, f"Goal {number:02}")
        cleo = signed_in(cast.cleo)
        first = cleo.get(VIEW + "?kind=goal")
        assert ("Goal 49" in text(first), "Goal 50" in text(first), "51 in this list" in text(first)) == (True, False, True)
        assert "Goal 50" in text(cleo.get(VIEW + first.context["next_url"]))


class TestFilters:
    def test_r033_ben_makes_one_at_the_account_and_a_view_s_editor_applies_it(self, cast: Cast, signed_in: SignedIn) -> None:
        """R032, R034: who edits the view makes none, and applies what is there."""
        signed_in(cast.ben).post(ACCOUNT + "new/filter/", {**SEGMENT, "name": "No robots"})
        robots = AssetId(Asset.objects.get().pk)
        fay = person("Fay")
        bindings.grant(by=OPERATOR, to=[fay], on=cast.view, permissions=["edit"])
        editor = signed_in(fay)
        assert editor.get(ACCOUNT + "new/filter/").status_code == 403
        listed = text(editor.get(VIEW + "?kind=filter"))
        assert ("No robots" in listed, "Apply : No robots" in listed) == (True, True)
        assert toast(editor.post(f"{VIEW}{robots}/apply/", follow=True)) == "No robots is applied to All data."
        assert "It lives in Shop and is changed there." in text(editor.get(f"{VIEW}{robots}/"))
        assert "All data Open its assets" in text(signed_in(cast.ben).get(f"{ACCOUNT}{robots}/"))
        assert toast(editor.post(f"{VIEW}{robots}/withdraw/", follow=True)) == "No robots was taken off All data."
        assert not seen(fay, robots, cast.view).applied

    def test_who_reads_the_account_sees_filters_and_why_they_can_t_be_changed(self, cast: Cast, signed_in: SignedIn) -> None:
        made(cast.ben, "filter", cast.account, "No robots")
        page = signed_in(cast.cleo).get(ACCOUNT)
        assert ("No robots" in text(page), "disabled" in page.content.decode()) == (True, True)

    def test_deleting_says_where_it_is_taken_off(self, cast: Cast, signed_in: SignedIn) -> None:
        robots = made(cast.ben, "filter", cast.account, "No robots")
        ben = signed_in(cast.ben)
        ben.post(f"{VIEW}{robots}/apply/")
        assert "It is taken off the 1 place where it is applied." in text(ben.get(f"{ACCOUNT}{robots}/delete/"))


class TestApplications:
    def test_r092_the_switch_shows_one_to_who_only_views(self, cast: Cast, signed_in: SignedIn) -> None:
        """Reading 38: an administrator marks it, a viewer sees it and has no switch that works."""
        account, ben = _hosted(cast, signed_in)
        assert toast(ben.post(account + "new/application/", {**SEGMENT, "name": "Shop app"}, follow=True)) == "Shop app was created."
        app = Asset.objects.get().pk
        viewer = signed_in(cast.cleo)
        assert viewer.get(f"{account}{app}/").status_code == 404
        assert toast(ben.post(f"{account}{app}/mark/", {"to": "yes"}, follow=True)) == "Shop app is marked as visible."
        page = viewer.get(account)
        assert ("Shop app" in text(page), "disabled" in page.content.decode()) == (True, True)
        assert viewer.post(f"{account}{app}/mark/", {"to": "no"}).status_code == 403
        assert toast(ben.post(f"{account}{app}/mark/", {"to": "no"}, follow=True)) == "Shop app is no longer marked as visible."
        assert viewer.get(f"{account}{app}/").status_code == 404


class TestColumns:
    def test_the_columns_lead_to_the_assets_where_a_level_has_any(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.cleo).get("/admin/google_analytics/?at=view:1001").content.decode()
        assert {f'href="{url}"' in page for url in (ACCOUNT, "/property/UA-100-1/assets/", VIEW)} == {True}


def _hosted(cast: Cast, signed_in: SignedIn) -> tuple[str, Client]:
    """Make a hosted account that Ben administers and Cleo views; return the address of its assets, and Ben's browser."""
    host = resource(None, "host", "h1", "Agency")
    account = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=account, role="view_only")
    return "/host_account/7/assets/", signed_in(cast.ben)
