"""Every vector through the door: the state by ``apply``, the questions by ``check --questions``."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.interfaces.cli.shell import run
from tests.world import VECTORS, vectors

Decides = Callable[[str], None]
WORLDS = sorted(path.name for path in VECTORS.glob("world-*.yaml"))
STORIES = sorted(path.name for path in VECTORS.glob("stories*.yaml"))

pytestmark = pytest.mark.django_db


def stories() -> Iterator[Any]:
    """Go through all stories, each with its moment."""
    for name in STORIES:
        file = vectors(name)
        for story in file["stories"]:
            yield pytest.param(file["now"], story, id=story["story"])


def answers(at: str, vector: Any) -> list[Any]:
    """Apply the state of a vector and ask its questions at its moment."""
    applied = run("apply", "-", stdin=json.dumps(vector["state"]))
    assert (applied.code, applied.err) == (0, "")
    asked = run("check", "--questions", "-", "--at", at, stdin="\n".join(map(json.dumps, vector["checks"])))
    assert (asked.code, asked.err) == (0, "")
    return asked.json_lines


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_is_answered_as_the_rules_say(name: str, noon: datetime) -> None:
    """R-DEC-1, I-AZ-8: the file and the questions go through the same door as an operator's."""
    world = vectors(name)
    given = answers(world["now"], world)
    assert given == [{**check, "decision": check["expect"]} for check in world["checks"]]


@pytest.mark.parametrize(("at", "story"), list(stories()))
def test_a_story_is_answered_as_it_says(at: str, story: Any, noon: datetime, decides: Decides) -> None:
    for check in answers(at, story):
        assert check["decision"] is check["expect"], check
        decides(check["requirement"])


@pytest.mark.parametrize("name", WORLDS)
def test_one_question_is_answered_as_among_many(name: str, noon: datetime) -> None:
    """R-PRV-12, R-DEC-1: check alone, in a batch and in an explanation say the same."""
    world = vectors(name)
    given = answers(world["now"], world)[:12]
    for check in given:
        asked = ["--user", check["user"], "--resource", check["resource"], "--at", world["now"], "--permission", check["permission"]]
        alone = run("check", *asked)
        assert (alone.code, alone.out) == ((0, "allow\n") if check["decision"] else (1, "deny\n"))
        assert run("explain", *asked, "--json").json["decision"] is check["decision"]


@pytest.mark.parametrize("name", WORLDS)
def test_lists_say_what_checks_say(name: str, noon: datetime) -> None:
    """R-DEC-1: who and what name exactly those who would be allowed."""
    world = vectors(name)
    given = [check for check in answers(world["now"], world) if "permission" in check][:15]
    for check in given:
        who = listed("who", "--resource", check["resource"], "--permission", check["permission"], "--at", world["now"])
        assert (check["user"] in {row.get("user") for row in who}) is check["decision"], check
        what = listed("what", "--user", check["user"], "--at", world["now"])
        held: list[str] = next((row["effective"] for row in what if row["resource"] == check["resource"]), [])
        assert (check["permission"] in held) is check["decision"], check


def listed(*arguments: str) -> list[Any]:
    """Return the rows of a list; none where its name is that of nobody or nothing."""
    done = run(*arguments, "--json")
    return [] if done.code == 1 else list(done.json)
