"""Every page of the console, looked at in light, in dark and on a phone: accessible, within its policy, no wider than the screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.addresses import NO_PAGES, NUMBERS, PICTURED, VISITS, Visit
from tests.journeys.looking import NARROW, PHONE, SCREENSHOTS, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "console.png"
Somebody = Callable[[str], Eyes]


@pytest.fixture(scope="module")
def somebody(browser: Browser, server: Server) -> Iterator[Somebody]:
    """Return what gives each person one browser for the whole file."""
    known: dict[str, Eyes] = {}

    def eyes(address: str) -> Eyes:
        if address not in known:
            known[address] = opened(browser, server, address)
        return known[address]

    yield eyes
    for one in known.values():
        one.page.context.close()


@pytest.fixture(scope="module")
def numbers(server: Server) -> dict[str, int]:
    """Return the numbers that stand in the addresses."""
    return {name: server.demo.number(*found) for name, found in NUMBERS.items()}


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.title)
def test_a_page_is_fit_to_be_looked_at(visit: Visit, somebody: Somebody, numbers: dict[str, int]) -> None:
    """R-XSS-1: no page loads or runs anything that its policy does not allow; axe finds nothing; 320 pixels are enough."""
    eyes = somebody(visit.by)
    page = eyes.page
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a size
    page.emulate_media(color_scheme="light")
    assert eyes.go(visit.address.format(**numbers)) == visit.status
    found = eyes.look()
    eyes.keep(visit.title, "light")
    page.emulate_media(color_scheme="dark")
    found += eyes.look_in_other_colours()
    eyes.keep(visit.title, "dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the same
    found += eyes.too_wide()
    eyes.keep(visit.title, "phone")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the same
    found += eyes.too_wide()
    assert found == []


def test_the_door_itself_is_fit_to_be_looked_at(browser: Browser, server: Server) -> None:
    eyes = stranger(browser, server)
    eyes.page.emulate_media(color_scheme="dark")
    assert eyes.go("/sign-in/") == 200
    found = eyes.look()
    eyes.keep("sign-in", "dark")
    eyes.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the same
    assert [*found, *eyes.look()] == []
    eyes.page.context.close()


def test_every_page_of_the_table_of_addresses_is_looked_at() -> None:
    from keyholder.interfaces.console.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == {visit.name for visit in VISITS} | NO_PAGES


@pytest.mark.skipif(not SCREENSHOTS, reason="pictures are made where KEYHOLDER_SCREENSHOTS names a folder")
def test_the_picture_of_the_readme_is_taken(somebody: Somebody) -> None:
    eyes = somebody(PICTURED.by)
    eyes.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    eyes.page.emulate_media(color_scheme="light")
    assert eyes.go(PICTURED.address) == 200
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    eyes.page.screenshot(path=PICTURE)
    assert PICTURE.stat().st_size > 10_000
