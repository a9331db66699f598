"""Listening: nothing is believed that anybody can send, whatever the database; readiness is told apart from being alive."""

import socket

import pytest

from tests.interfaces.cli.served import serving
from tests.interfaces.cli.shell import start


def test_a_head_without_an_end_is_cut_off(migrated_database: str) -> None:
    """R-DOS-1: nothing is kept of it."""
    with serving(migrated_database) as server:
        begun = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
        answer = server.send(begun, *(b"X-Padding: " + b"a" * 60_000 + b"\r\n" for _ in range(400)))
        assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
        assert server.send(b"GET /healthz\xff HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert server.get("/healthz")[0] == 200


def test_only_a_trusted_proxy_says_where_a_request_comes_from(migrated_database: str) -> None:
    """R-HST-1, R-RAT-1: a header is believed of a peer that the settings name, and an underscore does not make it another."""
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X_Forwarded_For": "203.0.113.8"}
    with serving(migrated_database) as server:
        server.get("/healthz", **forwarded)
    assert [line["client"] for line in server.lines if line["event"] == "request"] == ["127.0.0.1"]
    with serving(migrated_database, KEYHOLDER_TRUSTED_PROXIES="127.0.0.1") as server:
        server.get("/healthz", **forwarded)
    assert [line["client"] for line in server.lines if line["event"] == "request"] == ["203.0.113.7"]


def test_a_port_that_is_taken_is_one_line(migrated_database: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start("serve", "--port", port, database=migrated_database)
    assert (done.code, done.reasons) == (2, [f"serve: can't listen on 127.0.0.1, port {port}: Address already in use"])


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
