"""Lifespan: the jobs begin with the server that serves the console and end with it."""

from asyncio import to_thread
from collections.abc import Callable
from typing import Protocol

from keyholder.interfaces.http.access_log import Application, Receive, Scope, Send
from keyholder.interfaces.jobs.emptying import Emptying
from keyholder.interfaces.jobs.worker import Worker


class Job(Protocol):
    """Something that goes on beside the requests, from its start to its stop."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


class Lifespan:
    """Answers by another application; starts the jobs when the server says that it has begun, and stops them when it ends."""

    def __init__(self, application: Application, *jobs: Callable[[], Job]) -> None:
        """Remember who answers; no thread runs yet. Where no jobs are named, letters are sent and the trash is emptied."""
        self.application = application
        self.jobs = jobs or (Worker, Emptying)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or go along with the server from its beginning to its end."""
        if scope["type"] != "lifespan":
            await self.application(scope, receive, send)
            return
        await receive()
        jobs = [make() for make in self.jobs]
        for job in jobs:
            job.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for job in jobs:
            await to_thread(job.stop)
        await send({"type": "lifespan.shutdown.complete"})
