"""Backups: everything into one file while others write, and back into an empty database. For operators only (contract 2)."""

from pathlib import Path

from keyholder.domain.refusals import Conflict, Forbidden, Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.services.authority import NOT_OPERATOR
from keyholder.services.caller import Caller
from keyholder.storage import copies, schema

NOT_EMPTY = _("The database holds something already; a backup is restored only into an empty one.")
IN_THE_WAY = _("{file} is there already and is not overwritten.")
NOT_A_BACKUP = _("This is no backup that can be restored here: {why}")


class ProgramMissingError(Exception):
    """A program that is needed is missing or failed; the message says which and why."""


def back_up(*, by: Caller, to: Path) -> None:
    """Write everything to a file that is not there yet, or is empty. Raises Conflict, Forbidden, ProgramMissingError, OSError."""
    _require_instance(by)
    if to.exists() and to.stat().st_size:
        raise Conflict("in_the_way", sentence(IN_THE_WAY, file=to))
    try:
        copies.back_up(to)
    except copies.CopyError as error:
        raise ProgramMissingError(str(error)) from error


def restore(*, by: Caller, file: Path) -> None:
    """Put a backup in the place of an empty database, then bring the schema up to date.

    Every tenant begins a new epoch, so that no token of before is taken for one of now, and everybody signs in again.
    Raises Conflict where the database holds anything, Invalid where the file is no backup, Forbidden, ProgramMissingError.
    """
    _require_instance(by)
    schema.connect_as_owner()
    if not copies.is_empty():
        raise Conflict("not_empty", sentence(NOT_EMPTY))
    try:
        copies.restore(file)
    except copies.ProgramError as error:
        raise ProgramMissingError(str(error)) from error
    except copies.CopyError as error:
        raise Invalid("backup", sentence(NOT_A_BACKUP, why=error)) from error
    schema.migrate()


def _require_instance(by: Caller) -> None:
    """Refuse everybody but the instance: who restores can't be asked about in a database that is empty."""
    if not by.is_instance:
        raise Forbidden("not_operator", sentence(NOT_OPERATOR))
