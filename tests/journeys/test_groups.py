"""Groups from the first to the last click, in two languages: made at a view, filled, nested, bound elsewhere, emptied, deleted.

Everything that the administrator's page about groups tells one to do, and an owner who manages nothing else.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import serving
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Demo, Server
from tests.journeys.speaking import LANGUAGES, Tongue

pytestmark = pytest.mark.browser

VIEW, BLOG, STALLS = "/view/1003/users/", "/property/UA-100-3/users/", "/property/UA-300-1/users/group/"
NAME, WHY = "Season team", "Everybody who looks after the season"


@pytest.fixture(scope="module", params=LANGUAGES)
def tongue(request: pytest.FixtureRequest) -> Tongue:
    """Walk every journey of this file in each language."""
    return Tongue(str(request.param))


@pytest.fixture(scope="module")
def server(demo: Demo, tongue: Tongue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a world of its own to each language."""
    folder: Path = tmp_path_factory.mktemp(f"served-{tongue.code}")
    with serving.serving(demo, folder / "keyholder.db") as running:
        yield running


@pytest.fixture
def alice(browser: Browser, server: Server, tongue: Tongue) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example", tongue.code)
    yield eyes
    eyes.page.context.close()


def tick(page: Page, permission: str) -> None:
    """Tick a permission."""
    page.locator(f"input[name=permissions][value={permission}]").check()


def press(page: Page, name: str) -> None:
    """Press the button of this name in the page itself."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def row(page: Page, name: str) -> Locator:
    """Return the row of a list that names somebody or something."""
    return page.get_by_role("row").filter(has_text=name)


def review(page: Page) -> None:
    """Ask who would gain what."""
    page.locator("button[name=step][value=review]").click()


def toast(page: Page, text: str) -> None:
    """Expect a message about what was just done."""
    expect(page.locator("#toasts")).to_contain_text(text)


def looked_at(eyes: Eyes, name: str) -> None:
    """Find nothing wrong with the page, and keep a picture where pictures are asked for."""
    eyes.keep(f"groups-{name}", "light")
    assert eyes.problems() == []


def open_group(eyes: Eyes, tongue: Tongue, name: str) -> None:
    """Find a group by part of its name, and open it (R060)."""
    eyes.go(f"/groups/?q={name.split(maxsplit=1)[0]}")
    eyes.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    expect(eyes.page.get_by_role("heading", level=1)).to_have_text(name)
    eyes.settle()


def make_it_at_a_view(alice: Eyes, tongue: Tongue) -> None:
    """Create a group from the add dialog, with permissions chosen before it takes effect (R065, R067, R068)."""
    page, say = alice.page, tongue.say
    alice.go(VIEW)
    page.get_by_role("link", name=say("Add a group")).first.click()
    page.get_by_role("radio", name=say("A new group")).check()
    page.get_by_label(say("Name of the new group")).fill(NAME)
    page.get_by_label(say("What it is for")).fill(WHY)
    tick(page, "read_analyze")
    review(page)
    expect(page.get_by_role("main")).to_contain_text(say("You own it, and can from then on give others what it has."))
    looked_at(alice, f"bind-{tongue.code}")
    press(page, say("Add the group"))


def fill_it(alice: Eyes, tongue: Tongue) -> None:
    """Add several members by address at once, one of them unknown (R071)."""
    page, say = alice.page, tongue.say
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Add members to %(name)s", name=NAME))
    page.get_by_label(say("E-mail addresses")).fill("Cleo Winter <cleo@acme.example>, ben@acme.example; uma@else.example")
    review(page)
    expect(page.get_by_role("main")).to_contain_text(say("Not known here"))
    looked_at(alice, f"members-add-{tongue.code}")
    press(page, say("Add %(added)d and invite %(invited)d", added=2, invited=1))
    expect(page.locator("input[value*='/invitation/']")).to_be_visible()
    looked_at(alice, f"members-added-{tongue.code}")


def find_it_in_the_lists(alice: Eyes, tongue: Tongue) -> None:
    """Find it in the user list where it was made, and in the organization's (R069, R070)."""
    page = alice.page
    open_group(alice, tongue, NAME)
    expect(page.get_by_role("main")).to_contain_text(WHY)
    for name in ("Cleo Winter", "Ben Carter", "uma@else.example"):
        expect(page.get_by_role("main")).to_contain_text(name)
    looked_at(alice, f"group-{tongue.code}")
    alice.go(f"{VIEW}?tab=groups")
    expect(row(page, NAME)).to_be_visible()
    alice.go(f"{BLOG}?tab=groups")
    expect(row(page, NAME)).to_have_count(0)


