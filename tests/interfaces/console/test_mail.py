"""The pages about the mail: the server, a test mail that says what goes wrong, the outbox, and who is told (R-KEY-2, R045, R-HST-1)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.mail_settings import Security
from keyholder.interfaces.http import clock
from keyholder.interfaces.jobs import sending
from keyholder.services.commands import mail_settings, people
from keyholder.storage.models import Letter, MailSettings
from tests.cast import NOW, OPERATOR, Cast, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import navigation, text, toast
from tests.interfaces.jobs.sink import Sink, sinking

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
CANARY = "canary-password"
FORM = {"host": "127.0.0.1", "port": "587", "security": "none", "username": "keys", "password": CANARY, "sender": "keys@acme.example"}


@pytest.fixture
def otto(cast: Cast) -> PrincipalId:
    """Make an operator who holds nothing."""
    otto = person("Otto")
    people.appoint_operator(by=OPERATOR, user=otto)
    return otto


@pytest.fixture
def sink(cast: Cast) -> Iterator[Sink]:
    """Run a mail server, and have it set up."""
    with sinking() as sink:
        set_up(sink.port)
        yield sink


def set_up(port: int = 25, **different: Any) -> None:
    given: dict[str, Any] = {"host": "127.0.0.1", "security": Security.NONE, "sender": "keys@acme.example", **different}
    mail_settings.configure(by=OPERATOR, port=port, **given)


def letter(state: str = "waiting", **columns: Any) -> int:
    given = {"kind": "test", "recipient": "zoe@elsewhere.example", "posted_at": NOW, "due_at": NOW, **columns}
    return Letter.objects.create(state=state, settled_at=None if state == "waiting" else NOW, **given).pk


def test_r_key_2_an_operator_sets_a_server_up_and_never_sees_the_password_again(otto: PrincipalId, signed_in: SignedIn) -> None:
    browser = signed_in(otto)
    assert navigation(browser.get("/"))[-2] == "Mail"
    assert "No mail server is set up yet" in text(browser.get("/settings/mail/"))
    answer = browser.post("/settings/mail/", FORM, follow=True)
    assert toast(answer) == "The mail server was saved. Send a test mail to see whether it works."
    for page in ("/settings/mail/", "/settings/mail/outbox/", "/activity/", "/"):
        assert "canary" not in browser.get(page).content.decode()
    assert "There is one. Leave this empty to keep it." in text(browser.get("/settings/mail/"))
    browser.post("/settings/mail/", {**FORM, "password": "", "port": "465"})
    assert MailSettings.objects.get().port == 465
    assert MailSettings.objects.get().password
    assert "Otto changed the mail server to 127.0.0.1." in text(browser.get("/activity/"))


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"host": "no host"}, "is neither the name nor the number of a host."),
        ({"port": "0"}, "greater than or equal to 1"),
        ({"security": "hope"}, "Select a valid choice"),
        ({"sender": "keys"}, "is not an e-mail address"),
        ({"password": "two\u2028lines"}, "This is one line"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(otto: PrincipalId, signed_in: SignedIn, different: dict[str, str], said: str) -> None:
    answer = signed_in(otto).post("/settings/mail/", {**FORM, **different})
    assert answer.status_code == 422
    assert said in text(answer)
    assert CANARY not in answer.content.decode()
    assert not MailSettings.objects.exists()


def test_a_password_is_not_kept_for_another_server(otto: PrincipalId, signed_in: SignedIn) -> None:
    set_up(username="keys", password=CANARY)
    answer = signed_in(otto).post("/settings/mail/", {**FORM, "host": "mail.evil.example", "password": ""})
    assert answer.status_code == 422
    assert "The password was given for keys at 127.0.0.1" in text(answer)


def test_a_test_mail_goes_to_the_operators_own_address(otto: PrincipalId, sink: Sink, signed_in: SignedIn) -> None:
    answer = signed_in(otto).post("/settings/mail/test/", follow=True)
    assert toast(answer) == "The mail server took a test mail to otto@acme.example. Look whether it arrives."
    assert sink.recipients == ["otto@acme.example"]
    assert sink.mails[0]["Subject"] == "A test mail from Keyholder"
    assert not Letter.objects.exists()


def test_a_test_mail_says_in_words_what_went_wrong(otto: PrincipalId, sink: Sink, signed_in: SignedIn) -> None:
    browser = signed_in(otto)
    sink.sender_answer = "553 not your address"
    answer = browser.post("/settings/mail/test/")
    assert answer.status_code == 409
    assert "The test mail was not sent. The mail server refused the sender: 553 not your address." in text(answer)
    sink.sender_answer, sink.answers["otto@acme.example"] = "250 taken", "550 unknown"
    assert "The mail server refused the recipient: 550 unknown." in text(browser.post("/settings/mail/test/"))
    set_up(sink.port, username="keys", password=CANARY)
    answer = browser.post("/settings/mail/test/")
    assert "The mail server refused the login" in text(answer)
    assert "canary" not in answer.content.decode()
    set_up(sink.port, security=Security.STARTTLS)
    assert "The mail server does not encrypt in this way" in text(browser.post("/settings/mail/test/"))
    MailSettings.objects.update(password="sealed elsewhere")
    assert "because the secret key was changed: enter it again." in text(browser.post("/settings/mail/test/"))
    MailSettings.objects.update(password="", sender="broken")
    assert "No mail could be made of this letter" in text(browser.post("/settings/mail/test/"))
    mail_settings.remove(by=OPERATOR)
    assert browser.post("/settings/mail/test/").status_code == 404


def test_the_mail_server_is_removed_after_a_question(otto: PrincipalId, signed_in: SignedIn) -> None:
    set_up()
    browser = signed_in(otto)
    assert "Nothing is mailed any more" in text(browser.get("/settings/mail/remove/"))
    answer = browser.post("/settings/mail/remove/", follow=True)
    assert toast(answer) == "The mail server was removed: nothing is mailed from now on."
    assert not MailSettings.objects.exists()


def test_the_outbox_shows_letters_by_where_they_are(otto: PrincipalId, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    set_up()
    letter(attempts=1, error="later: 451 busy", due_at=NOW + timedelta(minutes=2))
    letter("dead", kind="invitation", attempts=1, error="recipient: 550 unknown")
    letter("sent")
    browser = signed_in(otto)
    waiting = text(browser.get("/settings/mail/outbox/"))
    assert "Waiting 1 Given up 1 Sent 1 Withdrawn 0" in waiting
    for told in ("zoe@elsewhere.example", "Test mail", "in 2 min", "did not take the mail yet: 451 busy.", "1 attempt"):
        assert told in waiting
    assert "Invitation" in text(browser.get("/settings/mail/outbox/?state=dead"))
    assert "The mail server refused the recipient: 550 unknown." in text(browser.get("/settings/mail/outbox/?state=dead"))
    assert "zoe@elsewhere.example" in text(browser.get("/settings/mail/outbox/?state=sent"))
    assert "No letter was withdrawn." in text(browser.get("/settings/mail/outbox/?state=withdrawn"))
    assert browser.get("/settings/mail/outbox/?state=lost").context["state"] == "waiting"
    Letter.objects.all().delete()
    for state, said in (("waiting", "No letter waits."), ("dead", "No letter was given up."), ("sent", "No letter was sent yet.")):
        assert said in text(browser.get(f"/settings/mail/outbox/?state={state}"))


def test_letters_are_sent_again_or_discarded_in_bulk(otto: PrincipalId, signed_in: SignedIn) -> None:
    browser = signed_in(otto)
    one, other, third = letter("dead", error="later: x"), letter("dead", error="later: x"), letter("dead", error="later: x")
    url = "/settings/mail/outbox/?state=dead"
    assert "nothing leaves the outbox" in text(browser.get(url))
    answer = browser.post(url, {"act": "retry", "selected": [one]}, follow=True)
    assert toast(answer) == "1 letter is sent again."
    assert answer.redirect_chain == [(url, 302)]
    assert toast(browser.post(url, {"act": "discard", "selected": [other, 999]}, follow=True)) == "1 letter was discarded."
    assert toast(browser.post("/settings/mail/outbox/", {"act": "retry", "every": "1"}, follow=True)) == "1 letter is sent again."
    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {one: "waiting", other: "withdrawn", third: "waiting"}


@pytest.mark.parametrize("sent", [{"act": "burn"}, {"act": "retry", "selected": "x"}, {"act": "retry", "selected": "9" * 40}])
def test_what_is_no_letter_is_refused(otto: PrincipalId, signed_in: SignedIn, sent: dict[str, str]) -> None:
    assert signed_in(otto).post("/settings/mail/outbox/", sent).status_code == 422


def test_home_tells_an_operator_what_is_wrong_with_the_mail(otto: PrincipalId, cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(otto)
    assert "Mail is not set up" in text(browser.get("/"))
    assert "Mail is not set up" not in text(signed_in(cast.alice).get("/"))
    set_up()
    assert "Mail is not set up" not in text(browser.get("/"))
    letter("dead", error="later: x")
    letter(error="unreachable: Connection refused")
    letter(error="later: 451 busy")
    page = text(browser.get("/"))
    assert "1 letter was given up" in page
    assert "1 letter is held back" in page
    assert "given up" not in text(signed_in(cast.alice).get("/"))


class TestAddingPeople:
    FORM: dict[str, Any] = {"addresses": "cleo@acme.example", "permissions": ["edit"], "step": "add"}  # noqa: RUF012 - nobody changes it
    PAGE = "/account/100/users/add/"

    def test_r045_the_option_is_there_where_mail_is_set_up(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(cast.alice)
        assert "No mail server is set up here: nobody is notified." in text(browser.get(self.PAGE))
        assert "notify" not in browser.get(self.PAGE).content.decode()
        set_up()
        assert "Notify by e-mail" in text(browser.get(self.PAGE))

    def test_r045_off_is_no_mail_and_on_is_one_for_who_gains(self, cast: Cast, sink: Sink, signed_in: SignedIn) -> None:
        browser = signed_in(cast.alice)
        browser.post(self.PAGE, {**self.FORM, "addresses": "ben@acme.example", "permissions": ["manage_users"]})
        assert not Letter.objects.exists()
        both = "cleo@acme.example, ben@acme.example"
        browser.post(self.PAGE, {**self.FORM, "addresses": both, "notify": "on"})
        assert list(Letter.objects.values_list("recipient", flat=True)) == ["cleo@acme.example"]
        list(sending.send_due())
        assert sink.recipients == ["cleo@acme.example"]


HOSTILE = (
    {"HTTP_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "666"},
    {"HTTP_FORWARDED": "host=evil.example;proto=https"},
    {"HTTP_X_ORIGINAL_URL": "http://evil.example/", "HTTP_REFERER": "http://evil.example/", "HTTP_ORIGIN": "http://evil.example"},
    {"HTTP_HOST": "localhost:666"},
)


@pytest.mark.parametrize("headers", HOSTILE, ids=lambda headers: next(iter(headers)))
def test_r_hst_1_no_header_gets_into_a_mail(
    cast: Cast, otto: PrincipalId, sink: Sink, signed_in: SignedIn, headers: dict[str, str]
) -> None:
    """R-HST-1: whatever a request claims, the links of the mails that it makes lead to the public address."""

    def post(browser: Client, page: str, sent: dict[str, Any]) -> None:
        browser.post(page, sent, **headers)  # type: ignore[arg-type]  # headers as the environment names them

    post(signed_in(cast.alice), TestAddingPeople.PAGE, {**TestAddingPeople.FORM, "notify": "on"})
    post(signed_in(otto), "/settings/mail/test/", {})
    list(sending.send_due())
    assert len(sink.taken) == (0 if headers.get("HTTP_HOST") == "evil.example" else 2)
    for mail in sink.mails:
        whole = mail.as_string() + "".join(str(each.get_content()) for each in mail.iter_parts())
        assert "evil" not in whole
        assert ":666" not in whole
        assert settings.PUBLIC_URL in whole
