"""At the same moment, in real threads, on either database: the guarded commands never break what the unguarded ones do (I-MG-1, R-PRV-4).

Each race is run three ways: as it is; with the check made in a transaction before the one that writes; and, where the database would let
it happen, with the locks taken away. The last two show that the check alone is worth nothing.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from keyholder.domain.identifiers import TenantId
from keyholder.domain.refusals import Refusal
from keyholder.storage import audit, locks
from keyholder.storage.models import Tenant
from tests import databases
from tests.cast import build
from tests.services.happened import chains_hold
from tests.services.races import PATIENCE, RACES, Command, Race

TRIES = 150 if os.environ.get("KEYHOLDER_SOAK") == "full" else 3
UNTIL_BROKEN = 12
"""Tries at most until what is unguarded breaks: mostly the first one does it."""
Starter = Callable[..., list[object]]

not_on_sqlite = pytest.mark.skipif(databases.CHOICE != "postgresql", reason="SQLite begins every transaction with the lock on everything")
every_race = pytest.mark.parametrize("rival", RACES.values(), ids=RACES)
pytestmark = pytest.mark.soak


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hash passwords by what takes no time: what is raced here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class UndoneError(Exception):
    """Raised to roll a rehearsal back."""


@every_race
def test_r056_r_prv_2_guarded_nothing_breaks(rival: Race, race: Starter) -> None:
    """Also R-PRV-10: exactly one of two writes that together leave nobody in charge succeeds."""
    cast = build()
    for number in range(TRIES):
        attempt = rival.begin(cast, number)
        results = race(attempt.one, attempt.other)
        refused = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(refusal, Refusal) for refusal in refused), refused
        assert len(refused) == 1 if rival.one_is_refused else len(refused) < 2
        assert not attempt.is_broken()
    assert chains_hold()


@every_race
def test_a_check_in_a_transaction_of_its_own_lets_both_through(rival: Race, race: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build()
    attempt = rival.begin(cast, 0)
    assert race(rehearsal(attempt.one), rehearsal(attempt.other)) == [None, None]
    for check, instead in rival.unguarded.items():
        monkeypatch.setattr(check, instead)
    attempt.one()
    attempt.other()
    assert attempt.is_broken()


@every_race
@not_on_sqlite
def test_without_the_locks_both_come_through(rival: Race, race: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both write to one log, its numbers would still catch them: that second guard is taken away as well.

    What looks and writes by one statement is made of two. What the tables hold by themselves does not break even then.
    """
    cast = build()
    for check, instead in rival.apart.items():
        monkeypatch.setattr(check, instead)
    tries = TRIES if rival.held_by_tables else UNTIL_BROKEN
    for number in range(tries):
        attempt = rival.begin(cast, number)
        with unlocked(tenants=rival.within_one_tenant, numbers=rival.within_one_tenant):
            race(attempt.one, attempt.other)
        if attempt.is_broken():
            return
    if rival.held_by_tables:
        return
    pytest.fail(f"{tries} tries without locks, and nothing broke")


@pytest.mark.parametrize("rival", [r for r in RACES.values() if r.apart], ids=[n for n, r in RACES.items() if r.apart])
@not_on_sqlite
def test_r_pwd_1_r_rat_2_what_is_used_up_by_one_statement_counts_once_even_without_the_locks(rival: Race, race: Starter) -> None:
    attempt = rival.begin(build(), 0)
    with unlocked(tenants=True, numbers=True):
        results = race(attempt.one, attempt.other)
    assert (sum(isinstance(result, Refusal) for result in results), attempt.is_broken()) == (1, False), results


@pytest.mark.parametrize("rival", [r for r in RACES.values() if r.is_told_twice], ids=[n for n, r in RACES.items() if r.is_told_twice])
@not_on_sqlite
def test_the_numbers_of_the_log_catch_what_a_forgotten_lock_lets_through(rival: Race, race: Starter) -> None:
    """Two events of one tenant can't have the same number (I-CO-1): the second writer is refused."""
    cast = build()
    for number in range(TRIES):
        attempt = rival.begin(cast, number)
        with unlocked(tenants=True, numbers=False):
            results = race(attempt.one, attempt.other)
        assert sum(isinstance(result, Refusal) for result in results) == 1, results


def rehearsal(command: Command) -> Command:
    """Make a command that finds out whether it is allowed and leaves no trace."""

    def rehearse() -> None:
        with suppress(UndoneError), locks.locked(tuple, alone=False):
            command()
            raise UndoneError

    return rehearse


@contextmanager
def unlocked(*, tenants: bool, numbers: bool) -> Iterator[None]:
    """Take the instance lock away, with ``tenants`` also those on the tenants' rows, with ``numbers`` also what is written to the log.

    Whoever has checked everything waits for the other before committing.
    """
    meeting, append = Barrier(2), audit.append

    def meet(*given: Any, **named: Any) -> None:
        with suppress(BrokenBarrierError):
            meeting.wait(PATIENCE)
        if not numbers:
            append(*given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "lock_instance", lambda *, alone: None)  # noqa: ARG005 - the name is part of the call
        patch.setattr(audit, "append", meet)
        if tenants:
            patch.setattr(locks, "lock_tenants", lambda ids: {TenantId(row.pk): row for row in Tenant.objects.filter(pk__in=ids)})
        yield
