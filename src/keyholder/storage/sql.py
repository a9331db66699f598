"""Small helps for the statements that the ORM can't say."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection


def ids(numbers: Collection[int]) -> str:
    """Return whole numbers of our own written out for an IN list; an impossible one where there are none."""
    return ",".join(str(int(number)) for number in numbers) or "-1"


def moment(value: datetime) -> Any:  # noqa: ANN401 - a driver's own value
    """Return a moment as this database's driver takes it in a plain statement."""
    return connection.ops.adapt_datetimefield_value(value)


def column(statement: str, parameters: Iterable[Any] = ()) -> list[int]:
    """Return the first column of a statement's rows: ids. Moments among the parameters are adapted."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment(value) if isinstance(value, datetime) else value for value in parameters])
        return [line[0] for line in cursor.fetchall()]


def insert(table: str, columns: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    """Insert many lines into a table of ours, in one go; values are as the driver takes them."""
    if lines:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', lines)
