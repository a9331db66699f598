"""``make bench``: how fast decisions are, on seeded worlds; ratios within one run, CPU time beside wall time.

Each world is made in an empty database by a process of its own. ``--write`` puts what was measured into docs/performance.md.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from benchmarks.report import page, table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Run:
    """One world on one database, and what was measured."""

    database: str
    measured: dict[str, Any]


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[1000], help="sizes of worlds")
    parser.add_argument("--postgresql", default="", help="also measure on this server: postgresql://..., where a database may be made")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    given = parser.parse_args()
    runs = [run for users in given.users for run in measured(users, given.rounds, given.postgresql)]
    if given.write:
        PAGE.write_text(page([(run.database, run.measured) for run in runs]), encoding="utf-8")


def measured(users: int, rounds: int, postgresql: str) -> Iterator[Run]:
    """Measure one world on each database, and print it."""
    with tempfile.TemporaryDirectory(prefix="keyholder-bench-") as folder:
        yield _run("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", users, rounds)
    if postgresql:
        with emptied(postgresql) as url:
            yield _run("PostgreSQL", url, users, rounds)


@contextmanager
def emptied(server: str) -> Iterator[str]:
    """Make a database on a server, and drop it afterwards."""
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _run(database: str, url: str, users: int, rounds: int) -> Run:
    command = [sys.executable, "-m", "benchmarks.measure", "--users", str(users), "--rounds", str(rounds)]
    others = {"KEYHOLDER_DATABASE_URL": url, "KEYHOLDER_SECRET_KEY": "guards nothing but a benchmark"}
    done = subprocess.run(command, env={**os.environ, **others}, stdout=subprocess.PIPE, check=True, cwd=ROOT)  # noqa: S603 - our own program
    run = Run(database, json.loads(done.stdout))
    print(f"\n{database}, {users:,} people\n")
    print("\n".join(_aligned(table(run.measured))), flush=True)
    return run


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        yield "  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))])


if __name__ == "__main__":
    main()
