"""YAML as ``export`` prints it: one entry on a line where it fits, in blocks where it does not, as the contract's example looks.

A text stands plain only where no reader of YAML 1.1 or 1.2 could take it for anything else; otherwise it is quoted as JSON quotes it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

WIDTH = 140
"""Characters of a line; only a single long text makes a longer one."""

Scalar: TypeAlias = "str | int | bool"
Tree: TypeAlias = "Mapping[str, Tree] | Sequence[Tree] | Scalar"

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*", re.ASCII)
_OTHER_MEANING = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def write_yaml(tree: Mapping[str, Tree]) -> Iterator[str]:
    """Go through the lines of a document, each with its line break. ``tree`` holds texts, whole numbers, booleans, lists and mappings."""
    return _block(tree, "")


def _block(value: Mapping[str, Tree] | Sequence[Tree], indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _entry(f"{_scalar(key)}:", part, indent)
    else:
        for part in value:
            yield from _item(part, indent)


def _entry(head: str, value: Tree, indent: str) -> Iterator[str]:
    """Write what stands behind a key: on the same line, or in the lines below it, as entries of a list always do."""
    flow = _flow(value)
    if isinstance(value, str | int) or not value or (len(indent) + len(head) + len(flow) < WIDTH and not _has_entries(value)):
        yield f"{indent}{head} {flow}\n"
        return
    yield f"{indent}{head}\n"
    yield from _block(value, indent + "  ")


def _item(value: Tree, indent: str) -> Iterator[str]:
    flow = _flow(value)
    if isinstance(value, str | int) or not value or len(indent) + len(flow) + 2 <= WIDTH:
        yield f"{indent}- {flow}\n"
        return
    first, *rest = _block(value, indent + "  ")
    yield f"{indent}- {first.lstrip(' ')}"
    yield from rest


def _has_entries(value: Mapping[str, Tree] | Sequence[Tree]) -> bool:
    return not isinstance(value, Mapping) and any(isinstance(part, Mapping) for part in value)


def _flow(value: Tree) -> str:
    if isinstance(value, str | int):
        return _scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]"


def _scalar(value: Scalar) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _OTHER_MEANING:
        return value
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
