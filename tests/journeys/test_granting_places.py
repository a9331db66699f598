"""At the cinema who manages a container or a stream gives access there and only there; its owner and administrator everywhere (R108)."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import serving
from tests.journeys.looking import Eyes, opened
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser

CINEMA, APPS, SITE = "/resource/cinema/", "/container/apps/", "/container/web/"
MAIN, ANDROID, FUNNELS = "/stream/web-main/", "/stream/android/", "/service/funnels/"
PLACES = (CINEMA, APPS, SITE, MAIN, ANDROID, FUNNELS)
DARIA, IVAN, ANNA = "daria.sokolova", "ivan.petrov", "anna.morozova"
SERGEY, KONSTANTIN = "sergey.volkov", "konstantin.rybakov"
YES, NO, NOT_THERE = 200, 403, 404
MAY = {
    DARIA: (YES, YES, YES, YES, YES, YES),
    IVAN: (YES, YES, YES, YES, YES, YES),
    ANNA: (NO, YES, NOT_THERE, YES, NO, NOT_THERE),
    SERGEY: (NO, NOT_THERE, NOT_THERE, YES, NO, NOT_THERE),
    KONSTANTIN: (NO, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NO),
}
"""The owner, the administrator, who manages a container and who a stream (through a group), and a participant who only looks at a service.

Anna and Sergey are developers, who manage the site's main stream and look at Android.
"""
GIVE = ((DARIA, CINEMA), (IVAN, FUNNELS), (ANNA, APPS), (SERGEY, MAIN))

SignIn = Callable[[str], Eyes]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> Iterator[SignIn]:
    """Return what lets somebody of the cinema sign in, in a browser of their own."""
    found: dict[str, Eyes] = {}

    def eyes_of(name: str) -> Eyes:
        if name not in found:
            address = f"{name}@polaris.example"
            serving.run("user", "password", address, file=server.demo.file, standard_input=server.demo.password)
            found[name] = opened(browser, server, address)
        return found[name]

    yield eyes_of
    for eyes in found.values():
        eyes.page.context.close()


@pytest.mark.parametrize("name", list(MAY))
def test_r108_everybody_opens_what_is_theirs_to_give_and_nothing_else(signed_in: SignIn, name: str) -> None:
    """R108: what may not be given is refused where its name is known, and is not there where nothing of it is."""
    eyes = signed_in(name)
    assert tuple(eyes.go(f"{place}users/add/") for place in PLACES) == MAY[name]


@pytest.mark.parametrize(("name", "place"), GIVE)
def test_r108_each_gives_a_colleague_access_at_their_place(signed_in: SignIn, name: str, place: str) -> None:
    """R108: by the page, and it is told there who has it from whom."""
    eyes, page = signed_in(name), signed_in(name).page
    eyes.go(f"{place}users/add/")
    page.get_by_label("E-mail addresses").fill("lidia.smirnova@polaris.example")
    page.keyboard.press("Tab")
    expect(page.locator("#checked")).to_contain_text("Лидия Смирнова")
    page.locator("input[name=permissions][value=view]").check()
    expect(page.locator("#outlook")).to_contain_text("Лидия Смирнова")
    assert eyes.problems() == []
    page.get_by_role("button", name="Add Лидия Смирнова").click()
    page.wait_for_url(f"{eyes.server.url}{place}users/")
    expect(page.get_by_role("row").filter(has_text="Лидия Смирнова")).to_have_count(1)


def test_r108_who_only_looks_is_told_what_it_needs_and_may_ask(signed_in: SignIn) -> None:
    """R108, R110: Konstantin sees the funnels, and can give them to nobody."""
    eyes = signed_in(KONSTANTIN)
    assert eyes.go(f"{FUNNELS}users/add/") == NO
    expect(eyes.page.get_by_role("main")).to_contain_text('This needs "Manage" at Воронки')
    expect(eyes.page.get_by_role("button", name="Ask for access")).to_be_visible()
    assert eyes.problems() == []


def test_r108_who_manages_a_container_configures_it_and_not_its_neighbour(signed_in: SignIn) -> None:
    """R108: Anna renames her container; of the cinema above she reads the name."""
    eyes = signed_in(ANNA)
    eyes.go(f"{APPS}settings/")
    eyes.page.get_by_role("textbox", name="Name").fill("Приложения и игры")
    eyes.page.get_by_role("button", name="Save").click()
    expect(eyes.page.locator("#toasts")).to_contain_text("The name was changed.")
    assert eyes.go(f"{SITE}settings/") == NOT_THERE
    assert eyes.go(f"{CINEMA}settings/") == YES
    expect(eyes.page.get_by_role("main")).to_contain_text('This needs "Manage" at Полярис Кино')
