"""``audit``: the log of what happened, proven and printed (R-AUD-2)."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import click

from keyholder.domain.refusals import Invalid
from keyholder.domain.sentences import gettext_noop as _
from keyholder.domain.sentences import sentence
from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.asking import MomentType
from keyholder.interfaces.cli.failures import REFUSED

if TYPE_CHECKING:
    from datetime import datetime

    from keyholder.services.queries.chain import Head

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
NOT_A_HEAD = _("This is no line of keyholder audit heads.")


@click.group()
def audit() -> None:
    """Verify, print and keep the log of what happened."""


@audit.command()
@click.option("--heads", type=click.File("rb"), help="Also look for the ends that audit heads printed earlier.")
@JSON
def verify(*, heads: BinaryIO | None, as_json: bool) -> int:
    """Verify the chain of every tenant.

    Each place where it does not hold is a line, and the exit code is 1. A log that was cut off and closed again shows only against ends
    that were kept elsewhere.
    """
    caller = opening.operator()
    from keyholder.services.queries import chain

    found = chain.verified(by=caller, heads=_heads(heads))
    if as_json:
        output.say_json({"events": found.events, "flaws": [asdict(flaw) for flaw in found.flaws]})
    else:
        for flaw in found.flaws:
            output.say(f"tenant {flaw.tenant}, event {flaw.number}: {flaw.why}")
        output.say(f"events: {found.events}, flaws: {len(found.flaws)}")
    return REFUSED if found.flaws else 0


@audit.command()
@click.option("--since", type=MomentType(), help="Only what happened from then on: 2026-12-31T00:00:00Z.")
def export(*, since: "datetime | None") -> None:
    """Print events as JSON lines, in the order in which they were written."""
    caller = opening.operator()
    from keyholder.services.queries import chain

    for event in chain.events(by=caller, since=since):
        output.say_json(event)


@audit.command()
def heads() -> None:
    """Print where the log of each tenant ends, as JSON lines: to be kept elsewhere."""
    caller = opening.operator()
    from keyholder.services.queries import chain

    for head in chain.heads(by=caller):
        output.say_json(asdict(head))


def _heads(stream: BinaryIO | None) -> list["Head"]:
    from keyholder.services.queries.chain import Head

    found = []
    for number, line in enumerate(stream or (), 1):
        try:
            found.append(Head(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise Invalid("head", sentence(NOT_A_HEAD), place=f"line {number}") from error
    return found
