"""A server as a process of its own."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests import processes
from tests.interfaces.cli.shell import PATIENCE, PROGRAM, environment


@dataclass
class Server:
    """A server that runs, and after its end what it logged."""

    port: int
    process: subprocess.Popen[bytes]
    log: str = ""

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask, and return status and text."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def send(self, *pieces: bytes) -> bytes:
        """Send bytes as they are, and return the first of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            with suppress(OSError):
                for piece in pieces:
                    line.sendall(piece)
            return line.recv(2000)

    @property
    def lines(self) -> list[dict[str, object]]:
        """The log, which is JSON in every line."""
        return [json.loads(line) for line in self.log.splitlines()]


@contextmanager
def serving(database: str, *options: str, **others: str) -> Iterator[Server]:
    """Serve a database on a free port."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "serve", "--port", "0", *options], env=environment(database, others), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline().decode()
        port = urlsplit(said.split()[-1]).port if said else None
        assert port, process.communicate(timeout=PATIENCE)
        server = Server(port, process)
        try:
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            server.log = process.communicate(timeout=PATIENCE)[1].decode()
    finally:
        processes.make_end(process)
