"""The first hour of somebody new: Alice signs in, looks around, makes a property, asks why, reads what happened."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.looking import NARROW, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example")
    yield eyes
    eyes.page.context.close()


def judge(eyes: Eyes) -> None:
    """Look at the page in light, in dark and on a small screen."""
    found = eyes.problems()
    eyes.page.emulate_media(color_scheme="dark")
    found += eyes.look()
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a size
    found += eyes.look()
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert found == []


def test_r040_alice_walks_the_columns_of_every_platform(alice: Eyes) -> None:
    """R040, R063: pick one in each column, and the user management of each is one click away."""
    page = alice.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Alice Martin")
    judge(alice)
    walks = {
        "Google Analytics": ["Shop", "Web", "All data"],
        "Conversions API Gateway": ["Media agency", "Kafejnīca Rīts"],
        "MTS Analytics": ["Полярис Кино", "Сайт"],
    }
    for platform, names in walks.items():
        page.get_by_role("navigation", name="Main navigation").get_by_role("link", name=platform).click()
        for depth, name in enumerate(names):
            page.locator(".column").nth(depth).get_by_role("link", name=re.compile(f"^{name}")).click()
            expect(page.locator(".column").nth(depth).get_by_role("link", name="User management")).to_be_visible()
        expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text(names[-1])
        alice.settle()
        judge(alice)


def test_r035_alice_makes_a_property_and_it_is_in_its_column(alice: Eyes) -> None:
    """R035: from the column, with everything on it hers."""
    page = alice.page
    alice.go("/admin/google_analytics/?at=account:100")
    page.get_by_role("link", name="New property").click()
    judge(alice)
    page.get_by_label("Name").fill("Gift shop")
    page.get_by_label("Id").fill("UA-100-9")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("status").filter(has_text="Property Gift shop was created.")).to_be_visible()
    expect(page.get_by_role("link", name="Gift shop")).to_have_attribute("aria-current", "true")
    page.locator(".column").nth(1).get_by_role("link", name="User management").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gift shop")
    expect(page.get_by_role("table")).to_contain_text("Alice Martin")


def test_r017_alice_asks_why_ben_can_edit(alice: Eyes) -> None:
    """R017: every step of the path, and the question is an address to hand on."""
    page = alice.page
    alice.go("/explain/")
    page.get_by_label("Who").fill("Ben Carter")
    page.get_by_label("Where").fill("view:1001")
    page.get_by_label("May they").select_option(label="Edit")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name="Ben Carter has “Edit” at All data.")).to_be_visible()
    expect(page.get_by_role("article").first).to_contain_text("holds Edit at Shop")
    assert "where=view%3A1001" in page.url
    alice.settle()
    judge(alice)


def test_r_aud_4_alice_reads_what_happened(alice: Eyes) -> None:
    page = alice.page
    alice.go("/activity/")
    judge(alice)
    page.get_by_label("Happened to").fill("helga.braun@acme.example")
    page.get_by_role("button", name="Show").click()
    alice.settle()
    page.get_by_text("Before and after").first.click()
    expect(page.get_by_role("table", name="Before and after").first).to_contain_text("Collaborate")
    page.get_by_role("link", name="Link to this").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Helga Braun")
    alice.settle()
    judge(alice)


def test_alice_reads_her_language_in_her_colours(alice: Eyes) -> None:
    page = alice.page
    page.get_by_role("button", name="Appearance").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="Latviešu").click()
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    alice.settle()
    assert alice.problems() == []
    alice.go("/me/")
    page.locator("#id_language").select_option("en")
    page.locator("form", has=page.locator("#id_language")).get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_alice_finds_everything_by_keyboard(alice: Eyes) -> None:
    """R060: Ctrl-K, a few letters, the arrows, Enter; Esc closes and the focus returns."""
    page = alice.page
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find people, groups, resources and pages")
    expect(palette).to_be_visible()
    page.keyboard.type("ben car")
    expect(palette.get_by_role("link", name="Ben Carter")).to_be_visible()
    assert alice.problems() == []
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("link", name="Ben Carter")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ben Carter")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_a_confirmation_opens_over_the_page_and_leaves_it_as_it_was(alice: Eyes) -> None:
    page = alice.page
    alice.go("/search/?q=ben@acme")
    page.get_by_role("main").get_by_role("link", name="Ben Carter").click()
    page.get_by_role("link", name="Remove from Shop").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    assert alice.problems() == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Remove from Shop")).to_be_focused()
