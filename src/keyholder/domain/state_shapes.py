"""The shapes of a state file: which keys an entry has, and the readers of texts, flags, choices, moments and windows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from keyholder.domain.characters import escaped
from keyholder.domain.moments import read_moment
from keyholder.domain.names import clean_key, clean_name
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.domain.state_problems import SHAPE, UNKNOWN, Place, Problems, listed, no_such
from keyholder.domain.windows import ALWAYS, Window

Choice = TypeVar("Choice", bound=StrEnum)
Entry = Mapping[str, object]

_NOT_AN_ENTRY: Final = _("An entry with keys is expected here: {keys}.")
_MISSING: Final = _('The key "{key}" is missing.')
_NO_VALUE: Final = _("This key has no value: leave it out, or give it one.")
_UNKNOWN_KEY: Final = _('There is no key "{key}" here; there are: {keys}.')
_NEAR_KEY: Final = _('There is no key "{key}" here; is "{near}" meant?')
_NOT_A_LIST: Final = _("A list is expected here.")
_NOT_TEXT: Final = _("A text is expected here.")
_EMPTY_TEXT: Final = _("A text is expected here, and this one is empty.")
_UNQUOTED: Final = _("A text is expected here, and this is a number, true or false: write it in quotes.")
_NOT_A_FLAG: Final = _("true or false is expected here.")
_NO_CHOICE: Final = _('"{word}" is not known here; there are: {known}.')
_BACKWARDS: Final = _('"from" has to be before "until".')


@dataclass(frozen=True, slots=True)
class Shape:
    """Which keys an entry must have and which it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them."""
        return self.required + self.optional


class Reader:
    """Reads values at places; every problem goes to ``problems``, and a reader then returns something empty."""

    def __init__(self, problems: Problems) -> None:
        """Note problems there."""
        self.problems = problems

    def entry(self, value: object, place: Place, shape: Shape) -> Entry:
        """Return the known keys of an entry that have a value."""
        if not isinstance(value, dict):
            self.problems.add(place, SHAPE, sentence(_NOT_AN_ENTRY, keys=listed(shape.keys)))
            return {}
        for key in shape.required:
            if key not in value:
                self.problems.add(place, SHAPE, sentence(_MISSING, key=key))
        for key, part in value.items():
            if key not in shape.required and key not in shape.optional:
                self._unknown_key(key, place, shape)
            elif part is None:
                self.problems.add((*place, key), SHAPE, sentence(_NO_VALUE))
        return {key: part for key, part in value.items() if part is not None}

    def rows(self, entry: Entry, key: str, place: Place) -> Iterator[tuple[object, Place]]:
        """Go through a list with the places of its items; a missing list is empty."""
        rows = entry.get(key, [])
        if not isinstance(rows, list):
            self.problems.add((*place, key), SHAPE, sentence(_NOT_A_LIST))
            return
        for position, row in enumerate(rows):
            yield row, (*place, key, position)

    def text(self, value: object, place: Place) -> str:
        """Return a text that is not empty; a number, which YAML makes of digits without quotes, gets the hint to quote it."""
        if isinstance(value, str) and value:
            return value
        unquoted = _UNQUOTED if isinstance(value, int | float) else _NOT_TEXT
        self.problems.add(place, SHAPE, sentence(_EMPTY_TEXT if isinstance(value, str) else unquoted))
        return ""

    def name(self, entry: Entry, place: Place, key: str = "name") -> str:
        """Return a name, cleaned."""
        return self._cleaned(clean_name, entry, key, place)

    def key(self, entry: Entry, place: Place, key: str = "key") -> str:
        """Return an id as it was given."""
        return self._cleaned(clean_key, entry, key, place)

    def flag(self, entry: Entry, key: str, place: Place, *, default: bool = False) -> bool:
        """Return true or false."""
        value = entry.get(key, default)
        if not isinstance(value, bool):
            self.problems.add((*place, key), SHAPE, sentence(_NOT_A_FLAG))
        return value is True

    def choice(self, entry: Entry, key: str, place: Place, default: Choice) -> Choice:
        """Return one of the words that the kind of ``default`` holds."""
        word = str(entry.get(key, default.value))
        if word in list(type(default)):
            return type(default)(word)
        known = sentence(_NO_CHOICE, word=escaped(word), known=listed(type(default)))
        self.problems.add((*place, key), UNKNOWN, no_such(word, known))
        return default

    def moment(self, entry: Entry, key: str, place: Place) -> datetime | None:
        """Return a moment, or None where there is none."""
        return self.problems.attempt((*place, key), read_moment, entry[key], None) if key in entry else None

    def window(self, entry: Entry, place: Place) -> Window:
        """Return the window that ``from`` and ``until`` make; one that lies wholly in the past is history and taken."""
        starts, ends = self.moment(entry, "from", place), self.moment(entry, "until", place)
        if starts and ends and starts >= ends:
            self.problems.add((*place, "from"), SHAPE, sentence(_BACKWARDS))
            return ALWAYS
        return Window(starts, ends) if starts or ends else ALWAYS

    def _cleaned(self, clean: Callable[[object], str], entry: Entry, key: str, place: Place) -> str:
        """Return a text of an entry; where the key is missing, that was noted with the entry."""
        text = self.text(entry[key], (*place, key)) if key in entry else ""
        return self.problems.attempt((*place, key), clean, text, "") if text else ""

    def _unknown_key(self, key: object, place: Place, shape: Shape) -> None:
        word = str(key)
        near = get_close_matches(word[:50], shape.keys, n=1)
        known = sentence(_UNKNOWN_KEY, key=escaped(word), keys=listed(shape.keys))
        guess = sentence(_NEAR_KEY, key=escaped(word), near=near[0]) if near else known
        self.problems.add((*place, escaped(word)), UNKNOWN, no_such(word, guess))
