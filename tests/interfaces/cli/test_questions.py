"""Many questions: JSON lines in, the same lines with the decision out."""

import json
from datetime import datetime

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(noon: datetime) -> None:
    """Open the shop."""
    assert applied(SHOP).code == 0


def test_answers_come_in_order_with_what_was_asked() -> None:
    asked: list[dict[str, object]] = [
        {"user": "ben@acme.example", "permission": "edit", "resource": "view:1001", "id": 7},
        {"user": "ben@acme.example", "permission": "edit", "resource": "view:1001", "at": "2027-01-01T00:00:00Z"},
        {"user": "ben@acme.example", "action": "filter.create", "resource": "view:1001", "decision": "?"},
    ]
    done = run("check", "--questions", "-", stdin="\n\n".join(map(json.dumps, asked)))
    assert done.code == 0
    assert done.json_lines == [{**question, "decision": yes} for question, yes in zip(asked, (True, False, True), strict=True)]


@pytest.mark.parametrize(
    "question",
    [
        {"user": "x@acme.example", "permission": "edit", "resource": "view:1001"},
        {"user": "?", "permission": "edit", "resource": "view:1001"},
        {"user": "ben@acme.example", "permission": "edit", "resource": "view:1"},
        {"user": "ben@acme.example", "permission": "edit", "resource": "view"},
        {"user": "ben@acme.example", "permission": "edit", "resource": "planet:1"},
        {"user": "ben@acme.example", "permission": "fly", "resource": "view:1001"},
        {"user": "ben@acme.example", "action": "fly", "resource": "view:1001"},
    ],
    ids=json.dumps,
)
def test_what_is_unknown_is_a_no(question: dict[str, str]) -> None:
    """R-DEC-6."""
    done = run("check", "--questions", "-", stdin=json.dumps(question))
    assert (done.code, done.err, done.json_lines) == (0, "", [{**question, "decision": False}])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("not json", "The line is not a JSON object."),
        ("[]", "The line is not a JSON object."),
        ('{"user": "a@b.example", "user": "c@d.example", "permission": "edit", "resource": "view:1"}', '"user" stands twice'),
        ('{"permission": "edit", "resource": "view:1001"}', '"user" is missing'),
        ('{"user": 7, "permission": "edit", "resource": "view:1001"}', '"user" is missing, or is not a text.'),
        ('{"user": "a@b.example", "resource": "view:1001"}', '"permission" or by "action"'),
        ('{"user": "a@b.example", "permission": "edit", "action": "x", "resource": "view:1"}', '"permission" or by "action"'),
        ('{"user": "a@b.example", "permission": "edit", "resource": "view:1", "at": "noon"}', '"noon" is not a moment'),
        ("[" * 100_000, "line is longer"),
        ("[" * 60_000, "not a JSON object"),
    ],
    ids=lambda text: text[:40],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(line: str, why: str) -> None:
    done = run("check", "--questions", "-", stdin=f"\n{line}\n")
    assert (done.code, done.out) == (2, "")
    assert len(done.reasons) == 1
    assert done.reasons[0].startswith("line 2: ")
    assert why in done.reasons[0]


def test_questions_are_not_asked_together_with_a_question() -> None:
    assert run("check", "--questions", "-", "--user", "ben@acme.example").code == 2
    assert run("check", "--questions", "nowhere.jsonl").code == 2
