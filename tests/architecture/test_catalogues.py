"""Translations: every message in every language, whole, and with the same blanks to fill."""

import re
from collections.abc import Iterator

import polib
import pytest

from keyholder.config import settings
from tests import catalogues

BLANK = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)\}(?!\})")
TAG = re.compile(r"</?\w+[^>]*>")
CLOSING = "\"'\u201c\u201d\u00bb\u2019)"
"""Quotation marks and brackets that may close a sentence: " ' and those of typography."""
DATES = "format of a date"
SHOWN = 5
"""How many offenders a failing test names."""

each_language = pytest.mark.parametrize("language", catalogues.LANGUAGES)


def test_the_catalogues_are_those_of_the_languages_that_are_offered() -> None:
    assert ("en", *catalogues.LANGUAGES) == tuple(code for code, _name in settings.LANGUAGES)


@each_language
def test_every_message_is_translated_and_nothing_else_is_kept(language: str) -> None:
    kept = {catalogues.key(message): message for message in catalogues.catalogue(language)}
    said = {catalogues.key(message): message for message in catalogues.said()}
    left = [english for (context, english), message in kept.items() if not all(_texts(message))]
    assert sorted(said.keys() - kept.keys())[:SHOWN] == [], "new messages: make messages"
    assert sorted(kept.keys() - said.keys())[:SHOWN] == [], "messages that nobody says: make messages"
    assert left[:SHOWN] == [], f"{len(left)} messages wait for their translation"


@each_language
def test_a_translation_fills_the_blanks_that_its_message_fills(language: str) -> None:
    assert [message.msgid for message in catalogues.catalogue(language) if not _fills_the_same(message)][:SHOWN] == []


@each_language
def test_a_translation_begins_and_ends_like_its_message(language: str) -> None:
    """White space at the edges is part of how templates put texts together; a sentence ends where the English one does. A date is free."""
    messages = [message for message in catalogues.catalogue(language) if message.msgctxt != DATES]
    wrong = [message.msgid for message in messages for text in _translated(message) if not _alike(message.msgid, text)]
    assert wrong[:SHOWN] == []


@each_language
def test_a_translation_has_the_tags_of_its_message(language: str) -> None:
    wrong = [
        message.msgid
        for message in catalogues.catalogue(language)
        for text in _translated(message)
        if sorted(TAG.findall(text)) != sorted(TAG.findall(message.msgid))
    ]
    assert wrong[:SHOWN] == []


@each_language
def test_a_catalogue_counts_as_django_counts(language: str) -> None:
    """A catalogue with another rule would make Django's own sentences wrong; every counted message has every form."""
    catalogue = catalogues.catalogue(language)
    assert catalogue.metadata["Plural-Forms"] == catalogues.plural_forms(language)
    counted = [message for message in catalogue if message.msgid_plural]
    assert [m.msgid for m in counted if sorted(m.msgstr_plural) != list(range(catalogues.forms(language)))][:SHOWN] == []


@each_language
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.msgid for message in catalogues.catalogue(language) if message.fuzzy or message.obsolete] == []


def _texts(message: polib.POEntry) -> list[str]:
    return list(message.msgstr_plural.values()) if message.msgid_plural else [message.msgstr]


def _blanks(text: str) -> set[str]:
    return {first or second for first, second in BLANK.findall(text)}


def _fills_the_same(message: polib.POEntry) -> bool:
    """Say so of a message; a counted one may leave out what its English forms leave out, but not what both have."""
    asked = _blanks(message.msgid) | _blanks(message.msgid_plural or "")
    owed = _blanks(message.msgid) & _blanks(message.msgid_plural) if message.msgid_plural else asked
    return all(owed - {"count"} <= _blanks(text) <= asked for text in _translated(message))


def _translated(message: polib.POEntry) -> Iterator[str]:
    yield from (text for text in _texts(message) if text)


def _alike(english: str, text: str) -> bool:
    edges = (english[: len(english) - len(english.lstrip())], english[len(english.rstrip()) :])
    own = (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :])
    return edges == own and _end(english) == _end(text)


def _end(text: str) -> str:
    """Return the mark that ends a text, whichever quotation marks or bracket stand behind it."""
    last = text.rstrip().rstrip(CLOSING)[-1:]
    return last if last in ".?!:…" else ""
