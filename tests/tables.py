"""Everything that the database holds, to be compared before and after: what is refused leaves nothing behind."""

from collections.abc import Mapping, Sequence

from django.apps import apps
from django.db.models import Model

LOG = ("event", "feed_entry", "tenant")
"""Where a refused attempt leaves its trace: an event with a number, and the tenant's number and head."""


def contents(*, without: Sequence[str] = ()) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """Return all rows of all tables by the table's name, those of some tables apart."""
    models = [model for model in apps.get_app_config("storage").get_models() if table(model) not in without]
    return {table(model): list(model._default_manager.order_by("pk").values_list()) for model in models}


def table(model: type[Model]) -> str:
    """Return the name of a model's table."""
    return model._meta.db_table
