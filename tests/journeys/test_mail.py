"""An operator sets the mail up and tries it; then Alice adds Cleo and has her told, and the server's own worker sends it."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, expect

from tests.interfaces.jobs.sink import Sink, free_port, sinking
from tests.journeys.addresses import ALICE, OPERATOR
from tests.journeys.looking import NARROW, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
PATIENCE = 20.0
"""Seconds in which a mail arrives."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run a mail server."""
    with sinking() as sink:
        yield sink


def judge(eyes: Eyes, name: str) -> None:
    """Look at the page on a wide and on a very small screen, and keep a picture where they are asked for."""
    found = eyes.problems()
    eyes.keep(name, "light")
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a size
    found += eyes.problems()
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    assert found == []


def arrived(sink: Sink, number: int) -> None:
    """Wait until so many mails were taken."""
    begun = monotonic()
    while len(sink.taken) < number:
        assert monotonic() - begun < PATIENCE, sink.recipients
        sleep(0.05)


def set_up(operator: Eyes, port: int) -> None:
    """Give a mail server on this machine."""
    page = operator.page
    operator.go("/settings/mail/")
    page.get_by_label("Server address").fill("127.0.0.1")
    page.get_by_label("Port", exact=True).fill(str(port))
    page.get_by_label("None: only to a server on this machine").check()
    page.get_by_label("Sender address").fill("keyholder@acme.example")
    page.get_by_role("button", name="Save the mail server").click()
    expect(page.locator("#toasts")).to_contain_text("The mail server was saved.")


def add(manager: Eyes, address: str, permission: str) -> None:
    """Add somebody to a view and have them told."""
    page = manager.page
    manager.go("/view/1003/users/add/")
    page.get_by_label("E-mail addresses").fill(address)
    page.locator(f"input[name=permissions][value={permission}]").check()
    page.get_by_label("Notify by e-mail").check()
    page.get_by_role("button", name="Add ", exact=False).click()
    page.wait_for_url("**/users/")


@pytest.fixture
def operator(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let the operator sign in."""
    eyes = opened(browser, server, OPERATOR)
    yield eyes
    eyes.page.context.close()


@pytest.fixture
def alice(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let Alice sign in."""
    eyes = opened(browser, server, ALICE)
    yield eyes
    eyes.page.context.close()


def test_a_mail_server_is_set_up_and_tried(operator: Eyes, sink: Sink) -> None:
    """What goes wrong is said in words, and what goes right arrives."""
    page = operator.page
    set_up(operator, free_port())
    page.get_by_role("button", name="Send test mail").click()
    expect(page.get_by_role("alert")).to_contain_text("The mail server can't be reached: Connection refused.")
    judge(operator, "mail-unreachable")
    set_up(operator, sink.port)
    page.get_by_role("button", name="Send test mail").click()
    expect(page.locator("#toasts")).to_contain_text(f"The mail server took a test mail to {OPERATOR}.")
    arrived(sink, 1)


def test_r045_cleo_is_told_by_the_servers_own_worker(operator: Eyes, alice: Eyes, sink: Sink, tmp_path: Path) -> None:
    """R045: and she can read it."""
    set_up(operator, sink.port)
    add(alice, "cleo@acme.example", "edit")
    arrived(sink, 1)
    assert sink.recipients == ["cleo@acme.example"]
    body = sink.mails[0].get_body(("html",))
    assert body is not None
    (tmp_path / "mail.html").write_text(str(body.get_content()), encoding="utf-8")
    alice.page.goto((tmp_path / "mail.html").as_uri())
    expect(alice.page.locator("body")).to_contain_text("Alice Martin gave you access to Checkout")
    assert alice.page.get_by_role("link").get_attribute("href") == "http://127.0.0.1:8000/admin/google_analytics/?at=view:1003"
    alice.keep("mail-access-given", "light")


def test_what_was_given_up_is_shown_and_discarded(operator: Eyes, alice: Eyes, sink: Sink) -> None:
    """The server's words stand beside the letter."""
    set_up(operator, sink.port)
    sink.answers["ben@acme.example"] = "550 no such mailbox"
    add(alice, "ben@acme.example", "manage_users")
    row = operator.page.get_by_role("row").filter(has_text="ben@acme.example")
    begun = monotonic()
    while monotonic() - begun < PATIENCE and not row.count():
        operator.go("/settings/mail/outbox/?state=dead")
    expect(row).to_contain_text("The mail server refused the recipient: 550 no such mailbox.")
    judge(operator, "mail-outbox-dead")
    row.get_by_role("checkbox").check()
    operator.page.get_by_role("button", name="Discard").click()
    expect(operator.page.locator("main")).to_contain_text("No letter was given up.")
