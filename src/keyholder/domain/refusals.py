"""Refusals: why something was not done. Doors turn the four kinds into 404, 403, 409 and 422, or into exit codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from keyholder.domain.sentences import Sentence


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A rule said no. ``code`` is stable for programs, ``sentence`` is for people, ``place`` names a field or a line."""

    def __init__(self, code: str, sentence: Sentence, *, place: str = "") -> None:
        """Remember which rule refused, in which words, and where."""
        super().__init__(code, sentence, place)
        self.code = code
        self.sentence = sentence
        self.place = place

    def __str__(self) -> str:
        """Return the refusal in English, its place first."""
        return f"{self.place}: {self.sentence}" if self.place else str(self.sentence)


class NotFound(Refusal):
    """It does not exist, or it does not exist for this caller (both are said in the same words)."""


class Forbidden(Refusal):
    """The caller may know it but not do it."""


class Conflict(Refusal):
    """A rule about the resulting state refuses: last manager, cycle, something inherited, already taken."""


class Invalid(Refusal):
    """What was given can't be read or means nothing: an address, a name, a permission, a window."""


class TooMany(Refusal):
    """Too many attempts within a span of time; it passes by itself after ``seconds``."""

    def __init__(self, code: str, sentence: Sentence, *, seconds: int) -> None:
        """Remember how long to wait."""
        super().__init__(code, sentence)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row of a bulk command and why it was refused."""

    row: str
    refusal: Refusal


class Refusals(Refusal):
    """Several refusals at once: a bulk command or a state file, where nothing was done."""

    kinds: ClassVar[tuple[type[Refusal], ...]] = (Invalid, NotFound, Forbidden, Conflict)

    def __init__(self, rows: Sequence[RefusedRow]) -> None:
        """Collect the refused rows; the first one names the whole."""
        first = rows[0].refusal
        super().__init__(first.code, first.sentence, place=first.place)
        self.rows = tuple(rows)

    def __str__(self) -> str:
        """Return every refusal on a line of its own."""
        return "\n".join(str(row.refusal) for row in self.rows)
