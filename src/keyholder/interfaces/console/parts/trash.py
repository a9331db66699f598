"""The trash as its page lists it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waste:
    """One thing in the trash; without an address to restore it ``refusal`` says what has to be done first."""

    name: str
    key: str
    kind: str
    icon: str
    since: datetime
    by: str
    reason: str
    left: str
    """How long it can be restored, in words."""
    ends_at: datetime
    restore_url: str = ""
    refusal: str = ""
