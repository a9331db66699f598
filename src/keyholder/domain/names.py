"""Names, keys and descriptions as people write them, and the one stored key by which names are unique and found (semantics 2 and 5).

A name is kept as it was written, in NFC and trimmed. What can't be seen is refused: it would make two names that look alike. Bidi controls
turn the text beside a name around, so they are refused as well. Joiners stay where a script or an emoji needs them.
"""

import unicodedata

from keyholder.domain.characters import ZERO_WIDTH_JOINERS, escaped, is_control, is_invisible, mixes_scripts
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

NAME, KEY, DESCRIPTION = "name", "key", "description"
"""Codes of the refusals."""
LONGEST_NAME = 200
LONGEST_KEY = 200
LONGEST_DESCRIPTION = 2000

_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_NAME_NO_TEXT = _("A name is a piece of text.")
_NAME_EMPTY = _("A name is missing.")
_NAME_LONG = _("A name holds at most {limit} characters, this one {length}.")
_NAME_CONTROL = _('The name "{name}" holds a line break or another control character.')
_NAME_HIDDEN = _('The name "{name}" holds an invisible character or one that turns the text around.')
_KEY_NO_TEXT = _('An id is a piece of text; write {value} in quotes: "{value}".')
_KEY_SHAPE = _('The id "{key}" is refused: an id holds 1 to {limit} printable characters without spaces.')
_TEXT_NO_TEXT = _("A description is a piece of text.")
_TEXT_LONG = _("A description holds at most {limit} characters, this one {length}.")
_TEXT_CONTROL = _("The description holds a control character or one that turns the text around.")


def clean_name(text: object) -> str:
    """Return a name trimmed and in NFC: 1 to 200 characters, none hidden; raises Invalid, code ``name``."""
    if not isinstance(text, str):
        raise Invalid(NAME, sentence(_NAME_NO_TEXT))
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise Invalid(NAME, sentence(_NAME_EMPTY))
    if len(name) > LONGEST_NAME:
        raise Invalid(NAME, sentence(_NAME_LONG, limit=LONGEST_NAME, length=len(name)))
    if any(map(is_control, name)):
        raise Invalid(NAME, sentence(_NAME_CONTROL, name=escaped(name)))
    if any(_hides(name, at) for at in range(len(name))):
        raise Invalid(NAME, sentence(_NAME_HIDDEN, name=escaped(name)))
    return name


def name_key(text: str) -> str:
    """Return what a name is unique by and found by: trimmed, NFC, case-folded, to be compared by bytes.

    Idempotent, never raises. Decomposing before folding makes canonically equal texts equal whatever their case (Unicode, canonical
    caseless matching). The key can be longer than the name: up to three characters for one.
    """
    folded = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", folded).strip()


def clean_key(text: object) -> str:
    """Return an id as it was given, case and all (R-DEC-7): 1 to 200 printable characters, no space; raises Invalid, code ``key``."""
    if not isinstance(text, str):
        raise Invalid(KEY, sentence(_KEY_NO_TEXT, value=escaped(str(text))))
    if not 1 <= len(text) <= LONGEST_KEY or not text.isprintable() or any(map(str.isspace, text)):
        raise Invalid(KEY, sentence(_KEY_SHAPE, key=escaped(text), limit=LONGEST_KEY))
    return text


def clean_description(text: object) -> str:
    """Return a description trimmed and in NFC: up to 2000 characters, empty or several lines.

    Raises Invalid with the code ``description``.
    """
    if not isinstance(text, str):
        raise Invalid(DESCRIPTION, sentence(_TEXT_NO_TEXT))
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(cleaned) > LONGEST_DESCRIPTION:
        raise Invalid(DESCRIPTION, sentence(_TEXT_LONG, limit=LONGEST_DESCRIPTION, length=len(cleaned)))
    if any(c not in "\n\t" and is_control(c) for c in cleaned) or any(_hides(cleaned, at) for at in range(len(cleaned))):
        raise Invalid(DESCRIPTION, sentence(_TEXT_CONTROL))
    return cleaned


def is_confusable_name(name: str) -> bool:
    """Say whether a name mixes scripts within a word, which the console flags (R-EML-9)."""
    return mixes_scripts(name)


def _hides(text: str, at: int) -> bool:
    """Say whether the character at this place can't be seen and has no business there."""
    character = text[at]
    if not is_invisible(character):
        return False
    if character in _VARIATION_SELECTORS:
        return at == 0
    return not (character in ZERO_WIDTH_JOINERS and 0 < at < len(text) - 1 and not text[at - 1].isascii() and not text[at + 1].isascii())
