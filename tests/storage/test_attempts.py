"""Attempts, counted by key within a span of time (R-RAT-1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from keyholder.storage import attempts
from keyholder.storage.models import SignInAttempt
from tests.conftest import NOW

SPAN = timedelta(minutes=15)
MOST = {"code of Ben": 2, "everybody": 3}

pytestmark = pytest.mark.django_db


def take(*, most: dict[str, int] = MOST, minutes: int = 0) -> bool:
    return attempts.take(most, NOW + timedelta(minutes=minutes), SPAN)


def kept() -> dict[str, int]:
    keys = list(SignInAttempt.objects.values_list("key", flat=True))
    return {key: keys.count(key) for key in set(keys)}


def test_r_rat_1_as_many_are_taken_as_there_may_be_and_waiting_does_not_prolong_the_wait() -> None:
    assert [take() for _ in range(4)] == [True, True, False, False]
    assert kept() == {"code of Ben": 2, "everybody": 2}


def test_r_rat_1_each_key_has_a_number_of_its_own() -> None:
    assert [take(most={f"code of {who}": 2, "everybody": 3}) for who in ("Ben", "Cleo", "Dan", "Eve")] == [True, True, True, False]


def test_r_rat_1_what_is_older_than_the_span_is_forgotten() -> None:
    assert [take(), take(), take(minutes=14), take(minutes=15)] == [True, True, False, True]
    assert kept() == {"code of Ben": 1, "everybody": 1}


def test_r_rat_1_an_attempt_that_another_forgets_before_it_is_counted_is_taken() -> None:
    """Whoever succeeds at the same moment forgets what was counted against the account, this attempt with it."""

    def meanwhile(execute: Callable[..., object], statement: str, *rest: Any) -> object:
        done = execute(statement, *rest)
        if statement.startswith("INSERT"):
            attempts.forget("code of Ben")
        return done

    with connection.execute_wrapper(meanwhile):
        assert take()
    assert kept() == {"everybody": 1}
