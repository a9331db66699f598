"""The ledger: the only hand that writes rows. Every row it writes is noted as a change, before and after (R-AUD-1, R-AUD-3)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db import models

from keyholder.domain.events import Change

Row = TypeVar("Row", bound=models.Model)
BATCH = 500


class Ledger:
    """Writes rows within one transaction and remembers what it wrote until an event takes it."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.written: list[Change] = []
        self._taken = 0

    def add(self, row: Row) -> Row:
        """Insert a row and note it."""
        row.save(force_insert=True)
        self.note_added(row)
        return row

    def note_added(self, row: models.Model) -> None:
        """Note a row that was inserted just now by a hand that had to finish it afterwards (its own id stands in its path)."""
        self.written.append(Change(noun(row), row.pk, None, values(row)))

    def add_all(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Insert many rows of one table at once and note each."""
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 - Django's documented name
            self.written.extend(Change(noun(row), row.pk, None, values(row)) for row in rows)
        return rows

    def change(self, row: Row, **columns: object) -> bool:
        """Set columns of a row and note the difference; where nothing differs nothing is written, and False is returned."""
        before = values(row)
        different = [name for name, value in columns.items() if getattr(row, name) != value]
        if not different:
            return False
        for name in different:
            setattr(row, name, columns[name])
        row.save(update_fields=different)
        after = values(row)
        if after != before:
            self.written.append(Change(noun(row), row.pk, before, after))
        return True

    def remove(self, row: models.Model) -> None:
        """Delete a row and note it; the database refuses while anything refers to it."""
        self.remove_all([row])

    def remove_all(self, rows: Iterable[models.Model]) -> None:
        """Delete many rows of one table at once and note each."""
        doomed = list(rows)
        for start in range(0, len(doomed), BATCH):
            part = doomed[start : start + BATCH]
            type(part[0])._default_manager.filter(pk__in=[row.pk for row in part]).delete()  # noqa: SLF001 - Django's documented name
        self.written.extend(Change(noun(row), row.pk, values(row), None) for row in doomed)

    def take(self) -> list[Change]:
        """Return what was written since the last take: the changes of one event."""
        changes = self.written[self._taken :]
        self._taken = len(self.written)
        return changes

    @property
    def untold(self) -> int:
        """How many changes no event has taken yet."""
        return len(self.written) - self._taken


def noun(row: models.Model) -> str:
    """Return the noun of a row's table."""
    return str(_fact(row, "noun"))


def values(row: models.Model) -> Mapping[str, object]:
    """Return the columns of a row that belong to the fact, as JSON can hold them."""
    return {name: _plain(getattr(row, name)) for name in _fact(row, "recorded")}


def _fact(row: models.Model, attribute: str) -> Any:  # noqa: ANN401 - an attribute of the model's class
    """Return what a model says of its rows as facts: its noun, the columns that belong to them. Raises AttributeError for other tables."""
    return getattr(type(row), attribute)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | uuid.UUID):
        return str(value)
    return value
