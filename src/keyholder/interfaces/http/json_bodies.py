"""JSON that a request brings: its depth and size are judged by a look at the text, before it is parsed (R-DOS-1, R-DEC-7)."""

import json
import re

from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence

DEPTH = 32
"""How deep lists and objects may lie in each other."""
NODES = 10_000
"""How many values a body may hold."""

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A text, also one that is never closed: it goes to the end of the body, so that no part of it is looked at twice (R-DOS-4)."""

UNREADABLE = _("This is not JSON: {reason}.")
TOO_DEEP = _("The JSON is nested too deeply: {limit} levels at most.")
TOO_MANY = _("The JSON holds too many values: {limit} at most.")
TWICE = _('The JSON names "{member}" twice in one object.')


def read_json(body: bytes) -> object:
    """Parse a body; raises Invalid where it is too deep, too large, no JSON, no UTF-8, or names a member twice."""
    judge(body)
    try:
        parsed: object = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid("unreadable_json", sentence(UNREADABLE, reason=error)) from error
    return parsed


def judge(body: bytes) -> None:
    """Raise Invalid where a body is nested too deeply or holds too many values; takes time in proportion to its length."""
    depth, nodes = 0, 1
    for token in TOKEN.finditer(body):
        sign = token[0]
        if sign in b"[{":
            depth += 1
            nodes += 1
        elif sign in b"]}":
            depth -= 1
        elif sign == b",":
            nodes += 1
        if depth > DEPTH:
            raise Invalid("json_too_deep", sentence(TOO_DEEP, limit=DEPTH))
        if nodes > NODES:
            raise Invalid("json_too_large", sentence(TOO_MANY, limit=NODES))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for name, value in pairs:
        if name in members:
            raise Invalid("json_member_twice", sentence(TWICE, member=name))
        members[name] = value
    return members


def _no_number(name: str) -> object:
    message = f"{name} is not a number"
    raise ValueError(message)
