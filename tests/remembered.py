"""Worlds that are made once and remembered: the next test finds the same rows in its own transaction, in a fraction of the time.

What was made stands in the tables as the commands left it, events and all; what a test then does to it is rolled back with the test.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

World = TypeVar("World")
Statement = tuple[str, Sequence[Any] | None]

_worlds: dict[Callable[[], Any], tuple[Any, Sequence[Statement]]] = {}


def remembered(make: Callable[[], World]) -> World:
    """Return what ``make`` made in a database as the migrations left it, with all its rows; only the first time it is called."""
    if make not in _worlds:
        tables = list(apps.get_app_config("storage").get_models())
        full = [table for table in tables if table._default_manager.exists()]
        world = make()
        _worlds[make] = world, _statements(tables, full)
        return world
    world, statements = _worlds[make]
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)
    return world


def _statements(tables: Sequence[type[Model]], full: Sequence[type[Model]]) -> Sequence[Statement]:
    """Return what puts the present rows where only ``full`` tables have any; PostgreSQL is told all of it at once."""
    with connection.cursor() as cursor:
        emptied: list[Statement] = [(f"DELETE FROM {_quoted(table._meta.db_table)}", None) for table in full]  # noqa: S608 - names of models
        filled = [filling for table in tables for filling in _filling(cursor, table)]
        numbered: list[Statement] = [(statement, None) for statement in connection.ops.sequence_reset_sql(no_style(), tables)]
        if connection.vendor != "postgresql":
            return [*emptied, *filled, *numbered]
        said = [statement if values is None else cursor.mogrify(statement, values) for statement, values in (*emptied, *filled, *numbered)]
        return [("; ".join(said), None)]


def _filling(cursor: Any, table: type[Model]) -> list[Statement]:
    """Return the statement that writes the present rows of a table, if it has any."""
    cursor.execute(f"SELECT * FROM {_quoted(table._meta.db_table)}")  # noqa: S608 - the name of a model
    columns, rows = [column[0] for column in cursor.description], cursor.fetchall()
    if not rows:
        return []
    one = f"({', '.join(['%s'] * len(columns))})"
    into = f"{_quoted(table._meta.db_table)} ({', '.join(map(_quoted, columns))})"
    return [(f"INSERT INTO {into} VALUES {', '.join([one] * len(rows))}", [value for row in rows for value in row])]  # noqa: S608 - the same


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
