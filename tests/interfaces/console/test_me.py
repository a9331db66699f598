"""One's own account: the present password is asked before another is set, and every session ends."""

import pytest
from django.test import Client
from pytest_django import Settings

from keyholder.services.commands import people
from keyholder.storage.models import Session, User
from tests.cast import OPERATOR, Cast
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
OLD, NEW = "seven quiet herons wait", "nine loud ravens leave"


@pytest.fixture
def ben(cast: Cast, signed_in: SignedIn) -> Client:
    """Let Ben sign in with a password of his own."""
    people.set_password(by=OPERATOR, user=cast.ben, password=OLD)
    return signed_in(cast.ben)


def test_r_ses_2_a_new_password_ends_every_session(cast: Cast, ben: Client, signed_in: SignedIn) -> None:
    elsewhere = signed_in(cast.ben)
    answer = ben.post("/me/password/", {"old": OLD, "password": NEW, "again": NEW}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert toast(answer) == "Your password was changed, and every session has ended. Sign in with the new one."
    assert User.objects.get(pk=cast.ben).check_password(NEW)
    assert [browser.get("/").status_code for browser in (ben, elsewhere)] == [302, 302]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "wrong", "password": NEW, "again": NEW}, "This is not your present password."),
        ({"old": OLD, "password": NEW, "again": NEW + "!"}, "These two differ."),
        ({"old": OLD, "password": "tiny one", "again": "tiny one"}, "This password is too short."),
        ({"old": "", "password": NEW, "again": NEW}, "This field is required."),
    ],
)
def test_a_password_that_can_not_be_changes_nothing(cast: Cast, ben: Client, fields: dict[str, str], said: str) -> None:
    answer = ben.post("/me/password/", fields)
    assert answer.status_code == 422
    assert said in text(answer)
    assert User.objects.get(pk=cast.ben).check_password(OLD)
    assert all(value not in answer.content.decode() for value in fields.values() if value), "no password comes back"


def test_r_rat_1_the_present_password_can_not_be_guessed(ben: Client, settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS = 2
    statuses = [ben.post("/me/password/", {"old": "guess", "password": NEW, "again": NEW}).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]
    assert ben.post("/me/password/", {"old": OLD, "password": NEW, "again": NEW}).status_code == 429


def test_ben_changes_his_name_and_reads_his_language(cast: Cast, ben: Client) -> None:
    assert toast(ben.post("/me/name/", {"name": "Benjamin"}, follow=True)) == "The name was changed."
    assert User.objects.get(pk=cast.ben).name == "Benjamin"
    bad = ben.post("/me/name/", {"name": "Ben\u202e"})
    assert (bad.status_code, bad.context["name_form"]["name"].value()) == (422, "Ben\u202e")
    ben.post("/language/", {"language": "lv", "next": "/me/"})
    assert User.objects.get(pk=cast.ben).language == "lv"


def test_r_ses_3_ben_signs_out_everywhere(cast: Cast, ben: Client, signed_in: SignedIn) -> None:
    elsewhere = signed_in(cast.ben)
    assert toast(ben.post("/me/sign-out-everywhere/", follow=True)) == "You are signed out everywhere."
    assert elsewhere.get("/").status_code == 302
    assert not Session.objects.filter(user=cast.ben).exists()


def test_the_page_leads_to_what_one_can_reach(cast: Cast, ben: Client) -> None:
    assert ben.get("/me/").context["person_url"] == f"/people/{cast.ben}/"
