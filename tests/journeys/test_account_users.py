"""Andris, who administers a hosted account, walks through everything the product's help says, in two languages (S001-08 to S001-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.addresses import ANDRIS
from tests.journeys.looking import Eyes, opened, stranger
from tests.journeys.serving import Server
from tests.journeys.words import GATEWAY, say, speak

pytestmark = pytest.mark.browser
ACCOUNT, USERS = "/host_account/7/", "/host_account/7/users/"
PASSWORD, ANOTHER = "seven quiet herons wait", "eight loud geese arrive"


@dataclass(frozen=True)
class Walk:
    """Andris and Nora, each in a browser, and the language both read."""

    andris: Eyes
    nora: Eyes
    language: str

    @property
    def page(self) -> Page:
        """The page that Andris looks at."""
        return self.andris.page

    @property
    def address(self) -> str:
        """Nora's address, another one in each language."""
        return f"nora.{self.language}@rits.example"

    @property
    def name(self) -> str:
        """What she is called."""
        return f"Nora {self.language}"

    def say(self, text: str) -> str:
        """Return the console's words."""
        return say(self.language, text)

    def own(self, word: str) -> str:
        """Return the product's own word."""
        return GATEWAY.words[word][self.language]

    def role(self, name: str) -> str:
        """Return what a role is called."""
        return GATEWAY.roles[name].labels[self.language]

    def link(self, name: str) -> None:
        """Follow a link of Andris's page."""
        self.page.get_by_role("link", name=name, exact=True).click()
        assert self.andris.problems() == []

    def press(self, name: str) -> None:
        """Press a button of Andris's page."""
        self.page.get_by_role("button", name=name, exact=True).click()
        assert self.andris.problems() == []

    def edit(self, what: str) -> None:
        """Press Edit next to somebody, or in a section."""
        self.link(f"{self.say('Edit')} {what}")

    def open_nora(self) -> None:
        """Find Nora among the users, and press Edit."""
        self.andris.go(f"{USERS}?q=nora.{self.language}")
        self.edit(self.name)

    def shown(self) -> str:
        """Return the path of the link that can be copied."""
        return urlsplit(self.page.locator("input[readonly]").input_value()).path

    def fill(self, label: str, text: str) -> None:
        """Fill a field of Nora's page."""
        self.nora.page.get_by_label(self.say(label), exact=True).fill(text)

    def send(self, label: str) -> None:
        """Press a button of Nora's page."""
        self.nora.page.get_by_role("button", name=self.say(label), exact=True).click()
        self.nora.settle()


@pytest.fixture(params=["en", "ru"])
def walk(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Walk]:
    """Give both a browser."""
    both = Walk(opened(browser, server, ANDRIS), stranger(browser, server), request.param)
    for eyes in (both.andris, both.nora):
        speak(eyes, both.language)
    yield both
    both.nora.page.context.close()
    both.page.context.close()


def test_andris_manages_the_users_of_his_account(walk: Walk) -> None:
    """R095, R096, R101, R103, R112: invite, lost link, role, assigned pixel, password, revoke."""
    first = invite(walk)
    second = generate(walk)
    accept(walk, first, second)
    change_role(walk)
    assign(walk)
    reset_password(walk)
    revoke(walk)


def invite(walk: Walk) -> str:
    """S001-08 to S001-12: Users, Invite a new user, the address, the role, Continue, the link, Done."""
    walk.andris.go(f"{ACCOUNT}settings/")
    walk.link(walk.own("users"))
    walk.link(walk.own("add"))
    walk.page.get_by_label(walk.say("E-mail addresses")).fill(walk.address)
    walk.page.get_by_role("radio", name=walk.role("view_only")).check()
    walk.press(walk.own("continue"))
    expect(walk.page.get_by_role("button", name=walk.say("Copy link"), exact=True)).to_be_visible()
    path = walk.shown()
    walk.link(walk.say("Done"))
    return path


def generate(walk: Walk) -> str:
    """S001-13, S001-14: Edit, Generate invite link, Copy link."""
    walk.andris.go(f"{USERS}invitations/")
    walk.edit(walk.address)
    walk.press(walk.own("new_link"))
    expect(walk.page.get_by_role("button", name=walk.say("Copy link"), exact=True)).to_be_visible()
    path = walk.shown()
    walk.link(walk.say("Done"))
    return path


def accept(walk: Walk, first: str, second: str) -> None:
    """Find the lost link dead; come in as Nora by the new one."""
    assert walk.nora.go(first) == 410
    assert walk.nora.go(second) == 200
    walk.fill("Name", walk.name)
    walk.fill("Password", PASSWORD)
    walk.fill("The same again", PASSWORD)
    walk.send("Accept")
    assert walk.nora.go(f"{ACCOUNT}settings/") == 200


def change_role(walk: Walk) -> None:
    """S001-15: Edit, Access, Edit, the role, Save change."""
    walk.open_nora()
    walk.edit(walk.say("Access"))
    walk.page.get_by_role("radio", name=walk.role("standard")).check()
    walk.press(walk.own("save"))
    expect(walk.page.locator("#listed")).to_contain_text(walk.role("standard"))


def assign(walk: Walk) -> None:
    """Assign a pixel to Nora (reading 22)."""
    walk.open_nora()
    walk.edit(walk.say("Assigned"))
    walk.page.get_by_role("checkbox", name="Pasūtījumi").check()
    walk.press(walk.own("save"))
    expect(walk.page.get_by_role("main")).to_contain_text("Pasūtījumi")


def reset_password(walk: Walk) -> None:
    """S001-16, S001-17: Edit, Password, Reset, the link; with it Nora chooses another one, and is in with that."""
    walk.open_nora()
    walk.link(f"{walk.say('Reset')} {walk.say('Password')}")
    walk.press(walk.say("Make the link"))
    walk.nora.go(walk.shown())
    walk.nora.page.locator("input[name=password]").fill(ANOTHER)
    walk.nora.page.locator("input[name=again]").fill(ANOTHER)
    walk.send("Set the password")
    walk.fill("E-mail address", walk.address)
    walk.fill("Password", ANOTHER)
    walk.send("Sign in")
    assert walk.nora.go(f"{ACCOUNT}settings/") == 200


def revoke(walk: Walk) -> None:
    """S001-18: Edit, Revoke; at once."""
    walk.open_nora()
    walk.page.get_by_role("link", name=walk.own("remove"), exact=True).click()
    walk.press(walk.own("remove"))
    assert walk.nora.go(f"{ACCOUNT}settings/") == 404
