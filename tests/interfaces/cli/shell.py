"""A shell for tests: the command line in this process, or as a process of its own where streams and exit codes are the point."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from keyholder.interfaces.cli.main import main

PROGRAM = (sys.executable, "-c", "from keyholder.interfaces.cli.main import main; main()")
PATIENCE = 120.0
"""Seconds in which a process must end."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.out.splitlines()

    @property
    def reasons(self) -> list[str]:
        """The lines on stderr, each without the name of the program."""
        lines = self.err.splitlines()
        assert all(line.startswith("keyholder: ") for line in lines), self.err
        return [line.removeprefix("keyholder: ") for line in lines]

    @property
    def json(self) -> Any:
        """The output as JSON."""
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        """The output as JSON lines."""
        return [json.loads(line) for line in self.lines]


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    """Run a command in this process, on the database of the test."""
    done = CliRunner().invoke(main, arguments, input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Result(done.exit_code, done.stdout, done.stderr)


def start(
    *arguments: str, database: str, stdin: bytes = b"", others: Mapping[str, str] | None = None, folder: Path | None = None
) -> Result:
    """Run a command as a process of its own, on a database of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, *arguments],
        env=environment(database, others),
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        cwd=folder,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def environment(database: str, others: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of such a process: of our variables only those that are named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEYHOLDER_")}
    return kept | {"KEYHOLDER_DATABASE_URL": database, "KEYHOLDER_SECRET_KEY": "guards nothing but tests"} | dict(others or {})
