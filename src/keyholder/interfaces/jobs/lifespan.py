"""Lifespan: the worker begins with the server that serves the console and ends with it."""

from asyncio import to_thread
from collections.abc import Callable

from keyholder.interfaces.http.access_log import Application, Receive, Scope, Send
from keyholder.interfaces.jobs.worker import Worker


class Lifespan:
    """Answers by another application; starts a worker when the server says that it has begun, and stops it when it ends."""

    def __init__(self, application: Application, worker: Callable[[], Worker] = Worker) -> None:
        """Remember who answers; no thread runs yet."""
        self.application = application
        self.worker = worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or go along with the server from its beginning to its end."""
        if scope["type"] != "lifespan":
            await self.application(scope, receive, send)
            return
        await receive()
        worker = self.worker()
        worker.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await to_thread(worker.stop)
        await send({"type": "lifespan.shutdown.complete"})
