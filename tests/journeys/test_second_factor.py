"""A manager forgets her password, and from then on is let in by more than a password."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from keyholder.domain import codes
from keyholder.interfaces.http import clock
from tests.journeys import serving
from tests.journeys.addresses import ALICE
from tests.journeys.looking import Eyes, opened, stranger
from tests.journeys.serving import Demo, Server

pytestmark = pytest.mark.browser

BEN, NEW = "ben@acme.example", "nine loud ravens leave"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def server(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the demo under a name: passkeys belong to names, not to numbers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    address = f"http://localhost:{port}"
    with serving.serving(demo, tmp_path_factory.mktemp("served") / "keyholder.db", port, PUBLIC_URL=address) as running:
        yield replace(running, url=address)


def code(secret: str, later: int = 0) -> str:
    return codes.totp(codes.secret_bytes(secret), codes.step_at(clock.now()) + later)


def look(eyes: Eyes, name: str) -> None:
    """Keep a picture, and expect nothing to be wrong with the page."""
    eyes.keep(name, "light")
    assert eyes.problems() == []


def sign_in(eyes: Eyes) -> None:
    eyes.go("/sign-in/")
    eyes.page.get_by_label("E-mail address").fill(BEN)
    eyes.page.get_by_label("Password").fill(NEW)
    eyes.page.get_by_role("button", name="Sign in").click()


def test_from_a_forgotten_password_to_a_passkey(browser: Browser, server: Server) -> None:
    """R112, R-PWD-1, semantics 7: a link, an authenticator, a recovery code, a passkey beside the password and alone."""
    link = made_by_alice(browser, server)
    ben = stranger(browser, server)
    chooses_a_password(ben, link)
    secret, recovery = sets_an_authenticator_up(ben)
    comes_in_by_codes(ben, secret, recovery)
    sets_a_passkey_up(ben)
    comes_in_by_the_passkey(ben)
    ben.page.context.close()


def made_by_alice(browser: Browser, server: Server) -> str:
    """Let Alice make a link for Ben: edit, password, reset, copy."""
    alice = opened(browser, server, ALICE)
    page = alice.page
    alice.go(f"/account/100/users/{server.demo.number('user', 'canonical', BEN)}/")
    page.get_by_role("link", name="Reset", exact=True).click()
    look(alice, "person-reset-link")
    page.get_by_label("A link to copy and hand over").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Reset link").input_value()
    look(alice, "reset-link-shown")
    page.context.close()
    return link


def chooses_a_password(ben: Eyes, link: str) -> None:
    page = ben.page
    page.goto(link)
    assert page.url == f"{ben.server.url}/reset/choose/"
    look(ben, "reset-choose")
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url(f"{ben.server.url}/sign-in/")
    look(ben, "sign-in")
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    look(ben, "reset-gone")
    ben.go("/reset/")
    look(ben, "reset")
    page.get_by_label("E-mail address").fill(BEN)
    page.get_by_role("button", name="Mail me a link").click()
    look(ben, "reset-asked")


def sets_an_authenticator_up(ben: Eyes) -> tuple[str, list[str]]:
    page = ben.page
    sign_in(ben)
    page.wait_for_url(f"{ben.server.url}/")
    ben.go("/me/factors/authenticator/")
    look(ben, "factor-authenticator")
    secret = page.get_by_label("Key", exact=True).input_value()
    page.get_by_label("What you call it").fill("My telephone")
    page.get_by_label("The code that it shows now").fill(code(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    look(ben, "recovery-codes")
    return secret, re.findall(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", page.content())


def comes_in_by_codes(ben: Eyes, secret: str, recovery: list[str]) -> None:
    """Sign in with a code, then with a recovery code."""
    page = ben.page
    for number, shown in enumerate((code(secret, later=1), recovery[0].lower())):
        page.context.clear_cookies()
        sign_in(ben)
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        look(ben, f"sign-in-second-{number}")
        page.get_by_label("Code").fill(shown)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{ben.server.url}/")


def sets_a_passkey_up(ben: Eyes) -> None:
    page = ben.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    ben.go("/me/factors/passkey/")
    look(ben, "factor-passkey")
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(f"{ben.server.url}/me/")
    expect(page.get_by_text("My laptop", exact=True)).to_be_visible()
    look(ben, "me-with-factors")
    page.set_viewport_size({"width": 390, "height": 844})
    look(ben, "me-with-factors-phone")
    page.set_viewport_size({"width": 1400, "height": 900})


def comes_in_by_the_passkey(ben: Eyes) -> None:
    """Beside the password, then alone, then once more before something dangerous."""
    page = ben.page
    page.context.clear_cookies()
    sign_in(ben)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    look(ben, "sign-in-second-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{ben.server.url}/")
    page.context.clear_cookies()
    ben.go("/sign-in/")
    page.get_by_role("link", name="Sign in with a passkey").click()
    look(ben, "sign-in-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{ben.server.url}/")
    ben.go("/me/prove/")
    look(ben, "prove")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{ben.server.url}/")
