"""Looking at a page as somebody who judges it: accessible, within its policy, no wider than the window."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.journeys.serving import Server

SCREENSHOTS = os.environ.get("KEYHOLDER_SCREENSHOTS", "")
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
AXE = Axe().axe_script
VIOLATIONS = "async (options) => (await axe.run(options)).violations"
WRONG = {"resultTypes": ["violations"], "preload": False}
"""Of axe, what is wrong: writing down all that is right as well takes it three times as long."""
COLOURS = {**WRONG, "runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules of axe that another set of colours can break."""
STILL = """async () => {
  const wait = (limit) => new Promise((resolve) => setTimeout(resolve, limit));
  await Promise.race([document.fonts.ready, wait(5000)]);
  for (let round = 0; round < 200; round++) {
    const moving = document.getAnimations().filter((animation) => animation.playState !== "finished");
    if (!moving.length) return "";
    for (const animation of moving) {
      try { animation.finish(); } catch { animation.cancel(); }
    }
    await Promise.race([new Promise(requestAnimationFrame), wait(50)]);
  }
  return document.getAnimations().map((animation) => animation.effect?.target?.outerHTML.slice(0, 200)).join();
}"""
"""Brings whatever moves to its end, again while that sets something else in motion, and returns what moves on nevertheless.

Nothing here waits for ever: a browser without a screen may draw no frame for a long time, and what turns while somebody waits has no end.
"""
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4|htmx:(afterRequest|sendAbort), ")
"""What is said of a page that refuses, whose status is looked at by itself, and of a question that a newer one took the place of."""


@dataclass
class Eyes:
    """One page with what its browser complained about."""

    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str) -> int:
        """Open an address and return its status."""
        answer = self.page.goto(self.server.url + address)
        self.stand_still()
        return answer.status if answer else 0

    def settle(self) -> None:
        """Wait until nothing more is asked for, half a second long, and the page stands still: after typing, which asks a little later."""
        self.page.wait_for_load_state("networkidle")
        self.stand_still()

    def stand_still(self) -> None:
        """Wait for the font, and bring whatever moves, or begins to by that, to its end."""
        moving = self.page.evaluate(STILL)
        assert not moving, moving

    def problems(self) -> list[str]:
        """Return everything that is wrong with the page once it has settled."""
        self.settle()
        return self.look()

    def look(self) -> list[str]:
        """Return everything that is wrong with a page that was settled before: by axe, by the browser, by its width."""
        return self._seen(*self.too_wide(), *self.inaccessible())

    def look_in_other_colours(self) -> list[str]:
        """Return what is wrong with a page that was looked at before and now has other colours: only what colours can change."""
        return self._seen(*self.inaccessible(COLOURS))

    def _seen(self, *problems: str) -> list[str]:
        found = [*self.complaints, *problems]
        self.complaints.clear()
        return [f"{self.page.url}: {problem}" for problem in found]

    def too_wide(self) -> list[str]:
        """Say whether the page scrolls sideways."""
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"scrolls sideways by {over} pixels"] if over > 0 else []

    def inaccessible(self, options: Mapping[str, object] = WRONG) -> list[str]:
        """Return what axe finds, once everything stands still."""
        self.stand_still()
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE)
        violations: list[dict[str, Any]] = self.page.evaluate(VIOLATIONS, dict(options))
        return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]}" for v in violations]

    def keep(self, name: str, mode: str, *, whole: bool = True) -> None:
        """Write a picture where pictures are asked for."""
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}-{mode}.png", full_page=whole)

    def note(self, message: ConsoleMessage) -> None:
        """Note what the browser complains about."""
        if message.type in {"error", "warning"} and not EXPECTED.match(message.text):
            self.complaints.append(message.text)

    def fault(self, error: object) -> None:
        """Note what goes wrong on the page; a move from page to page that a slow browser gives up harms nobody."""
        if "ViewTransition" not in str(error):
            self.complaints.append(str(error))


def opened(browser: Browser, server: Server, address: str, language: str = "en-GB") -> Eyes:
    """Open a browser of somebody's own, who is signed in and sees their home."""
    eyes = stranger(browser, server, language)
    sign_in(eyes.page.context, address, server.demo.password)
    assert eyes.go("/") == 200
    return eyes


def stranger(browser: Browser, server: Server, language: str = "en-GB", *, scripts: bool = True) -> Eyes:
    """Open a browser in which nobody is signed in, and which may be one that runs no scripts."""
    context: BrowserContext = browser.new_context(
        viewport=WIDE,  # type: ignore[arg-type]  # a size
        color_scheme="light",
        reduced_motion="reduce",
        locale=language,
        timezone_id="Europe/Riga",
        base_url=server.url,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(60_000)
    eyes = Eyes(context.new_page(), server)
    eyes.page.on("console", eyes.note)
    eyes.page.on("pageerror", eyes.fault)
    return eyes


def sign_in(context: BrowserContext, address: str, password: str) -> None:
    """Sign somebody in as the form does, without looking at it."""
    form = context.request.get("/sign-in/").text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    given = {"csrfmiddlewaretoken": token[1], "address": address, "password": password}
    answer = context.request.post("/sign-in/", form=given, headers={"Referer": "/sign-in/"}, max_redirects=0)
    assert answer.status == 302, answer.text()
