"""The demo: a world on all three platforms with the cast in it, loaded once, through the rules of everybody."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password

from keyholder.domain.moments import read_moment
from keyholder.interfaces.cli.demo import loading
from keyholder.interfaces.cli.demo.cast import CAST
from tests.interfaces.cli.shell import Result, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(noon: datetime) -> Result:
    """Load the demo."""
    done = run("demo", "--json")
    assert (done.code, done.err) == (0, "")
    return done


def may(user: str, permission: str, resource: str) -> bool:
    """Ask."""
    return run("check", "--user", user, "--permission", permission, "--resource", resource).code == 0


def test_the_cast_is_what_it_is_said_to_be(loaded: Result) -> None:
    """Alice administers, Ben edits, Cleo reads one view, Dan is outside, Olga is the organization's admin, the operator holds nothing."""
    assert may("alice@acme.example", "manage_users", "account:100")
    assert may("ben@acme.example", "edit", "view:1001")
    assert not may("ben@acme.example", "manage_users", "view:1001")
    assert may("cleo@acme.example", "read_analyze", "view:1001")
    assert [row["resource"] for row in run("what", "--user", "cleo@acme.example", "--json").json] == ["view:1001"]
    assert run("what", "--user", "dan@acme.example", "--json").json == []
    assert may("olga@acme.example", "manage_users", "account:400")
    assert run("what", "--user", "operator@acme.example", "--json").json == []


def test_everybody_of_the_cast_signs_in_with_the_one_password(loaded: Result) -> None:
    """R-PWD-2: long, pronounceable, made anew each time and kept nowhere."""
    from keyholder.storage.models import User

    password = loaded.json["password"]
    assert re.fullmatch(r"(?:(?:[a-z][aeiou]){3}-){2}(?:[a-z][aeiou]){3}", password)
    assert [person["user"] for person in loaded.json["people"]] == [member.address for member in CAST]
    assert all(check_password(password, User.objects.get(canonical=member.address).password) for member in CAST)
    assert User.objects.filter(is_operator=True).count() == 1
    assert loading.pronounceable() != loading.pronounceable()


def test_the_demo_is_loaded_once_and_remembered(loaded: Result) -> None:
    again = run("demo")
    assert (again.code, again.reasons) == (1, ["The database holds something already; the demo is loaded only into an empty one."])
    reminded = run("demo", "--remind")
    assert (reminded.code, len(reminded.lines)) == (0, 1 + len(CAST))
    assert "assword" not in reminded.out


def test_who_has_no_demo_is_reminded_of_nothing(noon: datetime) -> None:
    assert (run("demo", "--remind").code, run("demo", "--remind").out) == (0, "")


def test_the_tour_of_the_readme_goes_through(loaded: Result) -> None:
    """What the README asks in a shell is answered, and Alice is the last standing manager of the shop."""
    from keyholder.domain.events import Channel
    from keyholder.domain.identifiers import ResourceRef
    from keyholder.domain.refusals import Conflict
    from keyholder.interfaces.http import clock
    from keyholder.services.caller import Caller
    from keyholder.services.commands import bindings
    from keyholder.services.queries import lookups

    assert run("check", "--user", "ben@acme.example", "--action", "filter.create", "--resource", "account:100").out == "allow\n"
    assert run("explain", "--user", "ben@acme.example", "--permission", "edit", "--resource", "view:1001").code == 0
    assert run("plan", "-", stdin=run("export").out).out == "nothing to do\n"
    operator = Caller(None, clock.now(), Channel.CLI)
    alice, shop = lookups.user(by=operator, email="alice@acme.example"), lookups.resource(by=operator, ref=ResourceRef("account", "100"))
    with pytest.raises(Conflict, match="last manager"):
        bindings.take(by=Caller(alice, clock.now(), Channel.CONSOLE), of=[alice], on=shop, permissions=["manage_users"])


def test_the_demo_has_a_past_that_the_log_proves(loaded: Result, noon: datetime) -> None:
    """R-AUD-2: the cast acted in the last days, one attempt was refused, the chain holds."""
    events = run("audit", "export", "--since", (noon - timedelta(days=15)).isoformat()).json_lines
    assert {event["actor_name"] for event in events} == {
        "Alice Martin",
        "Ben Carter",
        "Olga Lind",
        "Cleo Winter",
        "Ilze Bērziņa",
        "nora.lind@freelance.example",
    }
    assert [event["action"] for event in events].count("attempt.refused") == 1
    assert run("audit", "verify").code == 0


def test_there_is_something_of_everything_to_look_at(loaded: Result, noon: datetime) -> None:
    """Every platform, several scripts, nested groups, ends that are near, an account without a manager, a violator of a policy."""
    tree = loading.tree(noon)
    kinds = {row["type"] for row in tree["resources"]}
    assert kinds == {"account", "property", "view", "host", "host_account", "pixel", "resource", "container", "stream", "service", "report"}
    assert len(tree["users"]) >= 55
    ends = [read_moment(row["until"]) for row in tree["access"] if "until" in row]
    assert any(noon < end < noon + timedelta(days=3) for end in ends)
    assert any(end < noon for end in ends)
    scripts = {
        name for name in ("Дарья Соколова", "Jānis Kalniņš", "Paweł Król", "Eliška Černá") if name in {u["name"] for u in tree["users"]}
    }
    assert len(scripts) == 4
    assert any(row.get("awaiting_manager") for row in tree["resources"])
    assert any(row.get("managed") is False for row in tree["resources"])
    assert not may("marek@media.example", "view", "pixel:p101")
    assert may("marek@media.example", "manage_users", "pixel:p71")
