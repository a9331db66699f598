"""The small words: references, windows, sentences, refusals."""

from datetime import UTC, datetime, timedelta

import pytest

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, Refusals, RefusedRow
from keyholder.domain.sentences import sentence
from keyholder.domain.windows import ALWAYS, Window

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_resource_is_named_by_type_and_id_and_the_id_may_hold_colons() -> None:
    assert ResourceRef.parse("account:100") == ResourceRef("account", "100")
    assert str(ResourceRef.parse("view:a:b")) == "view:a:b"
    assert ResourceRef.parse("view:a:b").key == "a:b"


@pytest.mark.parametrize("text", ["", "account", "account:", ":100"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not TYPE:ID"):
        ResourceRef.parse(text)


def test_a_window_begins_with_its_start_and_ends_before_its_end() -> None:
    window = Window(NOON, NOON + SECOND)
    assert [window.holds(at) for at in (NOON - SECOND, NOON, NOON + SECOND)] == [False, True, False]
    assert not window.stands(NOON)


def test_only_what_has_begun_and_never_ends_stands() -> None:
    assert ALWAYS.stands(NOON)
    assert ALWAYS.is_standing
    assert Window(starts_at=NOON).stands(NOON)
    assert not Window(starts_at=NOON).is_standing
    assert not Window(starts_at=NOON).stands(NOON - SECOND)
    assert not Window(ends_at=NOON + SECOND).stands(NOON)


@pytest.mark.parametrize("end", [NOON, NOON - SECOND])
def test_a_window_that_is_never_in_force_is_refused(end: datetime) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(NOON, end)


def test_a_sentence_is_its_template_and_what_fills_it() -> None:
    said = sentence("{who} may not {what}.", who="Dan", what=sentence("edit {thing}", thing="{who}"))
    assert str(said) == "Dan may not edit {who}."


def test_a_refusal_names_its_place_first() -> None:
    assert str(Forbidden("access", sentence("No."))) == "No."
    assert str(Invalid("name", sentence("No."), place="users[0].name")) == "users[0].name: No."


def test_several_refusals_are_a_line_each_and_go_by_the_first() -> None:
    rows = [RefusedRow("ben@acme.example", Conflict("last_manager", sentence("One."))), RefusedRow("2", Invalid("name", sentence("Two.")))]
    refusals = Refusals(rows)
    assert str(refusals) == "One.\nTwo."
    assert (refusals.code, [row.row for row in refusals.rows]) == ("last_manager", ["ben@acme.example", "2"])
