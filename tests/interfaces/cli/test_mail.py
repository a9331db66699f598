"""Mail from the command line: sending apart from the server, and what became of the letters."""

from datetime import datetime
from typing import Any

import pytest

from keyholder.domain.mail_settings import Security
from keyholder.services.commands import mail_settings
from keyholder.storage.models import Letter
from tests.cast import NOW, OPERATOR
from tests.interfaces.cli.shell import run
from tests.interfaces.jobs.sink import sinking

pytestmark = pytest.mark.usefixtures("db", "noon")


def letter(state: str = "waiting", **columns: Any) -> int:
    settled: datetime | None = None if state == "waiting" else NOW
    given = {"kind": "test", "recipient": "zoe@elsewhere.example", "posted_at": NOW, "due_at": NOW, **columns}
    return Letter.objects.create(state=state, settled_at=settled, **given).pk


def test_what_is_due_is_sent_once() -> None:
    with sinking() as sink:
        mail_settings.configure(by=OPERATOR, host="127.0.0.1", port=sink.port, security=Security.NONE, sender="keys@acme.example")
        sink.answers["gone@elsewhere.example"] = "550 unknown"
        letter(details={"sender": "Alice"})
        letter(recipient="gone@elsewhere.example")
        assert run("mail", "run", "--once").lines == ["sent: 1, not sent: 1"]
    letter()
    assert run("mail", "run", "--once").lines == ["sent: 0, not sent: 1"]


def test_letters_are_listed_for_people_and_programs() -> None:
    number = letter("dead", error="recipient: 550 unknown", attempts=1)
    letter("sent")
    found = run("mail", "list", "--state", "dead", "--json").json
    assert found["counts"] == {"waiting": 0, "sent": 1, "dead": 1, "withdrawn": 0}
    assert found["letters"] == [
        {
            "letter": number,
            "kind": "test",
            "recipient": "zoe@elsewhere.example",
            "state": "dead",
            "attempts": 1,
            "posted": "2026-11-22T12:00:00Z",
            "error": "recipient: 550 unknown",
        }
    ]
    assert len(run("mail", "list").lines) == 3
    assert run("mail", "list", "--state", "waiting").lines == ["letter"]


def test_letters_are_retried_and_discarded_by_number_or_all_that_were_given_up() -> None:
    one, other = letter("dead", error="later: x"), letter("dead", error="later: x")
    assert run("mail", "retry", str(one)).lines == ["retried: 1"]
    assert run("mail", "discard", "--dead", "--json").json == {"discarded": 1}
    assert run("mail", "discard", str(one), str(other)).lines == ["discarded: 1"]
    for words in (("retry",), ("discard", "--dead", str(one))):
        refused = run("mail", *words)
        assert (refused.code, refused.reasons) == (2, [f"mail {words[0]}: name letters by their numbers, or --dead"])
