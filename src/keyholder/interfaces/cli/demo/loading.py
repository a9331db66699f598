"""Loading the demo: its files through the same door as every state file, then what the cast did in the last days."""

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from io import BytesIO
from typing import Any

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.moments import write_moment
from keyholder.domain.refusals import NotFound
from keyholder.domain.state_reading import read_state
from keyholder.interfaces.cli.demo import history
from keyholder.interfaces.cli.demo.cast import CAST, OPERATOR
from keyholder.interfaces.cli.documents import read_document
from keyholder.services.caller import Caller
from keyholder.services.commands import people, state
from keyholder.services.queries import lookups

FILES = ("shop.yaml", "agency.yaml", "cinema.yaml")
BEGUN = timedelta(days=21)
"""How long ago the demo's instance was set up."""
MOMENT = re.compile(r"\{(?:in_(?P<in>\d+)_days?|(?P<ago>\d+)_days?_ago)\}")
CONSONANTS, VOWELS, SYLLABLES = "bdfghjklmnprstvz", "aeiou", 9


def load(caller: Caller) -> str:
    """Fill an empty database and return the password that was made for the cast."""
    begun = replace(caller, at=caller.at - BEGUN)
    state.apply(by=begun, state=read_state(tree(caller.at), builtin()))
    people.create_user(by=begun, email=OPERATOR.address, name=OPERATOR.name, operator=True)
    password = pronounceable()
    for member in CAST:
        people.set_password(by=begun, user=lookups.user(by=caller, email=member.address), password=password)
    history.play(caller)
    return password


def is_here(caller: Caller) -> bool:
    """Say whether everybody of the cast is in the database."""
    try:
        return all(lookups.user(by=caller, email=member.address) for member in CAST)
    except NotFound:
        return False


def tree(at: datetime) -> dict[str, Any]:
    """Return the demo as one state file, its moments reckoned from ``at``."""
    whole: dict[str, Any] = {"version": 1}
    for name in FILES:
        part = dated(read_document(BytesIO(files(__package__).joinpath(name).read_bytes())), at)
        for key, rows in part.items():
            if isinstance(rows, list):
                whole.setdefault(key, []).extend(rows)
    return whole


def dated(node: Any, at: datetime) -> Any:  # noqa: ANN401 - a tree of plain values, as YAML gives it
    """Return a tree in which moments stand for ``{in_3_days}`` and ``{3_days_ago}``, at noon of that day in UTC."""
    if isinstance(node, dict):
        return {key: dated(value, at) for key, value in node.items()}
    if isinstance(node, list):
        return [dated(value, at) for value in node]
    found = MOMENT.fullmatch(node) if isinstance(node, str) else None
    if found is None:
        return node
    days = int(found["in"]) if found["in"] else -int(found["ago"])
    return write_moment((at + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0))


def pronounceable() -> str:
    """Return a new password of syllables, about 57 random bits: three words parted by hyphens."""
    syllables = [secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES)]
    return "-".join("".join(syllables[start : start + 3]) for start in range(0, SYLLABLES, 3))
