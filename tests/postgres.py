"""A PostgreSQL for the tests: the one of ``DATABASE_URL`` where given, else a throw-away cluster of this machine's own programs."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import processes

INSTALLED = Path("/usr/lib/postgresql")
PATIENCE = 30.0
"""Seconds in which a cluster must answer."""
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "autovacuum=off",
    "log_min_messages=fatal",
    "statement_timeout=60s",
)
"""Settings that trade durability, which a test throws away, for speed; no statement of ours needs a minute.

Nobody counts rows in the middle of a test: rolled back, they would leave the planner with the belief that all tables are empty.
"""


class Cluster:
    """A running cluster that nobody needs tomorrow: a folder, a process, an address."""

    def __init__(self) -> None:
        """Make the folder, start the server on a free loopback port and wait until it answers; raises RuntimeError where it can't."""
        self._programs = programs()
        self._folder = Path(tempfile.mkdtemp(prefix="keyholder-postgresql-"))
        self._port = free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._make()
        self._server = self._start()
        self.url = f"postgresql://keyholder@127.0.0.1:{self._port}/{quote('keyholder')}"
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, this one only, and remove its folder."""
        with suppress(subprocess.TimeoutExpired):
            processes.end(self._server, 10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        arguments = ["--username=keyholder", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8", *self._collation()]
        command = [str(self._programs / "initdb"), f"--pgdata={self._folder / 'data'}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, user=self._user, group=self._user, cwd=self._folder)
        if done.returncode:
            message = f"initdb failed: {done.stderr.strip()}"
            raise RuntimeError(message)

    def _collation(self) -> tuple[str, ...]:
        """Sort as a language does where the server can, so that a test finds a column that forgot to compare by bytes (R-EML-3)."""
        return ("--locale-provider=icu", "--icu-locale=en-US") if int(self._programs.parent.name) >= 15 else ()

    def _start(self) -> subprocess.Popen[bytes]:
        settings = (*FAST, "listen_addresses=127.0.0.1", f"port={self._port}", f"unix_socket_directories={self._folder}")
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *(word for s in settings for word in ("-c", s))]
        log = (self._folder / "log").open("wb")
        with log:
            return subprocess.Popen(command, stdout=log, stderr=log, user=self._user, group=self._user, cwd=self._folder)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(f"host=127.0.0.1 port={self._port} user=keyholder dbname=postgres", autocommit=True) as connection:
                    connection.execute("CREATE DATABASE keyholder")
            except psycopg.OperationalError as error:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    message = f"PostgreSQL did not start: {(self._folder / 'log').read_text().strip()}"
                    raise RuntimeError(message) from error
                time.sleep(0.05)
            else:
                return


def programs() -> Path:
    """Return the folder of the newest PostgreSQL programs here; raises RuntimeError where there are none."""
    found = sorted((p for p in INSTALLED.glob("*/bin") if (p / "initdb").exists()), key=lambda p: int(p.parent.name))
    if not found:
        message = f"no PostgreSQL to test on: set DATABASE_URL to one that may create databases, or install it (none below {INSTALLED})"
        raise RuntimeError(message)
    return found[-1]


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
