"""A forgotten password, from the question to the new one: the same answer for everybody, and no secret where it does not belong."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keyholder.domain.letters import LetterKind
from keyholder.interfaces.http import clock
from keyholder.services.commands import groups, people, resets
from keyholder.storage.models import Event, Letter, PasswordReset, Session, User
from keyholder.storage.session_rows import SessionStore
from tests.cast import OPERATOR, Cast, caller
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import shapes, text, toast
from tests.services import mailing

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
OLD, NEW = "seven quiet herons wait", "nine loud ravens leave"


@pytest.fixture
def mail(cast: Cast, settings: Any) -> Cast:
    """Let the instance mail, and Ben have a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    mailing.begin()
    people.set_password(by=OPERATOR, user=cast.ben, password=OLD)
    Letter.objects.all().delete()
    return cast


def link(client: Client) -> str:
    """Ask for a link and return its secret."""
    client.post("/reset/", {"address": "ben@acme.example"})
    (letter,) = mailing.letters(LetterKind.PASSWORD_RESET)
    return mailing.secret(letter)


def choose(client: Client, fields: dict[str, str] | None = None, *, follow: bool = False) -> Any:
    """Choose a new password on the page that is shown."""
    about = client.get("/reset/choose/").context["page"].about
    return client.post("/reset/choose/", {"password": NEW, "again": NEW, "about": about, **(fields or {})}, follow=follow)


def test_r_enu_1_everybody_gets_the_same_answer_and_the_work_is_done_after_it(mail: Cast, client: Client) -> None:
    User.objects.filter(pk=mail.cleo).update(status="suspended")
    told = set()
    for address in ("ben@acme.example", "cleo@acme.example", "eve@acme.example"):
        answer = client.post("/reset/", {"address": address})
        told.add(
            (answer.status_code, answer.content.decode().replace(address, ""), str(sorted(answer.headers.items())).replace(address, ""))
        )
    pages = {(status, re.sub(r'value="[A-Za-z0-9]{64}"|[0-9a-f]{32}', "", page)) for status, page, _headers in told}
    assert len(pages) == 1
    assert [letter.recipient for letter in mailing.letters(LetterKind.PASSWORD_RESET)] == ["ben@acme.example"]


