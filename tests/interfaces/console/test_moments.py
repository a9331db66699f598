"""How long ago, or until when."""

from datetime import UTC, datetime, timedelta

import pytest

from keyholder.interfaces.console.moments import day, exactly, in_words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "15 Nov"),
        (timedelta(days=365), "22 Nov 2025"),
        (-timedelta(seconds=1), "in 1 min"),
        (-timedelta(minutes=30), "in 30 min"),
        (-timedelta(hours=5), "in 5 h"),
        (-timedelta(days=3), "in 3 days"),
        (-timedelta(days=39), "31 Dec"),
        (-timedelta(days=40), "1 Jan 2027"),
    ],
)
def test_a_moment_is_told_as_people_tell_it(distance: timedelta, words: str) -> None:
    assert in_words(NOW - distance, NOW) == words


def test_the_exact_moment_names_its_time_zone() -> None:
    assert exactly(NOW) == "22 November 2026, 12:00 UTC"
    assert day(NOW, NOW) == "22 Nov"
