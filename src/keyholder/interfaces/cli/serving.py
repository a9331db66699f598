"""``serve`` and ``migrate``: bringing the schema up to date, and answering on the network."""

import socket
from contextlib import suppress

import click

from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.failures import NOT_MIGRATED, UnreachableError

APPLICATION = "keyholder.config.asgi:application"
GRACE = 10
"""Seconds in which requests may end when the server is stopped."""
WAITING = 2048
"""Connections that may wait to be accepted."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def migrate(*, as_json: bool) -> None:
    """Create or upgrade the schema.

    Connects by KEYHOLDER_OWNER_URL where that is given. Two at once are safe: the second waits.
    """
    caller = opening.founder()
    from keyholder.services.commands import schema

    applied = schema.migrate(by=caller)
    if as_json:
        output.say_json({"applied": applied})
    else:
        output.say(f"migrated to {applied[-1]} (steps: {len(applied)})" if applied else "up to date")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on; 0 picks a free one.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
def serve(*, host: str, port: int, workers: int) -> None:
    """Migrate, then serve the console, and send the letters of the outbox.

    Migrates by itself only where KEYHOLDER_OWNER_URL is not given. GET /healthz and GET /readyz are for probes.
    """
    caller = opening.founder()
    from django.conf import settings
    from django.db import connections

    from keyholder.services.commands import schema
    from keyholder.services.queries.readiness import Readiness, readiness

    if settings.OWNER_DATABASE:
        if readiness() in {Readiness.NOT_MIGRATED, Readiness.ABSENT}:
            raise UnreachableError(NOT_MIGRATED)
        schema.settle(by=caller)
    else:
        schema.migrate(by=caller)
    connections.close_all()
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    print(f"Keyholder answers on http://{shown}:{listener.getsockname()[1]}", flush=True)
    _answer(listener, workers, sorted(settings.TRUSTED_PROXIES))


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises UsageError where the address can't be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(WAITING)
    except OSError as error:
        message = f"can't listen on {host}, port {port}: {error.strerror or error}"
        raise click.UsageError(message) from error
    listener.set_inheritable(True)
    return listener


def _answer(listener: socket.socket, workers: int, proxies: list[str]) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from keyholder.interfaces.http.gate import Protocol

    config = uvicorn.Config(
        APPLICATION,
        http=Protocol,
        ws="none",
        lifespan="on",
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        backlog=WAITING,
        timeout_graceful_shutdown=GRACE,
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in good order by then, and says that it was asked to
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()
