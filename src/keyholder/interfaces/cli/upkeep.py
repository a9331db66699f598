"""``verify`` and ``settings``: whether what must hold does, and what this instance is told by its environment."""

import click

from keyholder.interfaces.cli import opening, output
from keyholder.interfaces.cli.failures import REFUSED

HIDDEN = "(hidden)"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(*, as_json: bool) -> None:
    """List every setting with the value in force; secrets are hidden.

    Each is an environment variable.
    """
    opening.start()
    from django.conf import settings as django

    rows = [
        {
            "variable": each.variable,
            "value": HIDDEN if each.secret and each.value else each.value,
            "default": each.is_default,
            "meaning": each.meaning,
        }
        for each in django.ENVIRONMENT
    ]
    if as_json:
        output.say_json(rows)
        return
    output.say_table(
        ["variable", "value", "", "meaning"],
        [(row["variable"], row["value"], "" if not row["default"] else "default", row["meaning"]) for row in rows],
    )


@click.command()
@click.option("--only", multiple=True, metavar="INVARIANT", help="Look at this one alone, such as I-AZ-1; may be given several times.")
@click.option("--sample", default=50, show_default=True, type=click.IntRange(0), help="Bindings whose answers are worked out again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(*, only: tuple[str, ...], sample: int, as_json: bool) -> int:
    """Look whether what must hold in every state does: trees, groups, managers, answers, the log.

    Changes nothing. Each finding is a line, and the exit code is 1.
    """
    caller = opening.operator()
    from keyholder.services.queries import verification

    found = verification.verify(by=caller, only=only, sample=sample)
    if as_json:
        findings = [{"invariant": f.invariant, "what": str(f.what), "noun": f.noun, "row": f.row} for f in found]
        output.say_json({"invariants": list(only or verification.INVARIANTS), "findings": findings})
    else:
        for finding in found:
            output.say(f"{finding.invariant}: {finding.what}")
        output.say(f"invariants: {len(only or verification.INVARIANTS)}, findings: {len(found)}")
    return REFUSED if found else 0
