"""Leaks: secrets that stand in the log, where nothing may stand but names and facts (I-AU-3)."""

import json
import re
from collections.abc import Iterator

from keyholder.storage.models import Event, Session
from keyholder.storage.replay import CHUNK, tables

SECRETS = re.compile(r"\b(?:argon2\w*|pbkdf2_\w+|bcrypt\w*|scrypt)\$|-----BEGIN [A-Z ]*PRIVATE KEY-----")
"""Hashes of passwords as they are stored, and keys."""
TOKENS = re.compile(r"(?<![a-z0-9])[a-z0-9]{32}(?![a-z0-9])")
"""Whatever could be the key of a session."""


def leaks() -> Iterator[int]:
    """Go through the events that hold a secret, or a column that is no part of a fact, by their numbers."""
    recorded = {noun: frozenset(table.recorded) for noun, table in tables().items()}  # type: ignore[attr-defined]  # every table of facts
    sessions = frozenset(Session.objects.values_list("session_key", flat=True))
    events = Event.objects.order_by("pk").values_list("pk", "changes", "details", "actor_name", "reason", "request_id")
    for event, changes, *told in events.iterator(chunk_size=CHUNK):
        text = json.dumps([changes, *told], ensure_ascii=False)
        columns = ((noun, column) for noun, _row, *states in changes for state in states if state for column in state)
        if (
            SECRETS.search(text)
            or any(column not in recorded.get(noun, ()) for noun, column in columns)
            or (sessions and not sessions.isdisjoint(TOKENS.findall(text)))
        ):
            yield event
