"""What is wrong with a document, and where: the refusals that YAML and JSON share, and the place of a fault in JSON."""

import json
import re
from collections.abc import Iterator

from keyholder.domain.characters import escaped
from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _

DOCUMENT = "document"
"""Code of the refusals."""
DEEPEST = 32
"""Dictionaries and lists inside each other."""

_REPEATED = _('The key "{key}" stands here a second time.')
_TOO_DEEP = _("More than {limit} levels stand inside each other here.")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[][{}:]', re.DOTALL)


def not_read(why: Sentence, place: str) -> Invalid:
    """Return the refusal of a document; ``place`` is ``LINE:COLUMN``, both from 1, or nothing."""
    return Invalid(DOCUMENT, why, place=place)


def repeated_key(key: object, place: str) -> Invalid:
    """Return the refusal of a key that its dictionary holds already."""
    return not_read(sentence(_REPEATED, key=escaped(str(key))), place)


def too_deep(place: str) -> Invalid:
    """Return the refusal of what is nested too deeply."""
    return not_read(sentence(_TOO_DEEP, limit=DEEPEST), place)


def place_of(text: str, index: int) -> str:
    """Return ``LINE:COLUMN`` of a character."""
    return f"{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"


def json_fault(text: str) -> Invalid:
    """Return the first repeated key, or level that is too deep, of a text that JSON can be read from up to there."""
    return next(_json_faults(text))


def _json_faults(text: str) -> Iterator[Invalid]:
    levels: list[set[str]] = []
    before: re.Match[str] | None = None
    for token in _JSON_TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                levels.append(set())
                if len(levels) > DEEPEST:
                    yield too_deep(place_of(text, token.start()))
            case "}" | "]":
                levels.pop()
            case ":" if before is not None:
                key = json.loads(before[0])
                if key in levels[-1]:
                    yield repeated_key(key, place_of(text, before.start()))
                levels[-1].add(key)
        before = token
