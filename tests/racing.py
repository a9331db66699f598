"""Races: several commands at the same moment, each in its own thread with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds after which a racer that does not come back is a failure."""


def race(*acts: Callable[[], T]) -> list[T | Exception]:
    """Start all acts together and return, in their order, what each gave or raised.

    Needs the fixture ``committed_db``: a thread sees only what was committed.
    """
    line = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        try:
            line.wait(PATIENCE)
            return act()
        except Exception as error:  # noqa: BLE001 - what was raised is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        futures = [pool.submit(run, act) for act in acts]
        return [future.result(PATIENCE) for future in futures]
