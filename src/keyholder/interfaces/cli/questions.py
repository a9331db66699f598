"""Questions in a file: JSON lines in, the same lines with ``decision`` out, as they come (contract 2)."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from keyholder.domain.characters import escaped
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.moments import read_moment
from keyholder.domain.refusals import Invalid, Refusals, RefusedRow
from keyholder.domain.sentences import Sentence, sentence
from keyholder.domain.sentences import gettext_noop as _
from keyholder.interfaces.cli.output import as_json

if TYPE_CHECKING:
    from keyholder.services.caller import Caller
    from keyholder.services.queries.decisions import Asked

CHUNK = 2**18
"""Bytes that are read, and answered, at once at most: less where a pipe brings less."""
LONGEST = 2**16
"""Bytes of a line."""
NOWHERE = ResourceRef("", "")
"""Stands for a resource that is named as none is: the answer is no."""

_TOO_LONG = _("The line is longer than {limit} bytes.")
_NOT_JSON = _("The line is not a JSON object.")
_TWICE = _('"{key}" stands twice in the line.')
_NOT_TEXT = _('"{key}" is missing, or is not a text.')
_ONE_OF_TWO = _('The line asks by "permission" or by "action", by one of the two.')


class _RepeatedKeyError(Exception):
    """A JSON object names a key twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number, what stands in it and what it asks."""

    number: int
    given: dict[str, object]
    asked: "Asked"


def answer(stream: BinaryIO, caller: "Caller", at: datetime | None) -> None:
    """Print the answer to every line; ``at`` is the moment for lines that name none. Raises Refusals for lines that can't be read."""
    from keyholder.interfaces.http import clock
    from keyholder.services.queries.batches import check_all

    for lines in _chunks(stream, at):
        decisions = check_all(by=replace(caller, at=clock.now()), questions=[line.asked for line in lines])
        print("\n".join(as_json({**line.given, "decision": yes}) for line, yes in zip(lines, decisions, strict=True)))
        sys.stdout.flush()


def _chunks(stream: BinaryIO, at: datetime | None) -> Iterator[Sequence[Line]]:
    """Go through the lines, as many at once as there are already."""
    rest, number = b"", 0
    read = getattr(stream, "read1", stream.read)
    while data := read(CHUNK):
        *whole, rest = (rest + data).split(b"\n")
        yield from _read(whole, number, at)
        number += len(whole)
        if len(rest) > LONGEST:
            raise _refused(number + 1, sentence(_TOO_LONG, limit=LONGEST))
    yield from _read([rest], number, at)


def _read(raw: Sequence[bytes], before: int, at: datetime | None) -> Iterator[Sequence[Line]]:
    """Read lines, empty ones left out; raises Refusals for all that can't be read, each with its number."""
    lines: list[Line] = []
    refused: list[RefusedRow] = []
    for number, text in enumerate(raw, before + 1):
        if not text.strip():
            continue
        try:
            lines.append(_line(number, text, at))
        except Refusals as refusal:
            refused.extend(refusal.rows)
    if refused:
        raise Refusals(refused)
    if lines:
        yield lines


def _line(number: int, text: bytes, at: datetime | None) -> Line:
    from keyholder.services.queries.decisions import Asked

    given = _object(number, text)
    permission, action = (_text(number, given, key, default="") for key in ("permission", "action"))
    if bool(permission) is bool(action):
        raise _refused(number, sentence(_ONE_OF_TWO))
    resource = _reference(_text(number, given, "resource"))
    return Line(number, given, Asked(_text(number, given, "user"), resource, permission, action, _moment(number, given) or at))


def _object(number: int, text: bytes) -> dict[str, object]:
    if len(text) > LONGEST:
        raise _refused(number, sentence(_TOO_LONG, limit=LONGEST))
    try:
        given = json.loads(text.decode("utf-8-sig" if number == 1 else "utf-8"), object_pairs_hook=_unique)
    except _RepeatedKeyError as error:
        raise _refused(number, sentence(_TWICE, key=escaped(str(error)))) from error
    except (ValueError, RecursionError) as error:
        raise _refused(number, sentence(_NOT_JSON)) from error
    if not isinstance(given, dict):
        raise _refused(number, sentence(_NOT_JSON))
    return given


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    given = dict(pairs)
    if len(given) < len(pairs):
        names = [name for name, _value in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return given


def _text(number: int, given: dict[str, object], key: str, default: str | None = None) -> str:
    value = given.get(key, default)
    if not isinstance(value, str):
        raise _refused(number, sentence(_NOT_TEXT, key=key))
    return value


def _reference(text: str) -> ResourceRef:
    try:
        return ResourceRef.parse(text)
    except ValueError:
        return NOWHERE


def _moment(number: int, given: dict[str, object]) -> datetime | None:
    if given.get("at") is None:
        return None
    try:
        return read_moment(given["at"])
    except Invalid as refusal:
        raise _refused(number, refusal.sentence) from refusal


def _refused(number: int, why: Sentence) -> Refusals:
    refusal = Invalid("question", why, place=f"line {number}")
    return Refusals([RefusedRow(refusal.place, refusal)])
