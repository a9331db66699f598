"""The right answers that come with the project: every story by its requirement, and whole worlds."""

from collections.abc import Callable
from typing import Any

import pytest

from keyholder.engine.decision import check
from tests.world import VECTORS, World, moment, vectors

WORLDS = sorted(path.name for path in VECTORS.glob("world-*.yaml"))
STORIES = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in ("stories.yaml", "stories-more.yaml")
    for number in range(len(vectors(name)["stories"]))
]


@pytest.mark.parametrize(("name", "number"), STORIES)
def test_a_story_ends_as_it_should(name: str, number: int, decides: Callable[[str], None]) -> None:
    file = vectors(name)
    story = file["stories"][number]
    wrong = wrong_answers(story["state"], story["checks"], file["now"])
    assert not wrong, story["story"]
    for asked in story["checks"]:
        decides(asked["requirement"])


@pytest.mark.parametrize("name", WORLDS)
def test_r_dec_1_a_world_is_answered_as_the_rules_say(name: str) -> None:
    """R-DEC-1, I-AZ-1."""
    file = vectors(name)
    assert not wrong_answers(file["state"], file["checks"], file["now"])


def wrong_answers(state: Any, checks: Any, now: str) -> list[Any]:
    """Return the checks that the engine answers otherwise."""
    world = World(state)
    facts, at = world.facts, moment(now)
    return [asked for asked in checks if check(facts, world.catalogue, world.question(asked), at).allowed is not asked["expect"]]
