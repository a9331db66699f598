"""An operator makes an account for somebody who is not here yet; from their first click on it is theirs (semantics 4, R107)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import serving
from tests.journeys.looking import PHONE, WIDE, Eyes, opened, stranger
from tests.journeys.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def operator(browser: Browser, server: Server) -> Iterator[Eyes]:
    """Let an operator sign in who has nothing to do with the demo."""
    serving.run("user", "create", "olga@works.example", "--name", "Olga Works", "--operator", file=server.demo.file)
    serving.run("user", "password", "olga@works.example", file=server.demo.file, standard_input=server.demo.password)
    eyes = opened(browser, server, "olga@works.example")
    yield eyes
    eyes.page.context.close()


def test_the_account_awaits_ivo_until_he_accepts(operator: Eyes, browser: Browser, server: Server) -> None:
    """Olga is shown his link once, and holds nothing there; Ivo manages it as soon as he is in."""
    page = operator.page
    operator.go("/admin/google_analytics/new/")
    page.get_by_label("Name").fill("Kiosk")
    page.get_by_label("Id", exact=True).fill("9001")
    page.get_by_label("Administrator").fill("ivo@kiosk.example")
    operator.keep("account-new", "light")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiosk was created and awaits its administrator")
    operator.settle()
    found = operator.look()
    operator.keep("manager-invited", "light")
    page.emulate_media(color_scheme="dark")
    found += operator.look()
    operator.keep("manager-invited", "dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    found += operator.look()
    operator.keep("manager-invited", "phone")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the same
    assert found == []
    link = page.get_by_label("Link of the invitation").input_value()
    page.get_by_role("link", name="Done").click()
    operator.go("/")
    expect(page.get_by_role("main")).to_contain_text("Kiosk")

    ivo = stranger(browser, server)
    ivo.go(link[link.index("/invitation/") :])
    ivo.page.get_by_label("Name").fill("Ivo Kalns")
    ivo.page.get_by_label("Password", exact=True).fill("three quiet harbours at dawn")
    ivo.page.get_by_label("The same again").fill("three quiet harbours at dawn")
    ivo.page.get_by_role("button", name="Accept").click()
    expect(ivo.page.get_by_role("heading", level=1)).to_contain_text("You are in")
    assert ivo.go("/account/9001/users/") == 200
    assert operator.go("/account/9001/users/") == 404
    ivo.page.context.close()
