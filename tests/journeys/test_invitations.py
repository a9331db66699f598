"""Getting in: Alice invites somebody without a mail server, who opens the link in a browser of their own and is in (R101, R105 to R107)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import looking
from tests.journeys.looking import NARROW, PHONE, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
SHOP = "/account/100/users/"
PASSWORD = "seven quiet herons wait"  # what a person of a test chooses


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


def judge(eyes: Eyes, name: str) -> None:
    """Look at the page in light, in dark and on a small screen."""
    found = eyes.problems()
    eyes.keep(name, "light")
    eyes.page.emulate_media(color_scheme="dark")
    found += eyes.problems()
    eyes.keep(name, "dark")
    eyes.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    found += eyes.problems()
    eyes.keep(name, "phone")
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the same
    found += eyes.too_wide()
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert found == []


def invited(alice: Eyes, address: str, name: str = "") -> str:
    """Let Alice invite an address to edit the shop, and return the path of its link."""
    page = alice.page
    alice.go(f"{SHOP}add/")
    page.get_by_label("E-mail addresses").fill(address)
    page.locator("#add input[value='edit']").check()
    page.get_by_label("Message").fill("Welcome aboard!")
    expect(page.locator("#outlook")).to_contain_text("You will get links to share")
    if name:
        judge(alice, f"{name}-add")
    page.get_by_role("button", name=f"Invite {address}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of each address")
    link = page.get_by_label(f"Link for {address}").input_value()
    if name:
        judge(alice, f"{name}-links")
    return link[link.index("/invitation/") :]


def test_r101_somebody_new_opens_the_link_and_is_in(alice: Eyes, stranger: Eyes) -> None:
    """R107: pending until then; and can work right after."""
    path = invited(alice, "zoe@studio.example", "invite")
    alice.go(f"{SHOP}invitations/")
    expect(alice.page.locator("#listed")).to_contain_text("zoe@studio.example")
    page = stranger.page
    assert stranger.go(path) == 200
    assert page.url.endswith("/invitation/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are invited to Shop")
    expect(page.locator("main")).to_contain_text("Welcome aboard!")
    expect(page.locator("main")).not_to_contain_text("zoe@studio.example")
    judge(stranger, "invitation-new")
    page.get_by_label("Name").fill("Zoe Novak")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in")
    judge(stranger, "invitation-done")
    page.get_by_role("link", name="Go to Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zoe Novak")
    assert stranger.go("/admin/google_analytics/?at=account:100") == 200
    alice.go(f"{SHOP}?q=zoe")
    expect(alice.page.locator("#listed")).to_contain_text("Zoe Novak")


def test_r105_the_wrong_account_is_told_so_and_the_link_is_not_used_up(alice: Eyes, browser: Browser, server: Server) -> None:
    path = invited(alice, "cleo.other@studio.example")
    dan = opened(browser, server, "dan@acme.example")
    assert dan.go(path) == 409
    expect(dan.page.get_by_role("heading", level=1)).to_have_text("The invitation is for another address")
    expect(dan.page.locator("main")).to_contain_text("dan@acme.example")
    judge(dan, "invitation-another")
    dan.page.get_by_role("button", name="Switch account").click()
    expect(dan.page).to_have_url(re.compile("/sign-in/"))
    assert dan.go("/invitation/") == 200
    dan.page.context.close()


def test_r106_a_dead_link_says_what_happened(alice: Eyes, stranger: Eyes) -> None:
    """R103: the new link is good, the old one is not."""
    path = invited(alice, "ivo@studio.example")
    alice.go(f"{SHOP}invitations/?q=ivo@studio")
    judge(alice, "invitations-one")
    alice.page.get_by_role("button", name="Actions for ivo@studio.example").click()
    alice.page.get_by_role("button", name="New link").click()
    link = alice.page.get_by_label("Link of the invitation").input_value()
    judge(alice, "invitation-link")
    assert stranger.go(path) == 410
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("There is a newer link")
    judge(stranger, "invitation-replaced")
    assert stranger.go(link[link.index("/invitation/") :]) == 200
    assert stranger.go("/invitation/nothing/") == 404


def test_an_invitation_is_accepted_without_a_script(alice: Eyes, browser: Browser, server: Server) -> None:
    path = invited(alice, "una@studio.example")
    page = looking.stranger(browser, server, scripts=False).page
    page.goto(server.url + path)
    page.get_by_label("Name").fill("Una")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in")