def test_r_enu_1_nothing_is_looked_up_before_the_answer_has_gone(mail: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyholder.interfaces.console.views.resets import AnsweredFirst

    monkeypatch.setattr(AnsweredFirst, "close", lambda _answer: None)
    client.post("/reset/", {"address": "ben@acme.example"})
    assert not PasswordReset.objects.exists()


def test_r_enu_1_the_database_is_asked_the_same_for_everybody(mail: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-ENU-1: so that no time differs until the answer has gone."""
    from keyholder.interfaces.console.views.resets import AnsweredFirst

    monkeypatch.setattr(AnsweredFirst, "close", lambda _answer: None)
    client.get("/reset/")
    asked = set()
    for address in ("ben@acme.example", "eve@acme.example"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/reset/", {"address": address})
        asked.add(shapes(queries))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"address": ["ben@acme.example", "eve@evil.example"]}, 400),
        ({"address": []}, 400),
        ({"address[]": "ben@acme.example"}, 400),
        ({"address": "ben@acme.example,eve@evil.example"}, 422),
        ({"address": "ben@acme.example;eve@evil.example"}, 422),
        ({"address": '{"email": "ben@acme.example"}'}, 422),
        ({"address": ""}, 422),
    ],
    ids=str,
)
def test_r_eml_5_one_address_and_no_more(mail: Cast, client: Client, fields: dict[str, Any], status: int) -> None:
    assert client.post("/reset/", fields).status_code == status
    assert not Letter.objects.exists()


def test_r_eml_5_not_as_json_either(mail: Cast, client: Client) -> None:
    assert client.post("/reset/", {"address": "ben@acme.example"}, content_type="application/json").status_code == 400


def test_r_rat_1_asking_too_often_waits(mail: Cast, client: Client, settings: Any) -> None:
    settings.SIGN_IN_ATTEMPTS = 2
    assert [client.post("/reset/", {"address": a}).status_code for a in ("eve@a.example",) * 3] == [200, 200, 429]


def test_ben_chooses_a_new_password(mail: Cast, client: Client, signed_in: SignedIn) -> None:
    """R-PWD-1, R-SES-1, R-SES-2: looking uses nothing up; afterwards every session is over and the new password counts."""
    elsewhere = signed_in(mail.ben)
    secret = link(client)
    for _look in range(2):
        opened = client.get(f"/reset/{secret}/")
        assert (opened.status_code, opened["Location"], opened["Referrer-Policy"]) == (302, "/reset/choose/", "no-referrer")
    page = client.get("/reset/choose/")
    assert "For b***@a***.example" in text(page)
    before = client.session.session_key
    done = choose(client, follow=True)
    assert toast(done) == "Your new password is set, and every session has ended. Sign in with it."
    assert not Session.objects.filter(pk=before).exists()
    assert elsewhere.get("/").status_code == 302
    assert User.objects.get(pk=mail.ben).check_password(NEW)
    assert client.get(f"/reset/{secret}/", follow=True).status_code == 410


def test_r_log_2_the_secret_is_kept_nowhere(mail: Cast, client: Client) -> None:
    secret = link(client)
    client.get(f"/reset/{secret}/")
    kept = [SessionStore(row.pk).load() for row in Session.objects.all()]
    assert secret not in str([kept, *Event.objects.values(), *Letter.objects.values(), *PasswordReset.objects.values()])
    assert secret not in client.get("/reset/choose/").content.decode()


@pytest.mark.parametrize("fields", [{"password": NEW, "again": "other"}, {"password": "short", "again": "short"}])
def test_a_password_that_can_not_be_uses_nothing_up(mail: Cast, client: Client, fields: dict[str, str]) -> None:
    client.get(f"/reset/{link(client)}/")
    assert choose(client, fields).status_code == 422
    assert client.get("/reset/choose/").status_code == 200


@pytest.mark.parametrize("secret", ["nonsense", "m1-1-" + "A" * 43, "c" + "A" * 43])
def test_a_link_that_is_none_says_where_to_get_one(mail: Cast, client: Client, secret: str) -> None:
    page = client.get(f"/reset/{secret}/", follow=True)
    assert (page.status_code, "Ask for another link" in text(page)) == (410, True)
    assert client.post("/reset/choose/", {"password": NEW, "again": NEW}).status_code == 410
    assert Client().get("/reset/choose/").status_code == 410


def test_r_hst_1_links_are_made_from_the_public_address(mail: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://keys.acme.example", ["*"]
    page = signed_in(mail.alice).post(f"/people/{mail.ben}/reset-link/", {"way": "copy"}, headers={"host": "evil.example"})
    found = re.search(r'value="(https?://[^"]+)"', page.content.decode())
    assert found is not None
    assert found[1].startswith("https://keys.acme.example/reset/c")


def test_alice_copies_a_link_and_ben_uses_it(mail: Cast, client: Client, signed_in: SignedIn) -> None:
    """R112: from his page; shown once."""
    alice = signed_in(mail.alice)
    assert f"/people/{mail.ben}/reset-link/" in alice.get(f"/people/{mail.ben}/").content.decode()
    page = alice.post(f"/people/{mail.ben}/reset-link/", {"way": "copy"})
    address = re.search(r'value="http[^"]+(/reset/[^"]+/)"', page.content.decode())
    assert address is not None
    assert address[1] not in alice.get(f"/people/{mail.ben}/reset-link/").content.decode()
    client.get(address[1])
    assert choose(client).status_code == 302
    assert User.objects.get(pk=mail.ben).check_password(NEW)


def test_alice_mails_a_link(mail: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(mail.alice).post(f"/people/{mail.ben}/reset-link/", {"way": "mail"}, follow=True)
    assert toast(answer) == "The letter to Ben is on its way."
    assert len(mailing.letters(LetterKind.PASSWORD_RESET)) == 1


def test_who_may_not_be_shown_a_link_is_offered_a_letter_only(mail: Cast, signed_in: SignedIn) -> None:
    """R112: and is not told why."""
    people.appoint_operator(by=OPERATOR, user=mail.ben)
    alice = signed_in(mail.alice)
    page = alice.get(f"/people/{mail.ben}/reset-link/")
    assert ("A link to copy can't be shown to you" in text(page), 'value="copy"' in page.content.decode()) == (True, False)
    assert alice.post(f"/people/{mail.ben}/reset-link/", {"way": "copy"}).status_code == 422


def test_r112_judged_when_it_is_made_not_when_it_was_offered(mail: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyholder.services.queries import resets

    alice = signed_in(mail.alice)
    people.appoint_operator(by=OPERATOR, user=mail.ben)
    monkeypatch.setattr(resets, "ways", lambda **_: resets.Ways(shown=True, mailed=True))
    assert alice.post(f"/people/{mail.ben}/reset-link/", {"way": "copy"}).status_code == 403


def test_without_a_mail_server_the_page_says_so(cast: Cast, signed_in: SignedIn) -> None:
    groups.remove_owner(by=OPERATOR, group=cast.analysts, user=cast.ben)
    page = signed_in(cast.alice).get(f"/people/{cast.ben}/reset-link/")
    assert "Nothing can be mailed" in text(page)


def test_r112_edit_password_reset(mail: Cast, signed_in: SignedIn) -> None:
    """R112: from the list of users; not for a group, and for oneself there is one's own account."""
    alice = signed_in(mail.alice)
    reset = f"/people/{mail.ben}/reset-link/"
    assert reset in alice.get(f"/account/100/users/{mail.ben}/").content.decode()
    assert "reset-link" not in alice.get(f"/property/UA-100-1/users/{mail.analysts}/").content.decode()
    assert alice.get(f"/people/{mail.alice}/reset-link/")["Location"] == "/me/"


def test_a_password_is_set_for_who_was_shown(mail: Cast, client: Client) -> None:
    """Somebody opens another person's link beside a page that was left open: what is typed there sets nobody's password."""
    client.get(f"/reset/{link(client)}/")
    about = client.get("/reset/choose/").context["page"].about
    other = resets.copy_link(by=caller(None, clock.now()), user=mail.cleo, random=bytes(32))
    client.get(f"/reset/{other}/")
    for stale in ({"about": about}, {}):
        refused = client.post("/reset/choose/", {"password": NEW, "again": NEW, **stale})
        assert (refused.status_code, "Another link was opened in this browser since." in text(refused)) == (409, True)
    assert not User.objects.get(pk=mail.cleo).check_password(NEW)
    assert choose(client).status_code == 302
    assert User.objects.get(pk=mail.cleo).check_password(NEW)
