"""What is wrong with a state file: all of it at once, each with its place, and the words for it (contract 3)."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeAlias, TypeVar

from keyholder.domain.characters import escaped, imitates_ascii
from keyholder.domain.refusals import Invalid, Refusals, RefusedRow
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _

Place: TypeAlias = "tuple[str | int, ...]"
"""Keys and positions from the top of the file down: ``("access", 3, "role")``."""

SHAPE, UNKNOWN, REPEATED, NESTING = "shape", "unknown", "repeated", "nesting"
"""Codes of the refusals: not the expected kind of thing; names nothing; stands there already; hangs in the wrong place."""

Given = TypeVar("Given")

_TWICE: Final = _("This stands at {first} already.")
_LOOK_ALIKE: Final = _('"{word}" holds {letter}, which only looks like a plain letter.')


class Problems:
    """Collects problems while the whole file is read. What a reader returns after a problem means nothing: the end raises."""

    def __init__(self) -> None:
        """Begin without any."""
        self._rows: list[RefusedRow] = []

    def __len__(self) -> int:
        """Count them."""
        return len(self._rows)

    def add(self, place: Place, code: str, why: Sentence) -> None:
        """Note one problem."""
        self.adopt(place, Invalid(code, why))

    def adopt(self, place: Place, refusal: Invalid) -> None:
        """Note what another rule refused, at its place in the file."""
        where = written(place)
        self._rows.append(RefusedRow(where, Invalid(refusal.code, refusal.sentence, place=where)))

    def attempt(self, place: Place, read: Callable[[object], Given], value: object, otherwise: Given) -> Given:
        """Return what a rule reads from a value; where it refuses, note that and return ``otherwise``."""
        try:
            return read(value)
        except Invalid as refusal:
            self.adopt(place, refusal)
            return otherwise

    def end(self) -> None:
        """Raise Refusals where there is any problem."""
        if self._rows:
            raise Refusals(self._rows)


class Once:
    """Notes what stands twice in a list, naming where it stands first."""

    def __init__(self, problems: Problems) -> None:
        """Begin with nothing seen."""
        self._problems = problems
        self._places: dict[Hashable, Place] = {}

    def see(self, thing: Hashable, place: Place) -> None:
        """Note a thing; an empty text or None could not be read and is passed over."""
        first = self._places.setdefault(thing, place)
        if first is not place and thing not in {None, ""}:
            self._problems.add(place, REPEATED, sentence(_TWICE, first=written(first)))


def written(place: Place) -> str:
    """Return a place as people write it: ``organizations[0].groups[1].name``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def no_such(word: str, otherwise: Sentence) -> Sentence:
    """Return why a word names nothing: a look-alike letter where it holds one, else ``otherwise``."""
    if not imitates_ascii(word):
        return otherwise
    letter = next(character for character in word if not character.isascii())
    return sentence(_LOOK_ALIKE, word=escaped(word), letter=f"U+{ord(letter):04X}")


def listed(words: Iterable[object]) -> str:
    """Return words as one text, parted by commas."""
    return ", ".join(map(str, words))
