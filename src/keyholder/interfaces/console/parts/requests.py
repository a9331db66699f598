"""Requests as pages show them: for access, and for links."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.interfaces.console.parts.access import Place
from keyholder.interfaces.console.parts.marks import Badge, Fact, Who


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request to decide, with what to judge it by. ``refusal`` says why the reader can't decide it."""

    who: Who
    place: Place
    url: str
    wanted: str
    reason: str
    asked: datetime
    evidence: tuple[Fact, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class OwnRequestRow:
    """One's own request: where, how it stands, what was answered."""

    place: str
    detail: str
    state: Badge
    asked: datetime
    answer: str = ""
    url: str = ""
    withdraw_url: str = ""


@dataclass(frozen=True, slots=True)
class LinkRequestRow:
    """A link that is asked for: to be answered by the reader, or asked by the reader's own side."""

    title: str
    asker: str
    asked: datetime
    reason: str = ""
    accept_url: str = ""
    refuse_url: str = ""
    withdraw_url: str = ""
