"""Letters on their way: taken, tried again, given up; and what holds one back holds back no other (semantics 6)."""

from datetime import timedelta

import pytest

from keyholder.domain.letters import LetterState
from keyholder.domain.outbox import LEASE, MOST_ATTEMPTS
from keyholder.interfaces.jobs import mails, sending
from keyholder.interfaces.jobs.sending import Sent
from keyholder.services.commands import mail_settings, outbox
from keyholder.storage.models import Letter, MailSettings
from tests.cast import OPERATOR
from tests.interfaces.jobs.posting import at, send_all, use, waiting
from tests.interfaces.jobs.sink import Sink, sinking


def state(row: Letter) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.state, row.attempts, row.error.partition(":")[0]


def test_a_letter_is_sent_to_its_stored_address_once(sink: Sink) -> None:
    """R-EML-4: the envelope names the address of the row."""
    row = waiting("Zoe@Elsewhere.example", name="Zoe")
    assert send_all() == [Sent.TAKEN]
    assert send_all() == []
    assert sink.recipients == ["Zoe@elsewhere.example"]
    assert sink.taken[0].mail_from == "keyholder@acme.example"
    assert state(row) == ("sent", 1, "")
    assert row.settled_at is not None
    assert row.leased_until is None


def test_without_a_mail_server_nothing_is_taken_from_the_outbox(db: None) -> None:
    row = waiting()
    assert send_all() == []
    assert state(row) == ("waiting", 0, "")


def test_while_the_mail_server_is_down_letters_wait_and_are_sent_once_it_is_back(db: None) -> None:
    with sinking() as sink:
        use(sink)
    rows = [waiting(), waiting("max@elsewhere.example")]
    for hour in range(MOST_ATTEMPTS + 3):
        at(timedelta(hours=hour))
        assert send_all() == [Sent.HELD, Sent.HELD]
    assert [state(row) for row in rows] == [("waiting", 0, "unreachable")] * 2
    with sinking() as back:
        use(back)
        assert send_all() == [Sent.TAKEN, Sent.TAKEN]


def test_who_is_refused_for_good_is_given_up_at_once_and_the_others_are_sent(sink: Sink) -> None:
    sink.answers["gone@elsewhere.example"] = "550 no such mailbox"
    gone, _zoe = waiting("gone@elsewhere.example"), waiting()
    assert send_all() == [Sent.GIVEN_UP, Sent.TAKEN]
    assert sink.recipients == ["zoe@elsewhere.example"]
    assert state(gone) == ("dead", 1, "recipient")
    assert gone.error == "recipient: 550 no such mailbox"


def test_who_is_refused_for_now_is_tried_again_later_and_later_and_given_up_in_the_end(sink: Sink) -> None:
    sink.answers["full@elsewhere.example"] = "452 mailbox full"
    full = waiting("full@elsewhere.example")
    pauses = []
    while full.state == LetterState.WAITING.value:
        at(full.due_at)
        begun = full.due_at
        assert send_all() in ([Sent.LATER], [Sent.GIVEN_UP])
        full.refresh_from_db()
        pauses.append(full.due_at - begun)
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert max(pauses) == timedelta(hours=6)
    assert state(full) == ("dead", MOST_ATTEMPTS, "later")


@pytest.mark.parametrize(
    ("answer", "became", "kept"),
    [("554 no spam please", Sent.GIVEN_UP, ("dead", 1, "content")), ("451 try later", Sent.LATER, ("waiting", 1, "later"))],
)
def test_a_mail_that_is_refused_after_it_was_read(sink: Sink, answer: str, became: Sent, kept: tuple[str, int, str]) -> None:
    sink.data_answer = answer
    row = waiting()
    assert send_all() == [became]
    assert state(row) == kept


def test_a_refused_sender_is_no_letters_fault(sink: Sink) -> None:
    sink.sender_answer = "553 not your address"
    row = waiting()
    assert send_all() == [Sent.HELD]
    assert state(row) == ("waiting", 0, "sender")


def test_a_letter_that_no_mail_can_be_made_of_is_given_up(sink: Sink) -> None:
    row = waiting("no address")
    assert send_all() == [Sent.GIVEN_UP]
    assert state(row) == ("dead", 1, "unsendable")


def test_an_error_of_our_own_is_an_attempt(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "written", lambda *_: 1 / 0)
    row = waiting()
    assert send_all() == [Sent.LATER]
    assert state(row) == ("waiting", 1, "later")


def test_a_worker_that_dies_with_a_letter_loses_nothing(sink: Sink) -> None:
    """A lease ends, and until then nobody else has the letter."""
    row = waiting()
    assert outbox.lease(by=sending.worker()) is not None
    assert send_all() == []
    at(LEASE)
    assert send_all() == [Sent.TAKEN]
    assert state(row) == ("sent", 2, "")


def test_who_comes_too_late_settles_nothing(sink: Sink) -> None:
    """The lease has ended and somebody else has the letter: only they say what became of it."""
    row = waiting()
    late = outbox.lease(by=sending.worker())
    at(LEASE)
    other = outbox.lease(by=sending.worker())
    assert late is not None
    assert other is not None
    assert not outbox.note_sent(by=sending.worker(), leased=late)
    assert state(row)[0] == "waiting"
    assert outbox.note_sent(by=sending.worker(), leased=other)


def test_a_letter_that_is_withdrawn_on_its_way_stays_withdrawn(sink: Sink) -> None:
    row = waiting()
    leased = outbox.lease(by=sending.worker())
    assert leased is not None
    outbox.discard(by=OPERATOR, letters=[row.pk])
    assert sending.send(leased) is Sent.TAKEN
    assert state(row)[0] == "withdrawn"


def test_a_mail_server_that_is_removed_meanwhile_holds_letters_back(sink: Sink) -> None:
    row = waiting()
    leased = outbox.lease(by=sending.worker())
    mail_settings.remove(by=OPERATOR)
    assert leased is not None
    assert sending.send(leased) is Sent.HELD
    assert state(row)[0] == "waiting"


def test_a_password_that_no_key_opens_any_more_is_said(sink: Sink) -> None:
    MailSettings.objects.update(username="keyholder", password="sealed elsewhere")
    row = waiting()
    assert send_all() == [Sent.HELD]
    assert state(row) == ("waiting", 0, "unreadable")
