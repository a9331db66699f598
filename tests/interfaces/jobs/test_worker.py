"""The worker: wakes when something is posted, lets nobody wait for a slow one, outlives every fault, loses nothing when killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Event
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from keyholder.domain.outbox import LEASE
from keyholder.interfaces.jobs import sending
from keyholder.interfaces.jobs.worker import Worker
from keyholder.services import letters
from keyholder.services.commands import additions, outbox
from keyholder.storage import locks
from keyholder.storage.models import Letter
from tests import databases
from tests.cast import NOW, build, caller
from tests.interfaces.jobs.posting import at, send_all, use, waiting
from tests.interfaces.jobs.sink import sinking

PATIENCE = 20.0
"""Seconds after which what does not happen is a failure."""
Starter = Callable[..., list[object]]


def until(happened: Callable[[], object]) -> None:
    begun = perf_counter()
    while not happened():
        assert perf_counter() - begun < PATIENCE, "it did not happen"
        sleep(0.02)


@contextmanager
def working(look: float = 60) -> Iterator[Event]:
    """Run a worker, and give its bell."""
    bell = Event()
    worker = Worker(bell, look)
    worker.start()
    try:
        yield bell
    finally:
        worker.stop()


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_it_wakes_when_a_letter_is_posted_in_its_process(committed_db: None) -> None:
    cast = build()
    letters.BELL.clear()
    with sinking() as sink:
        use(sink)
        worker = Worker(look=60)
        worker.start()
        try:
            additions.add(by=caller(cast.alice), to=[cast.cleo], on=cast.account, permissions=["edit"], notify=True)
            until(lambda: states() == ["sent"])
        finally:
            worker.stop()
    assert sink.recipients == ["cleo@acme.example"]


def test_it_looks_for_what_another_process_posted(committed_db: None) -> None:
    with sinking() as sink:
        use(sink)
        with working(look=0.05):
            waiting()
            until(lambda: sink.taken)


def test_a_slow_recipient_holds_nobody_back(committed_db: None) -> None:
    with sinking() as sink:
        use(sink)
        sink.slow["slow@elsewhere.example"] = 4
        waiting("slow@elsewhere.example")
        for number in range(6):
            waiting(f"guest{number}@elsewhere.example")
        begun = perf_counter()
        with working():
            until(lambda: len(sink.taken) == 6)
            assert perf_counter() - begun < 3
            assert "slow@elsewhere.example" not in sink.recipients
    assert states()[1:] == ["sent"] * 6


def test_it_rests_while_the_mail_server_is_down_and_goes_on_when_it_is_rung(committed_db: None) -> None:
    with sinking() as gone:
        use(gone)
    waiting()
    with working() as bell:
        until(lambda: Letter.objects.filter(error__startswith="unreachable").exists())
        with sinking() as back:
            use(back)
            bell.set()
            until(lambda: back.taken)


def failing_once(monkeypatch: pytest.MonkeyPatch, command: str) -> Event:
    """Let the database not answer one command, once; what is returned is set then."""
    works, failed = getattr(outbox, command), Event()

    def fails_once(**given: Any) -> object:
        if not failed.is_set():
            failed.set()
            raise DatabaseError
        return works(**given)

    monkeypatch.setattr(outbox, command, fails_once)
    return failed


def test_it_outlives_a_database_that_does_not_answer(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = failing_once(monkeypatch, "lease")
    with sinking() as sink:
        use(sink)
        waiting()
        with working(look=0.05):
            until(lambda: sink.taken)
    assert failed.is_set()


def test_it_outlives_a_letter_that_can_not_be_settled(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease stays until it ends; the others are sent."""
    failed = failing_once(monkeypatch, "note_sent")
    with sinking() as sink:
        use(sink)
        first = waiting()
        with working(look=0.05):
            until(failed.is_set)
            waiting("max@elsewhere.example")
            until(lambda: len(sink.taken) == 2)
    first.refresh_from_db()
    assert (first.state, first.leased_until) == ("waiting", NOW + LEASE)


def leasing(taken: list[int]) -> Callable[[], None]:
    def run() -> None:
        while (leased := outbox.lease(by=sending.worker())) is not None:
            taken.append(leased.number)

    return run


@contextmanager
def meeting() -> Iterator[None]:
    """Let two workers that have found a letter wait for each other before either takes it; who waits in vain goes on."""
    together, save = Barrier(2), Letter.save

    def late(self: Letter, **given: Any) -> None:
        with suppress(BrokenBarrierError):
            together.wait(0.5)
        save(self, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Letter, "save", late)
        yield


@pytest.fixture
def six(committed_db: None) -> list[int]:
    with sinking() as sink:
        use(sink)
    return [waiting(f"guest{number}@elsewhere.example").pk for number in range(6)]


def test_two_workers_never_have_the_same_letter(six: list[int], race: Starter) -> None:
    taken: list[int] = []
    with meeting():
        assert race(leasing(taken), leasing(taken)) == [None, None]
    assert sorted(taken) == six


def test_without_the_lock_two_workers_have_the_same_letter(six: list[int], race: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "writing", nullcontext)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    taken: list[int] = []
    with meeting():
        race(leasing(taken), leasing(taken))
    assert len(taken) > len(set(taken))


@contextmanager
def process() -> Iterator[subprocess.Popen[bytes]]:
    """Run ``keyholder mail run`` on the database of the test."""
    name = str(connection.settings_dict["NAME"])
    server = os.environ["KEYHOLDER_TEST_SERVER"]
    url = f"sqlite:///{name}" if databases.CHOICE == "sqlite" else urlsplit(server)._replace(path=f"/{name}").geturl()
    program = [sys.executable, "-c", "from keyholder.interfaces.cli.main import main; main()", "mail", "run"]
    with subprocess.Popen(program, env={**os.environ, "KEYHOLDER_DATABASE_URL": url}, stdout=subprocess.PIPE) as running:  # noqa: S603 - ours
        assert running.stdout is not None
        assert running.stdout.readline() == b"Keyholder sends letters\n"
        try:
            yield running
        finally:
            running.kill()
            running.wait(PATIENCE)


def test_a_worker_that_is_killed_in_the_middle_of_a_letter_loses_nothing(committed_db: None) -> None:
    """It sends one, is killed while the server thinks about the next, and another one sends that after the lease."""
    with sinking() as sink:
        use(sink)
        sink.slow["slow@elsewhere.example"] = 30
        waiting("quick@elsewhere.example")
        with process() as running:
            until(lambda: states() == ["sent"])
            slow = waiting("slow@elsewhere.example")
            until(lambda: Letter.objects.filter(pk=slow.pk, leased_until__isnull=False).exists())
            running.kill()
            running.wait(PATIENCE)
        sink.slow.clear()
        slow.refresh_from_db()
        assert slow.leased_until is not None
        at(slow.leased_until - timedelta(seconds=1))
        assert send_all() == []
        at(slow.leased_until)
        assert [str(sent) for sent in send_all()] == ["taken"]
    assert sink.recipients == ["quick@elsewhere.example", "slow@elsewhere.example"]


def test_a_worker_that_is_asked_to_end_ends(committed_db: None) -> None:
    with process() as running:
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0
