"""Documents: YAML 1.2 or JSON text from a file, read into plain dictionaries, lists and scalars, with nothing hidden in it (contract 3).

Repeated keys, tags, anchors, several documents and NUL are refused, and so is what is deeper or larger than the limits: a file says the
same thing to everybody who reads it, and reading it takes time in proportion to its size. Every refusal is Invalid with the code
``document`` and ``LINE:COLUMN`` as its place.
"""

import json
from collections.abc import Iterable
from typing import BinaryIO

from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.cli.document_faults import DEEPEST, json_fault, not_read, place_of
from keyholder.interfaces.cli.yaml_reading import read_yaml

LARGEST = 256 * 2**20
"""Bytes."""

_PROVEN = 2**16
"""Who writes this many characters of JSON without a mistake writes JSON; before that, YAML may begin like it."""

_TOO_LARGE = _("The file is larger than {limit} MiB.")
_NOT_UTF8 = _("The file is not text in UTF-8.")
_NOT_JSON = _("The file is not JSON: {cause}.")


class _RepeatedKeyError(Exception):
    """A JSON object holds a key twice."""


def read_document(stream: BinaryIO) -> object:
    """Read one YAML or JSON document in UTF-8 and return its dictionaries, lists, texts, numbers, booleans and nulls.

    ``stream`` is read to its end, at most 256 MiB. JSON is read by the standard library, some hundred times faster. Raises Invalid.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise not_read(sentence(_TOO_LARGE, limit=LARGEST // 2**20), "")
    text = _decoded(data)
    if text.lstrip(" \t\r\n").startswith(("{", "[")) and "\\u0000" not in text:
        try:
            return _read_json(text)
        except ValueError as problem:
            if isinstance(problem, json.JSONDecodeError) and problem.pos > _PROVEN:
                raise not_read(sentence(_NOT_JSON, cause=problem.msg), f"{problem.lineno}:{problem.colno}") from problem
    return read_yaml(text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", "replace")
        raise not_read(sentence(_NOT_UTF8), place_of(before, len(before))) from problem


def _read_json(text: str) -> object:
    try:
        tree: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (_RepeatedKeyError, RecursionError):
        tree = None
    else:
        if not _is_deeper(tree, DEEPEST):
            return tree
    raise json_fault(text)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _RepeatedKeyError
    return tree


def _no_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _is_deeper(tree: object, limit: int) -> bool:
    level = [tree] if isinstance(tree, dict | list) else []
    for _level in range(limit):
        level = [part for node in level for part in _parts(node) if isinstance(part, dict | list)]
    return bool(level)


def _parts(node: dict[str, object] | list[object]) -> Iterable[object]:
    return node.values() if isinstance(node, dict) else node
