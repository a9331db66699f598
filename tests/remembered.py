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

_worlds: dict[Callable[[], Any], tuple[Any, Sequence[tuple[type[Model], Sequence[Model]]]]] = {}


def remembered(make: Callable[[], World]) -> World:
    """Return what ``make`` made in an empty database, with all its rows; only the first time it is called."""
    tables = [model._default_manager for model in apps.get_app_config("storage").get_models()]
    if make not in _worlds:
        made = make()
        _worlds[make] = made, [(table.model, list(table.all())) for table in tables]
        return made
    world, contents = _worlds[make]
    for table, (_model, rows) in zip(tables, contents, strict=True):
        if table.exists():
            table.all().delete()
        table.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables]):
            cursor.execute(statement)
    return world  # type: ignore[no-any-return]  # what this very function made is of its type
