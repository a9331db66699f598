"""One world on one database: made, applied, asked. Prints what was measured as one line of JSON; benchmarks/run.py calls it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from random import Random
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from benchmarks.timing import Time, in_turn, over
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.state_reading import read_state
from keyholder.interfaces.cli import opening
from keyholder.interfaces.cli.bench.world import Size, World, questions

if TYPE_CHECKING:
    from keyholder.services.caller import Caller

ASKED = 1000
"""Questions."""


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    caller = opening.founder()
    world = World(Size.of(given.users), given.seed)
    tree = world.tree()
    rows, applying = applied(caller, tree)
    times = in_turn(measures(caller, questions(world, tree, ASKED), Random(given.seed)), given.rounds)  # noqa: S311 - the same each run
    print(json.dumps({"users": given.users, "rows": rows, "apply": asdict(applying), "times": {n: asdict(t) for n, t in times.items()}}))


def applied(caller: "Caller", tree: dict[str, Any]) -> tuple[int, Time]:
    """Fill the empty database through the same door as everybody, and return how many rows it took and the time of one."""
    from keyholder.services.commands import schema
    from keyholder.services.commands import state as commands

    schema.migrate(by=caller)
    state = read_state(tree, builtin())
    wall, cpu = perf_counter(), process_time()
    counts = commands.apply(by=caller, state=state).counts
    wall, cpu = perf_counter() - wall, process_time() - cpu
    rows = sum(count.added for count in counts.values())
    return rows, Time(wall / rows * 1e6, cpu / rows * 1e6)


def measures(caller: "Caller", asked: Sequence[Mapping[str, str]], chance: Random) -> Mapping[str, Callable[[], int]]:
    """Return what is measured; every way of asking has given the same answers before."""
    from django.db import connection

    from keyholder.engine.decision import check, decide
    from keyholder.engine.moment import Moment
    from keyholder.services.queries import batches, decisions
    from keyholder.services.queries.decisions import Asked, person_of, question_of
    from keyholder.services.queries.roster import roster
    from keyholder.storage import blueprints, slices
    from keyholder.storage.models import Resource

    cursor = connection.cursor()
    catalogue = blueprints.catalogue()
    posed = [Asked(row["user"], ResourceRef.parse(row["resource"]), row["permission"]) for row in asked]
    read = [slices.of_question(each.user, each.resource) for each in posed]
    sliced = [(facts, question_of(facts, each, person_of(facts))) for facts, each in zip(read, posed, strict=True)]
    moments = [(Moment(facts, catalogue, caller.at), question) for facts, question in sliced]

    def bare(_nothing: object) -> None:
        cursor.execute("SELECT 1")
        cursor.fetchone()

    def batch() -> int:
        return len(batches.check_all(by=caller, questions=posed))

    answers = [decisions.check(by=caller, asked=each).allowed for each in posed]
    _same(answers, batches.check_all(by=caller, questions=posed), [decide(*pair).allowed for pair in moments])
    print(f"{sum(answers)} of {len(answers)} answers are a yes", file=sys.stderr)

    some = chance.sample(posed, 20)
    accounts = [ResourceId(Resource.objects.get(type="account", key=str(number)).pk) for number in range(5)]
    return {
        "a bare SELECT 1": over(bare, range(500)),
        "check, in process, asked before": over(lambda pair: decide(*pair), moments),
        "check, in process, on facts read before": over(lambda pair: check(pair[0], catalogue, pair[1], caller.at), sliced),
        "check, fresh, by one query": over(lambda each: decisions.check(by=caller, asked=each), posed[:200]),
        "check, in a batch of 1,000": batch,
        "what a person can reach": over(lambda each: decisions.what(by=caller, user=each.user), some),
        "who has access to a view or property": over(lambda each: decisions.who(by=caller, resource=each.resource), some),
        "first page of the roster of an account": over(lambda pk: roster(by=caller, at=pk), accounts),
    }


def _same(*answers: Sequence[bool]) -> None:
    if len({tuple(given) for given in answers}) != 1:
        message = "two ways of asking give different answers"
        raise SystemExit(message)


if __name__ == "__main__":
    main()
