"""What the tests of the command line share: a clock that stands still, and databases of their own."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from keyholder.interfaces.http import clock
from tests import databases


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Let the door's clock stand at the moment at which the cast lives."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


@pytest.fixture
def other_database(tmp_path: Path) -> Iterator[str]:
    """Return the address of a database that does not hold anything, of the kind that is tested."""
    with emptied(tmp_path) as url:
        yield url


@pytest.fixture
def third_database(tmp_path: Path) -> Iterator[str]:
    """Return the address of one more."""
    with emptied(tmp_path) as url:
        yield url


@pytest.fixture
def migrated_database(tmp_path: Path, pristine_db: databases.Pristine) -> Iterator[str]:
    """Return the address of one that the migrations made."""
    with emptied(tmp_path, like=pristine_db.url) as url:
        yield url


class emptied:  # noqa: N801 - reads as a verb
    """Makes a database of its own, empty or a copy, and removes it."""

    def __init__(self, folder: Path, like: str = "") -> None:
        """Name it; ``like`` is the address of one that it begins as a copy of."""
        self.name = f"other_{uuid4().hex[:12]}"
        self.folder = folder
        self.like = urlsplit(like).path.removeprefix("/")

    def __enter__(self) -> str:
        """Return its address: SQLite's file is made by who connects."""
        if databases.CHOICE == "sqlite":
            if self.like:
                copyfile(self.like, f"{self.folder / self.name}.db")
            return f"sqlite:///{self.folder / self.name}.db"
        self._run(f'CREATE DATABASE "{self.name}"' + (f' TEMPLATE "{self.like}"' if self.like else ""))
        return urlsplit(os.environ["KEYHOLDER_TEST_SERVER"])._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        """Drop it."""
        if databases.CHOICE == "postgresql":
            self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(os.environ["KEYHOLDER_TEST_SERVER"], autocommit=True) as connection:
            connection.execute(statement.encode())
