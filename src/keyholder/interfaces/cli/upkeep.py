"""``settings``: what this instance is told by its environment."""

import click

from keyholder.interfaces.cli import opening, output

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
