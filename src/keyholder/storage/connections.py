"""Database connections: what each must promise before anything is written (measured facts, I-DB-1)."""

import sqlite3
from contextlib import suppress
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.signals import connection_created

WAL_IS_SAFE_FROM = (3, 51, 3)


def watch() -> None:
    """Check every connection from now on as it opens."""
    connection_created.connect(check, dispatch_uid="keyholder.connections")


def check(*, connection: Any, **_: object) -> None:  # noqa: ANN401 - a Django connection wrapper
    """Make a connection what it must be; refuse one that would not keep what it acknowledges.

    PostgreSQL is kept from compiling statements: it guesses recursive ones a thousand times too dear, and compiles for a second what takes
    a few milliseconds. SQLite before 3.51.3 can corrupt a database in WAL mode when two connections write and checkpoint at once: there the
    journal is a rollback journal. ``synchronous`` is FULL and foreign keys are held in either case.
    Raises ImproperlyConfigured where the database does not take these settings.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
    if connection.vendor == "sqlite":
        _check_sqlite(connection)


def _check_sqlite(connection: Any) -> None:  # noqa: ANN401 - a Django connection wrapper
    mode = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    with connection.cursor() as cursor:
        with suppress(OperationalError):  # locked: somebody holds the file in another mode, and what it has now is looked at
            cursor.execute(f"PRAGMA journal_mode={mode}")
        taken = cursor.execute("PRAGMA journal_mode").fetchone()[0].upper()
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        foreign_keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    if taken not in {mode, "MEMORY"} or synchronous != 2 or foreign_keys != 1:  # noqa: PLR2004 - 2 is FULL
        message = (
            f"SQLite {sqlite3.sqlite_version} has journal_mode={taken}, synchronous={synchronous}, foreign_keys={foreign_keys}; "
            f"to keep what it acknowledges it must have {mode}, 2 and 1 (WAL is safe from 3.51.3 on)"
        )
        raise ImproperlyConfigured(message)
