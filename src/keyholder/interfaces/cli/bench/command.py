"""``bench``: worlds for measuring."""

import json
from typing import TextIO

import click


@click.group()
def bench() -> None:
    """Make worlds to measure with."""


@bench.command()
@click.option("--users", default=1000, show_default=True, type=click.IntRange(100, 1_000_000), help="How many people.")
@click.option("--seed", default=1, show_default=True, help="The same world for the same number.")
@click.option("--questions", "how_many", default=0, help="Write this many questions for check --questions instead, about that world.")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="Where to; standard output if not given.")
def world(*, users: int, seed: int, how_many: int, output: TextIO) -> None:
    """Write the state file of a made-up world, as JSON.

    1,000 people make the small world of docs/performance.md, 100,000 the medium one.
    """
    from keyholder.interfaces.cli.bench.world import Size, World, questions

    made = World(Size.of(users), seed)
    tree = made.tree()
    if how_many:
        output.writelines(f"{json.dumps(question)}\n" for question in questions(made, tree, how_many))
    else:
        json.dump(tree, output)
        output.write("\n")
