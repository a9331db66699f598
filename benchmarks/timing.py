"""Timing: several ways of asking, in turn, in one run; medians of wall and CPU time a call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

Thing = TypeVar("Thing")

ROUNDS = 7
"""How often every measure has its turn: A B C A B C ..."""
LONG_ENOUGH = 0.1
"""Seconds that a turn takes at least, so that the clock's own grain does not show."""


@dataclass(frozen=True, slots=True)
class Time:
    """Of one call, in microseconds: medians over the rounds."""

    wall: float
    cpu: float


def in_turn(measures: Mapping[str, Callable[[], int]], rounds: int = ROUNDS) -> Mapping[str, Time]:
    """Time measures in turn. Each is called as often as a turn needs, and returns how many calls it stands for."""
    turns: dict[str, list[Time]] = {name: [] for name in measures}
    repeats = {name: _repeats(measure) for name, measure in measures.items()}
    for _ in range(rounds):
        for name, measure in measures.items():
            turns[name].append(_turn(measure, repeats[name]))
    return {name: Time(median(t.wall for t in times), median(t.cpu for t in times)) for name, times in turns.items()}


def over(act: Callable[[Thing], object], things: Sequence[Thing]) -> Callable[[], int]:
    """Return a measure that does something to each of several things."""

    def measure() -> int:
        for thing in things:
            act(thing)
        return len(things)

    return measure


def _repeats(measure: Callable[[], int]) -> int:
    """Warm up, and return how often a measure is called in one turn."""
    begun = perf_counter()
    measure()
    return max(1, round(LONG_ENOUGH / max(perf_counter() - begun, 1e-6)))


def _turn(measure: Callable[[], int], repeats: int) -> Time:
    wall, cpu, calls = perf_counter(), process_time(), 0
    for _ in range(repeats):
        calls += measure()
    return Time((perf_counter() - wall) / calls * 1e6, (process_time() - cpu) / calls * 1e6)
