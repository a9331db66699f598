"""The log: one JSON object a line, whatever a request, a name or an exception holds."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from keyholder.config import logging as house
from keyholder.interfaces.http.access_log import AccessLog, Message, Receive, Scope, Send, masked
from keyholder.interfaces.http.gate import Gate

FORGED = 'x"}\n{"forged": 1}\u2028\x1b[2J\udcff'


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Log as the server does, into a text; afterwards everything is as it was."""
    root = logging.getLogger()
    before = root.handlers, root.level
    house.configure({"level": "info"})
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers, root.level = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    """Read the log back: every line is one object."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_r_log_1_nothing_that_is_logged_begins_a_line_of_its_own(log: io.StringIO) -> None:
    """Our own lines, a library's, its arguments and an exception."""
    logging.getLogger("keyholder.test").info(FORGED, extra={"title": FORGED})
    logging.getLogger("library").warning("said %s", FORGED)
    try:
        int(FORGED)
    except ValueError:
        logging.getLogger("library").exception("failed")
    assert [line["event"] for line in lines(log)] == [FORGED, f"said {FORGED}", "failed"]
    assert "ValueError" in lines(log)[2]["exception"]
    assert log.getvalue().isascii()
    assert all("forged" not in line for line in lines(log))


def test_r_log_2_what_is_named_like_a_secret_is_left_out(log: io.StringIO) -> None:
    named = dict.fromkeys(("password", "api_key", "Authorization", "csrf_token"), "canary")
    logging.getLogger("keyholder.test").warning("said", extra=named)
    logging.getLogger("django.request").error("Internal Server Error: /i/canary7canary7canary7canary7", extra={"request": "/x?code=canary"})
    assert "canary" not in log.getvalue()
    assert lines(log)[0]["password"] == "(hidden)"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/access/property/UA-100-1", "/access/property/UA-100-1"),
        ("/i/4f1c9be2a7d84c0fa3e5b7716a2d90cc", "/i/(masked)"),
        ("/i/AbCdEfGhIjKlMnOpQrStUvWx-_09/accept", "/i/(masked)/accept"),
        ("/" + "a/" * 1000, "/" + "a/" * 249 + "a"),
    ],
)
def test_r_log_2_paths_lose_what_may_be_a_token(path: str, shown: str) -> None:
    assert masked(path) == shown


async def nothing_comes() -> Message:
    """Receive the end of a body."""
    return {"type": "http.request", "body": b"", "more_body": False}


def asked(application: Any, **others: Any) -> tuple[Scope, list[Message]]:
    """Ask an application, and return what it was told and what it sent."""
    scope: Scope = {"type": "http", "method": "GET", "path": "/x", "headers": [], "client": ("192.0.2.1", 4), **others}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(application(scope, nothing_comes, send))
    return scope, sent


async def answering(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with an id."""
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-request-id", b"r-1")]})
    await send({"type": "http.response.body", "body": b"done"})


async def breaking(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Fail."""
    raise RuntimeError


def test_a_request_is_one_line(log: io.StringIO) -> None:
    asked(AccessLog(answering), path="/i/4f1c9be2a7d84c0fa3e5b7716a2d90cc")
    (line,) = lines(log)
    assert {name: line[name] for name in ("event", "method", "path", "client", "status", "request_id")} == {
        "event": "request",
        "method": "GET",
        "path": "/i/(masked)",
        "client": "192.0.2.1",
        "status": 201,
        "request_id": "r-1",
    }
    assert line["milliseconds"] >= 0


def test_a_request_that_broke_is_a_line_too(log: io.StringIO) -> None:
    with pytest.raises(RuntimeError):
        asked(AccessLog(breaking))
    assert [line["status"] for line in lines(log)] == [500]


def test_r_hst_1_a_header_with_an_underscore_goes_no_further() -> None:
    """A WSGI application could not tell it from the header of a proxy."""
    seen, _sent = asked(
        Gate(answering), headers=[(b"x_forwarded_for", b"203.0.113.7"), (b"x-forwarded-for", b"192.0.2.1"), (b"host", b"h")]
    )
    assert [name for name, _value in seen["headers"]] == [b"x-forwarded-for", b"host"]


def test_what_is_no_request_passes_through(log: io.StringIO) -> None:
    async def silent(scope: Scope, _receive: Receive, _send: Send) -> None:
        assert scope["type"] == "lifespan"

    asked(AccessLog(Gate(silent)), type="lifespan")
    assert log.getvalue() == ""
