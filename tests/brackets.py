"""The language of brackets: every message is itself between two brackets, so what stands outside of them is in no catalogue."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.translation import trans_real

import keyholder.blueprints
from keyholder.config.settings import LANGUAGES

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "lv"
"""The language that stands for all others here."""
BLUEPRINTS = Path(keyholder.blueprints.__file__).parent
NAMES = ("Alice", "Ben", "Cleo", "Dan", "Shop", "Web", "All data", "Acme", "Analysts", "Interns", "acme", "analysts", "interns")
WORDS = ("Keyholder", "MTS ID", "Google", "Ctrl", "Esc", "CSV", "JSON", "UTC")
KEYS = r"[\w.+-]+@[\w.-]+|https?://\S+|\b\w+:[\w-]+|\bUA-[\d-]+|\b[0-9a-f]{32,}\b"
WORD = re.compile(r"[^\W\d_]{2}")


def labels() -> Iterator[str]:
    """Go through what the blueprints say in that language."""

    def found(table: object) -> Iterator[str]:
        for key, value in table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ():
            yield from (value,) if key == LANGUAGE and isinstance(value, str) else found(value)

    for path in BLUEPRINTS.glob("*.toml"):
        yield from found(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def data() -> re.Pattern[str]:
    """Return what is no sentence: what blueprints say, names of people, things and languages, addresses and keys."""
    known = {*labels(), *NAMES, *WORDS, *(name for _code, name in LANGUAGES)}
    words = "|".join(re.escape(text) for text in sorted(known, key=len, reverse=True))
    return re.compile(rf"{KEYS}|(?<!\w)(?:{words})(?!\w)")


class Pseudo(trans_real.DjangoTranslation):
    """A language in which every message is itself between two brackets."""

    def gettext(self, message: str) -> str:
        """Put a message between brackets, without its context."""
        return f"{OPEN}{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}{CLOSE}"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Choose as English does."""
        return self.gettext(singular if number == 1 else plural)


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Latvian be the language of brackets."""
    read = vars(trans_real)["_translations"]  # where Django keeps the catalogues that it has read
    monkeypatch.setitem(read, LANGUAGE, Pseudo(LANGUAGE))


def untranslated(said: Iterable[str]) -> list[str]:
    """Return those of some texts outside of brackets that hold a word which is no data."""
    return [text for text in said if WORD.search(data().sub(" ", text))]


class Spoken(HTMLParser):
    """Collects what a page says outside of brackets: texts that did not come from a catalogue."""

    SILENT = frozenset({"script", "style", "svg", "code", "textarea", "pre"})
    SAYING = ("title", "aria-label", "placeholder", "alt")

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self.depth = 0
        self.silent: list[str] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Listen to what attributes say; be silent inside code and drawings, and where the page says that it is data."""
        said = dict(attrs)
        self.bare += [bare for name in self.SAYING if (bare := "".join(outside(said.get(name) or "")))]
        if tag in self.SILENT:
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Listen again."""
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        """Keep what stands outside of brackets; a message may hold elements, so its brackets may be in different texts."""
        if self.silent:
            return
        bare = ""
        for letter in data:
            self.depth += (letter == OPEN) - (letter == CLOSE)
            bare += letter if not self.depth and letter != CLOSE else " "
        if bare.strip():
            self.bare.append(" ".join(bare.split()))


def outside(text: str) -> Iterator[str]:
    """Go through the letters of a text that stand outside of brackets."""
    depth = 0
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if not depth and letter != CLOSE:
            yield letter
