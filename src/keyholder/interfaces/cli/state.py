"""``plan``, ``apply`` and ``export``: the whole state as one file (contract 3)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

import click

from keyholder.interfaces.cli import opening, output

if TYPE_CHECKING:
    from keyholder.domain.sentences import Sentence
    from keyholder.domain.state import State
    from keyholder.domain.state_changes import Counts
    from keyholder.services.caller import Caller

FILE = click.argument("file", type=click.File("rb"))
PRUNE = click.option("--prune", is_flag=True, help="Also end what the file lacks: bindings, memberships, groups; trash resources.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

PRUNE_WANTS_YES = "--prune ends what the file lacks; say --yes as well, after a look at: plan --prune"


@click.command()
@FILE
@PRUNE
@JSON
def plan(*, file: BinaryIO, prune: bool, as_json: bool) -> None:
    """Show the difference between a state file and the database.

    The rules are asked as they are by apply; nothing is written. "-" reads standard input.
    """
    caller = opening.operator()
    from keyholder.interfaces.cli.plan_rows import described
    from keyholder.services.commands.rehearsals import rehearse
    from keyholder.services.queries.plans import preview

    state = read(file, caller)
    wanted = preview(by=caller, state=state, prune=prune)
    warnings = rehearse(by=caller, state=state, prune=prune).warnings
    rows = list(described(wanted))
    if as_json:
        changes = [{"kind": row.kind, "change": row.change, "row": row.words} for row in rows]
        output.say_json({"counts": _plain(wanted.counts), "warnings": list(map(str, warnings)), "changes": changes})
        return
    for row in rows:
        output.say(f"{row.sign} {row.kind}: {row.words}")
    _show(wanted.counts, warnings)


@click.command()
@FILE
@PRUNE
@click.option("--yes", is_flag=True, help="Confirm --prune.")
@JSON
def apply(*, file: BinaryIO, prune: bool, yes: bool, as_json: bool) -> None:
    """Make the database hold what a state file declares, all or nothing.

    Without --prune it only adds and changes. Goes through the same rules as everybody. "-" reads standard input.
    """
    if prune and not yes:
        raise click.UsageError(PRUNE_WANTS_YES)
    caller = opening.operator()
    from keyholder.services.commands import state as commands

    applied = commands.apply(by=caller, state=read(file, caller), prune=prune)
    if as_json:
        output.say_json({"counts": _plain(applied.counts), "warnings": list(map(str, applied.warnings))})
    else:
        _show(applied.counts, applied.warnings)


@click.command()
@JSON
def export(*, as_json: bool) -> None:
    """Print the state file of the whole database, as YAML.

    Applied to an empty database it gives the same decisions. Passwords, keys, invitations and the log are not in it: see backup.
    """
    caller = opening.operator()
    from keyholder.domain.state_writing import state_tree
    from keyholder.interfaces.cli.yaml_writing import write_yaml
    from keyholder.services.queries import state as queries

    tree = state_tree(queries.current(by=caller))
    if as_json:
        output.say_json(tree)
        return
    for line in write_yaml(tree):
        print(line, end="")


def read(file: BinaryIO, caller: "Caller") -> "State":
    """Return the state that a file declares; raises Refusals with every problem and its place."""
    from django.conf import settings

    from keyholder.domain.blueprint_files import catalogue
    from keyholder.domain.state_reading import Known, read_state
    from keyholder.interfaces.cli.documents import read_document
    from keyholder.services.queries import state as queries

    tree = read_document(file)
    return read_state(tree, catalogue(settings.BLUEPRINTS_FOLDER or None), Known.of(queries.current(by=caller)))


def _plain(counts: Mapping[str, "Counts"]) -> dict[str, dict[str, int]]:
    return {kind: {"added": c.added, "changed": c.changed, "removed": c.removed} for kind, c in counts.items()}


def _show(counts: Mapping[str, "Counts"], warnings: Sequence["Sentence"]) -> None:
    for warning in warnings:
        output.say(f"warning: {warning}")
    rows = [(kind.replace("_", " "), *numbers.values()) for kind, numbers in _plain(counts).items() if any(numbers.values())]
    if rows:
        output.say_table(["", "added", "changed", "removed"], rows)
    else:
        output.say("nothing to do")
