"""Speaking a language: what a page says by the catalogue, so that one journey is walked in several languages."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.looking import WIDE, Eyes
from tests.journeys.serving import Server

LANGUAGES = ("en", "ru")
"""A journey that is walked in both is walked in a language of two plural forms and in one of more."""


@dataclass(frozen=True)
class Tongue:
    """One language of the console."""

    code: str

    def say(self, text: str, **names: object) -> str:
        """Return what the console says, with these names in it."""
        with override(self.code):
            found = gettext(text)
        return found % names if names else found

    def count(self, one: str, many: str, count: int, **names: object) -> str:
        """Return what the console says of so many."""
        with override(self.code):
            found = ngettext(one, many, count)
        return found % {"count": count, **names}


def opened(browser: Browser, server: Server, address: str, tongue: Tongue) -> Eyes:
    """Open a browser that asks for a language, and sign somebody in."""
    context: BrowserContext = browser.new_context(
        viewport=WIDE,  # type: ignore[arg-type]  # a size
        color_scheme="light",
        locale=tongue.code,
        timezone_id="Europe/Riga",
    )
    context.set_default_timeout(60_000)
    eyes = Eyes(context.new_page(), server)
    eyes.page.on("console", eyes.note)
    eyes.page.on("pageerror", lambda error: eyes.complaints.append(str(error)))
    eyes.go("/sign-in/")
    eyes.page.get_by_label(tongue.say("E-mail address")).fill(address)
    eyes.page.get_by_label(tongue.say("Password"), exact=True).fill(server.demo.password)
    eyes.page.get_by_role("button", name=tongue.say("Sign in"), exact=True).click()
    eyes.page.wait_for_url(f"{server.url}/")
    eyes.settle()
    return eyes
