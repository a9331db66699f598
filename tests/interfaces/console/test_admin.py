"""Admin: the columns of a platform, as each reader walks them."""

import pytest
from pytest_django import Settings

from keyholder.services.commands import bindings
from tests.cast import OPERATOR, Cast, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import crumbs, text
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
GOOGLE = "/admin/google_analytics/"


def test_r040_each_level_has_its_column_and_its_user_management(cast: Cast, signed_in: SignedIn) -> None:
    """R040: User management is reached at each level by its column, with how many people have access."""
    page = signed_in(cast.alice).get(f"{GOOGLE}?at=view:1001")
    assert text(page).count("User management") == 3
    for address in ("/account/100/users/", "/property/UA-100-1/users/", "/view/1001/users/"):
        assert f'href="{address}"' in page.content.decode()
    counts = [link.count for column in page.context["columns"] for link in column.links if link.label == "User management"]
    assert counts == [3, 3, 3]
    assert crumbs(page) == ["Google Analytics", "Shop", "Web", "All data"]


def test_what_is_not_chosen_yet_says_so(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert text(browser.get(GOOGLE)).count("Choose one in the column before.") == 2
    assert "Nothing here that you can reach." in text(browser.get("/admin/mts_analytics/"))
    account = resource(cast.alice, "account", "200", "Kiosk")
    assert account
    assert "Nothing here yet." in text(browser.get(f"{GOOGLE}?at=account:200"))


def test_r063_cleo_walks_the_tree_and_is_told_what_she_lacks(cast: Cast, signed_in: SignedIn) -> None:
    """What she may not do is there, and says what it needs."""
    page = text(signed_in(cast.cleo).get(f"{GOOGLE}?at=property:UA-100-1"))
    assert 'User management . This needs "Manage Users" at Shop, which you do not hold there.' in page
    assert 'New property . This needs "Edit" at Shop, which you do not hold there.' in page
    assert "New account Settings" in page or "New account User management" in page


def test_r064_what_does_not_exist_for_somebody_is_in_no_column(cast: Cast, signed_in: SignedIn) -> None:
    assert "Shop" not in text(signed_in(cast.dan).get(GOOGLE))
    assert signed_in(cast.dan).get(f"{GOOGLE}?at=account:100").status_code == 404


def test_a_node_of_another_platform_is_not_found_here(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.alice).get("/admin/mts_analytics/?at=account:100").status_code == 422


def test_a_long_column_can_be_searched_in(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(11):
        resource(cast.alice, "account", f"K-{number}", f"Kiosk {number:02}")
    browser = signed_in(cast.alice)
    assert [column.search for column in browser.get(GOOGLE).context["columns"]] == ["find0", "", ""]
    found = browser.get(GOOGLE, {"find0": "kiosk 07", "at": "account:100"})
    assert [node.label for node in found.context["columns"][0].nodes] == ["Kiosk 07"]
    assert found.context["kept"] == [("at", "account:100")]
    assert "Nothing here matches “zebra”." in text(browser.get(GOOGLE, {"find0": "zebra"}))
    assert [node.label for node in browser.get(GOOGLE, {"find0": "k-3"}).context["columns"][0].nodes] == ["Kiosk 03"]


def test_kinds_that_share_a_level_share_a_column(cast: Cast, signed_in: SignedIn) -> None:
    cinema = resource(cast.alice, "resource", "cinema", "Cinema")
    resource(cast.alice, "stream", "web", "Web", cinema)
    page = text(signed_in(cast.alice).get("/admin/mts_analytics/?at=stream:web"))
    assert "Containers, Streams, Services 1 Web Stream web New container New stream New service User management" in page
    assert "Reports Nothing here yet." in page


def test_where_only_operators_make_accounts_the_column_says_so(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.ACCOUNTS_BY_OPERATOR = True
    browser = signed_in(cast.alice)
    assert "New account . Only an operator makes these here." in text(browser.get(GOOGLE))
    assert browser.get(f"{GOOGLE}new/").status_code == 403


def test_the_page_asks_as_much_for_many_nodes_as_for_few(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    few = queries(lambda: browser.get(f"{GOOGLE}?at=view:1001"))
    for number in range(20):
        node = resource(cast.alice, "property", f"UA-100-1{number}", f"Site {number}", cast.account)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=node, permissions=["edit"])
    assert queries(lambda: browser.get(f"{GOOGLE}?at=view:1001")) == few