def put_a_group_into_it(alice: Eyes, tongue: Tongue) -> None:
    """Put another group into it, and see who is in it through that one (R072, R075)."""
    page, say = alice.page, tongue.say
    open_group(alice, tongue, NAME)
    page.get_by_role("link", name=say("Add members")).click()
    page.get_by_label(say("Group"), exact=True).select_option(label="Interns")
    page.locator("section[aria-labelledby=groups]").get_by_role("button").click()
    press(page, say("Put it into %(outer)s", outer=NAME))
    toast(page, say("%(inner)s is in %(outer)s now.", inner="Interns", outer=NAME))
    page.get_by_role("link", name=say("Everybody"), exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Mia Keller")).to_contain_text(say("through %(groups)s", groups="Interns"))
    looked_at(alice, f"everybody-{tongue.code}")


def put_it_into_a_group(alice: Eyes, tongue: Tongue) -> None:
    """Put it into another group, and take it out again (R073, R077)."""
    page, say = alice.page, tongue.say
    page.get_by_role("link", name=say("Group memberships")).click()
    page.get_by_label(say("Put it into another group")).select_option(label="Marketing")
    press(page, say("See who gains what"))
    press(page, say("Put it into %(outer)s", outer="Marketing"))
    toast(page, say("%(inner)s is in %(outer)s now.", inner=NAME, outer="Marketing"))
    page.get_by_role("link", name=say("Take it out of %(name)s", name="Marketing")).click()
    page.get_by_role("dialog").get_by_role("button", name=say("Remove %(name)s", name=NAME)).click()
    toast(page, say("%(name)s is no longer in %(group)s.", name=NAME, group="Marketing"))


def change_it_at_a_level(alice: Eyes, tongue: Tongue) -> None:
    """Change what it may do at a level, by the pencil there (R076, R079)."""
    page, say = alice.page, tongue.say
    open_group(alice, tongue, NAME)
    page.get_by_role("link", name=say("Access"), exact=True).click()
    expect(page.locator(".tree").first).to_be_visible()
    looked_at(alice, f"access-{tongue.code}")
    page.get_by_role("link", name=say("Change at %(name)s", name="Web"), exact=True).click()
    tick(page, "collaborate")
    expect(page.locator("#review")).to_contain_text("Cleo Winter")
    press(page, say("Save"))
    open_group(alice, tongue, NAME)
    page.get_by_role("link", name=say("Access"), exact=True).click()
    expect(page.locator(".tree-row").filter(has_text="UA-100-1").locator(".chip-local")).to_be_visible()


def add_it_to_a_level(alice: Eyes, tongue: Tongue) -> None:
    """Add it, which is there already, to another level; not without permissions (R075)."""
    page, say = alice.page, tongue.say
    alice.go(BLOG)
    page.get_by_role("link", name=say("Add a group")).first.click()
    page.get_by_role("radio", name=NAME).check()
    review(page)
    expect(page.get_by_role("main").get_by_role("button", name=say("Add the group"), exact=True)).to_have_count(0)
    tick(page, "read_analyze")
    review(page)
    press(page, say("Add the group"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Blog")


def take_somebody_out(alice: Eyes, tongue: Tongue) -> None:
    """Take a member out (R077, R078)."""
    page, say = alice.page, tongue.say
    open_group(alice, tongue, NAME)
    page.get_by_role("link", name=say("Remove %(name)s from the group", name="Ben Carter")).click()
    page.get_by_role("dialog").get_by_role("button", name=say("Remove %(name)s", name="Ben Carter")).click()
    toast(page, say("%(name)s is no longer in %(group)s.", name="Ben Carter", group=NAME))


def delete_it(alice: Eyes, tongue: Tongue) -> None:
    """Delete it, once it is said who loses what (R082)."""
    page, say = alice.page, tongue.say
    page.get_by_role("link", name=say("Delete"), exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Cleo Winter")
    looked_at(alice, f"delete-{tongue.code}")
    dialog.get_by_role("button", name=say("Delete %(name)s", name=NAME)).click()
    toast(page, say("The group %(name)s is deleted.", name=NAME))
    alice.go(f"{VIEW}?tab=groups")
    expect(row(page, NAME)).to_have_count(0)


ACTS = (
    make_it_at_a_view,
    fill_it,
    find_it_in_the_lists,
    put_a_group_into_it,
    put_it_into_a_group,
    change_it_at_a_level,
    add_it_to_a_level,
    take_somebody_out,
    delete_it,
)
"""What is done with a group, in this order."""


def test_a_group_from_its_making_to_its_end(alice: Eyes, tongue: Tongue) -> None:
    """R065, R067, R068, R070, R071, R072, R073, R075, R076, R077, R082: every step of the page about groups, by who manages users."""
    for act in ACTS:
        act(alice, tongue)


def test_without_an_organization_one_is_led_to_it_and_back_with_what_was_typed(alice: Eyes, tongue: Tongue) -> None:
    """R066: the organization is made, the account linked, and the group goes on where it was."""
    page, say = alice.page, tongue.say
    alice.go(f"{STALLS}?group=new&name=Sellers&permissions=edit")
    expect(page.get_by_role("main")).to_contain_text(say("%(name)s belongs to no organization yet.", name="Market stalls"))
    page.get_by_role("radio", name=say("A new organization"), exact=True).check()
    page.get_by_label(say("Name of the new organization")).fill("Stalls together")
    looked_at(alice, f"organization-{tongue.code}")
    press(page, say("Go on"))
    toast(page, say("%(account)s belongs to the organization now. Go on with the group.", account="Market stalls"))
    expect(page.get_by_label(say("Name of the new group"))).to_have_value("Sellers")
    expect(page.locator("input[name=permissions][value=edit]")).to_be_checked()
    review(page)
    press(page, say("Add the group"))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Add members to %(name)s", name="Sellers"))


def test_an_owner_who_manages_nothing_else(alice: Eyes, browser: Browser, server: Server, tongue: Tongue) -> None:
    """R064, R080, R081: Cleo owns a group: she finds it, fills it, and opens nothing else by it; Dan, who is outside, finds nothing."""
    say = tongue.say
    open_group(alice, tongue, "Campaigns")
    alice.page.locator("section[aria-labelledby=owners]").get_by_role("link", name=say("Change")).click()
    alice.page.get_by_label(say("E-mail address")).fill("cleo@acme.example")
    expect(alice.page.get_by_role("main")).to_contain_text(say("What an owner can give others by membership"))
    looked_at(alice, f"owners-{tongue.code}")
    press(alice.page, say("Make an owner"))
    toast(alice.page, say("%(name)s owns the group now.", name="cleo@acme.example"))

    cleo = opened(browser, server, "cleo@acme.example", tongue.code)
    page = cleo.page
    page.get_by_role("link", name=say("Groups"), exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Campaigns", exact=True).first.click()
    page.get_by_role("link", name=say("Add members")).click()
    page.get_by_label(say("E-mail addresses")).fill("helga.braun@acme.example")
    review(page)
    press(page, tongue.count("Add %(count)d person", "Add %(count)d people", 1))
    expect(page.get_by_role("main")).to_contain_text("Helga Braun")
    looked_at(cleo, f"owner-{tongue.code}")
    address = page.url.removeprefix(server.url).partition("?")[0]
    statuses = {where: cleo.go(where) for where in (f"{address}delete/", "/view/1001/users/", "/property/UA-100-1/users/group/")}
    assert statuses == {f"{address}delete/": 403, "/view/1001/users/": 403, "/property/UA-100-1/users/group/": 403}
    page.context.close()

    outside = opened(browser, server, "andris@rits.example", tongue.code)
    assert outside.go(address) == 404
    outside.page.context.close()
