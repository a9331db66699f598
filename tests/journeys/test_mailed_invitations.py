"""Getting in by mail: the operator sets it up, Alice adds an unknown address, the letter arrives, and its link proves the mailbox."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.interfaces.jobs.sink import Sink, sinking
from tests.journeys.addresses import ALICE, OPERATOR
from tests.journeys.looking import NARROW, PHONE, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Server
from tests.journeys.test_invitations import judge
from tests.journeys.test_mail import arrived, set_up

pytestmark = pytest.mark.browser
USERS = "/account/100/users/"
ZOE = "zoe@studio.example"
PASSWORD = "seven quiet herons wait"  # what a person of a test chooses


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run a mail server."""
    with sinking() as sink:
        yield sink


def mailed(sink: Sink, number: int) -> tuple[str, str, str]:
    """Return to whom a mail went, its text and its HTML."""
    arrived(sink, number)
    mail = sink.mails[number - 1]
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    return sink.recipients[number - 1], str(text.get_content()), str(page.get_content())


def test_r102_a_letter_lets_zoe_in_and_its_link_is_of_no_use_to_ivo(browser: Browser, server: Server, sink: Sink, tmp_path: Path) -> None:
    """R106, R110: who comes second is told so, and asks; Alice finds it among what waits for her."""
    operator = opened(browser, server, OPERATOR)
    set_up(operator, sink.port)
    operator.page.get_by_role("button", name="Send test mail").click()
    assert mailed(sink, 1)[0] == OPERATOR
    operator.page.context.close()

    alice = opened(browser, server, ALICE)
    invite(alice)
    recipient, text, page = mailed(sink, 2)
    assert recipient == ZOE
    assert "Alice Martin (alice@acme.example) invites you to Shop" in text
    read(alice, page, tmp_path)
    path = re.search(r"/invitation/\S+/", text)
    assert path

    zoe = stranger(browser, server)
    assert zoe.go(path[0]) == 200
    accept(zoe)
    recipient, text, _page = mailed(sink, 3)
    assert recipient == ALICE
    assert f"{ZOE} accepted the invitation to Shop" in text
    alice.go(f"{USERS}?q=zoe")
    listed = alice.page.locator("#listed")
    expect(listed).to_contain_text("Zoe Novak")
    expect(listed).not_to_contain_text("Address unproven")
    zoe.page.context.close()

    ivo = stranger(browser, server)
    assert ivo.go(path[0]) == 410
    expect(ivo.page.get_by_role("heading", level=1)).to_have_text("The link was used already")
    judge(ivo, "invitation-used")
    ivo.page.get_by_label("Your e-mail address").fill("ivo@studio.example")
    ivo.page.get_by_role("button", name="Ask for a new invitation").click()
    expect(ivo.page.get_by_role("heading", level=1)).to_have_text("If this exists, those who manage it have been asked")
    ivo.page.context.close()
    assert mailed(sink, 4)[0] == ALICE
    alice.go("/requests/")
    expect(alice.page.locator("main")).to_contain_text("The link was used already. I ask for a new invitation.")
    alice.page.context.close()


def invite(alice: Eyes) -> None:
    """Let Alice add an address that nobody knows here."""
    page = alice.page
    alice.go(f"{USERS}add/")
    page.get_by_label("E-mail addresses").fill(ZOE)
    page.locator("#add input[value='edit']").check()
    page.get_by_label("Message").fill("Welcome aboard!\nWe meet on Monday.")
    page.get_by_role("button", name=f"Invite {ZOE}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of each address")
    judge(alice, "invite-mailed")


def read(eyes: Eyes, html: str, folder: Path) -> None:
    """Look at a letter as a mail client shows it."""
    (folder / "mail.html").write_text(html, encoding="utf-8")
    eyes.page.goto((folder / "mail.html").as_uri())
    expect(eyes.page.locator("blockquote")).to_contain_text("Welcome aboard!")
    expect(eyes.page.get_by_role("link")).to_have_count(1)
    for size, name in ((WIDE, "light"), (PHONE, "phone"), (NARROW, "narrow")):
        eyes.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
        assert eyes.look() == []
        eyes.keep("mail-invitation", name)
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same


def accept(zoe: Eyes) -> None:
    """Choose a name and a password, and be in."""
    page = zoe.page
    judge(zoe, "invitation-mailed")
    page.get_by_label("Name").fill("Zoe Novak")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in")
