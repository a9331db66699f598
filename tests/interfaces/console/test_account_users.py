"""Account settings > Users of a hosted account, in the words of the product; assigned pixels; what a host sees (S001-08 to S001-21)."""

from dataclasses import dataclass

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.services.commands import bindings, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Invitation
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
USERS = "/host_account/7/users/"


@dataclass(frozen=True)
class Bakery:
    """Olga administers it, Peter has the standard role; Alice administers the host, Ben looks on there."""

    olga: PrincipalId
    peter: PrincipalId
    account: ResourceId
    pixel: ResourceId


@pytest.fixture
def bakery(cast: Cast) -> Bakery:
    """Make it."""
    olga, peter = person("Olga"), person("Peter")
    host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=cast.alice)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="view_only")
    account = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Bakery", host), administrator=olga)
    bindings.grant(by=OPERATOR, to=[peter], on=account, role="standard")
    return Bakery(olga, peter, account, resource(olga, "pixel", "p1", "Site", account))


def test_r101_olga_comes_from_the_settings_and_invites_in_the_words_of_the_product(bakery: Bakery, signed_in: SignedIn) -> None:
    """S001-08 to S001-12: Users, Invite a new user, Continue, Done; the link stands there to be copied."""
    browser = signed_in(bakery.olga)
    settings = browser.get("/host_account/7/settings/")
    assert [(tab.label, tab.url) for tab in settings.context["tabs"]] == [("Settings", "/host_account/7/settings/"), ("Users", USERS)]
    page = text(browser.get(USERS))
    assert ("Users Bakery" in page, "Invite a new user" in page, "Add a group" in page, "Groups" in page) == (True, True, False, False)
    form = {"addresses": "nora@elsewhere.example", "role": "view_only", "ends_on": ""}
    assert "Continue" in text(browser.post(USERS + "add/", {**form, "step": "check"}))
    result = text(browser.post(USERS + "add/", {**form, "step": "add"}))
    assert ("Copy link" in result, "Done" in result, "hand this link over yourself" in result) == (True, True, True)


def test_r103_a_lost_link_is_made_anew_behind_edit(bakery: Bakery, signed_in: SignedIn) -> None:
    """S001-13, S001-14: Edit, Generate invite link, Copy link."""
    browser = signed_in(bakery.olga)
    browser.post(USERS + "add/", {"addresses": "nora@elsewhere.example", "role": "view_only", "ends_on": "", "step": "add"})
    one = Invitation.objects.get()
    listed = browser.get(USERS + "invitations/")
    assert [row.edit_url for row in listed.context["rows"]] == [f"{USERS}invitations/{one.pk}/"]
    page = text(browser.get(f"{USERS}invitations/{one.pk}/"))
    assert ("Generate invite link" in page, "View only at Bakery" in page, "Revoke" in page) == (True, True, True)
    assert "Copy link" in text(browser.post(f"{USERS}invitations/{one.pk}/link/"))


def test_r095_r096_edit_leads_to_access_password_and_revoke(bakery: Bakery, signed_in: SignedIn) -> None:
    """S001-15 to S001-18."""
    browser, peter = signed_in(bakery.olga), f"{USERS}{bakery.peter}/"
    assert f"{peter}edit/" in {row.edit_url for row in browser.get(USERS).context["rows"]}
    page = browser.get(f"{peter}edit/")
    assert (page.context["edit_url"], page.context["reset_url"]) == (peter, f"/people/{bakery.peter}/reset-link/")
    assert (page.context["remove_label"], page.context["remove_url"]) == ("Revoke", f"{peter}remove/")
    form = {"role": "view_only", "ends_on": ""}
    review = browser.post(peter, {**form, "step": "review"})
    assert "Save change" in text(review)
    browser.post(peter, {**form, "step": "save", "reviewed": review.context["reviewed"]})
    assert holds(bakery.peter, bakery.account) == {"view"}
    assert "Revoke" in text(browser.get(f"{peter}remove/"))
    browser.post(f"{peter}remove/")
    assert holds(bakery.peter, bakery.account) == set()


def test_oneself_one_gives_up_and_resets_elsewhere(bakery: Bakery, signed_in: SignedIn) -> None:
    page = signed_in(bakery.olga).get(f"{USERS}{bakery.olga}/edit/")
    assert (page.context["reset_url"], page.context["remove_url"]) == ("", "/host_account/7/give-up/")


