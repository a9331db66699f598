"""Search: the palette and its page find what exists for the reader."""

import pytest

from keyholder.services.commands import trashing
from tests.cast import Cast, caller
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def found(answer: object) -> dict[str, list[str]]:
    return {kind.label: [hit.label for hit in kind.hits] for kind in answer.context["sections"]}  # type: ignore[attr-defined]  # the client's answer


def test_r060_people_groups_resources_and_pages_are_found_by_part_of_a_name(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert found(browser.get("/search/?q=AN")) == {
        "Groups": ["Analysts"],
        "Pages": ["Google Analytics", "MTS Analytics", "Organizations"],
    }
    assert found(browser.get("/search/?q=ben@acme")) == {"People": ["Ben"]}
    assert found(browser.get("/search/?q=ua-100")) == {"Resources": ["Web"]}
    assert 'href="/admin/google_analytics/?at=property%3AUA-100-1"' in browser.get("/search/?q=web").content.decode()


def test_r064_nobody_finds_what_is_not_there_for_them(cast: Cast, signed_in: SignedIn) -> None:
    assert found(signed_in(cast.dan).get("/search/?q=shop")) == {}
    assert "Nothing matches “shop”." in text(signed_in(cast.dan).get("/search/?q=shop"))
    assert "People" not in found(signed_in(cast.cleo).get("/search/?q=ben"))


def test_what_lies_in_the_trash_is_not_found_nor_what_is_below_it(cast: Cast, signed_in: SignedIn) -> None:
    assert found(signed_in(cast.alice).get("/search/?q=all+data")) == {"Resources": ["All data"]}
    trashing.trash(by=caller(cast.alice), resource=cast.account)
    assert [found(signed_in(cast.alice).get(f"/search/?q={text_}")) for text_ in ("all+data", "shop")] == [{}, {}]


def test_an_empty_search_says_what_can_be_searched_for(cast: Cast, signed_in: SignedIn) -> None:
    assert "Type a name, an address or a page." in text(signed_in(cast.alice).get("/search/"))


def test_the_palette_gets_the_same_results(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.alice).get("/search/?q=web", headers={"HX-Request": "true"})
    assert 'id="results"' in answer.content.decode()


@pytest.mark.parametrize("text_", ["%", "_", "'", "\x00", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 5000])
def test_r_orm_1_nothing_that_is_typed_breaks_it(cast: Cast, signed_in: SignedIn, text_: str) -> None:
    assert signed_in(cast.alice).get("/search/", {"q": text_}).status_code == 200
