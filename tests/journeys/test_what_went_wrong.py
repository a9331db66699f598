"""Every way not to get in says which it was, and leads on: expired, taken back, declined, nothing configured (R104, R106, R109, R110)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from keyholder.interfaces.http import clock
from tests.journeys import looking
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Server
from tests.journeys.test_invitations import PASSWORD, SHOP, invited, judge

pytestmark = pytest.mark.browser
EIGHT_DAYS_AGO = timedelta(days=8)


@pytest.fixture
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example")
    yield eyes
    eyes.page.context.close()


@pytest.fixture
def stranger(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Give somebody a browser in which nobody is signed in."""
    eyes = looking.stranger(browser, server)
    yield eyes
    eyes.page.context.close()


def let_time_pass(server: Server, address: str) -> None:
    """Let an invitation have been sent eight days ago."""
    then = (clock.now() - EIGHT_DAYS_AGO).strftime("%Y-%m-%d %H:%M:%S")
    with closing(sqlite3.connect(server.demo.file, timeout=30)) as connection, connection:
        connection.execute("UPDATE invitation SET made_at = ?, sent_at = ? WHERE canonical = ?", [then, then, address])


def ask_for_a_new_one(eyes: Eyes) -> None:
    """Ask with the one button of a dead end, and expect the answer that tells nothing."""
    eyes.page.get_by_role("button", name="Ask for").click()
    expect(eyes.page.locator("main")).to_contain_text("those who manage it have been asked")


def test_r104_an_invitation_that_is_too_old_says_so_and_is_sent_again(alice: Eyes, stranger: Eyes, server: Server) -> None:
    """R104, R110: the old link opens nothing, whoever holds it asks, and sent again it is good for seven days more."""
    path = invited(alice, "old@studio.example")
    let_time_pass(server, "old@studio.example")
    assert stranger.go(path) == 410
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("The invitation has expired")
    expect(stranger.page.locator("main")).to_contain_text("Alice Martin")
    judge(stranger, "invitation-expired")
    ask_for_a_new_one(stranger)
    alice.go(f"{SHOP}invitations/?q=old@studio")
    expect(alice.page.locator("#listed")).to_contain_text("Expired")
    alice.page.get_by_role("button", name="Actions for old@studio.example").click()
    alice.page.get_by_role("button", name="Send again").click()
    link = alice.page.get_by_label("Link of the invitation").input_value()
    assert stranger.go(link[link.index("/invitation/") :]) == 200
    alice.go("/requests/")
    expect(alice.page.locator("main")).to_contain_text("old@studio.example")


def test_r106_an_invitation_that_was_taken_back_or_declined_says_so(alice: Eyes, stranger: Eyes) -> None:
    """R106, R110: each in its own words."""
    path = invited(alice, "back@studio.example")
    alice.go(f"{SHOP}invitations/?q=back@studio")
    alice.page.get_by_role("button", name="Actions for back@studio.example").click()
    alice.page.get_by_role("link", name="Revoke", exact=True).locator("visible=true").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Revoke the invitation").click()
    expect(alice.page.locator("#toasts")).to_contain_text("was revoked")
    assert stranger.go(path) == 410
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("The invitation was revoked")
    judge(stranger, "invitation-revoked")

    path = invited(alice, "no@studio.example")
    assert stranger.go(path) == 200
    stranger.page.get_by_role("button", name="Decline").click()
    expect(stranger.page.locator("main")).to_contain_text("declined")
    judge(stranger, "invitation-declined")


def test_r109_who_was_invited_without_permissions_is_told_whom_to_ask(alice: Eyes, stranger: Eyes) -> None:
    """R109, R110: Alice is warned before; Bea comes in, sees that nothing is set up yet, and by whom it can be."""
    page = alice.page
    alice.go(f"{SHOP}add/")
    page.get_by_label("E-mail addresses").fill("bea@studio.example")
    page.get_by_label("Invite without permissions for now").check()
    expect(page.locator("#outlook")).to_contain_text("They will have no permissions until somebody gives them some.")
    judge(alice, "invite-bare")
    page.get_by_role("button", name="Invite bea@studio.example").click()
    link = page.get_by_label("Link for bea@studio.example").input_value()

    assert stranger.go(link[link.index("/invitation/") :]) == 200
    expect(stranger.page.locator("main")).to_contain_text("No permissions yet")
    stranger.page.get_by_label("Name").fill("Bea Sand")
    stranger.page.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.page.get_by_label("The same again").fill(PASSWORD)
    stranger.page.get_by_role("button", name="Accept").click()
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("You are in")
    assert stranger.go("/what-went-wrong/") == 200
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Nothing has been set up for you yet")
    expect(stranger.page.locator("main")).to_contain_text("Alice Martin")
    judge(stranger, "what-went-wrong-bare")
