"""The log of requests: one line each, around everything that answers, without what a request holds (R-LOG-1, R-LOG-2).

No query, no header, no body is written; a part of a path that may be a token is masked.
"""

import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any, TypeAlias

from keyholder.interfaces.http.request_ids import HEADER

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

MAYBE_A_TOKEN = re.compile(r"[A-Za-z0-9_-]{24,}")
LONGEST = 500
"""Characters of a path."""

log = logging.getLogger("keyholder.requests")


class AccessLog:
    """Answers by another application and writes down method, path, status and milliseconds."""

    def __init__(self, application: Application) -> None:
        """Remember who answers."""
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        begun = perf_counter()
        answer: dict[str, object] = {"status": 500}

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                answer["request_id"] = _header(message, HEADER)
            await send(message)

        try:
            await self.application(scope, receive, noting)
        finally:
            client = scope.get("client") or ("",)
            taken = round((perf_counter() - begun) * 1000, 1)
            asked = {"method": scope["method"], "path": masked(scope["path"]), "client": client[0], "milliseconds": taken}
            log.info("request", extra=asked | answer)


def masked(path: str) -> str:
    """Return a path in which nothing looks like a token any more."""
    return MAYBE_A_TOKEN.sub("(masked)", path[:LONGEST])


def _header(message: Message, name: str) -> str:
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in message.get("headers", ()) if key.lower() == wanted), "")
