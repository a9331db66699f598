"""Languages: whose choice counts, and that no page says anything which no catalogue could hold."""

import pytest
from django.test import Client

from keyholder.services.commands import people
from tests.brackets import CLOSE, LANGUAGE, OPEN, Spoken, speak, untranslated
from tests.cast import OPERATOR, Cast, caller
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.doors import DOORS, Door

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Latvian be the language of brackets."""
    speak(monkeypatch)


PAGES = [door for door in DOORS if not door.is_form_alone and not door.url.partition("?")[0].endswith(("csv/", ".csv", ".jsonl"))]


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.url)
def test_a_page_says_nothing_that_can_not_be_translated(door: Door, cast: Cast, signed_in: SignedIn) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.alice)
    people.choose_language(by=caller(cast.alice), language=LANGUAGE)
    spoken = Spoken()
    spoken.feed(signed_in(cast.alice).get(door.at(cast)).content.decode().replace("<wbr>", ""))
    assert untranslated(spoken.bare) == []


def test_a_page_that_says_something_else_is_found() -> None:
    spoken = Spoken()
    spoken.feed(f'<p title="Hover">{OPEN}Open <b>Shop</b>{CLOSE} now <code>edit</code></p><p>Shop</p>')
    assert untranslated(spoken.bare) == ["Hover", "now"]


def test_the_language_that_somebody_chose_follows_them_to_another_browser(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.ben).post("/language/", {"language": "pl", "next": "/"})
    elsewhere = signed_in(cast.ben)
    elsewhere.cookies["language"] = "cs"
    answer = elsewhere.get("/", headers={"Accept-Language": "ru"})
    assert ('<html lang="pl"' in answer.content.decode(), answer["Content-Language"]) == (True, "pl")


@pytest.mark.parametrize(("asked", "spoken"), [("ru,en;q=0.5", "ru"), ("de, lv;q=0.7", "lv"), ("de", "en"), ("", "en")])
def test_who_chose_none_reads_that_of_the_browser(cast: Cast, signed_in: SignedIn, asked: str, spoken: str) -> None:
    assert f'<html lang="{spoken}"' in signed_in(cast.cleo).get("/", headers={"Accept-Language": asked}).content.decode()
    assert f'<html lang="{spoken}"' in Client().get("/sign-in/", headers={"Accept-Language": asked}).content.decode()
