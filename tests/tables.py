"""Everything that the database holds, to be compared before and after: what is refused leaves nothing behind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

LOG = ("event", "feed_entry", "tenant")
"""Where a refused attempt leaves its trace: an event with a number, and the tenant's number and head."""


def contents(*, without: Sequence[str] = ()) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """Return all rows of all tables as the database holds them by the table's name, those of some tables apart."""
    models = [model for model in apps.get_app_config("storage").get_models() if table(model) not in without]
    with connection.cursor() as cursor:
        return {table(model): _rows(cursor, model) for model in models}


def _rows(cursor: Any, model: type[Model]) -> list[tuple[object, ...]]:
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
    key = connection.ops.quote_name(str(model._meta.pk.column))
    cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(table(model))} ORDER BY {key}")  # noqa: S608 - names of models
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in cursor.fetchall()]


def table(model: type[Model]) -> str:
    """Return the name of a model's table."""
    return model._meta.db_table
