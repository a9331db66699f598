"""Letters are kept or lost with what they tell about (semantics 6)."""

import pytest

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import Letter, LetterKind, LetterState
from keyholder.services import letters, scopes
from keyholder.services.acting import acting
from keyholder.storage.models import Letter as LetterRow
from keyholder.storage.models import MailSettings
from tests.cast import OPERATOR, Cast

WELCOME = Letter(LetterKind.INVITATION, "zoe@elsewhere.example", about=7, generation=1, details={"place": "Shop"})


@pytest.fixture
def mailing(db: None) -> None:
    MailSettings.objects.create(host="127.0.0.1", port=25, security="none", sender="keyholder@acme.example")


def told(cast: Cast) -> Event:
    return Event("user.activated", "user", cast.ben, subject=PrincipalId(cast.ben), details={"subject": "Ben"})


def test_a_letter_is_posted_with_its_act(cast: Cast, mailing: None) -> None:
    with acting(OPERATOR, scopes.of_instance) as act:
        assert letters.post(act, WELCOME)
        act.record(told(cast))
    row = LetterRow.objects.get()
    assert (row.recipient, row.about, row.state, row.due_at) == ("zoe@elsewhere.example", 7, "waiting", OPERATOR.at)


def test_a_letter_is_lost_with_its_act(cast: Cast, mailing: None) -> None:
    def act_and_fail() -> None:
        with acting(OPERATOR, scopes.of_instance) as act:
            letters.post(act, WELCOME)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert not LetterRow.objects.exists()


def test_without_a_mail_server_nothing_is_posted_and_it_is_said(cast: Cast) -> None:
    with acting(OPERATOR, scopes.of_instance) as act:
        assert not letters.post(act, WELCOME)
    assert not LetterRow.objects.exists()


def test_letters_that_wait_are_taken_back_and_others_are_not(cast: Cast, mailing: None) -> None:
    with acting(OPERATOR, scopes.of_instance) as act:
        letters.post(act, WELCOME)
        letters.post(act, WELCOME)
        LetterRow.objects.filter(pk=LetterRow.objects.latest("pk").pk).update(state=LetterState.SENT.value)
        assert letters.withdraw(act, LetterKind.INVITATION, 8) == 0
        assert letters.withdraw(act, LetterKind.INVITATION, 7) == 1
        act.record(told(cast))
    assert sorted(LetterRow.objects.values_list("state", flat=True)) == ["sent", "withdrawn"]
