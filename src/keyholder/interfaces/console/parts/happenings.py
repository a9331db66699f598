"""Happenings: what was done, and what waits to be done."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.interfaces.console.parts.marks import Badge, Tone, Who


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the history, as a sentence."""

    actor: Who
    sentence: str
    at: datetime
    channel: str
    url: str
    differences: tuple[Difference, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    label: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for the reader."""

    title: str
    detail: str
    icon: str
    tone: Tone
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number worth a look, with a sentence about it."""

    label: str
    value: int
    detail: str
    icon: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the check-list of a new instance."""

    label: str
    url: str
    done: bool = False
    detail: str = ""
    """What to do, in a sentence."""
