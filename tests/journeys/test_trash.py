"""Alice deletes a property, finds it in the trash, restores it, and moves it to another account with the access that people have (R020)."""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Browser, expect

from tests.journeys.looking import PHONE, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
APP = "/property/UA-100-2/"


@pytest.fixture(scope="module")
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in in a browser of her own."""
    eyes = opened(browser, server, "alice@acme.example")
    yield eyes
    eyes.page.context.close()


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest, alice: Eyes, server: Server) -> Iterator[str]:
    """Let Alice read in a language, the texts of the test in the same."""
    alice.page.context.add_cookies([{"name": "language", "value": request.param, "url": server.url}])
    with translation.override(request.param):
        yield request.param
    alice.page.context.clear_cookies(name="language")


def people(eyes: Eyes, server: Server) -> str:
    """Return everybody who has access at the property, with what they have, as the list can be downloaded."""
    return eyes.page.request.get(f"{server.url}{APP}users/csv/").text()


def test_r020_a_property_is_deleted_restored_and_moved_with_its_access(alice: Eyes, server: Server, language: str) -> None:
    page, main = alice.page, alice.page.get_by_role("main")
    before = people(alice, server)
    assert "ben@acme.example" in before

    alice.go(APP + "settings/")
    assert alice.problems() == []
    alice.keep("settings-leaving", language)
    alice.go(APP + "delete/")
    expect(page.get_by_role("heading", level=1)).to_have_text(gettext("Delete %(name)s") % {"name": "App"})
    assert alice.problems() == []
    alice.keep("delete", language)
    page.get_by_label(re.compile(re.escape(gettext("Reason")))).fill("A mistake")
    page.locator("#confirm button.btn-danger").click()
    page.wait_for_url(f"{server.url}/trash/")
    expect(main).to_contain_text("App")
    expect(main).to_contain_text("A mistake")
    expect(main).to_contain_text(ngettext("%(count)d day left", "%(count)d days left", 35) % {"count": 35})
    assert alice.problems() == []
    alice.keep("trash", language)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    page.emulate_media(color_scheme="dark")
    assert alice.problems() == []
    alice.keep("trash-phone", language)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same

    page.locator("tr", has_text="UA-100-2").get_by_role("button").click()
    expect(page.get_by_role("status").first).to_contain_text(gettext("%(name)s is back, with all access as it was.") % {"name": "App"})
    assert people(alice, server) == before

    alice.go(APP + "settings/")
    page.get_by_role("link", name=gettext("Move %(name)s") % {"name": "App"}).click()
    alice.settle()
    assert alice.problems() == []
    alice.keep("move", language)
    targets = page.get_by_label(gettext("Move to"))
    there = targets.locator("option").first.get_attribute("value")
    targets.select_option(there)
    page.locator("input[name=way][value=keep]").check()
    page.get_by_role("button", name=gettext("Show who gains and who loses")).click()
    expect(page.locator("#confirm")).to_be_visible()
    assert alice.problems() == []
    alice.keep("move-confirm", language)
    page.locator("#confirm button.btn-danger").click()
    page.wait_for_url(f"{server.url}{APP}users/")
    expect(page.get_by_role("status").first).to_be_visible()
    after = people(alice, server)
    assert "ben@acme.example" in after
    alice.go(f"/admin/google_analytics/?at={there}")
    expect(main).to_contain_text("App")