class TestAssigning:
    """Reading 22: from the person, and from the pixel."""

    def test_r091_olga_assigns_a_pixel_to_peter_and_takes_it_again(self, bakery: Bakery, signed_in: SignedIn) -> None:
        browser, page = signed_in(bakery.olga), f"{USERS}{bakery.peter}/assigned/"
        assert "Nothing is assigned to them." in text(browser.get(f"{USERS}{bakery.peter}/edit/"))
        answer = browser.post(page, {"assigned": [str(bakery.pixel)]}, follow=True)
        assert (toast(answer), "Site" in text(answer)) == ("What is assigned to Peter at Bakery was changed.", True)
        assert "edit_pixel" in holds(bakery.peter, bakery.pixel)
        browser.post(page, {})
        assert "edit_pixel" not in holds(bakery.peter, bakery.pixel)

    def test_r091_from_the_pixel_only_who_has_the_role_is_offered(self, bakery: Bakery, signed_in: SignedIn) -> None:
        browser = signed_in(bakery.olga)
        page = browser.get("/pixel/p1/users/assigned/")
        assert [(line.label, line.checked) for line in page.context["lines"]] == [("Peter", False)]
        browser.post("/pixel/p1/users/assigned/", {"assigned": [str(bakery.peter), "4711"]})
        assert "edit_pixel" in holds(bakery.peter, bakery.pixel)

    def test_what_does_not_count_is_said(self, bakery: Bakery, signed_in: SignedIn) -> None:
        browser = signed_in(bakery.olga)
        browser.post("/pixel/p1/users/assigned/", {"assigned": [str(bakery.peter)]})
        bindings.set_permissions(by=OPERATOR, of=bakery.peter, on=bakery.account, role="view_only")
        assert "Site, which does not count without the role." in text(browser.get(f"{USERS}{bakery.peter}/edit/"))
        assert 'Only a person with the role "Standard" at Bakery' in text(browser.get(f"{USERS}{bakery.peter}/assigned/"))
        assert "Does not count" in text(browser.get("/pixel/p1/users/assigned/"))

    def test_who_lacks_the_role_is_refused_in_words(self, bakery: Bakery, signed_in: SignedIn) -> None:
        answer = signed_in(bakery.olga).post(f"{USERS}{bakery.olga}/assigned/", {"assigned": [str(bakery.pixel)]})
        assert answer.status_code == 409
        assert "can be assigned only to a person who has the role" in text(answer)
        assert signed_in(bakery.olga).post(f"{USERS}{bakery.olga}/assigned/", {"assigned": ["x"]}).status_code == 422


class TestTheHost:
    """S001-20, S001-21: what the people of a host see of the accounts that delegate."""

    def test_r099_the_list_changes_with_the_switch(self, cast: Cast, bakery: Bakery, signed_in: SignedIn) -> None:
        alice, ben = signed_in(cast.alice), signed_in(cast.ben)
        assert [tab.label for tab in alice.get("/host/h1/users/").context["accounts"]] == ["Bakery"]
        assert [tab.url for tab in ben.get("/host/h1/settings/").context["accounts"]] == [USERS]
        assert signed_in(bakery.olga).get(USERS).context["accounts"] == ()
        resources.delegate(by=OPERATOR, account=bakery.account, managed=False)
        assert alice.get("/host/h1/users/").context["accounts"] == ben.get("/host/h1/settings/").context["accounts"] == ()

    def test_r100_who_of_the_host_keeps_something_is_named_before(self, cast: Cast, bakery: Bakery, signed_in: SignedIn) -> None:
        """Alice gave herself a role at the account: it is hers, and stays when the host goes."""
        browser = signed_in(bakery.olga)
        assert "keeps what was given here" not in text(browser.get("/host_account/7/delegation/"))
        bindings.grant(by=caller(cast.alice), to=[cast.alice], on=bakery.account, role="administrator")
        page = browser.get("/host_account/7/delegation/")
        assert "Alice of Agency keeps what was given here" in text(page)
        assert f'href="{USERS}{cast.alice}/edit/"' in page.content.decode()

    def test_r098_ben_looks_and_changes_nothing(self, cast: Cast, bakery: Bakery, signed_in: SignedIn) -> None:
        browser = signed_in(cast.ben)
        page = browser.get(USERS)
        assert {row.who.name for row in page.context["rows"]} == {"Alice", "Ben", "Olga", "Peter"}
        assert {row.edit_url or row.permissions_url or row.remove_url or row.who.url for row in page.context["rows"]} == {""}
        assert [tab.label for tab in page.context["tabs"]] == ["People"]
        assert "Invite a new user" not in text(page)
        assert browser.get(f"{USERS}{bakery.peter}/edit/").status_code == 403
        assert browser.get("/admin/conversions_gateway/?at=host_account:7").content.decode().count(f'href="{USERS}"') == 1
