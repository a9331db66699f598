"""States that are refused: for what stands in the file (exit code 2) or for a rule (1), always with nothing written."""

import json
from datetime import datetime
from typing import Any

import pytest

from tests.interfaces.cli.shell import run
from tests.world import vectors

pytestmark = pytest.mark.django_db

REFUSED = vectors("refused.yaml")
CODES = {"input": 2, "rule": 1}


def nothing_is_written() -> bool:
    """Say whether the database is as the migrations left it."""
    from keyholder.storage.models import Event, Principal, Resource

    return not (Principal.objects.exists() or Resource.objects.exists() or Event.objects.exists())


def test_the_state_that_the_others_differ_from_is_accepted(noon: datetime) -> None:
    assert run("plan", "-", stdin=json.dumps(REFUSED["accepted"])).code == 0
    assert nothing_is_written()
    assert run("apply", "-", stdin=json.dumps(REFUSED["accepted"])).code == 0


@pytest.mark.parametrize("refused", REFUSED["refused"], ids=lambda refused: refused["reason"])
@pytest.mark.parametrize("command", ["apply", "plan"])
def test_it_is_refused_with_its_reasons_and_nothing_is_written(command: str, refused: Any, noon: datetime) -> None:
    """R-DOS-6: all or nothing; plan says what apply would say."""
    done = run(command, "-", stdin=json.dumps(refused["state"]))
    assert done.code == CODES[refused["kind"]], done.err
    assert done.reasons
    assert done.out == ""
    assert nothing_is_written()


def test_both_kinds_in_one_file_are_bad_input(noon: datetime) -> None:
    state = {**REFUSED["accepted"], "people": []}
    state["resources"] = [{"type": "account", "id": "9", "name": "Nobody's"}]
    assert run("apply", "-", stdin=json.dumps(state)).code == 2
    assert nothing_is_written()


def test_every_reason_stands_on_a_line_of_its_own(noon: datetime) -> None:
    state = {"version": 1, "resources": [{"type": "account", "id": str(number), "name": f"Shop {number}"} for number in range(3)]}
    done = run("apply", "-", stdin=json.dumps(state))
    assert done.code == 1
    assert [line.split(" ")[1] for line in done.reasons] == ["0", "1", "2"]
