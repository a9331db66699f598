"""Replaying the log: every change of every event, folded into rows, against the rows that are there (R-AUD-3, I-AU-2, I-GR-5).

Of each row only a fingerprint is kept, so that memory grows with the state and not with the log.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.db import models

from keyholder.storage.ledger import values
from keyholder.storage.models import Event

CHUNK = 2000
Key = tuple[str, int]
"""A row: its noun and its number."""
Print = bytes | None
"""Of a row's values; None for a row that is gone."""


class Difference(StrEnum):
    """How log and tables disagree."""

    BROKEN = "broken"
    """An event begins with another row than the events before it left."""
    REUSED = "reused"
    """A number was given a second time (I-GR-5)."""
    ALTERED = "altered"
    """The row is another one than the log left."""
    MISSING = "missing"
    """The log left a row that is not there."""
    UNTOLD = "untold"
    """The row is there, and no event made it."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A row about which log and tables disagree; ``event`` is the one that shows it, None where it shows in the table."""

    kind: Difference
    noun: str
    row: int
    event: int | None = None


def discrepancies() -> Iterator[Discrepancy]:
    """Go through the whole log, then through every table, and report what does not fit."""
    state: dict[Key, Print] = {}
    for event, changes in Event.objects.order_by("pk").values_list("pk", "changes").iterator(chunk_size=CHUNK):
        for change in changes:
            yield from _fold(state, change, event)
    for noun, table in tables().items():
        yield from _compare(state, noun, table)
    for (noun, row), left in state.items():
        if left is not None:
            yield Discrepancy(Difference.MISSING, noun, row)


def tables() -> Mapping[str, type[models.Model]]:
    """Return the tables whose rows are facts, by their noun."""
    every = apps.get_app_config("storage").get_models()
    return {str(vars(model)["noun"]): model for model in every if "recorded" in vars(model)}


def _fold(state: dict[Key, Print], change: Sequence[Any], event: int) -> Iterator[Discrepancy]:
    noun, number, before, after = change
    key = (str(noun), int(str(number)))
    if before is None and key in state:
        yield Discrepancy(Difference.REUSED, *key, event)
    elif state.get(key) != _print(before):
        yield Discrepancy(Difference.BROKEN, *key, event)
    state[key] = _print(after)


def _compare(state: dict[Key, Print], noun: str, table: type[models.Model]) -> Iterator[Discrepancy]:
    """Compare a table with what the log left, and take its rows out of the state."""
    for row in table._default_manager.order_by("pk").iterator(chunk_size=CHUNK):  # noqa: SLF001 - Django's documented name
        left = state.pop((noun, row.pk), None)
        if left is None:
            yield Discrepancy(Difference.UNTOLD, noun, row.pk)
        elif left != _print(values(row)):
            yield Discrepancy(Difference.ALTERED, noun, row.pk)


def _print(row: Mapping[str, object] | None) -> Print:
    """Return the fingerprint of a row. A column that is empty counts as one that the row did not have yet when the log told of it."""
    if row is None:
        return None
    held = {name: value for name, value in row.items() if value is not None}
    text = json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
