"""Plan, apply, export: the state file shows, makes and prints the same."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from keyholder.interfaces.cli.documents import read_document
from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied, shop
from tests.world import VECTORS, vectors

pytestmark = pytest.mark.django_db


def test_a_plan_says_what_applying_makes_and_makes_nothing(noon: datetime) -> None:
    planned = run("plan", "-", "--json", stdin=json.dumps(SHOP)).json
    assert run("what", "--user", "alice@acme.example").code == 1
    made = run("apply", "-", "--json", stdin=json.dumps(SHOP)).json
    assert planned["counts"] == made["counts"]
    assert made["counts"]["users"] == {"added": 5, "changed": 0, "removed": 0}
    assert len(planned["changes"]) == sum(counts["added"] for counts in made["counts"].values())


def test_a_plan_names_every_change_on_a_line(noon: datetime) -> None:
    assert applied(SHOP).code == 0
    users = [*SHOP["users"][1:], {"email": "alice@acme.example", "name": "Alice Martin"}, {"email": "eve@acme.example", "name": "Eve"}]
    done = run("plan", "-", "--prune", stdin=json.dumps(shop(users=users, access=SHOP["access"][:2])))
    assert done.lines[:4] == [
        "+ users: eve@acme.example (Eve, active)",
        "~ users: alice@acme.example (Alice Martin, active)",
        "- access: acme/analysts at property:UA-100-1: read_analyze",
        "- access: reporter at view:1001: read_analyze",
    ]
    assert [line.split() for line in done.lines[4:]] == [
        ["added", "changed", "removed"],
        ["users", "1", "1", "0"],
        ["access", "0", "0", "2"],
    ]


def test_applying_again_finds_nothing_to_do(noon: datetime) -> None:
    assert applied(SHOP).code == 0
    assert (applied(SHOP).code, applied(SHOP).out) == (0, "nothing to do\n")
    assert run("plan", "-", stdin=json.dumps(SHOP)).out == "nothing to do\n"


def test_without_prune_nothing_ends(noon: datetime) -> None:
    applied(SHOP)
    before = run("export").out
    assert applied({"version": 1}).out == "nothing to do\n"
    assert run("export").out == before


def test_prune_wants_yes_and_ends_what_the_file_lacks(noon: datetime) -> None:
    """People stay, access ends, what is left out goes to the trash."""
    applied(SHOP)
    smaller = shop(resources=SHOP["resources"][:2], access=SHOP["access"][:1])
    asked = applied(smaller, "--prune")
    assert (asked.code, asked.out) == (2, "")
    assert run("check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001").code == 0
    assert applied(smaller, "--prune", "--yes").code == 0
    assert run("check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "account:100").code == 1
    left = read_document(BytesIO(run("export").out.encode()))
    assert isinstance(left, dict)
    assert len(left["users"]) == 5
    assert "trashed" in left["resources"][2]


def test_an_account_that_awaits_a_manager_is_taken_with_a_warning(noon: datetime) -> None:
    waiting = {"version": 1, "resources": [{"type": "account", "id": "9", "name": "Stall", "awaiting_manager": True}]}
    planned, made = run("plan", "-", stdin=json.dumps(waiting)), applied(waiting)
    assert "warning: Stall (account:9) begins without a manager and awaits one." in planned.lines
    assert "warning: Stall (account:9) begins without a manager and awaits one." in made.lines


def test_the_last_manager_stays_whatever_a_file_says(noon: datetime) -> None:
    """R056, R-PRV-10: apply goes through the rules of everybody."""
    applied(SHOP)
    users = [{**row, "status": "suspended"} if row["name"] == "Alice" else row for row in SHOP["users"]]
    for command in ("plan", "apply"):
        done = run(command, "-", stdin=json.dumps(shop(users=users)))
        assert done.code == 1
        assert "Shop" in done.reasons[0]
    assert "suspended" not in run("export").out


@pytest.mark.parametrize("name", sorted(path.name for path in VECTORS.glob("world-*.yaml")))
def test_an_export_applied_to_an_empty_database_is_the_same_state(name: str, noon: datetime) -> None:
    """I-AU-2 for what a file can hold: export, apply, export; the same text, and the same answers."""
    from keyholder.storage import locks

    world = vectors(name)
    asked = "\n".join(map(json.dumps, world["checks"]))
    with locks.rehearsal():
        applied(world["state"])
        first = run("export").out
        answers = run("check", "--questions", "-", "--at", world["now"], stdin=asked).out
    assert run("apply", "-", stdin=first).code == 0
    assert run("export").out == first
    assert run("check", "--questions", "-", "--at", world["now"], stdin=asked).out == answers


def test_an_export_as_json_says_the_same_as_yaml(noon: datetime) -> None:
    applied(SHOP)
    assert run("export", "--json").json == read_document(BytesIO(run("export").out.encode()))


def test_the_log_tells_who_applied_it(noon: datetime) -> None:
    """R-AUD-1: each row has its event, by the command line, under one request id."""
    from keyholder.storage.models import Event

    applied(SHOP)
    events: Any = Event.objects.all()
    assert {(event.actor_name, event.channel) for event in events} == {("operator", "cli")}
    assert len({event.request_id for event in events}) == 1
    assert all(event.request_id for event in events)
