"""Serving: migrated by itself, answering probes, a log in JSON, and nothing believed that anybody can send."""

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.interfaces.cli.shell import PATIENCE, PROGRAM, environment, start


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
    said = process.stdout.readline().decode()
    port = urlsplit(said.split()[-1]).port if said else None
    server = Server(port or 0, process)
    try:
        assert port, process.communicate(timeout=PATIENCE)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        server.log = process.communicate(timeout=PATIENCE)[1].decode()


def test_serve_migrates_answers_probes_and_logs_in_json(other_database: str) -> None:
    """R-LOG-1, R-LOG-2: no query, no token, no line of a stranger's making."""
    with serving(other_database) as server:
        assert server.get("/healthz") == (200, "alive\n")
        assert server.get("/readyz") == (200, "ready\n")
        assert server.get("/readyz?password=canary-1", Cookie="session=canary-2", Authorization="Bearer canary-3")[0] == 200
        assert server.get("/%0a%7b%22forged%22%3a1%7d")[0] in {302, 404}
        assert server.get("/i/" + "canary4" * 6)[0] in {302, 404}
        assert server.get("/healthz", Host="evil.example")[0] == 400
    requests = [line for line in server.lines if line["event"] == "request"]
    assert [line["path"] for line in requests][:3] == ["/healthz", "/readyz", "/readyz"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", str(line["request_id"])) for line in requests)
    assert "canary" not in server.log
    assert "forged" not in [key for line in server.lines for key in line]


def test_a_head_without_an_end_is_cut_off(other_database: str) -> None:
    """R-DOS-1: nothing is kept of it."""
    with serving(other_database) as server:
        begun = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
        answer = server.send(begun, *(b"X-Padding: " + b"a" * 60_000 + b"\r\n" for _ in range(400)))
        assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
        assert server.send(b"GET /healthz\xff HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert server.get("/healthz")[0] == 200


def test_only_a_trusted_proxy_says_where_a_request_comes_from(other_database: str) -> None:
    """R-HST-1, R-RAT-1: a header is believed of a peer that the settings name, and an underscore does not make it another."""
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X_Forwarded_For": "203.0.113.8"}
    with serving(other_database) as server:
        server.get("/healthz", **forwarded)
    assert [line["client"] for line in server.lines if line["event"] == "request"] == ["127.0.0.1"]
    with serving(other_database, KEYHOLDER_TRUSTED_PROXIES="127.0.0.1") as server:
        server.get("/healthz", **forwarded)
    assert [line["client"] for line in server.lines if line["event"] == "request"] == ["203.0.113.7"]


def test_several_workers_answer_on_one_port(other_database: str) -> None:
    with serving(other_database, "--workers", "2") as server:
        assert server.get("/readyz") == (200, "ready\n")


def test_with_an_owner_serve_does_not_migrate(other_database: str) -> None:
    """The owner migrates; the server waits for nobody and says what is missing."""
    others = {"KEYHOLDER_OWNER_URL": other_database}
    refused = start("serve", "--port", "0", database=other_database, others=others)
    assert (refused.code, refused.reasons) == (3, ["the database is not migrated: run keyholder migrate"])
    assert start("migrate", database=other_database, others=others).code == 0
    with serving(other_database, **others) as server:
        assert server.get("/readyz")[0] == 200


def test_migrate_connects_by_the_owners_address(other_database: str, third_database: str) -> None:
    assert start("migrate", database=other_database, others={"KEYHOLDER_OWNER_URL": third_database}).code == 0
    assert start("export", database=third_database).code == 0
    assert start("export", database=other_database).code == 3


def test_a_port_that_is_taken_is_one_line(other_database: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start("serve", "--port", port, database=other_database)
    assert (done.code, done.reasons) == (2, [f"serve: can't listen on 127.0.0.1, port {port}: Address already in use"])


def test_two_who_migrate_at_once_do_it_once(other_database: str) -> None:
    processes = [
        subprocess.Popen([*PROGRAM, "migrate"], env=environment(other_database), stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - ours
        for _ in range(3)
    ]
    said = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sorted(out.split()[0] for out, _err in said) == [b"migrated", b"up", b"up"]


@pytest.mark.parametrize("state", ["absent", "not migrated", "unreachable", "ready"])
def test_readiness_says_no_until_all_is_there(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.test import Client

    from keyholder.interfaces.http import health
    from keyholder.services.queries.readiness import Readiness

    monkeypatch.setattr(health, "readiness", lambda: Readiness(state))
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (200 if state == "ready" else 503, f"{state}\n".encode())
    assert Client().get("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405
