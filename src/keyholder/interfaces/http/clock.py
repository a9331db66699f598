"""The clock: the one place where the console, the APIs and the command line ask what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)
