"""Home: what waits, and the way to one's own accounts."""

from datetime import timedelta

import pytest

from keyholder.domain.windows import Window
from keyholder.services.commands import bindings
from tests.cast import OPERATOR, Cast, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.fixture
def soon() -> Window:
    """Return a window that ends within a fortnight from now, as the server's clock has it."""
    from keyholder.interfaces.http import clock

    return Window(ends_at=clock.now() + timedelta(days=3, hours=1))


def test_alice_is_told_what_waits_for_her(cast: Cast, signed_in: SignedIn, soon: Window) -> None:
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"], window=soon)
    page = text(signed_in(cast.alice).get("/"))
    assert "Hello, Alice 2 things wait for you." in page
    assert "Shop has only one manager If they leave, nobody can change access there. Add a second" in page
    assert "Access of Ben to All data ends in 3 days Edit Look" in page
    assert "A second manager" in page


def test_cleo_has_nothing_to_look_after_and_finds_her_account(cast: Cast, signed_in: SignedIn) -> None:
    page = text(signed_in(cast.cleo).get("/"))
    assert "Nothing waits for you." in page
    assert "All is in order." in page
    assert "Google Analytics Shop 100" in page
    assert "Short of managers" not in page
    assert "First steps" not in page


def test_dan_is_told_how_to_get_in(cast: Cast, signed_in: SignedIn) -> None:
    assert "You have no access yet. Ask a manager of the account you need" in text(signed_in(cast.dan).get("/"))


def test_what_happened_lately_is_what_was_done_not_who_came_in(cast: Cast, signed_in: SignedIn) -> None:
    happened = [row.sentence for row in signed_in(cast.alice).get("/").context["happenings"]]
    assert happened[0] == "Alice gave Analysts Collaborate at Web."
    assert not any("signed in" in sentence for sentence in happened)


def test_the_page_asks_as_much_for_many_accounts_as_for_one(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    few = queries(lambda: browser.get("/"))
    for number in range(12):
        resource(cast.alice, "account", f"2{number}", f"Kiosk {number}")
    assert queries(lambda: browser.get("/")) == few
    assert "All 13" in text(browser.get("/"))
