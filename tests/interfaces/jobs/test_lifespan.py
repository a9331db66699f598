"""The worker begins with the server and ends with it; without a server no thread runs."""

import asyncio
import threading
from typing import Any

from keyholder.config.asgi import application
from keyholder.interfaces.jobs.lifespan import Lifespan


class Quiet:
    """A worker that only says what it was told."""

    def __init__(self, told: list[str]) -> None:
        """Keep where to say it."""
        self.told = told

    def start(self) -> None:
        """Say so."""
        self.told.append("started")

    def stop(self) -> None:
        """Say so."""
        self.told.append("stopped")


def spoken(*messages: dict[str, Any], kind: str = "lifespan") -> list[str]:
    told: list[str] = []
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: Any) -> None:
        told.append(message["type"])

    async def other(scope: Any, _receive: Any, _send: Any) -> None:
        told.append(scope["type"])

    asyncio.run(Lifespan(other, lambda: Quiet(told))({"type": kind}, receive, send))
    return told


def test_a_worker_runs_from_the_servers_beginning_to_its_end() -> None:
    told = spoken({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert told == ["started", "lifespan.startup.complete", "stopped", "lifespan.shutdown.complete"]


def test_requests_go_on_to_the_console() -> None:
    assert spoken(kind="http") == ["http"]


def test_without_a_server_no_thread_runs() -> None:
    assert isinstance(application, Lifespan)
    assert "mail" not in {thread.name for thread in threading.enumerate()}
