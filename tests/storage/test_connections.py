"""Connections: what each promises before anything is written (I-DB-1, measured facts of SQLite and PostgreSQL)."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from keyholder.config import environment
from keyholder.storage import connections as ours
from tests.databases import CHOICE

on_sqlite = pytest.mark.skipif(CHOICE != "sqlite", reason="about SQLite's settings")
on_postgresql = pytest.mark.skipif(CHOICE != "postgresql", reason="about PostgreSQL's settings")
Opener = Callable[..., DatabaseWrapper]


def pragma(of: BaseDatabaseWrapper, name: str) -> str:
    """Return a setting of an SQLite connection."""
    with of.cursor() as cursor:
        return str(cursor.execute(f"PRAGMA {name}").fetchone()[0])


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Opener]:
    """Open connections of our own to a file, as an SQLite of some version would."""
    made: list[DatabaseWrapper] = []

    def opener(version: tuple[int, int, int], **options: object) -> DatabaseWrapper:
        monkeypatch.setattr(ours.sqlite3, "sqlite_version_info", version)  # type: ignore[attr-defined]  # the module that it imports
        described = environment.database(f"sqlite:///{tmp_path / 'file.db'}")
        described["OPTIONS"] = {**described["OPTIONS"], **options}  # type: ignore[dict-item]  # a dictionary of options
        described = {**connections["default"].settings_dict, "CONN_HEALTH_CHECKS": False, **described}
        made.append(DatabaseWrapper(described, "another"))
        made[-1].ensure_connection()
        return made[-1]

    with django_db_blocker.unblock():
        yield opener
        for one in made:
            one.close()


@on_sqlite
@pytest.mark.django_db
def test_i_db_1_every_connection_keeps_what_it_acknowledges() -> None:
    """I-DB-1: journal, synchronous and foreign keys; the whole file and every reference are sound."""
    safe = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert [pragma(connection, name) for name in ("journal_mode", "synchronous", "foreign_keys")] == ["wal" if safe else "delete", "2", "1"]
    assert pragma(connection, "integrity_check") == "ok"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "delete"), ((3, 51, 2), "delete"), ((3, 51, 3), "wal"), ((3, 53, 4), "wal")])
def test_the_journal_is_written_ahead_only_where_that_is_safe(opened: Opener, version: tuple[int, int, int], mode: str) -> None:
    """SQLite before 3.51.3 can corrupt a database when two connections write and checkpoint at once."""
    one = opened(version)
    assert [pragma(one, name) for name in ("journal_mode", "synchronous", "foreign_keys")] == [mode, "2", "1"]


def test_an_unsafe_combination_is_refused_with_the_reason(opened: Opener) -> None:
    """Another process holds the file in the mode that is not safe here: nothing is written then."""
    other = opened((3, 51, 3))
    with other.cursor() as cursor:
        cursor.execute("CREATE TABLE held (id integer)")
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM held")
        with pytest.raises(ImproperlyConfigured, match="journal_mode=WAL"):
            opened((3, 51, 2), timeout=0)


@pytest.mark.parametrize(
    ("init", "said"),
    [
        ("PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL;", "synchronous=1"),
        ("PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF;", "synchronous=0"),
        ("PRAGMA foreign_keys=OFF; PRAGMA synchronous=FULL;", "foreign_keys=0"),
    ],
)
def test_a_connection_that_may_lose_or_dangle_is_refused(opened: Opener, init: str, said: str) -> None:
    """With NORMAL, 4,311 of 14,339 acknowledged commits were lost in simulated power cuts; with FULL none."""
    with pytest.raises(ImproperlyConfigured, match=said):
        opened((3, 40, 1), init_command=init)


@on_sqlite
@pytest.mark.django_db
def test_a_transaction_begins_with_the_lock() -> None:
    """``BEGIN IMMEDIATE``: what is read in a transaction is still so when it writes (semantics 9)."""
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@on_postgresql
@pytest.mark.django_db
def test_statements_are_not_compiled() -> None:
    """Recursive ones are guessed a thousand times too dear: compiling one takes a second, running it milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
