"""Locks and transactions: the one place that opens a transaction and says in which order rows are locked (semantics 9).

PostgreSQL: the instance lock is one advisory transaction lock, shared for an ordinary write, exclusive for one that changes a person's
status or moves something between tenants; then the tenants' rows, ``FOR UPDATE``, in the order of their ids.
SQLite: ``BEGIN IMMEDIATE`` (the connection's transaction mode) is both at once.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from keyholder.domain.identifiers import TenantId
from keyholder.storage.models import Tenant

INSTANCE_LOCK = 0x6B657968  # any number that nothing else in the database locks
MIGRATION_LOCK = INSTANCE_LOCK + 1
ATTEMPTS = 8


class ScopeMovedError(Exception):
    """What was to be locked moved to another tenant while the lock was awaited."""


@contextmanager
def locked(scope: Callable[[], Collection[TenantId]], *, alone: bool) -> Iterator[dict[TenantId, Tenant]]:
    """Open a transaction with the tenants of ``scope`` locked, and give their rows by id.

    ``scope`` is read before the lock and again after it; where it changed meanwhile, everything is rolled back and begun again.
    ``alone`` takes the instance lock exclusively.
    """
    for _ in range(ATTEMPTS):
        with transaction.atomic():
            lock_instance(alone=alone)
            wanted = frozenset(scope())
            rows = lock_tenants(wanted)
            if frozenset(scope()) == wanted:
                yield rows
                return
            transaction.set_rollback(True)
    raise ScopeMovedError


def lock_instance(*, alone: bool) -> None:
    """Take the instance lock until the transaction ends."""
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [INSTANCE_LOCK])


def lock_tenants(ids: Collection[TenantId]) -> dict[TenantId, Tenant]:
    """Lock the rows of these tenants, lowest id first, until the transaction ends."""
    rows = Tenant.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {TenantId(row.pk): row for row in rows}


@contextmanager
def snapshot() -> Iterator[None]:
    """Read several things as of one moment: nothing committed meanwhile is seen by a part of them only."""
    if connection.in_atomic_block:
        yield
        return
    with _deferred(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _deferred() -> Iterator[None]:
    """Let a reading transaction on SQLite begin without the writers' lock: readers wait for nobody who only reads."""
    writing = getattr(connection, "transaction_mode", None)
    if writing is None:
        yield
        return
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined] # only the SQLite wrapper has it, and this is one
    try:
        yield
    finally:
        connection.transaction_mode = writing  # type: ignore[attr-defined] # as above


@contextmanager
def writing() -> Iterator[None]:
    """Open a transaction that locks no more than the rows it takes: for what is no fact and has no event, such as the outbox's leases."""
    with transaction.atomic():
        yield


@contextmanager
def together() -> Iterator[None]:
    """Let what commands write within be kept or lost with something else; each takes its own locks."""
    with transaction.atomic():
        yield


@contextmanager
def rehearsal() -> Iterator[None]:
    """Let something be written with all its locks and rules, and take it back at the end, whatever it was."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def migrating() -> Iterator[None]:
    """Let one process at a time change the schema.

    PostgreSQL: an advisory lock of the session, because each migration is a transaction of its own. SQLite: one immediate transaction
    around them all, with foreign keys judged at the end of each; nothing is kept unless all of it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        return
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            yield
    finally:
        connection.enable_constraint_checking()
