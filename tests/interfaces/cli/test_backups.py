"""Backup and restore: everything, while others write, and back into an empty database only."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.interfaces.cli.conftest import emptied
from tests.interfaces.cli.shell import environment, start
from tests.interfaces.cli.shop import SHOP

MODELS = "from keyholder.storage import models"
BEGINNING = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}
"""How a backup begins."""
QUESTION = ("check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001", "--at", "2026-11-22T12:00:00Z")


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, pristine_db: databases.Pristine) -> Iterator[str]:
    """Return a database with the shop in it, a person with a password and a session."""
    with emptied(tmp_path_factory.mktemp("stocked"), like=pristine_db.url) as url:
        assert start("apply", "-", database=url, stdin=json.dumps(SHOP).encode()).code == 0
        assert start("user", "password", "cleo@acme.example", database=url, stdin=b"correct horse battery\n").code == 0
        within(url, "models.Session(session_key='k', session_data='d', expire_date='2030-01-01T00:00:00Z').save()")
        yield url


@pytest.fixture(scope="module")
def exported(stocked: str) -> str:
    """Return the state that it holds."""
    return start("export", database=stocked).out


@pytest.fixture(scope="module")
def copy(stocked: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of it, which nobody but its owner may read and which leaves nothing beside it."""
    copy = tmp_path_factory.mktemp("backup") / "copy"
    done = start("backup", str(copy), database=stocked)
    assert (done.code, done.err) == (0, "")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(copy.parent.iterdir()) == [copy]
    return copy


def test_what_was_backed_up_is_all_there_again(stocked: str, exported: str, copy: Path, other_database: str) -> None:
    """I-CO-2, R-SES-2: the state, the answers, the log, the passwords; no token and no session of before is taken for one of now."""
    assert start("restore", str(copy), database=other_database).out == f"restored: {copy}\n"
    assert start("export", database=other_database).out == exported
    assert start(*QUESTION, database=other_database).out == "allow\n"
    log, before = (start("audit", "export", database=database).out for database in (other_database, stocked))
    assert log == before
    assert log.count("\n") > 10
    assert start("audit", "verify", database=other_database).code == 0
    epochs, passwords = "[str(tenant.epoch) for tenant in models.Tenant.objects.all()]", "models.User.objects.values_list('password')"
    asked = (epochs, passwords, "models.Session.objects.count()")
    old, new = (within(database, f"print({', '.join(asked)}, sep='|')").strip().split("|") for database in (stocked, other_database))
    assert (old[1], old[2], new[2]) == (new[1], "1", "0")
    assert old[0] != new[0]


def test_a_backup_goes_into_a_database_that_is_migrated_but_empty(exported: str, copy: Path, migrated_database: str) -> None:
    assert start("restore", str(copy), database=migrated_database).code == 0
    assert start("plan", "-", database=migrated_database, stdin=exported.encode()).out == "nothing to do\n"


def test_nothing_is_restored_over_something(stocked: str, exported: str, copy: Path) -> None:
    done = start("restore", str(copy), database=stocked)
    assert (done.code, done.reasons) == (1, ["The database holds something already; a backup is restored only into an empty one."])
    assert start("export", database=stocked).out == exported


def test_nothing_is_written_over_a_file(stocked: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Alice")
    done = start("backup", str(letter), database=stocked)
    assert (done.code, done.reasons) == (1, [f"{letter} is there already and is not overwritten."])
    assert letter.read_text() == "Dear Alice"


@pytest.mark.parametrize("content", [b"", b"Dear Alice", BEGINNING[databases.CHOICE] + b"\0" * 500])
def test_a_file_that_is_no_backup_is_bad_input(content: bytes, other_database: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_bytes(content)
    done = start("restore", str(letter), database=other_database)
    assert (done.code, done.out, len(done.reasons)) == (2, "", 1)
    assert done.reasons[0].startswith("This is no backup that can be restored here")


@pytest.mark.skipif(databases.CHOICE != "sqlite", reason="cuts an SQLite file")
def test_a_backup_that_was_cut_short_is_bad_input(copy: Path, other_database: str, tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    cut.write_bytes(copy.read_bytes()[:-40_000])
    assert start("restore", str(cut), database=other_database).code == 2


def within(database: str, code: str) -> str:
    """Run a line of Python with the models at hand, on a database of its own."""
    command = [sys.executable, "-c", f"from keyholder.interfaces.cli import opening; opening.start(); {MODELS}; {code}"]
    return subprocess.run(command, env=environment(database), capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own
