"""``backup`` and ``restore``: everything in one file (contract 2)."""

from pathlib import Path

import click

from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.failures import UnreachableError

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@JSON
def backup(*, file: Path, as_json: bool) -> None:
    """Write everything into FILE, consistent while serving.

    Passwords are in it as hashes: only its owner may read the file. Keep the secret key with it.
    """
    caller = opening.operator()
    from keyholder.services.commands import backups

    try:
        backups.back_up(by=caller, to=file)
    except backups.ProgramMissingError as error:
        raise UnreachableError(str(error)) from error
    size = file.stat().st_size
    if as_json:
        output.say_json({"file": str(file), "bytes": size})
    else:
        output.say(f"written: {file} ({size:,} bytes)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@JSON
def restore(*, file: Path, as_json: bool) -> None:
    """Put the backup in FILE in the place of an empty database, and migrate it.

    Everybody signs in again afterwards.
    """
    caller = opening.founder()
    from keyholder.services.commands import backups

    try:
        backups.restore(by=caller, file=file)
    except backups.ProgramMissingError as error:
        raise UnreachableError(str(error)) from error
    if as_json:
        output.say_json({"file": str(file), "restored": True})
    else:
        output.say(f"restored: {file}")
