"""Coming in and going out."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from keyholder.domain.identifiers import PrincipalId
from keyholder.interfaces.console.views.signing_in import BACKEND
from keyholder.interfaces.http.authentication import SignInBackend
from keyholder.services.commands import people
from tests import cast
from tests.interfaces.console.pages import shapes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.interfaces.console.urls")]

ADDRESS = "alice@acme.example"
WORDS = "seven quiet herons wait"


@pytest.fixture
def alice() -> PrincipalId:
    """Make Alice, with a password."""
    return people.create_user(by=cast.OPERATOR, email=ADDRESS, name="Alice", password=WORDS)


def come_in(client: Client, *, password: str = WORDS, address: str = ADDRESS, goal: str = "") -> int:
    """Send the form and return the status."""
    return client.post("/sign-in/", {"address": address, "password": password, "next": goal}).status_code


def test_alice_comes_in_by_her_address_and_password_and_goes_on_to_where_she_wanted(alice: PrincipalId, client: Client) -> None:
    answer = client.post("/sign-in/", {"address": " ALICE@acme.example ", "password": WORDS, "next": "/theme/"})
    assert (answer.status_code, answer["Location"]) == (302, "/theme/")
    assert client.session["_auth_user_id"] == str(alice)


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_r_red_1_signing_in_leads_nowhere_but_here(alice: PrincipalId, client: Client, goal: str) -> None:
    assert client.post("/sign-in/", {"address": ADDRESS, "password": WORDS, "next": goal})["Location"] == "/"
    client.logout()
    assert client.get("/sign-in/", {"next": goal}).context["next"] == "/"


def test_r_enu_1_a_stranger_and_a_wrong_password_get_the_same_answer(alice: PrincipalId, client: Client) -> None:
    wrong = client.post("/sign-in/", {"address": ADDRESS, "password": "wrong"})
    stranger = client.post("/sign-in/", {"address": "dan1@acme.example", "password": "wrong"})
    assert wrong.status_code == stranger.status_code == 422
    assert without_what_was_typed(wrong.content) == without_what_was_typed(stranger.content)


def test_r_enu_1_the_database_is_asked_the_same_whoever_it_is(alice: PrincipalId, client: Client) -> None:
    """Unknown, wrong, without a password, suspended: the same statements; that the password is hashed in each is told elsewhere."""
    people.create_user(by=cast.OPERATOR, email="cleo@acme.example", name="Cleo")
    ben = people.create_user(by=cast.OPERATOR, email="ben@acme.example", name="Ben", password=WORDS)
    people.suspend(by=cast.OPERATOR, user=ben)
    asked = set()
    for name in ("alice", "cleo", "ben", "dan"):
        with CaptureQueriesContext(connection) as queries:
            come_in(client, address=f"{name}@acme.example", password="wrong")
        asked.add(shapes(queries))
    assert len(asked) == 1


def without_what_was_typed(page: bytes) -> str:
    """Return a page without the address it repeats, the form's token and the request's number."""
    text = page.decode().replace(ADDRESS, "").replace("dan1@acme.example", "")
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", text)


def test_r_rat_1_who_guesses_too_often_waits(alice: PrincipalId, client: Client, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 2
    assert [come_in(client, password="wrong") for _ in range(3)] == [422, 422, 429]
    answer = client.post("/sign-in/", {"address": ADDRESS, "password": WORDS})
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")


def test_r_ses_1_the_session_of_before_is_not_the_session_of_after(alice: PrincipalId, client: Client) -> None:
    session = client.session
    session["seen"] = "before"
    session.save()
    before = session.session_key
    come_in(client)
    assert client.session.session_key != before


def test_r_csrf_1_nobody_signs_alice_in_or_out_from_elsewhere(alice: PrincipalId) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert come_in(strict) == 403
    strict.force_login(SignInBackend().get_user(alice), BACKEND)
    assert strict.post("/sign-out/").status_code == 403


def test_who_is_in_is_not_asked_again_and_goes_out_by_a_button(alice: PrincipalId, client: Client) -> None:
    come_in(client)
    assert client.get("/sign-in/")["Location"] == "/"
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_an_empty_form_says_what_is_missing(client: Client) -> None:
    answer = client.post("/sign-in/", {})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
