"""Characters that a person can't see or that deceive: what addresses and names refuse, and what the console flags.

One table for both, so that what is invisible in a name is invisible in an address as well.
"""

import re
import unicodedata

ZERO_WIDTH_JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ: needed inside Persian and Indic words and inside emoji, a disguise everywhere else."""

_IGNORED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_VISIBLE_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_SAME_WORD_SCRIPTS = ({"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"})
_SCRIPTS = frozenset(
    {
        "ARABIC",
        "ARMENIAN",
        "BENGALI",
        "BOPOMOFO",
        "CHEROKEE",
        "CJK",
        "COPTIC",
        "CYRILLIC",
        "DEVANAGARI",
        "ETHIOPIC",
        "FULLWIDTH",
        "GEORGIAN",
        "GREEK",
        "HANGUL",
        "HEBREW",
        "HIRAGANA",
        "KATAKANA",
        "KHMER",
        "LAO",
        "LATIN",
        "LISU",
        "MONGOLIAN",
        "SYRIAC",
        "TAMIL",
        "THAI",
        "TIBETAN",
    }
)
_ASCII_TWINS = frozenset(
    # Latin letters without a mark (dotless i and j, alpha, script g, iota, ...), then Cyrillic and Greek ones that look like Latin ones
    "\u0131\u0237\u0251\u0261\u0269\u026a\u028f\u0299\u029f\u01c0\u01c3"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb\u04cf\u0433\u043f\u043a\u043c\u0442"
    "\u043d\u0432\u044c"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9\u03f2\u03b3",
)


def is_control(character: str) -> bool:
    """Say whether a character commands instead of showing: controls, surrogates, line and paragraph separators."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def is_invisible(character: str) -> bool:
    """Say whether a character takes no room of its own or turns the text around (zero-width, bidi controls, soft hyphen, fillers)."""
    if _IGNORED.match(character):
        return True
    return unicodedata.category(character) == "Cf" and not _VISIBLE_FORMATS.match(character)


def mixes_scripts(text: str) -> bool:
    """Say whether one word of a text is written in several scripts, as ``p\u0430ypal`` with a Cyrillic letter is (R-EML-9).

    Several words in several scripts are ordinary, and so are Chinese characters beside kana, hangul or bopomofo.
    """
    return any(_mixed(word) for word in re.split(r"[\W\d_]+", text))


def imitates_ascii(word: str) -> bool:
    """Say whether a word that is not plain ASCII can be read as one: all its letters look like ASCII letters."""
    return not word.isascii() and all(c.isascii() or c in _ASCII_TWINS for c in word.lower())


def escaped(text: str, limit: int = 100) -> str:
    """Return a text fit for a message on one line: cut to ``limit`` characters, what can't be seen written as its number."""
    shown = "".join(f"\\u{ord(c):04x}" if is_invisible(c) or not c.isprintable() else c for c in text[:limit])
    return shown if len(text) <= limit else shown + "..."


def _mixed(word: str) -> bool:
    scripts = {script for character in word if (script := _script(character))}
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in _SAME_WORD_SCRIPTS)


def _script(character: str) -> str:
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    return first if first in _SCRIPTS else ""
