"""The outbox as operators see and mend it; sending itself is tested at its door."""

from datetime import timedelta
from typing import Any

import pytest

from keyholder.domain.events import Channel
from keyholder.domain.letters import Letter as Posted
from keyholder.domain.letters import LetterKind, LetterState
from keyholder.domain.outbox import KEPT, MOST_ATTEMPTS, SAID, Fault, said, written
from keyholder.domain.refusals import Forbidden, Invalid
from keyholder.services import letters
from keyholder.services.caller import Caller
from keyholder.services.commands import outbox
from keyholder.services.queries import outbox as queries
from keyholder.storage.models import Event, Letter, MailSettings
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.sound import faults

WORKER = Caller(None, NOW, Channel.SYSTEM)


def letter(state: str = "waiting", **columns: Any) -> int:
    settled = None if state == "waiting" else NOW
    error = "later: 451 busy" if state == "dead" else ""
    given = {"kind": "test", "recipient": "zoe@elsewhere.example", "posted_at": NOW, "due_at": NOW, **columns}
    return Letter.objects.create(state=state, settled_at=settled, error=error, **given).pk


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_an_operator_sees_letters_by_where_they_are_newest_first(cast: Cast) -> None:
    waiting, dead, sent = letter(), letter("dead"), letter("sent")
    also = letter()
    found = queries.outbox(by=OPERATOR)
    assert [view.number for view in found.letters] == [also, waiting]
    assert found.counts == {LetterState.WAITING: 2, LetterState.DEAD: 1, LetterState.SENT: 1, LetterState.WITHDRAWN: 0}
    assert [view.number for view in queries.outbox(by=OPERATOR, state=None).letters] == [also, sent, dead, waiting]
    (view,) = queries.outbox(by=OPERATOR, state=LetterState.DEAD).letters
    assert str(view.why) == "The mail server did not take the mail yet: 451 busy."
    assert found.letters[0].why is None
    assert queries.counts(by=OPERATOR) == found.counts


def test_pages_turn_forth_and_back(cast: Cast) -> None:
    numbers = [letter() for _ in range(5)][::-1]
    first = queries.outbox(by=OPERATOR, size=2)
    second = queries.outbox(by=OPERATOR, size=2, cursor=first.next)
    back = queries.outbox(by=OPERATOR, size=2, cursor=second.previous)
    assert [[view.number for view in page.letters] for page in (first, second, back)] == [numbers[:2], numbers[2:4], numbers[:2]]
    with pytest.raises(Invalid):
        queries.outbox(by=OPERATOR, state=LetterState.SENT, cursor=first.next)


def test_what_was_given_up_is_sent_anew_or_discarded(cast: Cast) -> None:
    waiting, dead, also, sent = letter(attempts=3, leased_until=NOW), letter("dead", attempts=MOST_ATTEMPTS), letter("dead"), letter("sent")
    assert outbox.retry(by=OPERATOR, letters=[waiting, dead, sent, 999]) == 2
    assert states() == ["waiting", "waiting", "dead", "sent"]
    assert list(Letter.objects.filter(state="waiting").values_list("attempts", "leased_until", "settled_at")) == [(0, None, None)] * 2
    assert outbox.discard(by=OPERATOR, letters=[waiting, also, sent]) == 2
    assert states() == ["withdrawn", "waiting", "withdrawn", "sent"]
    assert [(event.action, event.details) for event in Event.objects.filter(action__startswith="mail.").order_by("pk")] == [
        ("mail.letters_retried", {"count": 2}),
        ("mail.letters_discarded", {"count": 2}),
    ]
    assert faults("I-OB-1", "I-AU-2") == []


@pytest.mark.parametrize("command", [outbox.retry, outbox.discard])
def test_without_a_number_all_that_were_given_up_are_meant(cast: Cast, command: Any) -> None:
    letter("dead")
    letter("dead")
    waiting = letter(attempts=2)
    assert command(by=OPERATOR) == 2
    assert Letter.objects.get(pk=waiting).attempts == 2
    assert command(by=OPERATOR) == 0
    assert Event.objects.filter(action__startswith="mail.").count() == 1


def test_only_an_operator_looks_and_mends_and_only_the_instance_sends(cast: Cast) -> None:
    by = caller(cast.alice)
    for ask in (queries.outbox, queries.counts, outbox.retry, outbox.discard, outbox.lease, outbox.forget):
        with pytest.raises(Forbidden):
            ask(by=by)
    leased = outbox.Leased(1, Posted(LetterKind.TEST, "zoe@elsewhere.example"), NOW, 1, NOW)
    for note in (lambda: outbox.note_sent(by=by, leased=leased), lambda: outbox.note_fault(by=by, leased=leased, fault=Fault.LATER)):
        with pytest.raises(Forbidden):
            note()


def test_what_was_sent_long_ago_is_forgotten(cast: Cast) -> None:
    """What was given up stays until somebody has looked at it."""
    sent, withdrawn, dead, lately = letter("sent"), letter("withdrawn"), letter("dead"), letter("sent")
    Letter.objects.filter(pk__in=[sent, withdrawn, dead]).update(settled_at=NOW - KEPT - timedelta(seconds=1))
    assert outbox.forget(by=WORKER) == 2
    assert list(Letter.objects.order_by("pk").values_list("pk", flat=True)) == [dead, lately]


def test_a_letter_is_leased_with_everything_that_fills_it(cast: Cast) -> None:
    MailSettings.objects.create(host="localhost", port=25, security="none", sender="keys@acme.example")
    details = {"place": "Shop", "resource": 7}
    number = letter(kind="request_answered", name="Zoe", language="lv", about=3, generation=2, path="/x/", details=details)
    leased = outbox.lease(by=WORKER)
    assert leased is not None
    posted = Posted(LetterKind.REQUEST_ANSWERED, "zoe@elsewhere.example", "Zoe", "lv", 3, 2, "/x/", details)
    assert (leased.number, leased.letter, leased.attempt) == (number, posted, 1)


def test_a_link_without_a_secret_and_a_page_is_none() -> None:
    assert letters.link(Posted(LetterKind.TEST, "zoe@elsewhere.example")) == ""
    assert letters.link(Posted(LetterKind.REQUEST_MADE, "zoe@elsewhere.example", path="/x/")) == "http://127.0.0.1:8000/x/"


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_its_words(fault: Fault) -> None:
    assert str(said(written(fault, "451 busy"))) == SAID[fault].format(words="451 busy")


def test_an_error_that_no_fault_explains_is_none() -> None:
    assert said("") is None
    assert said("something: else") is None
    assert len(written(Fault.LATER, "x" * 1000)) == 500
