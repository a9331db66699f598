"""Alice manages users: adds Cleo to one view, raises her to the property, sees local and inherited, removes her, reads what happened."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.looking import NARROW, PHONE, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser

VIEW, WEB, SHOP = "/view/1003/users/", "/property/UA-100-1/users/", "/account/100/users/"


@pytest.fixture
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example")
    yield eyes
    eyes.page.context.close()


def judge(eyes: Eyes, name: str, *, whole: bool = True) -> None:
    """Look at the page in light, in dark, on a phone and on a very small screen, and keep pictures where they are asked for."""
    eyes.settle()
    found = eyes.look()
    eyes.keep(name, "light", whole=whole)
    eyes.page.emulate_media(color_scheme="dark")
    found += eyes.look()
    eyes.keep(name, "dark", whole=whole)
    for mode, size in (("phone", PHONE), ("narrow", NARROW)):
        eyes.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
        found += eyes.look()
        eyes.keep(name, mode, whole=whole)
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert found == []


def row(page: Page, name: str) -> Locator:
    """Return somebody's row in the list."""
    return page.get_by_role("row").filter(has=page.get_by_role("checkbox", name=f"Select {name}"))


def tick(page: Page, permission: str) -> Locator:
    """Return the check box of a permission."""
    return page.locator(f"input[name=permissions][value={permission}]")


def toast(page: Page, text: str) -> None:
    """Expect a message about what was just done."""
    expect(page.locator("#toasts")).to_contain_text(text)


def test_cleo_is_added_raised_looked_at_and_removed_and_all_of_it_is_told(alice: Eyes, server: Server) -> None:
    """R014, R015, R041, R016, R017, R052, R058: one person from her first permission to her last, by what a manager does."""
    page, cleo = alice.page, server.demo.number("user", "canonical", "cleo@acme.example")

    alice.go(VIEW)
    judge(alice, "users")
    page.get_by_role("link", name="Add people").first.click()
    page.get_by_label("E-mail addresses").fill("Cleo Winter <cleo@acme.example>")
    page.keyboard.press("Tab")
    expect(page.locator("#checked")).to_contain_text("Cleo Winter")
    tick(page, "read_analyze").focus()
    page.keyboard.press("Space")
    expect(page.locator("#outlook")).to_contain_text("Cleo Winter will have Read & Analyze at Checkout.")
    judge(alice, "add-people")
    add = page.get_by_role("button", name="Add Cleo Winter")
    add.focus()
    page.keyboard.press("Enter")
    toast(page, "Cleo Winter was added to Checkout.")
    expect(row(page, "Cleo Winter")).to_contain_text("Given here")
    judge(alice, "users-added", whole=False)

    alice.go(f"{WEB}{cleo}/")
    tick(page, "edit").check()
    expect(page.locator("#review")).to_contain_text("gains Edit")
    judge(alice, "permissions")
    page.get_by_role("button", name="Save").click()
    toast(page, "What Cleo Winter may do at Web was changed.")

    alice.go(f"{VIEW}{cleo}/")
    editing, reading = tick(page, "edit"), tick(page, "read_analyze")
    expect(editing).to_be_checked()
    expect(editing).to_be_disabled()
    expect(reading).to_be_checked()
    expect(reading).to_be_enabled()
    expect(page.get_by_role("main")).to_contain_text("Edit from Web.")
    expect(page.get_by_role("link", name="Change it there")).to_have_attribute("href", f"{WEB}{cleo}/")
    judge(alice, "permissions-inherited")

    alice.go(f"{SHOP}{cleo}/remove/")
    expect(page.get_by_role("main")).to_contain_text("Edit at Web is taken away.")
    judge(alice, "remove")
    page.get_by_role("button", name="Remove Cleo Winter").click()
    toast(page, "Cleo Winter was removed from Shop.")

    alice.go("/activity/")
    told = page.get_by_role("main")
    expect(told).to_contain_text("Alice Martin removed Cleo Winter from Shop")
    expect(told).to_contain_text(re.compile(r"Alice Martin gave Cleo Winter .*Read & Analyze.* Checkout"))


