"""The gate: what a request may not even look like, judged before any application sees it (R-DOS-1, R-HST-1)."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from keyholder.interfaces.http.access_log import Application, Receive, Scope, Send
from keyholder.interfaces.http.policy import HEADER_BYTES

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Gate:
    """Drops headers with an underscore in their name.

    ``X_Forwarded_For`` and ``X-Forwarded-For`` are one variable to a WSGI application: a client could speak as its proxy.
    """

    def __init__(self, application: Application) -> None:
        """Remember who answers."""
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await self.application(scope, receive, send)


class Protocol(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1, which hangs up on a head that does not end: it would be kept in memory whatever its length."""

    head = 0
    """Bytes that came since the last head was complete, while the next is not."""
    is_in_head = False

    def on_message_begin(self) -> None:
        """Begin to count."""
        self.is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting."""
        self.is_in_head = False
        self.head = 0
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Take what the network brings."""
        super().data_received(data)
        self.head = self.head + len(data) if self.is_in_head else 0
        if self.head > 2 * HEADER_BYTES:
            self.transport.write(TOO_LONG)
            self.transport.close()
