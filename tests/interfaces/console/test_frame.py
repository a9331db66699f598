"""The frame around every page: where one can go, who runs the instance, what one may know."""

import pytest
from django.test import Client
from pytest_django import Settings

from keyholder.services.commands import people
from tests.cast import OPERATOR, Cast, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import navigation, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
PLATFORMS = ["Conversions API Gateway", "Google Analytics", "MTS Analytics"]
FIRST = ["Home", "Requests"]
REST = ["Organizations", "Groups", "Activity", "Why?", "Trash"]
WARNING = "No operator has been set up yet."


def test_everybody_is_led_to_every_platform_on_which_they_may_make_an_account(cast: Cast, signed_in: SignedIn) -> None:
    assert navigation(signed_in(cast.alice).get("/")) == [*FIRST, *PLATFORMS, *REST]
    assert navigation(signed_in(cast.dan).get("/")) == [*FIRST, *PLATFORMS, *REST]


def test_where_only_operators_make_accounts_one_is_led_to_what_one_can_reach(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.ACCOUNTS_BY_OPERATOR = True
    assert navigation(signed_in(cast.cleo).get("/")) == [*FIRST, "Google Analytics", *REST]
    assert navigation(signed_in(cast.dan).get("/")) == [*FIRST, *REST]
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    assert navigation(signed_in(cast.dan).get("/")) == [*FIRST, *PLATFORMS, *REST, "People", "Mail", "Identity providers"]


def test_the_line_of_the_page_is_marked(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    for address, line in (
        ("/", "Home"),
        ("/admin/google_analytics/", "Google Analytics"),
        ("/account/100/settings/", "Google Analytics"),
        ("/activity/1/", "Activity"),
        ("/requests/", "Requests"),
        ("/explain/", "Why?"),
        ("/trash/", "Trash"),
        ("/me/", None),
    ):
        lines = [item for section in browser.get(address).context["frame"].sections for item in section.items]
        assert [item.label for item in lines if item.current] == ([line] if line else []), address


def test_until_there_is_an_operator_every_page_says_so(cast: Cast, signed_in: SignedIn, client: Client) -> None:
    """Semantics 2: also to who is not signed in."""
    browser = signed_in(cast.alice)
    assert WARNING in browser.get("/").content.decode()
    assert WARNING in client.get("/sign-in/").content.decode()
    people.create_user(by=OPERATOR, email="otto@acme.example", name="Otto", operator=True)
    assert WARNING not in browser.get("/").content.decode()
    assert WARNING not in client.get("/sign-in/").content.decode()


def test_r110_who_may_not_enter_is_told_whom_to_ask(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.cleo).get("/account/100/new/property/")
    assert page.status_code == 403
    assert "Who can help Alice" in text(page)
    assert "You are signed in as cleo@acme.example" in text(page)


def test_r_ten_1_what_is_not_there_and_what_is_not_ones_own_look_the_same(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.dan)
    resource(cast.dan, "account", "900", "Dan's own")
    hidden, absent = browser.get("/account/100/settings/"), browser.get("/account/999/settings/")
    assert (hidden.status_code, text(hidden)) == (404, text(absent).replace(absent.context["request_id"], hidden.context["request_id"]))
    assert "Alice" not in hidden.content.decode()
