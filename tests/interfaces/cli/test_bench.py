"""Worlds to measure with: the same for the same seed, and taken by apply as they are."""

import json
from datetime import datetime

import pytest

from keyholder.interfaces.cli.bench.world import Size, World, questions
from tests.interfaces.cli.shell import run


def test_the_same_seed_makes_the_same_world() -> None:
    first, again, other = (run("bench", "world", "--users", "200", "--seed", seed).out for seed in ("1", "1", "2"))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("users", "nodes", "groups", "bindings"),
    [(1_000, 1_110, 50, 3_000), (100_000, 11_100, 2_000, 300_000), (1_000_000, 111_000, 10_000, 3_000_000)],
)
def test_the_three_worlds_have_their_sizes(users: int, nodes: int, groups: int, bindings: int) -> None:
    size = Size.of(users)
    assert (size.accounts * 111, size.groups, size.bindings) == (nodes, groups, bindings)


def test_groups_are_nested_to_four_levels_and_no_deeper() -> None:
    world = World(Size.of(1000), 1).tree()
    inside = {group["key"]: group["groups"] for group in world["organizations"][0]["groups"]}

    def depth(key: str) -> int:
        return 1 + max(map(depth, inside[key]), default=0)

    assert max(map(depth, inside)) == 4


@pytest.mark.django_db
def test_a_world_is_applied_and_about_half_of_its_questions_are_a_yes(noon: datetime) -> None:
    world = World(Size.of(300), 7)
    tree = world.tree()
    assert run("apply", "-", stdin=json.dumps(tree)).code == 0
    asked = questions(world, tree, 400)
    answers = run("check", "--questions", "-", stdin="\n".join(map(json.dumps, asked))).json_lines
    assert 0.3 < sum(answer["decision"] for answer in answers) / len(answers) < 0.75
