"""What a reader chooses for their own browser."""

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "field", "chosen"), [("/theme/", "theme", "dark"), ("/language/", "language", "lv")])
def test_a_choice_is_remembered_and_leads_back_to_the_page(client: Client, path: str, field: str, chosen: str) -> None:
    answer = client.post(path, {field: chosen, "next": "/sign-in/?next=/groups/"})
    assert answer["Location"] == "/sign-in/?next=/groups/"
    cookie = answer.cookies[field]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (chosen, True, "Lax")
    page = client.get("/sign-in/").content.decode()
    assert ('data-theme="dark"' in page) == (chosen == "dark")
    assert ('<html lang="lv"' in page) == (chosen == "lv")


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "field"), [("/theme/", "theme"), ("/language/", "language")])
@pytest.mark.parametrize("chosen", ["", "purple", "de", "<script>", "en\r\nSet-Cookie: x=y"])
def test_what_there_is_not_to_choose_changes_nothing(client: Client, path: str, field: str, chosen: str) -> None:
    answer = client.post(path, {field: chosen, "next": "//evil"})
    assert answer["Location"] == "/"
    assert field not in answer.cookies


def test_r_csrf_1_a_choice_comes_from_our_own_page() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/theme/", {"theme": "dark"}).status_code == 403
    assert strict.get("/theme/").status_code == 405
