"""Durability: whether the database keeps what it acknowledges, and is whole (I-DB-1, measured facts)."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection

from keyholder.storage.connections import WAL_IS_SAFE_FROM
from keyholder.storage.statements import fetch

MOST = 20
"""Faults that SQLite reports at once."""
LASTING: Mapping[str, Sequence[str]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
}
"""Settings of PostgreSQL with which an acknowledged commit survives a power cut."""


def faults() -> Iterator[str]:
    """Go through what is wrong with the database itself, in its own words."""
    return _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()


def _of_sqlite() -> Iterator[str]:
    yield from (str(line[0]) for line in fetch(f"PRAGMA integrity_check({MOST})", {}) if line[0] != "ok")
    yield from (f"{table} {row} refers to a {parent} that is not there" for table, row, parent, _ in fetch("PRAGMA foreign_key_check", {}))
    mode, synchronous, keys = (str(fetch(f"PRAGMA {name}", {})[0][0]).lower() for name in ("journal_mode", "synchronous", "foreign_keys"))
    if mode not in {"wal", "delete", "memory"}:
        yield f"journal_mode = {mode}"
    if mode == "wal" and sqlite3.sqlite_version_info < WAL_IS_SAFE_FROM:
        yield f"journal_mode = wal, SQLite {sqlite3.sqlite_version}"
    if (synchronous, keys) != ("2", "1"):
        yield f"synchronous = {synchronous}, foreign_keys = {keys}"


def _of_postgresql() -> Iterator[str]:
    for name, good in LASTING.items():
        value = str(fetch(f"SHOW {name}", {})[0][0])
        if value not in good:
            yield f"{name} = {value}"
    for (name,) in fetch("SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace", {}):
        yield f"constraint {name} was never validated"
    for (name,) in fetch(
        """SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace""",
        {},
    ):
        yield f"index {name} is not valid"
