"""Every page in a language other than English, each in one of them in turn: nothing is wider than a phone, nothing is complained about."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.catalogues import LANGUAGES
from tests.journeys.addresses import NUMBERS, VISITS, Visit
from tests.journeys.looking import NARROW, WIDE, Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
IN_TURN = [(visit, LANGUAGES[place % len(LANGUAGES)]) for place, visit in enumerate(VISITS)]


@pytest.fixture(scope="module")
def browsers(browser: Browser, server: Server) -> Iterator[dict[str, Eyes]]:
    """Return a browser for each person who looks, signed in."""
    known = {address: opened(browser, server, address) for address in sorted({visit.by for visit in VISITS})}
    yield known
    for eyes in known.values():
        eyes.page.context.close()


@pytest.fixture(scope="module")
def numbers(server: Server) -> dict[str, int]:
    """Return the numbers that stand in the addresses."""
    return {name: server.demo.number(*found) for name, found in NUMBERS.items()}


@pytest.mark.parametrize(("visit", "language"), IN_TURN, ids=lambda value: value if isinstance(value, str) else value.title)
def test_a_page_fits_in_another_language(
    visit: Visit, language: str, browsers: dict[str, Eyes], server: Server, numbers: dict[str, int]
) -> None:
    eyes = browsers[visit.by]
    eyes.page.context.add_cookies([{"name": "language", "value": language, "url": server.url}])
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a size
    assert eyes.go(visit.address.format(**numbers)) == visit.status
    assert eyes.page.locator("html").get_attribute("lang") == language
    eyes.keep(visit.title, language)
    found = [*eyes.complaints, *eyes.too_wide()]
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a size
    eyes.keep(visit.title, f"{language}-narrow")
    eyes.complaints.clear()
    assert [*found, *eyes.too_wide()] == []
