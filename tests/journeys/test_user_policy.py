"""Alice enforces a user policy while people are outside it: she sees who first, and then removes them together (R085 to R088).

The same in two languages: what is clicked is found by what it does, what is read by the catalogue.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Browser, Page, expect

from tests.journeys import serving
from tests.journeys.looking import NARROW, PHONE, WIDE, Eyes, opened
from tests.journeys.serving import Demo, Server

pytestmark = pytest.mark.browser

POLICY, PEOPLE, SHOP = "/organizations/1/policy/", "/organizations/1/people/?kind=outside", "/account/100/users/"
LANGUAGES = ("en", "ru")
UNTURNED = "Transition was aborted because of invalid state"
"""What the browser says of a page that follows a form's answer, or of one that is looked at in another size meanwhile."""


@pytest.fixture
def server(demo: Demo, tmp_path: Path) -> Iterator[Server]:
    """Serve the demo to one journey alone: what is enforced and removed is so for good."""
    with serving.serving(demo, tmp_path / "keyholder.db") as running:
        yield running


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Read in one language after the other."""
    with override(request.param):
        yield request.param


@pytest.fixture
def alice(browser: Browser, server: Server, language: str) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own, and choose her language."""
    eyes = opened(browser, server, "alice@acme.example")
    eyes.go("/me/")
    eyes.page.locator("#id_language").select_option(language)
    eyes.page.locator("form", has=eyes.page.locator("#id_language")).get_by_role("button").click()
    expect(eyes.page.locator("html")).to_have_attribute("lang", language)
    eyes.settle()
    yield eyes
    eyes.page.context.close()


def judge(eyes: Eyes, name: str) -> None:
    """Look at the page in light, in dark, on a phone and on a very small screen, and keep pictures where they are asked for."""
    eyes.settle()
    found = eyes.look()
    eyes.keep(name, "light")
    eyes.page.emulate_media(color_scheme="dark")
    found += eyes.look()
    eyes.keep(name, "dark")
    for mode, size in (("phone", PHONE), ("narrow", NARROW)):
        eyes.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
        found += eyes.look()
        eyes.keep(name, mode)
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert [one for one in found if UNTURNED not in one] == []


def would_be(count: int) -> str:
    """Say how many people would be outside."""
    return ngettext("%(shown)s person would be outside.", "%(shown)s people would be outside.", count) % {"shown": count}


def invited(count: int) -> str:
    """Say how many invitations would be."""
    one, many = "%(shown)s open invitation would be outside.", "%(shown)s open invitations would be outside."
    return ngettext(one, many, count) % {"shown": count}


def violators(page: Page) -> int:
    """Return how many people the review names."""
    return page.locator("#review .changes li").count()


def test_r087_r088_a_policy_is_enforced_and_who_is_outside_removed_together(alice: Eyes, language: str) -> None:
    """The numbers follow the typing; nothing is saved before they were shown; marked, filtered, removed in bulk; nobody new comes in."""
    page = alice.page

    alice.go("/account/100/users/add/")
    page.locator("[name=addresses]").fill("paul@survey.example\nstefan@freelance.example\neve@far.example")
    page.keyboard.press("Tab")
    expect(page.locator("#checked")).to_contain_text("far.example")
    page.locator("input[name=permissions][value=read_analyze]").check()
    page.locator("#add button[name=step][value=add]").click()
    alice.settle()

    alice.go(POLICY)
    page.locator("input[name=mode][value=enforced]").check()
    page.locator("[name=allowed_addresses]").fill("")
    review = page.locator("#review")
    expect(review.locator(".changes li")).to_have_count(2)
    alice.settle()
    before = violators(page)
    assert before > 1
    expect(review).to_contain_text(would_be(before))
    expect(review).to_contain_text(invited(2))
    page.locator("[name=allowed_domains]").fill("acme.example\nfar.example")
    expect(review).to_contain_text(invited(1))
    alice.settle()
    page.locator("[name=allowed_domains]").fill("acme.example")
    expect(review).to_contain_text(invited(2))
    alice.settle()
    judge(alice, f"policy-{language}")
    page.locator("button[name=step][value=save]").click()

    page.wait_for_url("**/people/?kind=outside")
    expect(page.locator("#toasts")).to_contain_text(
        ngettext("The policy holds now. %(count)d person is outside it.", "The policy holds now. %(count)d people are outside it.", before)
        % {"count": before}
    )
    judge(alice, f"policy-people-{language}")
    page.locator("a[href='/account/100/users/?outside=yes']").click()
    page.wait_for_url("**/account/100/users/?outside=yes")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(gettext("Outside the policy"))
    judge(alice, f"policy-outside-{language}")
    page.locator("[data-tick-all]").check()
    page.locator("button[name=act][value=remove]").click()
    alice.settle()
    judge(alice, f"policy-removing-{language}")
    page.locator("button[name=step][value=do]").click()
    page.wait_for_url("**/account/100/users/?outside=yes")
    alice.settle()
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(0)

    alice.go("/account/100/users/add/")
    page.locator("[name=addresses]").fill("zed@far.example")
    page.keyboard.press("Tab")
    expect(page.locator("#checked")).to_contain_text("far.example")
    judge(alice, f"policy-refused-{language}")
