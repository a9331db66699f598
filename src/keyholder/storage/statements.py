"""Statements with named parameters, and the small pieces that several of them share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from keyholder.domain.names import name_key
from keyholder.storage.sql import moment

FAR_FUTURE = datetime(9999, 12, 30, tzinfo=UTC)
"""Stands for an open end wherever ends are compared."""
FAR_PAST = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for *never* wherever moments are ordered."""

Line = tuple[Any, ...]


def fetch(statement: str, parameters: Mapping[str, object]) -> list[Line]:
    """Return the rows of a statement with ``%(name)s`` parameters; moments among them are adapted."""
    adapted: dict[str, Any] = {name: moment(value) if isinstance(value, datetime) else value for name, value in parameters.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement, adapted)
        lines: list[Line] = cursor.fetchall()
    return lines


def in_force(alias: str) -> str:
    """Return the condition that a row's window holds at the parameter ``at``."""
    return f"({alias}.starts_at IS NULL OR {alias}.starts_at <= %(at)s) AND ({alias}.ends_at IS NULL OR {alias}.ends_at > %(at)s)"


def not_ended(alias: str) -> str:
    """Return the condition that a row's window is in force or still to come at the parameter ``at``."""
    return f"({alias}.ends_at IS NULL OR {alias}.ends_at > %(at)s)"


def contains(column: str, parameter: str) -> str:
    """Return the condition that a column holds the text of a parameter made by :func:`part`."""
    return f"{column} LIKE %({parameter})s ESCAPE '!'"


def part(text: str) -> str:
    """Return a text as :func:`contains` wants it: by the one stored key of names, with nothing in it that LIKE would take for a wildcard.

    A text that no stored name can hold (with NUL or half a character in it) matches nothing and breaks nothing.
    """
    key = name_key(text).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    for special in "!%_":
        key = key.replace(special, f"!{special}")
    return f"%{key}%"


def earliest(moments: list[str]) -> str:
    """Return the expression for the earliest of at least two moments."""
    return f"{'MIN' if connection.vendor == 'sqlite' else 'LEAST'}({', '.join(moments)})"


def moment_of(value: object) -> datetime | None:
    """Return an aware moment as a statement gave it: PostgreSQL gives one, SQLite gives Django's text in UTC or a moment without a zone."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
