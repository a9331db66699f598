"""Readiness: whether the database answers and holds the present schema. Asked by probes and before a command, by nobody in particular."""

from enum import StrEnum

from django.db import Error

from keyholder.storage import schema


class Readiness(StrEnum):
    """Of the database."""

    READY = "ready"
    NOT_MIGRATED = "not migrated"
    ABSENT = "absent"
    """There is no file that SQLite could open."""
    UNREACHABLE = "unreachable"


def readiness() -> Readiness:
    """Look whether the database can be reached and is migrated; makes nothing, not even an SQLite file by connecting to it."""
    try:
        if not schema.is_there():
            return Readiness.ABSENT
        return Readiness.READY if schema.is_current() else Readiness.NOT_MIGRATED
    except Error:
        return Readiness.UNREACHABLE


def is_there() -> bool:
    """Say whether there is a database to connect to."""
    return schema.is_there()
