"""Emptying the trash: a thread that deletes for good what has been there for its days (semantics 4)."""

from collections.abc import Iterator
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connections

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.refusals import NotFound
from keyholder.interfaces.jobs.sending import worker
from keyholder.services.commands import purging
from keyholder.services.queries import trash

LOOK = 3600.0
"""Seconds between two looks."""
GRACE = 5.0
"""Seconds in which what is being deleted may come to its end when the thread is stopped."""

log = structlog.get_logger("keyholder.trash")


def empty() -> Iterator[ResourceId]:
    """Delete what is due, each in a transaction of its own, and go through what was deleted.

    Any number of nodes may do so at once: the locks of the tenant let one of them delete a thing, and the others find it gone.
    """
    for number in trash.due(by=worker()):
        try:
            if purging.purge(by=worker(), resource=number):
                yield number
        except NotFound:
            continue  # another node was first, or it went with what was above it


class Emptying:
    """Empties the trash from its start to its stop, now and every hour."""

    def __init__(self, look: float = LOOK) -> None:
        """Prepare; nothing runs yet."""
        self._look = look
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="trash", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join(GRACE)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                close_old_connections()
                for number in empty():
                    log.info("purged", resource=number)
                    if self._stopping.is_set():
                        break
            except Exception:
                log.exception("trash not emptied")
            finally:
                connections.close_all()
            self._stopping.wait(self._look)