def test_several_by_keyboard_with_one_whom_a_rule_keeps_out(alice: Eyes) -> None:
    """R053, R057: all or none, the reason beside the name, and on without her."""
    page = alice.page
    alice.go(SHOP)
    for name in ("Alice Martin", "Walter Grün"):
        page.get_by_role("checkbox", name=f"Select {name}").focus()
        page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("2")
    judge(alice, "bulk", whole=False)
    page.get_by_role("button", name="Remove", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove from Shop")
    expect(page.get_by_role("alert")).to_contain_text("The last manager stays")
    judge(alice, "bulk-refused")
    page.get_by_role("button", name="Go on without them").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("1 selected")
    page.get_by_role("button", name="Remove", exact=True).focus()
    page.keyboard.press("Enter")
    toast(page, "1 was removed.")
    expect(page.get_by_role("checkbox", name="Select Walter Grün")).to_have_count(0)


def test_the_list_follows_what_is_typed_filtered_and_sorted(alice: Eyes) -> None:
    """R059, R061, R062: without leaving the page, and every state has an address."""
    page = alice.page
    alice.go(WEB)
    page.get_by_role("searchbox", name="Search by name, address or group").fill("interns")
    expect(page.get_by_role("checkbox", name="Select Mia Keller")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Select Ben Carter")).to_have_count(0)
    expect(page.locator("#tabs")).to_contain_text(re.compile(r"Groups\s*1"))
    expect(page.get_by_role("link", name="CSV")).to_have_attribute("href", re.compile(r"q=interns"))
    assert "q=interns" in page.url
    judge(alice, "users-searched", whole=False)
    page.get_by_role("searchbox", name="Search by name, address or group").fill("zzz")
    expect(page.get_by_role("main")).to_contain_text("No one matches “zzz” in People.")
    judge(alice, "users-nobody")
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_role("button", name="Add filter").click()
    page.get_by_text("Permission", exact=True).click()
    page.get_by_role("combobox", name="Permission").select_option(label="Edit")
    judge(alice, "users-filter", whole=False)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("Permission: Edit")
    page.get_by_role("columnheader", name="Last seen").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Last seen")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Remove the filter Permission").click()
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)


def test_a_confirmation_opens_over_the_list_and_esc_closes_it(alice: Eyes) -> None:
    page = alice.page
    alice.go(SHOP)
    menu = page.get_by_role("button", name="Actions for Tom Becker")
    menu.focus()
    page.keyboard.press("Enter")
    judge(alice, "users-menu", whole=False)
    menu.focus()
    if not page.get_by_role("link", name="Remove from Shop").locator("visible=true").count():
        page.keyboard.press("Enter")
    page.get_by_role("link", name="Remove from Shop").locator("visible=true").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tom Becker still has Read & Analyze at Shop through Analysts.")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    assert alice.problems() == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()


def test_people_one_knows_are_suggested_and_strangers_are_told_apart(alice: Eyes) -> None:
    """R042, R043: a suggestion joins what was typed; each address is judged as it stands."""
    page = alice.page
    alice.go(f"{WEB}add/")
    page.get_by_label("E-mail addresses").fill("zoe@elsewhere.example")
    page.get_by_label("Find people you know").fill("tom b")
    page.get_by_role("button", name="Tom Becker").click()
    expect(page.get_by_label("E-mail addresses")).to_have_value("zoe@elsewhere.example, tom.becker@acme.example")
    tick(page, "collaborate").check()
    expect(page.locator("#checked")).to_contain_text("Not known here")
    expect(page.locator("#outlook")).to_contain_text("1 person who is not known here gets an invitation")
    judge(alice, "add-people-several")
    page.get_by_role("button", name="Add 1 and invite 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of each address")
    judge(alice, "people-added")


def test_everything_works_without_a_script(browser: Browser, server: Server) -> None:
    """The same forms, sent whole."""
    page = stranger(browser, server, scripts=False).page
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label("E-mail address").fill("alice@acme.example")
    page.get_by_label("Password").fill(server.demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{server.url}{WEB}add/")
    page.get_by_label("E-mail addresses").fill("ben@acme.example")
    tick(page, "manage_users").check()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#outlook")).to_contain_text("Ben Carter will have Manage Users at Web")
    page.get_by_role("button", name="Add Ben Carter").click()
    expect(page.locator("#toasts")).to_contain_text("Ben Carter was added to Web.")
    page.get_by_role("checkbox", name="Select Ben Carter").check()
    page.get_by_role("button", name="Remove permissions").click()
    tick(page, "manage_users").check()
    page.get_by_role("button", name="See what will happen").click()
    expect(page.locator("#review")).to_contain_text("Manage Users")
    page.get_by_role("button", name="Remove permissions").click()
    expect(page.locator("#toasts")).to_contain_text("Permissions were taken from 1.")
