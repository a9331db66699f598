"""``python -m benchmarks.enumeration``: whether the time of an answer tells what there is (R-ENU-1).

Each door is asked in turn about what is there and about what is not, in random order within one run, and every answer is timed to its
last byte. Printed are both medians, their ratio, and by how many standard deviations the ranks of the two samples differ (Mann and
Whitney), with the chance p of so much or more where nothing differs: below 0.01 a door tells something. ``--tell`` adds a door that does.
"""

import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import erfc, sqrt
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SAMPLES = 500
"""Of each kind at each door."""
PASSWORD = "seven quiet herons wait"  # noqa: S105 - guards nothing but a benchmark
LIKELY = 0.01
LATE = 0.0001
"""Seconds by which a door that tells is late."""
Ask = Callable[[], float]
"""Asks once and returns the seconds that the answer took."""


@dataclass(frozen=True, slots=True)
class Door:
    """One door, asked about what is there and about what is not."""

    name: str
    there: Ask
    absent: Ask


def main() -> None:
    """Measure in a database of its own, and print."""
    parser = ArgumentParser(prog="python -m benchmarks.enumeration", description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tell", action="store_true", help="add a door that tells by a tenth of a millisecond")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keyholder-enumeration-") as folder:
        os.environ.setdefault("KEYHOLDER_DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.db'}")
        os.environ |= {"KEYHOLDER_SECRET_KEY": "guards nothing but a benchmark", "KEYHOLDER_SIGN_IN_ATTEMPTS": "1000000"}
        os.environ["KEYHOLDER_LOG_LEVEL"] = "error"
        found = prepared()
        doors = [*found, telling(found[1])] if given.tell else found
        print(f"{'':34}{'there':>10}{'absent':>10}{'ratio':>8}{'z':>8}{'p':>8}")
        taken = sampled(doors, given.samples, Random(given.seed))  # noqa: S311 - the same each run
        chances = [report(door.name, *taken[door.name]) for door in doors]
    if min(chances[: len(found)]) < LIKELY:
        sys.exit("the time of an answer tells what there is")


def sampled(doors: Sequence[Door], samples: int, chance: Random) -> Mapping[str, tuple[list[float], list[float]]]:
    """Ask at every door, round after round, in which of the two orders is left to chance; the first rounds warm up and do not count."""
    taken: dict[str, tuple[list[float], list[float]]] = {door.name: ([], []) for door in doors}
    for number in range(-10, samples):
        for door in doors:
            for is_there in chance.sample((True, False), 2):
                seconds = (door.there if is_there else door.absent)()
                if number >= 0:
                    taken[door.name][0 if is_there else 1].append(seconds)
    return taken


def report(name: str, there: Sequence[float], absent: Sequence[float]) -> float:
    """Print one line and return the chance of it."""
    here, away, z = median(there), median(absent), deviation(there, absent)
    p = erfc(abs(z) / sqrt(2))
    print(f"{name:34}{here * 1e3:>7.2f} ms{away * 1e3:>7.2f} ms{here / away:>8.3f}{z:>8.2f}{p:>8.3f}", flush=True)
    return p


def deviation(some: Sequence[float], others: Sequence[float]) -> float:
    """Return by how many standard deviations the ranks of two samples differ from what chance gives."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_value, mine) in enumerate(ranked, 1) if mine)
    here, there = len(some), len(others)
    expected = here * (here + there + 1) / 2
    return float((ranks - expected) / sqrt(here * there * (here + there + 1) / 12))


def prepared() -> list[Door]:
    """Fill the empty database with an account, its manager and two invitations, and return the doors."""
    from keyholder.domain.identifiers import ResourceRef
    from keyholder.domain.mail_settings import Security
    from keyholder.interfaces.cli import opening

    caller = opening.founder()
    from keyholder.services.commands import inviting, mail_settings, people, requests, resources, schema
    from keyholder.services.commands.inviting import Wish
    from keyholder.services.commands.resources import NewResource

    schema.migrate(by=caller)
    for limit in ("FROM_ONE_ASKER", "FROM_ONE_ADDRESS", "FROM_EVERYBODY"):
        setattr(requests, limit, 1_000_000)
    alice = people.create_user(by=caller, email="alice@acme.example", name="Alice", password=PASSWORD)
    people.create_user(by=caller, email="dan@acme.example", name="Dan", password=PASSWORD)
    account = resources.create(by=caller, new=NewResource(ResourceRef("account", "100"), "Shop"), administrator=alice)
    mail_settings.configure(
        by=caller, host="mail.example", port=25, security=Security.NONE, sender="k@acme.example", username="", password=""
    )
    addresses, random = ["dan@acme.example", "dun@acme.example"], [bytes([number]) * 32 for number in (1, 2)]
    known, unknown = inviting.invite(by=caller, at=account, addresses=addresses, random=random, wish=Wish(["read_analyze"]))
    browser, numbers = Browser(), count()

    def asking(page: str) -> Ask:
        return lambda: browser.post("/ask/", page=page, email=f"zoe{next(numbers)}@else.example", what="", reason="", days="")

    return [
        Door(
            "signing in, a wrong password",
            lambda: browser.post("/sign-in/", address="alice@acme.example", password="x" * 12),
            lambda: browser.post("/sign-in/", address="alina@acme.example", password="x" * 12),
        ),
        Door(
            "asking for a reset link",
            lambda: browser.post("/reset/", address="alice@acme.example"),
            lambda: browser.post("/reset/", address="alina@acme.example"),
        ),
        Door("asking for access", asking("/account/100/users/"), asking("/account/200/users/")),
        Door("an invitation's page", browser.invited(known.secret), browser.invited(unknown.secret)),
    ]


def telling(door: Door) -> Door:
    """Return a door that takes a tenth of a millisecond longer where there is something: this much is found."""

    def slower() -> float:
        begun = perf_counter()
        sleep(LATE)
        return perf_counter() - begun + door.there()

    return Door("the second, and 0.1 ms", slower, door.absent)


class Browser:
    """Sends requests through all of Django, without a network between; what is done after an answer is not timed."""

    def __init__(self) -> None:
        """Load the middleware."""
        from django.core.handlers.base import BaseHandler
        from django.test import RequestFactory

        self.factory = RequestFactory(headers={"host": "127.0.0.1"})
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def post(self, path: str, /, **fields: str) -> float:
        """Send a form."""
        request = self.factory.post(path, fields)
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own test client does
        return self._timed(request)[0]

    def invited(self, secret: str) -> Ask:
        """Open an invitation's link, and return what looks at its page in that session."""
        _seconds, answer = self._timed(self.factory.get(f"/invitation/{secret}/"))
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in answer.cookies.items())
        return lambda: self._timed(self.factory.get("/invitation/", headers={"cookie": cookies}))[0]

    def _timed(self, request: "HttpRequest") -> tuple[float, "HttpResponseBase"]:
        begun = perf_counter()
        answer = self.handler.get_response(request)
        b"".join(answer)
        seconds = perf_counter() - begun
        answer.close()
        if answer.status_code not in {200, 302, 422}:
            message = f"{request.path} answered {answer.status_code}"
            raise AssertionError(message)
        return seconds, answer


if __name__ == "__main__":
    main()
