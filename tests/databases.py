"""Which database a test session runs on, and how it gets back to the state right after the migrations.

``KEYHOLDER_TEST_DATABASE`` is ``sqlite`` (the default) or ``postgresql``; the suite is the same on both.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.db import connections

from tests.postgres import Cluster

CHOICE = os.environ.get("KEYHOLDER_TEST_DATABASE", "sqlite")
CHOICES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, in which a folder with a name of its own is made


class Server(Protocol):
    """A database server for one session."""

    url: str

    def stop(self) -> None:
        """Remove everything."""


class File:
    """SQLite in a folder of its own, in memory where the machine has one: threads need a file, tests need no disk."""

    def __init__(self) -> None:
        """Make the folder."""
        self.folder = Path(tempfile.mkdtemp(prefix="keyholder-sqlite-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
        self.url = f"sqlite:///{self.folder / 'keyholder.db'}"

    def stop(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Given:
    """A PostgreSQL somebody else runs (``DATABASE_URL``)."""

    def __init__(self, url: str) -> None:
        """Remember its address."""
        self.url = url

    def stop(self) -> None:
        """Leave it as it is."""


def start() -> Server:
    """Start the chosen database; raises RuntimeError where it can't be had, ValueError for an unknown choice."""
    if CHOICE == "sqlite":
        return File()
    if CHOICE == "postgresql":
        given = os.environ.get("DATABASE_URL", "")
        return Given(given) if given else Cluster()
    message = f"KEYHOLDER_TEST_DATABASE is {CHOICE!r}; it can be {' or '.join(CHOICES)}"
    raise ValueError(message)


class Pristine(Protocol):
    """The database as the migrations left it."""

    @property
    def url(self) -> str:
        """The address of the copy, for copying."""

    def restore(self) -> None:
        """Throw away whatever was committed since."""

    def discard(self) -> None:
        """Remove the copy."""


class PristineFile:
    """A copy of the SQLite file."""

    def __init__(self) -> None:
        """Copy it."""
        connections.close_all()
        self._file = Path(str(connections["default"].settings_dict["NAME"]))
        self._copy = self._file.with_suffix(".pristine")
        shutil.copyfile(self._file, self._copy)
        self.url = f"sqlite:///{self._copy}"

    def restore(self) -> None:
        """Copy it back."""
        connections.close_all()
        for suffix in ("-journal", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._copy, self._file)

    def discard(self) -> None:
        """Remove the copy."""
        self._copy.unlink(missing_ok=True)


class PristineTemplate:
    """A second PostgreSQL database, the template of the first."""

    def __init__(self) -> None:
        """Make it from the first."""
        self._name = str(connections["default"].settings_dict["NAME"])
        self._template = f"{self._name}_pristine"
        self.url = urlsplit(os.environ["KEYHOLDER_TEST_SERVER"])._replace(path=f"/{self._template}").geturl()
        self._run(f'DROP DATABASE IF EXISTS "{self._template}"', f'CREATE DATABASE "{self._template}" TEMPLATE "{self._name}"')

    def restore(self) -> None:
        """Make the first one anew."""
        self._run(f'DROP DATABASE "{self._name}" WITH (FORCE)', f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')

    def discard(self) -> None:
        """Drop the template."""
        self._run(f'DROP DATABASE IF EXISTS "{self._template}"')

    def _run(self, *commands: str) -> None:
        connections.close_all()
        with connections["default"]._nodb_cursor() as cursor:
            for command in commands:
                cursor.execute(command)


def pristine() -> Pristine:
    """Remember the database as it is now."""
    return PristineFile() if connections["default"].vendor == "sqlite" else PristineTemplate()
