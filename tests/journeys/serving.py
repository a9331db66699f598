"""A server of its own for each journey: the demo in a database that goes with it, on a free port of this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from sqlite3 import connect

from tests import processes

KEYHOLDER = Path(sys.executable).with_name("keyholder")
ANSWERS = "Keyholder answers on "


@dataclass(frozen=True)
class Demo:
    """The demo in a file, and the one password of those who can sign in."""

    file: Path
    password: str

    def number(self, table: str, column: str, value: str) -> int:
        """Return the number of the newest row of the demo with this value: a person's by address, a group's by name."""
        key = "principal_id" if table in {"user", "group"} else "id"
        with closing(connect(self.file)) as connection:
            found = connection.execute(f'SELECT MAX({key}) FROM "{table}" WHERE {column} = ?', [value]).fetchone()  # noqa: S608 - names of ours
        return int(found[0])


@dataclass(frozen=True)
class Server:
    """A running Keyholder."""

    url: str
    demo: Demo


def load(file: Path, *also: str) -> Demo:
    """Load the demo into a new file; these people can sign in as well as the cast."""
    run("migrate", file=file)
    password = json.loads(run("demo", "--json", file=file))["password"]
    for address in also:
        run("user", "password", address, file=file, standard_input=password)
    return Demo(file, password)


@contextmanager
def serving(demo: Demo, file: Path, port: int = 0, **settings: str) -> Iterator[Server]:
    """Serve a copy of the demo, with these settings, by default at whatever port is free; the server ends with the block."""
    copyfile(demo.file, file)
    with running(Demo(file, demo.password), port, **settings) as server:
        yield server


@contextmanager
def running(demo: Demo, port: int = 0, **settings: str) -> Iterator[Server]:
    """Run a server on this very database: also a second node beside another one."""
    file = demo.file
    command = [str(KEYHOLDER), "serve", "--port", str(port)]
    chosen = {**environment(file), **{f"KEYHOLDER_{name}": value for name, value in settings.items()}}
    with subprocess.Popen(command, env=chosen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 - our own program
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line.startswith(ANSWERS), line
            yield Server(line.removeprefix(ANSWERS).strip(), demo)
        finally:
            processes.end(process)


def run(*command: str, file: Path, standard_input: str = "") -> str:
    """Run a command of Keyholder on a database and return what it prints."""
    words = [str(KEYHOLDER), *command]
    return subprocess.run(words, env=environment(file), input=standard_input, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours


def environment(file: Path) -> dict[str, str]:
    """Return the variables of a server on this database, with nothing of the test's own."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("KEYHOLDER_", "DJANGO_"))}
    return {**rest, "KEYHOLDER_DATABASE_URL": f"sqlite:///{file}", "KEYHOLDER_SIGN_IN_ATTEMPTS": "1000"}
