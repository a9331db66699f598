"""YAML 1.2 read event by event, so that everything that is not plain data is refused where it stands.

ruamel.yaml finds the tokens; the tree is built here. A plain word is what the core schema of YAML 1.2 says: ``off`` and a time are text,
``010`` is ten. The tree is built without recursion: nothing that a file holds can exhaust the stack.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from keyholder.domain.characters import escaped
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.cli.document_faults import DEEPEST, not_read, place_of, repeated_key, too_deep

_EMPTY = _("The file is empty.")
_NOT_YAML = _("The file is not YAML: {cause}.")
_CHARACTER = _("A file may not hold the character U+{number}.")
_ESCAPE = _("The file is not YAML: an escape in quotes names no character.")
_SEVERAL = _("A second document begins here; a file holds one.")
_DIRECTIVE = _("A file is written in YAML 1.2, without directives.")
_TAG = _('The tag "{tag}" is not taken; a file holds plain texts, numbers, lists and keys.')
_ANCHOR = _('Anchors and aliases ("{name}") are not taken; write out what is meant.')
_COMPLEX_KEY = _("A key is a word, not a list or another set of keys.")
_NUMBER = _("{number} is not a number that a file may hold.")

_LONGEST_NUMBER = 100
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUES = frozenset({"true", "True", "TRUE"})
_FALSES = frozenset({"false", "False", "FALSE"})

Node: TypeAlias = "dict[object, object] | list[object]"


def read_yaml(text: str) -> object:
    """Return the tree of one YAML 1.2 document. Raises Invalid with the code ``document`` and ``LINE:COLUMN`` as its place."""
    builder = _Builder()
    for event in _events(text):
        _refuse_what_is_not_plain(event)
        builder.take(event)
    return builder.tree()


def _events(text: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as problem:
        why = sentence(_CHARACTER, number=f"{problem.character:04X}")
        raise not_read(why, place_of(text, problem.position)) from problem
    except MarkedYAMLError as problem:
        why = sentence(_NOT_YAML, cause=escaped(problem.problem or problem.context or "", 200))
        raise not_read(why, _position(problem.problem_mark or problem.context_mark)) from problem
    except (ValueError, OverflowError) as problem:
        raise not_read(sentence(_ESCAPE), "") from problem


class _Builder:
    """Puts nodes into each other as the events come."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._documents: list[object] = []
        self._open: list[Node] = [self._documents]
        self._keys: list[object] = []
        self._key_is_next: list[bool] = [False]

    def take(self, event: Event) -> None:
        """Take the next event; raises Invalid for a second document, a key that is no word or that is repeated, and too many levels."""
        match event:
            case DocumentStartEvent() if self._documents:
                raise not_read(sentence(_SEVERAL), _place(event))
            case ScalarEvent() if self._key_is_next[-1]:
                self._take_key(event)
            case ScalarEvent():
                self._put(_value(event))
            case CollectionStartEvent():
                self._begin(event)
            case CollectionEndEvent():
                self._open.pop()
                self._key_is_next.pop()

    def tree(self) -> object:
        """Return the one document; raises Invalid where there is none."""
        if self._documents in ([], [None]):
            raise not_read(sentence(_EMPTY), "1:1")
        return self._documents[0]

    def _take_key(self, event: ScalarEvent) -> None:
        key, node = _value(event), self._open[-1]
        if key in node:
            raise repeated_key(key, _place(event))
        self._keys.append(key)
        self._key_is_next[-1] = False

    def _begin(self, event: CollectionStartEvent) -> None:
        if self._key_is_next[-1]:
            raise not_read(sentence(_COMPLEX_KEY), _place(event))
        if len(self._open) > DEEPEST:
            raise too_deep(_place(event))
        is_mapping = isinstance(event, MappingStartEvent)
        node: Node = {} if is_mapping else []
        self._put(node)
        self._open.append(node)
        self._key_is_next.append(is_mapping)

    def _put(self, value: object) -> None:
        node = self._open[-1]
        if isinstance(node, dict):
            node[self._keys.pop()] = value
            self._key_is_next[-1] = True
        else:
            node.append(value)


def _refuse_what_is_not_plain(event: Event) -> None:
    match event:
        case DocumentStartEvent(version=version, tags=tags) if version not in {None, (1, 2)} or tags:
            raise not_read(sentence(_DIRECTIVE), _place(event))
        case AliasEvent(anchor=name) | NodeEvent(anchor=str(name)):
            raise not_read(sentence(_ANCHOR, name=escaped(name)), _place(event))
        case ScalarEvent() | CollectionStartEvent() if event.ctag is not None:
            raise not_read(sentence(_TAG, tag=escaped(str(event.tag))), _place(event))


def _place(event: Event) -> str:
    return _position(event.start_mark)


def _position(mark: StreamMark | None) -> str:
    return f"{mark.line + 1}:{mark.column + 1}" if mark else ""


def _value(event: ScalarEvent) -> object:
    text: str = event.value
    if "\0" in text:
        raise not_read(sentence(_CHARACTER, number="0000"), _place(event))
    if event.style or not text.isascii():
        return text
    if text in _NULLS:
        return None
    if text in _TRUES or text in _FALSES:
        return text in _TRUES
    if _DECIMAL.fullmatch(text) or _BASED.fullmatch(text):
        return _whole_number(text, event)
    return _fraction(text) if _FRACTION.fullmatch(text) else text


def _whole_number(text: str, event: ScalarEvent) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise not_read(sentence(_NUMBER, number=escaped(text, 20)), _place(event))
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _fraction(text: str) -> float:
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
