"""Dan opens a view that is not his to see, asks for it, and Alice decides (R109 to R111)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.looking import PHONE, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
VIEW = "/view/1001/users/"


@pytest.fixture(scope="module")
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example")
    yield eyes
    eyes.page.context.close()


@pytest.fixture(scope="module")
def dan(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Dan sign in in a browser of his own."""
    eyes = opened(browser, server, "dan@acme.example")
    yield eyes
    eyes.page.context.close()


def ask(eyes: Eyes, page: str, what: str, reason: str) -> None:
    """Open a page that refuses and ask for it there."""
    eyes.go(page)
    assert eyes.problems() == []
    eyes.page.get_by_label("What you need").select_option(label=what)
    eyes.page.get_by_label("Reason").fill(reason)
    eyes.page.get_by_role("button", name="Ask for access").click()
    expect(eyes.page.get_by_role("heading", level=1)).to_have_text("If this exists, those who manage it have been asked")
    assert eyes.problems() == []


def test_r111_dan_asks_and_alice_approves_less_with_an_end(alice: Eyes, dan: Eyes) -> None:
    """The 404 tells him nothing; what he gets he sees at once."""
    ask(dan, VIEW, "Edit", "I take over the reports")
    ask(dan, "/view/4711/users/", "Edit", "The same, where there is nothing")
    dan.go("/requests/")
    expect(dan.page.get_by_role("heading", name="My requests")).to_be_visible()
    expect(dan.page.locator(".badge").filter(has_text="Open")).to_have_count(0)
    alice.go("/")
    expect(alice.page.get_by_role("main")).to_contain_text("requests for access to decide")
    alice.page.get_by_role("link", name="Decide").first.click()
    alice.page.get_by_role("link", name="Decide about Dan Fisher").click()
    expect(alice.page.get_by_role("main")).to_contain_text("I take over the reports")
    expect(alice.page.locator("#review")).to_contain_text("Edit")
    alice.page.get_by_label("Edit", exact=False).first.uncheck()
    alice.page.locator("input[value=read_analyze]").check()
    alice.page.get_by_label("Last day").fill("2030-01-01")
    expect(alice.page.locator("#review")).to_contain_text("Read & Analyze")
    expect(alice.page.locator("#review")).not_to_contain_text("Edit")
    assert alice.problems() == []
    alice.page.get_by_label("A line to them").fill("To begin with")
    alice.page.get_by_role("button", name="Approve").click()
    expect(alice.page.get_by_role("status").filter(has_text="Dan Fisher has access now.")).to_be_visible()
    dan.go("/admin/google_analytics/?at=view:1001")
    expect(dan.page.locator(".column").last.get_by_role("link", name="All data")).to_be_visible()
    dan.go("/requests/")
    expect(dan.page.get_by_role("main")).to_contain_text("Approved")
    expect(dan.page.get_by_role("main")).to_contain_text("To begin with")


def test_r111_alice_refuses_with_a_reason_that_dan_reads(alice: Eyes, dan: Eyes) -> None:
    ask(dan, "/property/UA-100-3/users/", "Manage Users", "I would like to")
    alice.go("/account/100/users/")
    alice.page.get_by_role("link", name="Requests").last.click()
    expect(alice.page.get_by_role("heading", level=1)).to_contain_text("Shop")
    alice.page.get_by_role("link", name="Decide about Dan Fisher").click()
    alice.page.get_by_label("Reason").fill("Helga manages the blog")
    alice.page.get_by_role("button", name="Refuse with this reason").click()
    expect(alice.page.get_by_role("status").filter(has_text="was refused")).to_be_visible()
    dan.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    dan.go("/requests/")
    expect(dan.page.get_by_role("main")).to_contain_text("Helga manages the blog")
    assert dan.problems() == []
    dan.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same


def test_r111_who_is_not_signed_in_asks_from_the_door(browser: Browser, server: Server, alice: Eyes) -> None:
    eyes = stranger(browser, server)
    eyes.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="dark")
    eyes.go("/sign-in/")
    eyes.page.get_by_role("link", name="get in").click()
    assert eyes.problems() == []
    eyes.page.get_by_label("Address of the page").fill(f"{server.url}/view/1002/users/")
    eyes.page.get_by_label("Your e-mail address").fill("zoe@elsewhere.example")
    eyes.page.get_by_role("button", name="Ask for access").click()
    expect(eyes.page.get_by_role("heading", level=1)).to_have_text("If this exists, those who manage it have been asked")
    assert eyes.problems() == []
    eyes.page.context.close()
    alice.go("/requests/")
    expect(alice.page.get_by_role("main")).to_contain_text("zoe@elsewhere.example")
