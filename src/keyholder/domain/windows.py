"""Windows: from when until when a binding or a membership is in force, judged at the moment of the question."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """``starts_at <= now < ends_at``; an open side is None (semantics 3). Both sides are aware datetimes."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a window that is never in force."""
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            message = "a window ends after it starts"
            raise ValueError(message)

    def holds(self, at: datetime) -> bool:
        """Say whether the window is in force at this moment: its start belongs to it, its end does not."""
        return (self.starts_at is None or self.starts_at <= at) and (self.ends_at is None or at < self.ends_at)

    def stands(self, at: datetime) -> bool:
        """Say whether it has begun and has no end: what a standing manager needs (semantics 4)."""
        return self.ends_at is None and self.holds(at)

    @property
    def is_standing(self) -> bool:
        """Say whether there is no window at all: the one standing binding of a principal at a resource."""
        return self.starts_at is None and self.ends_at is None


ALWAYS = Window()
