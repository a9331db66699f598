"""Failures: what a refusal, a slip in the arguments or a database that does not answer is to a shell (contract 2)."""

import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from typing import TypeAlias

import click

from keyholder.domain.refusals import Invalid, Refusal, Refusals

REFUSED = 1
"""Refused by a rule, or the answer is no."""
BAD_INPUT = 2
"""Input or usage that can't be read or means nothing."""
UNREACHABLE = 3
"""The database or a service can't be reached."""
INTERRUPTED = 130

NOT_MIGRATED = "the database is not migrated: run keyholder migrate"

Verdict: TypeAlias = tuple[int, Sequence[str]]


class UnreachableError(Exception):
    """Something outside that is needed is not there; the message says what."""


def explained(error: Exception) -> Verdict:
    """Return the exit code of an error and its lines: one, or one for each reason of a refusal."""
    match error:
        case click.ClickException():
            return BAD_INPUT, [_usage(error)]
        case Refusals(rows=rows):
            invalid = any(isinstance(row.refusal, Invalid) for row in rows)
            return BAD_INPUT if invalid else REFUSED, [str(row.refusal) for row in rows]
        case Refusal():
            return BAD_INPUT if isinstance(error, Invalid) else REFUSED, [str(error)]
        case UnreachableError():
            return UNREACHABLE, [str(error)]
        case OSError() if error.filename is not None:
            return BAD_INPUT, [f"{error.filename}: {error.strerror}"]
    return _of_setup(error) or (UNREACHABLE, [_unexpected(error)])


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path.partition(" ")[2] if context else ""
    return f"{command}: {error.format_message()}" if command else error.format_message()


def _of_setup(error: Exception) -> Verdict | None:
    """Recognise what Django and our own start raise, if Django was needed at all."""
    if "django" not in sys.modules:
        return None
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error, InterfaceError

    from keyholder.domain.blueprint_files import BlueprintError

    if isinstance(error, ImproperlyConfigured | BlueprintError):
        return BAD_INPUT, [str(error)]
    if isinstance(error, Error | InterfaceError):
        return UNREACHABLE, [_of_database(error)]
    return None


def _of_database(error: Exception) -> str:
    from keyholder.services.queries.readiness import Readiness, readiness

    words = {
        Readiness.READY: f"the database failed: {error}",
        Readiness.NOT_MIGRATED: NOT_MIGRATED,
        Readiness.ABSENT: f"the database can't be made: {error}",
        Readiness.UNREACHABLE: f"the database can't be reached: {error}",
    }
    return words[readiness()]


def _unexpected(error: Exception) -> str:
    """Name an error that nobody foresaw, and the place in our own code, so that it can be reported."""
    package = Path(__file__).parents[2]
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(package)]
    own = [frame for frame in frames if Path(frame.filename).name != "program.py"]
    where = f" ({Path(own[-1].filename).relative_to(package)}:{own[-1].lineno})" if own else ""
    return f"this should not happen: {type(error).__name__}: {error}{where}"
