"""The mail server: an operator's matter, its password sealed and never told again (R-KEY-2)."""

import json
from typing import Any

import pytest

from keyholder.domain.letters import LetterKind
from keyholder.domain.mail_settings import LONGEST_HOST, Security, deliverable
from keyholder.domain.refusals import Forbidden, Invalid, NotFound
from keyholder.services.commands import mail_settings, people
from keyholder.services.queries import mail_settings as queries
from keyholder.storage.models import Event, Letter, MailSettings, User
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.sound import faults

CANARY = "canary-of-the-mail-server"
GIVEN: dict[str, Any] = {
    "host": "mail.acme.example",
    "port": 587,
    "security": Security.STARTTLS,
    "sender": "Keys@Acme.example",
    "username": "keys",
    "password": CANARY,
}


def configure(**different: Any) -> None:
    mail_settings.configure(by=OPERATOR, **{**GIVEN, **different})


def told() -> list[str]:
    return list(Event.objects.filter(action__startswith="mail.").order_by("pk").values_list("action", flat=True))


def test_an_operator_sets_a_mail_server_up_changes_and_removes_it(cast: Cast) -> None:
    configure()
    found = queries.mail_settings(by=OPERATOR)
    assert found is not None
    assert found.settings.sender == "Keys@Acme.example"
    assert found.has_password
    configure(port=465, security=Security.TLS)
    assert MailSettings.objects.get().port == 465
    mail_settings.remove(by=OPERATOR)
    assert queries.mail_settings(by=OPERATOR) is None
    assert queries.mail_server(by=OPERATOR) is None
    with pytest.raises(NotFound):
        mail_settings.remove(by=OPERATOR)
    assert told() == ["mail.settings_changed", "mail.settings_changed", "mail.settings_removed"]
    assert faults() == []


def test_what_changes_nothing_is_not_told(cast: Cast) -> None:
    configure()
    configure(password=None)
    assert told() == ["mail.settings_changed"]


def test_r_key_2_the_password_is_in_no_event_in_no_answer_and_not_in_the_clear(cast: Cast) -> None:
    """R-KEY-2, I-AU-3: only who sends reads it."""
    configure()
    configure(password=f"{CANARY} 2")
    assert told() == ["mail.settings_changed", "mail.settings_changed"]
    events = json.dumps(list(Event.objects.values("changes", "details", "reason")))
    assert "canary" not in events
    assert "password" not in str(list(Event.objects.filter(action__startswith="mail.").values_list("changes", flat=True)))
    assert "canary" not in MailSettings.objects.get().password
    assert "canary" not in repr(queries.mail_settings(by=OPERATOR))
    server = queries.mail_server(by=OPERATOR)
    assert server is not None
    assert server.password == f"{CANARY} 2"
    assert "canary" not in repr(server)
    assert faults("I-AU-3", "I-AU-2") == []


def test_without_a_new_password_the_old_one_is_kept_for_the_server_and_user_it_was_given_for(cast: Cast) -> None:
    configure()
    configure(password=None, port=465, sender="other@acme.example")
    server = queries.mail_server(by=OPERATOR)
    assert server is not None
    assert server.password == CANARY
    for different in ({"host": "mail.evil.example"}, {"username": "eve"}):
        with pytest.raises(Invalid, match=r"The password was given for keys at mail\.acme\.example") as refused:
            configure(password=None, **different)
        assert refused.value.place == "password"
    configure(password=None, username="")
    assert not MailSettings.objects.get().password, "without a user there is no login"
    configure(password=None, username="keys")
    found = queries.mail_settings(by=OPERATOR)
    assert found is not None
    assert not found.has_password
    configure(username="", password="forgotten")
    assert not MailSettings.objects.get().password


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("host", ""),
        ("host", "mail acme"),
        ("host", "mail\r\nacme"),
        ("host", "-x"),
        ("host", "a" * (LONGEST_HOST + 1)),
        ("port", 0),
        ("port", 65536),
        ("sender", "no address"),
        ("sender", "keys@acme.example\r\nBcc: eve@evil.example"),
        ("username", "keys\nAUTH"),
        ("username", "k" * 321),
        ("password", "two\nlines"),
    ],
)
def test_r_hdr_1_what_can_not_be_a_mail_servers_is_refused_at_its_field(cast: Cast, place: str, value: object) -> None:
    """R-HDR-1: no line break gets near a mail."""
    with pytest.raises(Invalid) as refused:
        configure(**{place: value})
    assert refused.value.place == place
    assert not MailSettings.objects.exists()


@pytest.mark.parametrize("host", ["localhost", "mail", "mail.acme.example", "10.0.0.1", "::1", "fe80::1", "2001:db8::10.0.0.1"])
def test_hosts_have_names_and_numbers(cast: Cast, host: str) -> None:
    configure(host=f" {host} ")
    assert MailSettings.objects.get().host == host


def test_only_an_operator_may(cast: Cast) -> None:
    for person in (cast.alice, cast.dan):
        by = caller(person)
        with pytest.raises(Forbidden):
            mail_settings.configure(by=by, **GIVEN)
        with pytest.raises(Forbidden):
            mail_settings.remove(by=by)
        for ask in (queries.mail_settings, queries.mail_server, queries.trial):
            with pytest.raises(Forbidden):
                ask(by=by)
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    mail_settings.configure(by=caller(cast.dan), **GIVEN)
    with pytest.raises(Forbidden, match="Only the instance itself"):
        queries.mail_server(by=caller(cast.dan))


def test_everybody_may_know_whether_mail_is_sent(cast: Cast) -> None:
    assert not queries.is_mailing(by=caller(cast.cleo))
    configure()
    assert queries.is_mailing(by=caller(cast.cleo))


def test_a_new_server_tries_what_waits_at_once(cast: Cast) -> None:
    row = Letter.objects.create(kind="test", recipient="zoe@elsewhere.example", posted_at=NOW, due_at=NOW.replace(day=23))
    configure()
    row.refresh_from_db()
    assert row.due_at == NOW


def test_r_eml_4_a_test_mail_goes_to_the_operators_stored_address(cast: Cast) -> None:
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    User.objects.filter(pk=cast.dan).update(language="lv")
    with pytest.raises(NotFound):
        queries.trial(by=caller(cast.dan))
    configure()
    letter = queries.trial(by=caller(cast.dan))
    assert (letter.kind, letter.recipient, letter.language) == (LetterKind.TEST, "dan@acme.example", "lv")
    with pytest.raises(NotFound):
        queries.trial(by=OPERATOR)


def test_an_address_as_a_server_takes_it() -> None:
    assert deliverable("Zoe@B\u00fccher.example") == "Zoe@xn--bcher-kva.example"
    with pytest.raises(Invalid):
        deliverable("nobody")
