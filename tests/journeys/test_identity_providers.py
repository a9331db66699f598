"""Signing in by a provider: an operator sets a certified one up, Alice comes in by it, Zoe learns what went wrong."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.interfaces.oidc import certified
from tests.interfaces.oidc.certified import ALICE, needs_node
from tests.journeys import serving
from tests.journeys.addresses import OPERATOR
from tests.journeys.looking import NARROW, PHONE, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Demo, Server

pytestmark = [pytest.mark.browser, needs_node]
ZOE = {"name": "Zoe", "email": "zoe@elsewhere.example", "email_verified": True}


@dataclass(frozen=True)
class Both:
    """A server, and a provider that sends people back to it."""

    server: Server
    issuer: str


@pytest.fixture(scope="module")
def both(demo: Demo, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Serve the demo and a certified provider, and let an operator make them know of each other."""
    file: Path = tmp_path_factory.mktemp("provided") / "keyholder.db"
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    public = f"http://127.0.0.1:{port}"
    with (
        certified.serving(f"{public}/oidc/mts/callback/", {"alice": ALICE, "zoe": ZOE}) as issuer,
        serving.serving(demo, file, port, PUBLIC_URL=public, SUPPORT_EMAIL="help@acme.example") as server,
    ):
        eyes = opened(browser, server, OPERATOR)
        set_up(eyes, issuer)
        eyes.page.context.close()
        yield Both(server, issuer)


def judge(eyes: Eyes, name: str) -> None:
    """Look at the page in light, in dark and on a small screen, and keep pictures of it."""
    found = eyes.problems()
    eyes.keep(name, "light")
    eyes.page.emulate_media(color_scheme="dark")
    found += eyes.problems()
    eyes.keep(name, "dark")
    eyes.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    eyes.keep(name, "phone")
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the same
    found += eyes.too_wide()
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert found == []


def at_the_provider(page: Page, login: str) -> None:
    """Press the button, and answer the provider's two pages."""
    page.get_by_role("button", name="Sign in with MTS ID").click()
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def set_up(eyes: Eyes, issuer: str) -> None:
    """Set the provider up as an operator does: explained, tested, switched on."""
    page = eyes.page
    eyes.go("/providers/")
    judge(eyes, "providers-none")
    page.get_by_role("link", name="Set MTS ID up").click()
    judge(eyes, "provider-new")
    page.get_by_label("Issuer").fill(issuer)
    page.get_by_label("Client id").fill("keyholder")
    page.get_by_label("Client secret").fill("the-secret-of-the-client")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("MTS ID")
    judge(eyes, "provider")
    page.get_by_role("link", name="Test and switch on").click()
    page.get_by_role("button", name="Test and switch on").click()
    expect(page.get_by_role("status").filter(has_text="MTS ID is on.")).to_be_visible()


def test_an_operator_sees_the_provider_that_was_set_up(browser: Browser, both: Both) -> None:
    """Semantics 7; the pages that ask before it is switched off or removed."""
    eyes = opened(browser, both.server, OPERATOR)
    eyes.go("/providers/")
    expect(eyes.page.get_by_role("region", name="Identity providers")).to_contain_text("MTS ID")
    judge(eyes, "providers")
    for act in ("on", "off", "remove"):
        eyes.go(f"/providers/mts/{act}/")
        judge(eyes, f"provider-{act}")
    eyes.page.context.close()


def test_alice_comes_in_by_the_provider_and_sees_her_link(browser: Browser, both: Both) -> None:
    """R-OIDC-6: in a real browser, under the policy of the pages; and she goes on to where she wanted."""
    eyes = stranger(browser, both.server)
    page = eyes.page
    eyes.go("/sign-in/?next=/me/")
    judge(eyes, "sign-in-provider")
    at_the_provider(page, "alice")
    page.wait_for_url(f"{both.server.url}/me/")
    expect(page.get_by_role("region", name="Identity providers")).to_contain_text("MTS ID")
    eyes.complaints.clear()
    judge(eyes, "me-linked")
    page.get_by_role("button", name="Unlink MTS ID").click()
    expect(page.get_by_role("alert")).to_contain_text("only way in")
    page.context.close()


def test_zoe_learns_what_went_wrong(browser: Browser, both: Both) -> None:
    """R045: as whom she came, that nothing is open for her, whom to ask."""
    eyes = stranger(browser, both.server)
    page = eyes.page
    eyes.go("/sign-in/")
    at_the_provider(page, "zoe")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is open for you here yet")
    expect(page.get_by_role("alert")).to_contain_text("z***@e***.example")
    expect(page.get_by_role("link", name="help@acme.example")).to_be_visible()
    eyes.complaints.clear()
    judge(eyes, "went-wrong")
    page.context.close()
