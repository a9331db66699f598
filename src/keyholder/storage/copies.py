"""Copies of a whole database: one consistent file while others write, and back into an empty database (contract 2).

SQLite is copied by its own backup interface, PostgreSQL by ``pg_dump`` and ``pg_restore`` of this machine. A copy is made beside its
place and moved there when it is complete; nobody but its owner may read it, because it holds what signs people in.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from django.db import connection

from keyholder.storage.models import Tenant
from keyholder.storage.models.sessions import Session

PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version."""
OURS = ("tenant", "principal", "binding", "event", "django_migrations")
"""Tables that every copy of ours holds."""
FILLED = ("principal", "organization", "resource", "event")
"""Tables of which none may hold a row before a copy is restored."""


class CopyError(Exception):
    """A copy can't be used, or a program failed; the message says which and why."""


class ProgramError(CopyError):
    """A program of PostgreSQL is missing or failed."""


def back_up(file: Path) -> None:
    """Write everything to a file. Raises ProgramError, CopyError where the copy turned out damaged, OSError."""
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # readable by its owner only
    os.close(descriptor)
    copy = Path(name)
    try:
        if connection.vendor == "sqlite":
            _copy_to(copy)
        else:
            _run("pg_dump", ["--format=custom", f"--file={copy}"])
        copy.replace(file)
    finally:
        copy.unlink(missing_ok=True)


def restore(file: Path) -> None:
    """Put a copy in the place of this empty database; every tenant begins a new epoch and no session is left (I-CO-2, R-SES-2).

    Raises CopyError where the file is no copy made on this kind of database, ProgramError.
    """
    if connection.vendor == "sqlite":
        _copy_from(file)
    else:
        _restore_dump(file)
    for tenant in Tenant.objects.only("pk"):
        Tenant.objects.filter(pk=tenant.pk).update(epoch=uuid.uuid4())
    Session.objects.all().delete()


def is_empty() -> bool:
    """Say whether the database holds no tables, or none of ours with anything in it."""
    tables = set(connection.introspection.table_names())
    return not any(_has_rows(table) for table in FILLED if table in tables)


def settings_of() -> Mapping[str, str]:
    """Return how to reach this PostgreSQL, as variables that its programs read: no password stands in a list of processes."""
    described = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {variable: str(described[name]) for variable, name in names.items() if described[name]}


def _copy_to(copy: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)
        _check(target, copy)


def _copy_from(file: Path) -> None:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
        try:
            _check(source, file)
        except sqlite3.DatabaseError as error:
            message = f"{file} is not a backup of an SQLite database: {error}"
            raise CopyError(message) from error
        connection.ensure_connection()
        source.backup(connection.connection)
    connection.close()


def _restore_dump(file: Path) -> None:
    try:
        listed = _run("pg_restore", ["--list", str(file.resolve())]).split()
    except ProgramError as error:
        raise CopyError(str(error)) from error
    if not set(OURS) <= set(listed):
        message = f"{file} is not a whole copy of a Keyholder database"
        raise CopyError(message)
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    connection.close()
    _run("pg_restore", [*options, f"--dbname={settings_of()['PGDATABASE']}", str(file.resolve())])


def _check(copy: sqlite3.Connection, file: Path) -> None:
    verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if verdict != "ok" or not tables.issuperset(OURS):
        message = f"{file} is not a whole copy of a Keyholder database{'' if verdict == 'ok' else f': {verdict}'}"
        raise CopyError(message)


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        return cursor.fetchone() is not None


def _run(program: str, options: Sequence[str]) -> str:
    """Run a program of PostgreSQL and return what it prints. Raises ProgramError with the first line of what it complains about."""
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by us, with options of ours and no shell
        [_found(program), "--no-password", *options],
        env={**os.environ, **settings_of()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.strip()), f"{program}: exit code {done.returncode}")
        raise ProgramError(said)
    return done.stdout


def _found(program: str) -> str:
    """Return a program of the server's own version, as Debian keeps them, or the one on the path. Raises ProgramError."""
    connection.ensure_connection()
    own = PROGRAMS / str(connection.connection.info.server_version // 10_000) / "bin" / program
    found = str(own) if own.exists() else shutil.which(program)
    if found is None:
        message = f"{program} is not installed here: it belongs to the client programs of PostgreSQL"
        raise ProgramError(message)
    return found
