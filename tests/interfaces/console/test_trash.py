"""Deleting, the trash and moving in the console (semantics 4, R020, R097)."""

import re

import pytest

from keyholder.domain.identifiers import ResourceRef
from keyholder.interfaces.http import clock
from keyholder.services.commands import applied_assets, bindings, organization_roles, resources, trashing
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Event, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, holds, resource
from tests.interfaces.cli.shell import run
from tests.interfaces.console.conftest import SignedIn
from tests.services.assets_made import made
from tests.services.inviting_people import invite

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
WEB = "/property/UA-100-1/"


def in_trash(number: int) -> bool:
    return Resource.objects.get(pk=number).trashed_at is not None


class TestDeleting:
    def test_it_says_what_goes_along_and_does_it_with_a_reason(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.ben).get(WEB + "delete/")
        assert page.status_code == 200
        for words in ("Views below: 1", "3 people have access here or below, and lose it.", "Everybody who manages it is told."):
            assert words in page.content.decode()
        answer = signed_in(cast.ben).post(WEB + "delete/", {"reason": "old"}, follow=True)
        assert "Web is in the trash." in answer.content.decode()
        assert Event.objects.get(action="resource.trashed").reason == "old"
        assert in_trash(cast.property)

    def test_r097_a_hosted_account_wants_its_name_typed(self, cast: Cast, signed_in: SignedIn) -> None:
        host = resource(None, "host", "h1", "Agency")
        new = NewResource(ResourceRef("host_account", "7"), "Client", host)
        client = resources.create(by=OPERATOR, new=new, administrator=cast.ben)
        browser = signed_in(cast.ben)
        for typed in ("", "client"):
            answer = browser.post("/host_account/7/delete/", {"name": typed, "reason": ""})
            page = answer.content.decode()
            focused = re.findall(r"<(?:input|a) [^>]*autofocus", page[page.index("<main") :])[0]
            assert (answer.status_code, 'name="name"' in focused) == (422, True)
        assert not in_trash(client)
        assert browser.post("/host_account/7/delete/", {"name": "Client", "reason": ""}).status_code == 302
        assert in_trash(client)

    def test_settings_offer_what_one_may_and_say_what_else_needs(self, cast: Cast, signed_in: SignedIn) -> None:
        mine = signed_in(cast.alice).get(WEB + "settings/").content.decode()
        assert (WEB + "delete/" in mine, WEB + "move/" in mine) == (True, True)
        theirs = signed_in(cast.cleo).get(WEB + "settings/").content.decode()
        assert (WEB + "delete/" in theirs, WEB + "move/" in theirs) == (False, False)
        assert "This needs &quot;Edit&quot; at Web" in theirs
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        gone = signed_in(cast.alice).get(WEB + "settings/").content.decode()
        assert ("Shop is in the trash: nobody has access here." in gone, WEB + "delete/" in gone) == (True, False)


class TestTrash:
    def test_it_shows_who_and_how_long_and_restores(self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW)
        trashing.trash(by=caller(cast.ben), resource=cast.view)
        page = signed_in(cast.alice).get("/trash/").content.decode()
        assert "All data" in page
        assert ("Ben" in page, "35 days left" in page) == (True, True)
        assert "1 thing is in the trash" in signed_in(cast.alice).get("/").content.decode()
        assert "All data" not in signed_in(cast.cleo).get("/trash/").content.decode()
        assert signed_in(cast.cleo).post(f"/trash/{cast.view}/restore/").status_code == 404
        answer = signed_in(cast.alice).post(f"/trash/{cast.view}/restore/", follow=True)
        assert "All data is back, with all access as it was." in answer.content.decode()
        assert not in_trash(cast.view)

    def test_what_lies_below_something_in_the_trash_says_what_comes_first(self, cast: Cast, signed_in: SignedIn) -> None:
        for on in (cast.view, cast.account):
            trashing.trash(by=caller(cast.ben), resource=on)
        browser = signed_in(cast.alice)
        page = browser.get("/trash/").content.decode()
        assert "Restore Shop first." in page
        assert f"/trash/{cast.view}/restore/" not in page
        assert "Shop is in the trash: restore it first" in browser.post(f"/trash/{cast.view}/restore/", follow=True).content.decode()


class TestMoving:
    def test_r020_it_shows_who_gains_and_loses_and_then_moves(self, cast: Cast, signed_in: SignedIn) -> None:
        market = resource(cast.alice, "account", "200", "Market")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=market, permissions=["read_analyze"])
        browser = signed_in(cast.alice)
        assert "Market (200)" in browser.get(WEB + "move/").content.decode()
        asked = {"to": "account:200", "way": "keep"}
        applied_assets.apply(by=OPERATOR, asset=made(cast.alice, "filter", cast.account, "No robots"), to=cast.view)
        invite(cast)
        page = browser.post(WEB + "move/", asked)
        text = page.content.decode()
        for words in (
            "2 grants that were inherited from Shop become",
            "The group Analysts belongs to another organization",
            "Dan",
            "1 asset of Shop is applied there no longer.",
            "1 pending invitation gives no longer what it was to give there.",
        ):
            assert words in text
        assert Resource.objects.get(pk=cast.property).parent_id == cast.account
        shown = dict(page.context["kept"])
        assert browser.post(WEB + "move/", {**asked, "shown": "0" * 32}).status_code == 409
        answer = browser.post(WEB + "move/", shown, follow=True)
        assert "Web belongs to Market now." in answer.content.decode()
        assert (Resource.objects.get(pk=cast.property).parent_id, holds(cast.dan, cast.view)) == (market, {"read_analyze"})

    def test_who_is_suspended_within_what_is_left_is_named(self, cast: Cast, signed_in: SignedIn) -> None:
        """On the page, and by the command line."""
        resource(cast.alice, "account", "200", "Market")
        organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.cleo)
        page = signed_in(cast.alice).post(WEB + "move/", {"to": "account:200", "way": "keep"}).content.decode()
        assert "Cleo is suspended within Acme: what they would inherit does not become their own." in page
        move = ("resource", "move", "property:UA-100-1", "account:200", "--keep", "--dry-run")
        assert run(*move, "--json").json["suspended_left"] == ["Cleo"]
        assert "does not come along: what Cleo would inherit, who is suspended" in run(*move).lines

    def test_it_goes_nowhere_where_there_is_nowhere(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.alice).get(WEB + "move/").content.decode()
        assert "there is none where you do" in page
        assert signed_in(cast.alice).post(WEB + "move/", {"to": "account:100", "way": "keep"}).status_code == 422
