"""The worker: a thread that looks for letters and sends several at once, so that a slow one holds no other back."""

import logging
from threading import Event, Lock, Semaphore, Thread, current_thread
from time import perf_counter

from django.db import close_old_connections, connections

from keyholder.interfaces.jobs import sending
from keyholder.interfaces.jobs.sending import Sent
from keyholder.services import letters
from keyholder.services.commands import outbox
from keyholder.services.commands.outbox import Leased

AT_ONCE = 4
"""Letters that one process sends at the same time."""
LOOK = 5.0
"""Seconds between two looks: another process may have posted something."""
LONGEST_REST = 60.0
"""Seconds between two tries while the mail server is at fault."""
TIDY = 3600.0
"""Seconds between two times that old letters are forgotten."""
GRACE = 5.0
"""Seconds in which letters on their way may end when the worker is stopped; after its lease a cut-off one is tried again."""

log = logging.getLogger("keyholder.mail")


class Worker:
    """Sends letters from its start to its stop. Any number of workers, in any number of processes, send each letter once."""

    def __init__(self, bell: Event = letters.BELL, look: float = LOOK) -> None:
        """Prepare; nothing runs yet."""
        self._bell = bell
        self._look = look
        self._rest = look
        self._tidy_at = 0.0
        self._held = Event()
        """The mail server is at fault: the others need not be tried now."""
        self._stopping = Event()
        self._slots = Semaphore(AT_ONCE)
        self._on_their_way: set[Thread] = set()
        self._lock = Lock()
        self._thread = Thread(target=self._run, name="mail", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Take no further letter, and wait a little for those on their way."""
        self._stopping.set()
        self._bell.set()
        ends = perf_counter() + GRACE
        with self._lock:
            waiting = [self._thread, *self._on_their_way]
        for thread in waiting:
            thread.join(max(0.0, ends - perf_counter()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._slots.acquire()
            leased = self._next()
            if leased is None:
                self._slots.release()
                self._pause()
            else:
                self._begin(leased)
        connections.close_all()

    def _pause(self) -> None:
        """Wait until a letter is posted in this process, or for a while: longer each time while the mail server is at fault."""
        self._bell.wait(self._rest if self._held.is_set() else self._look)
        self._bell.clear()
        self._held.clear()

    def _next(self) -> Leased | None:
        """Take the letter whose turn it is; nothing while the server is at fault, or where the database does not answer."""
        if self._stopping.is_set() or self._held.is_set():
            return None
        try:
            close_old_connections()
            self._tidy()
            return outbox.lease(by=sending.worker())
        except Exception:
            log.exception("outbox not read")
            connections.close_all()
            return None

    def _tidy(self) -> None:
        """Forget old letters, once in a while."""
        if perf_counter() >= self._tidy_at:
            self._tidy_at = perf_counter() + TIDY
            outbox.forget(by=sending.worker())

    def _begin(self, leased: Leased) -> None:
        thread = Thread(target=self._send, args=(leased,), name=f"mail {leased.number}", daemon=True)
        with self._lock:
            self._on_their_way.add(thread)
        thread.start()

    def _send(self, leased: Leased) -> None:
        try:
            if sending.send(leased) is Sent.HELD:
                self._rest = min(self._rest * 2, LONGEST_REST)
                self._held.set()
            else:
                self._rest = self._look
        except Exception:
            log.exception("letter not settled", extra={"letter": leased.number})
        finally:
            connections.close_all()
            with self._lock:
                self._on_their_way.discard(current_thread())
            self._slots.release()
