"""Undone: whatever a test writes inside is rolled back at the end, within the test's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Roll back to here at the end, also after an error of the database."""
    with transaction.atomic():  # noqa: TID251 - a savepoint of a test, which commits nothing
        try:
            yield
        finally:
            transaction.set_rollback(True)
