"""The schema: whether the database holds the present one, and bringing it up to date, one process at a time."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from keyholder.storage import blueprints, locks


def is_there() -> bool:
    """Say whether there is a database to connect to: an SQLite file that is missing would be made by connecting to it."""
    return connection.vendor != "sqlite" or Path(str(connection.settings_dict["NAME"])).exists()


def is_current() -> bool:
    """Say whether every migration was applied; raises django.db.Error where the database can't be asked."""
    return not pending()


def pending() -> list[str]:
    """Return the names of the migrations that are still to be applied, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> list[str]:
    """Apply what is pending, settle the blueprints, and return the names of what was applied; who comes second waits.

    Raises BlueprintError where a blueprint drops what rows use.
    """
    with locks.migrating():
        names = pending()
        if names:
            call_command("migrate", verbosity=0, interactive=False)
        blueprints.settle()
    return names


def connect_as_owner() -> None:
    """Connect by ``KEYHOLDER_OWNER_URL`` from now on, where it is given: the schema has another owner than the server's role."""
    owner = settings.OWNER_DATABASE
    if owner:
        connection.close()
        connection.settings_dict.update({key: value for key, value in owner.items() if key in connection.settings_dict})
