"""Moments: what is a moment, and what only looks like one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.domain.moments import read_moment, write_moment
from keyholder.domain.refusals import Invalid

READ = {
    "2026-11-22T12:00:00Z": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "2026-11-22t12:00:00z": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "2026-11-22 12:00:00+00:00": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "2026-11-22T15:00:00+03:00": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "2026-11-22T06:30:00-05:30": datetime(2026, 11, 22, 12, tzinfo=UTC),
    "2026-11-22T12:00:00.5Z": datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC),
    "2026-11-22T12:00:00.123456789Z": datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC),
    "9999-12-31T23:59:59Z": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
}
REFUSED = {
    "no offset": "2026-11-22T12:00:00",
    "a date alone": "2026-11-22",
    "no seconds": "2026-11-22T12:00Z",
    "no such day": "2026-02-29T12:00:00Z",
    "no such hour": "2026-11-22T24:00:00Z",
    "a leap second": "2026-12-31T23:59:60Z",
    "no such offset": "2026-11-22T12:00:00+25:00",
    "before the first year": "0001-01-01T00:00:00+05:00",
    "a week": "2026-W47-7T12:00:00Z",
    "other digits": "\u0662\u0660\u0662\u0666-11-22T12:00:00Z",
    "something behind it": "2026-11-22T12:00:00Z ",
    "empty": "",
    "tomorrow": "tomorrow",
    "a number": 20261122,
    "nothing": None,
    "a moment that is no text": datetime(2026, 11, 22, tzinfo=UTC),
}


@pytest.mark.parametrize("text", READ)
def test_a_moment_is_read_in_utc(text: str) -> None:
    assert read_moment(text) == READ[text]
    assert read_moment(text).tzinfo is UTC


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_no_moment_is_refused(why: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_moment(REFUSED[why])
    assert refused.value.code == "moment"
    assert str(refused.value)


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_written_as_it_is_read(moment: datetime) -> None:
    try:
        text = write_moment(moment)
    except OverflowError:  # it lies outside the years 1 to 9999 in UTC
        return
    assert read_moment(text) == moment.astimezone(UTC)
