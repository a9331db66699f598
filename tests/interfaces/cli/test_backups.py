"""Backup and restore: everything, while others write, and back into an empty database only."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.interfaces.cli.conftest import emptied
from tests.interfaces.cli.shell import Result, environment, start
from tests.interfaces.cli.shop import SHOP

MODELS = "from keyholder.storage import models"
QUESTION = ("check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001", "--at", "2026-11-22T12:00:00Z")


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a database with the shop in it, and a person with a password: for copying."""
    with emptied(tmp_path_factory.mktemp("stocked")) as url:
        assert start("migrate", database=url).code == 0
        assert start("apply", "-", database=url, stdin=json.dumps(SHOP).encode()).code == 0
        assert start("user", "password", "cleo@acme.example", database=url, stdin=b"correct horse battery\n").code == 0
        yield url


@pytest.fixture
def opened(stocked: str, tmp_path: Path) -> Iterator[str]:
    """Return such a database that is the test's own."""
    with emptied(tmp_path, like=stocked) as url:
        yield url


def told(database: str) -> Result:
    """Return the whole log of a database."""
    return start("audit", "export", database=database)


def test_what_was_backed_up_is_all_there_again(opened: str, third_database: str, tmp_path: Path) -> None:
    """The state, the answers, the log and the passwords; only its owner may read the file."""
    copy = tmp_path / "copy"
    done = start("backup", str(copy), database=opened)
    assert (done.code, done.err) == (0, "")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert start("restore", str(copy), database=third_database).out == f"restored: {copy}\n"
    assert start("export", database=third_database).out == start("export", database=opened).out
    assert start(*QUESTION, database=third_database).out == "allow\n"
    assert told(third_database).out == told(opened).out
    assert told(opened).out.count("\n") > 10
    assert start("audit", "verify", database=third_database).code == 0


def test_a_backup_goes_into_a_database_that_is_migrated_but_empty(opened: str, third_database: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    start("backup", str(copy), database=opened)
    assert start("migrate", database=third_database).code == 0
    assert start("restore", str(copy), database=third_database).code == 0
    assert start("plan", "-", database=third_database, stdin=start("export", database=opened).out.encode()).out == "nothing to do\n"


def test_nothing_is_restored_over_something(opened: str, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy", start("export", database=opened).out
    start("backup", str(copy), database=opened)
    done = start("restore", str(copy), database=opened)
    assert (done.code, done.reasons) == (1, ["The database holds something already; a backup is restored only into an empty one."])
    assert start("export", database=opened).out == before


def test_nothing_is_written_over_a_file(opened: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Alice")
    done = start("backup", str(letter), database=opened)
    assert (done.code, done.reasons) == (1, [f"{letter} is there already and is not overwritten."])
    assert letter.read_text() == "Dear Alice"


@pytest.mark.parametrize("content", [b"", b"Dear Alice", b"SQLite format 3\0" + b"\0" * 500, b"PGDMP" + b"\0" * 500])
def test_a_file_that_is_no_backup_is_bad_input(content: bytes, third_database: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_bytes(content)
    done = start("restore", str(letter), database=third_database)
    assert (done.code, done.out, len(done.reasons)) == (2, "", 1)
    assert done.reasons[0].startswith("This is no backup that can be restored here")


@pytest.mark.skipif(databases.CHOICE != "sqlite", reason="cuts an SQLite file")
def test_a_backup_that_was_cut_short_is_bad_input(opened: str, third_database: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    start("backup", str(copy), database=opened)
    copy.write_bytes(copy.read_bytes()[:-40_000])
    assert start("restore", str(copy), database=third_database).code == 2


def test_restoring_ends_sessions_and_begins_new_epochs(opened: str, third_database: str, tmp_path: Path) -> None:
    """I-CO-2, R-SES-2: no token and no session of before is taken for one of now."""
    copy = tmp_path / "copy"
    epochs = "sorted(str(tenant.epoch) for tenant in models.Tenant.objects.all())"
    seen = f"print({epochs}, models.Session.objects.count())"
    within(opened, "models.Session(session_key='k', session_data='d', expire_date='2030-01-01T00:00:00Z').save()")
    start("backup", str(copy), database=opened)
    start("restore", str(copy), database=third_database)
    before, after = within(opened, seen), within(third_database, seen)
    assert before.endswith(" 1\n")
    assert after.endswith(" 0\n")
    assert before.split("]")[0] != after.split("]")[0]


def within(database: str, code: str) -> str:
    """Run a line of Python with the models at hand, on a database of its own."""
    command = [sys.executable, "-c", f"from keyholder.interfaces.cli import opening; opening.start(); {MODELS}; {code}"]
    return subprocess.run(command, env=environment(database), capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own
