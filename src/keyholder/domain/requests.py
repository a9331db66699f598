"""Requests for access: what somebody who lacks it may ask for, and what can become of it (semantics 6, R111)."""

from enum import StrEnum

from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

LONGEST_STAY = 366
"""Days for which access can be asked for; who needs it longer asks for it without an end."""

_NO_DURATION = _("Access is asked for 1 to {most} days, or without an end.")


class RequestState(StrEnum):
    """Where a request is. Only an open one can be decided or withdrawn."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By who asked, or because who asked was suspended or removed."""


def duration(days: int | None) -> int | None:
    """Return for how many days somebody asks, None for no end; raises Invalid for what is no such number."""
    if days is not None and not 1 <= days <= LONGEST_STAY:
        raise Invalid("days", sentence(_NO_DURATION, most=LONGEST_STAY), place="days")
    return days
