"""Emptying the trash: what is due goes once, however many nodes look, and what fails holds nothing else back (semantics 4)."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter, sleep

import pytest

from keyholder.interfaces.jobs import emptying
from keyholder.interfaces.jobs.emptying import Emptying, empty
from keyholder.services.commands import trashing
from keyholder.storage.models import Event, Resource
from tests.cast import Cast, build, caller, resource
from tests.interfaces.jobs.posting import at

DAYS = timedelta(days=35)
PATIENCE = 20.0
"""Seconds after which what does not happen is a failure."""


def purged() -> int:
    return Event.objects.filter(action="resource.purged").count()


def test_nothing_goes_before_its_days_are_over(cast: Cast) -> None:
    trashing.trash(by=caller(cast.ben), resource=cast.property)
    at(DAYS - timedelta(seconds=1))
    assert list(empty()) == []
    at(DAYS)
    assert list(empty()) == [cast.property]
    assert list(empty()) == []


def test_what_lies_within_something_that_goes_goes_with_it(cast: Cast) -> None:
    for on in (cast.view, cast.account):
        trashing.trash(by=caller(cast.ben), resource=on)
    at(DAYS)
    assert list(empty()) == [cast.account]
    assert (purged(), Resource.objects.exists()) == (1, False)


def test_several_nodes_delete_each_thing_once(committed_db: None, race: Callable[..., list[object]]) -> None:
    cast = build()
    doomed = [resource(cast.alice, "property", f"p{number}", "App", cast.account) for number in range(4)]
    for on in doomed:
        trashing.trash(by=caller(cast.ben), resource=on)
    at(DAYS)
    found = race(*[lambda: list(empty())] * 3)
    assert sorted(number for each in found for number in each) == doomed  # type: ignore[attr-defined]  # lists
    assert (purged(), Resource.objects.filter(pk__in=doomed).count()) == (len(doomed), 0)


def test_a_thread_looks_at_once_and_outlives_a_fault(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = build()
    trashing.trash(by=caller(cast.ben), resource=cast.property)
    at(DAYS)
    faults = [RuntimeError("no database")]
    whole = emptying.empty
    monkeypatch.setattr(emptying, "empty", lambda: (_ for _ in ()).throw(faults.pop()) if faults else whole())
    job = Emptying(look=0.05)
    job.start()
    try:
        begun = perf_counter()
        while Resource.objects.filter(pk=cast.property).exists():
            assert perf_counter() - begun < PATIENCE, "it did not happen"
            sleep(0.05)
    finally:
        job.stop()
    assert faults == []
