"""Alice looks after Acme: agrees to a link, notes something, suspends and removes somebody, reads what happened; in two languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import serving
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Demo, Server
from tests.journeys.speaking import LANGUAGES, Tongue

pytestmark = pytest.mark.browser

WHOM = ("Tom Becker", "tom.becker@acme.example")


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


def test_a_link_that_the_other_side_asks_for_is_agreed_to(alice: Eyes, tongue: Tongue) -> None:
    """R083: it waits at home, says what it does, and is there once both sides agree."""
    page, say = alice.page, tongue.say
    title = tongue.count("%(count)d link to an organization to decide", "%(count)d links to organizations to decide", 1)
    expect(page.get_by_role("main")).to_contain_text(title)
    alice.go("/requests/")
    what = say("Link %(account)s to %(organization)s", account="Market stalls", organization="Acme")
    page.get_by_role("link", name=say("Agree: %(what)s", what=what)).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ilze Bērziņa")
    dialog.get_by_role("button", name=say("Agree and link")).click()
    expect(page.locator("#toasts")).to_contain_text(say("The link is there."))
    page.get_by_role("link", name=say("Organizations"), exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Acme", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Market stalls")
    assert alice.problems() == []


def test_somebody_is_noted_suspended_and_removed_and_the_log_tells(alice: Eyes, tongue: Tongue) -> None:
    """R052, R078: everything of the organization's goes at once; the log says so, and not what was noted."""
    page, say, (name, address) = alice.page, tongue.say, WHOM
    page.get_by_role("link", name=say("Organizations"), exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Acme", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=say("People")).first.click()
    page.get_by_role("searchbox").first.fill(address)
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    where = page.url
    page.get_by_label(say("New note")).fill("Leaves in May, tell nobody")
    page.get_by_role("button", name=say("Add the note")).click()
    expect(page.get_by_role("main")).to_contain_text("Leaves in May, tell nobody")
    assert alice.problems() == []
    page.get_by_role("link", name=say("Suspend"), exact=True).click()
    page.get_by_role("main").get_by_role("button", name=say("Suspend %(name)s", name=name)).click()
    page.goto(where)
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("Suspended in the organization"))
    page.get_by_role("link", name=say("Remove"), exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Analysts")
    assert alice.problems() == []
    page.get_by_role("button", name=say("Remove %(name)s", name=name)).click()
    done = say("%(name)s was removed from %(organization)s.", name=name, organization="Acme")
    expect(page.locator("#toasts")).to_contain_text(done)
    alice.go("/activity/?organization=acme")
    expect(page.get_by_role("main")).to_contain_text(name)
    expect(page.get_by_role("main")).not_to_contain_text("tell nobody")
    assert alice.problems() == []
