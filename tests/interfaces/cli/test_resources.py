"""Deleting, restoring, purging and moving resources on the command line (semantics 4, R020)."""

from datetime import datetime, timedelta

import pytest

from keyholder.interfaces.http import clock
from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied, shop

pytestmark = pytest.mark.django_db
BEN = ("check", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001")
MARKET = {"type": "account", "id": "200", "name": "Market"}
DAN = {"user": "dan@acme.example", "resource": "account:200", "permissions": ["manage_users"]}


def test_what_is_deleted_is_listed_and_comes_back(noon: datetime) -> None:
    applied(SHOP)
    assert run("resource", "trash", "property:UA-100-1", "--reason", "old").out == "trashed: property:UA-100-1\n"
    assert run(*BEN).code == 1
    assert run("resource", "list", "--json").json == {
        "resource": "property:UA-100-1",
        "name": "Web",
        "since": "2026-11-22T12:00:00Z",
        "by": "The operator",
        "until": "2026-12-27T12:00:00Z",
        "below": "",
    }
    assert "property:UA-100-1" in run("resource", "list").out
    assert run("resource", "restore", "property:UA-100-1", "--json").json == {"resource": "property:UA-100-1", "done": "restored"}
    assert run(*BEN).code == 0


def test_it_is_purged_once_its_days_are_over_or_at_once(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    applied(SHOP)
    run("resource", "trash", "view:1001")
    assert (run("resource", "purge").out, run("resource", "purge", "view:1001").out) == ("purged: 0\n", "purged: 0\n")
    assert run("resource", "purge", "view:1001", "--now", "--json").json == {"purged": 1}
    run("resource", "trash", "property:UA-100-1")
    monkeypatch.setattr(clock, "now", lambda: noon + timedelta(days=35))
    assert run("resource", "purge").out == "purged: 1\n"
    assert run("resource", "restore", "property:UA-100-1").code == 1


def test_it_is_moved_once_it_is_said_who_gains_and_loses(noon: datetime) -> None:
    applied(shop(resources=[*SHOP["resources"], MARKET], access=[*SHOP["access"], DAN]))
    move = ("resource", "move", "property:UA-100-1", "account:200", "--keep")
    told = run(*move, "--dry-run").lines
    assert told[0] == "would move: property:UA-100-1 to account:200"
    assert "does not come along: the group Analysts" in told
    assert any("cleo@acme.example" in line or "Cleo" in line for line in told if "loses read_analyze" in line)
    assert run(*move, "--json").json["own"] == 2
    assert run(*BEN).code == 0
    assert "Web" in run("explain", *BEN[1:]).out


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("trash", "property:nothing"), 1),
        (("trash", "nothing"), 2),
        (("restore", "account:100"), 1),
        (("purge", "--now"), 2),
        (("move", "property:UA-100-1", "account:100"), 2),
        (("move", "property:UA-100-1", "account:100", "--keep"), 1),
        (("move", "view:1001", "account:100", "--replace"), 2),
    ],
)
def test_what_can_t_be_done_is_refused(noon: datetime, asked: tuple[str, ...], code: int) -> None:
    applied(SHOP)
    answer = run("resource", *asked)
    assert (answer.code, bool(answer.err), answer.out) == (code, True, "")
