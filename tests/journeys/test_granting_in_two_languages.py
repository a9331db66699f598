"""Who grants at the cinema, in two languages: invites, with and without permissions, sends again; what others are told (S000)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import serving
from tests.journeys.addresses import DARIA
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Server
from tests.journeys.words import MTS, say, speak

pytestmark = pytest.mark.browser
ANNA = "anna.morozova@polaris.example"
"""Manages the container of the apps."""
KONSTANTIN = "konstantin.rybakov@polaris.example"
"""Looks at one service."""
APPS = "/container/apps/users/"


@dataclass(frozen=True)
class Grantor:
    """Somebody in a browser, and the language they read."""

    eyes: Eyes
    language: str

    @property
    def page(self) -> Page:
        """The page that they look at."""
        return self.eyes.page

    def say(self, text: str, **names: object) -> str:
        """Return the console's words."""
        return say(self.language, text, **names)

    def invite(self, address: str, permission: str = "") -> str:
        """Invite an address to the container, and return the path of its link."""
        self.eyes.go(f"{APPS}add/")
        self.page.get_by_label(self.say("E-mail addresses")).fill(address)
        if permission:
            self.page.locator(f"input[name=permissions][value={permission}]").check()
        else:
            self.page.get_by_label(self.say("Invite without permissions for now")).check()
            expect(self.page.locator("#outlook")).to_contain_text(self.say("They will have no permissions until somebody gives them some."))
        self.page.get_by_role("button", name=self.say("Invite %(address)s", address=address), exact=True).click()
        assert self.eyes.problems() == []
        return self.link()

    def link(self) -> str:
        """Return the path of the link that can be copied."""
        return urlsplit(self.page.locator("input[readonly]").input_value()).path


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    """Return a language."""
    return str(request.param)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> Iterator[dict[str, Eyes]]:
    """Let Anna, Daria and Konstantin sign in."""
    for address in (ANNA, KONSTANTIN):
        serving.run("user", "password", address, file=server.demo.file, standard_input=server.demo.password)
    found = {address: opened(browser, server, address) for address in (ANNA, DARIA, KONSTANTIN)}
    yield found
    for eyes in found.values():
        eyes.page.context.close()


def grantor(signed_in: dict[str, Eyes], address: str, language: str) -> Grantor:
    """Return somebody who reads a language."""
    speak(signed_in[address], language)
    return Grantor(signed_in[address], language)


def test_r108_anna_invites_to_her_container_and_sends_it_again(signed_in: dict[str, Eyes], language: str) -> None:
    """S000-14 to S000-19, S000-23: the older link is dead."""
    anna, address = grantor(signed_in, ANNA, language), f"gleb.{language}@studio.example"
    first = anna.invite(address, "view")
    anna.eyes.go(f"{APPS}invitations/")
    anna.page.get_by_role("link", name=f"{anna.say('Edit')} {address}", exact=True).click()
    expect(anna.page.get_by_role("main")).to_contain_text(MTS.permissions["view"].labels[language])
    assert anna.eyes.problems() == []
    anna.page.get_by_role("button", name=anna.say("Send again"), exact=True).click()
    second = anna.link()
    assert anna.eyes.problems() == []
    assert (anna.eyes.go(first), first == second) == (410, False)


def test_r109_anna_invites_somebody_whose_permissions_come_later_and_is_warned(signed_in: dict[str, Eyes], language: str) -> None:
    """S000-22a, reading 33."""
    anna, address = grantor(signed_in, ANNA, language), f"bare.{language}@studio.example"
    anna.invite(address)
    anna.eyes.go(f"{APPS}invitations/")
    row = anna.page.get_by_role("row").filter(has_text=address)
    expect(row).to_contain_text(anna.say("No permissions yet"))


@pytest.mark.parametrize("place", ["/container/web/", "/stream/android/", "/service/audience/", "/report/evenings/"])
def test_r110_what_is_unavailable_leads_to_what_went_wrong(signed_in: dict[str, Eyes], language: str, place: str) -> None:
    """S000-21 to S000-23: container, stream, section and report."""
    konstantin = grantor(signed_in, KONSTANTIN, language)
    assert konstantin.eyes.go(f"{place}settings/") == 404
    assert konstantin.eyes.problems() == []
    konstantin.page.get_by_role("link", name=konstantin.say("What may have gone wrong")).click()
    konstantin.eyes.settle()
    assert urlsplit(konstantin.page.url).path == "/what-went-wrong/"
    assert konstantin.eyes.problems() == []


def test_daria_hands_the_cinema_over_to_who_accepts_it(signed_in: dict[str, Eyes], language: str) -> None:
    """One owner or more: she owns it until then, and cannot step down."""
    daria = grantor(signed_in, DARIA, language)
    daria.eyes.go("/resource/cinema/settings/")
    expect(daria.page.get_by_role("heading", name=MTS.roles["owner"].labels[language])).to_be_visible()
    daria.page.get_by_role("link", name=daria.say("Hand over"), exact=True).click()
    daria.page.get_by_label(daria.say("E-mail address")).fill(KONSTANTIN)
    daria.page.get_by_role("button", name=daria.say("Invite them to take it over"), exact=True).click()
    assert daria.eyes.problems() == []
    assert daria.link().startswith("/invitation/")
    daria.eyes.go("/resource/cinema/settings/")
    expect(daria.page.get_by_role("link", name=daria.say("Step down"), exact=True)).to_have_count(0)
