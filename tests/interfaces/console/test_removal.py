"""Removing people from an account in the console, and giving up what is one's own (R050 to R058)."""

from datetime import timedelta

import pytest
from django.test import Client

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, Cast, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

WEB, SHOP = "/property/UA-100-1/users/", "/account/100/users/"


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


class TestRemoving:
    def test_r052_everything_given_in_the_account_goes_and_is_named_before(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users", "read_analyze"])
        soon = Window(ends_at=NOW + timedelta(days=4000))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["edit"], window=soon)
        Binding.objects.create(principal_id=cast.ben, resource_id=cast.property, permissions="edit", mask=4, ends_at=NOW)
        url = f"{SHOP}{cast.ben}/remove/"
        page = text(alice.get(url))
        assert "Remove Ben from Shop" in page
        assert "Edit at Shop is taken away." in page
        assert "Manage Users, Read & Analyze at All data is taken away." in page
        assert "Edit at Web, until" in page
        assert "which ended with 22 November 2026, is taken off the list." in page
        assert Binding.objects.filter(principal=cast.ben).count() == 4
        answer = alice.post(url)
        assert (answer.status_code, answer["Location"]) == (302, SHOP)
        assert not Binding.objects.filter(principal=cast.ben).exists()
        assert toast(alice.get(SHOP)) == "Ben was removed from Shop."

    def test_the_first_few_places_are_named_and_the_rest_counted(self, cast: Cast, alice: Client) -> None:
        for number in range(9):
            view = resources.create(by=OPERATOR, new=NewResource(ResourceRef("view", f"v{number}"), f"View {number}", cast.property))
            bindings.grant(by=OPERATOR, to=[cast.ben], on=view, permissions=["edit"])
        assert "and 2 more places" in text(alice.get(f"{SHOP}{cast.ben}/remove/"))

    def test_r058_what_remains_is_said_before_and_after_with_the_way_there(self, cast: Cast, alice: Client) -> None:
        url = f"{SHOP}{cast.cleo}/remove/"
        sentence = "Cleo still has Collaborate at Web through Analysts."
        assert sentence in text(alice.get(url))
        page = alice.get(alice.post(url)["Location"]).content.decode()
        assert f'{sentence} <a class="link" href="/groups/{cast.analysts}/">Open Analysts</a>' in page

    def test_r058_who_has_nothing_of_their_own_is_not_removed_but_led_on(self, cast: Cast, alice: Client) -> None:
        alice.post(f"{SHOP}{cast.cleo}/remove/")
        for answer in (alice.get(f"{SHOP}{cast.cleo}/remove/"), alice.post(f"{SHOP}{cast.cleo}/remove/")):
            assert "comes through the group Analysts" in text(answer)
            assert f'href="/groups/{cast.analysts}/"' in answer.content.decode()
            assert "Remove Cleo</button>" not in answer.content.decode()
        assert answer.status_code == 409

    def test_r058_an_admin_of_the_organization_keeps_what_the_role_gives(self, cast: Cast, signed_in: SignedIn) -> None:
        """R054: any manager removes any other, also who made the account."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        page = text(signed_in(cast.ben).get(f"{SHOP}{cast.alice}/remove/"))
        assert "Alice still has Manage Users at Shop as an admin of Acme." in page
        assert signed_in(cast.ben).post(f"{SHOP}{cast.alice}/remove/").status_code == 302

    def test_r055_the_last_manager_stays_and_is_told_why(self, cast: Cast, alice: Client) -> None:
        url = f"{SHOP}{cast.alice}/remove/"
        assert "The last manager stays" in text(alice.get(url))
        assert alice.post(url).status_code == 409
        assert Binding.objects.filter(principal=cast.alice, resource=cast.account).exists()

    def test_what_comes_from_the_host_is_changed_there(self, cast: Cast, signed_in: SignedIn) -> None:
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.alice)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="view_only")
        answer = signed_in(cast.alice).get(f"/host_account/7/users/{cast.ben}/remove/")
        assert "Ben still has View from Agency." in text(answer)
        assert 'href="/host/h/users/"' in answer.content.decode()

    def test_it_costs_the_same_however_much_goes(self, cast: Cast, alice: Client) -> None:
        url = f"{SHOP}{cast.ben}/remove/"
        few = queries(lambda: alice.get(url))
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"])
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["edit"])
        assert queries(lambda: alice.get(url)) == few


class TestGivingUp:
    def test_r055_everybody_gives_up_their_own_and_is_told_what_stays(self, cast: Cast, signed_in: SignedIn) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
        client = signed_in(cast.cleo)
        page = text(client.get("/account/100/give-up/"))
        assert all(
            words in page
            for words in (
                "Give up your access at Shop",
                "Read & Analyze at Shop is taken away.",
                "You can't give it back to yourself",
                "You still have Edit at All data.",
                "Cleo still has Collaborate at Web through Analysts.",
            )
        )
        answer = client.post("/account/100/give-up/")
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert not Binding.objects.filter(principal=cast.cleo, resource=cast.account).exists()

    def test_r055_the_last_manager_is_told_before_and_can_not(self, cast: Cast, alice: Client) -> None:
        shown = alice.get("/account/100/give-up/")
        assert (shown.status_code, "The last manager stays" in text(shown)) == (200, True)
        assert alice.post("/account/100/give-up/").status_code == 409

    def test_who_has_nothing_there_finds_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        eve = person("Eve")
        bindings.grant(by=OPERATOR, to=[eve], on=cast.view, permissions=["edit"])
        assert signed_in(eve).get("/account/100/give-up/").status_code == 404
        assert signed_in(eve).get("/view/1001/give-up/").status_code == 200
