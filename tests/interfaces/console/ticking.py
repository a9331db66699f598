"""A clock for tests of what lasts: it stands until it is moved."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands where it is put."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        """Return the present moment."""
        return self.at

    def on(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)
