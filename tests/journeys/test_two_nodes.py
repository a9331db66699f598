"""A client takes its account back, and its host loses it the moment the switch goes off: on a second node too (R098 to R100, R-PRV-9)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import serving
from tests.journeys.addresses import ALICE, ANDRIS, EMIL
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
USERS = "/host_account/7/users/"


@pytest.fixture(scope="module")
def second(server: Server) -> Iterator[Server]:
    """Serve the same database from a second process."""
    with serving.running(server.demo) as node:
        yield node


def accounts(eyes: Eyes) -> list[str]:
    """Return the accounts in the drop-down of the host's page."""
    assert eyes.go("/host/h1/users/") == 200
    return [one.strip() for one in eyes.page.locator("#accounts a").all_text_contents()]


def test_r099_r100_the_host_loses_the_account_on_every_node_at_once(browser: Browser, server: Server, second: Server) -> None:
    """Alice administers the host, Emil looks on there; both are signed in on the second node while Andris switches on the first."""
    andris = opened(browser, server, ANDRIS)
    alice, emil = opened(browser, second, ALICE), opened(browser, second, EMIL)
    assert "Kafejnīca Rīts" in accounts(alice)
    assert (alice.go(USERS), emil.go(USERS), emil.go("/pixel/p71/users/")) == (200, 200, 200)
    assert emil.problems() == []

    andris.go("/host_account/7/delegation/")
    expect(andris.page.get_by_role("main")).to_contain_text("Marek Nowak")
    assert andris.problems() == []
    andris.page.get_by_role("button", name="Switch delegation off").click()
    expect(andris.page.get_by_role("status").filter(has_text="does not manage Kafejnīca Rīts any more")).to_be_visible()

    assert (alice.go(USERS), emil.go(USERS), emil.go("/pixel/p71/users/")) == (404, 404, 404)
    assert (alice.go("/host_account/7/settings/"), alice.go("/host_account/7/delegation/")) == (404, 404)
    listed = accounts(alice)
    assert "Kafejnīca Rīts" not in listed
    assert "Pražské knihy" in listed
    alice.go("/admin/conversions_gateway/?at=host:h1")
    expect(alice.page.get_by_role("main")).not_to_contain_text("Kafejnīca Rīts")

    andris.go("/host_account/7/delegation/")
    andris.page.get_by_role("button", name="Switch delegation on").click()
    andris.settle()
    assert "Kafejnīca Rīts" in accounts(alice)
    assert (alice.go(USERS), emil.go(USERS)) == (200, 200)
