"""The state file is read whole: every problem with its place, and nothing refused that the commands have to judge."""

import copy
from typing import Any

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Invalid, Refusals
from keyholder.domain.state import IdentitySource, MemberState, NestedState, State, group_ref
from keyholder.domain.state_reading import Known, read_state
from keyholder.domain.windows import Window
from tests.domain.state_mistakes import MISTAKES, PLACES
from tests.world import VECTORS, moment, vectors

ACCEPTED = vectors("refused.yaml")["accepted"]
VARIANTS = vectors("refused.yaml")["refused"]
WORLDS = sorted(path.name for path in VECTORS.glob("world-*.yaml"))


def problems(tree: object, known: Known | None = None) -> dict[str, str]:
    """Return what is wrong with a file: the sentences by their places."""
    with pytest.raises(Refusals) as refused:
        read_state(tree, builtin(), known)
    assert all(isinstance(row.refusal, Invalid) and row.row == row.refusal.place for row in refused.value.rows)
    return {row.row: str(row.refusal.sentence) for row in refused.value.rows}


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v["kind"] == "input"], ids=lambda v: v["reason"])
def test_a_file_that_can_not_be_meant_is_refused_at_its_place(variant: Any) -> None:
    assert list(problems(variant["state"])) == [PLACES[variant["reason"]]]


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v["kind"] == "rule"], ids=lambda v: v["reason"])
def test_a_file_that_breaks_a_rule_is_left_to_the_commands(variant: Any) -> None:
    assert isinstance(read_state(variant["state"], builtin()), State)


@pytest.mark.parametrize("name", WORLDS)
def test_a_whole_world_is_read(name: str) -> None:
    tree = vectors(name)["state"]
    assert len(read_state(tree, builtin()).access) == len(tree["access"])


@pytest.mark.parametrize("name", ["stories.yaml", "stories-more.yaml"])
def test_r044_every_story_is_read(name: str) -> None:
    """R044: whatever way an address is written, it is the same person."""
    for story in vectors(name)["stories"]:
        assert read_state(story["state"], builtin()).users


def test_every_entry_is_read_with_its_defaults() -> None:
    state = read_state(ACCEPTED, builtin())
    acme = state.organizations[0]
    assert (acme.key, acme.name, acme.admins, acme.identity_source) == ("acme", "Acme", ("olga@acme.example",), IdentitySource.OPEN)
    assert acme.groups[0].members == (MemberState("ben@acme.example"),)
    assert acme.groups[0].groups == (NestedState("b"),)
    assert {user.status for user in state.users} == {Status.ACTIVE}
    hosted = next(row for row in state.resources if row.ref == ResourceRef("host_account", "7"))
    assert (hosted.parent, hosted.managed, hosted.organization, hosted.trashed) == (ResourceRef("host", "h1"), True, None, None)
    assert [(str(row.principal), str(row.resource), row.permissions, row.role) for row in state.access] == [
        ("alice@acme.example", "account:100", ("manage_users",), ""),
        ("alice@acme.example", "host_account:7", (), "administrator"),
        ("alice@acme.example", "resource:m", (), "owner"),
    ]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_a_mistake_is_named_at_its_place(mistake: Any) -> None:
    tree = copy.deepcopy(ACCEPTED)
    mistake.make(tree)
    found = problems(tree)
    assert list(found) == [mistake.place]
    assert mistake.says in found[mistake.place]


def test_all_problems_of_a_file_are_named_at_once() -> None:
    tree = copy.deepcopy(ACCEPTED)
    tree["users"][0]["status"] = "asleep"
    tree["resources"][2]["parent"] = "account:100"
    tree["access"].append(
        {"user": "nobody@acme.example", "resource": "account:9", "permissions": ["fly", "edit", "edit"], "until": "never"}
    )
    assert list(problems(tree)) == [
        "users[0].status",
        "resources[2].parent",
        "access[3].resource",
        "access[3].user",
        "access[3].permissions[0]",
        "access[3].permissions[2]",
        "access[3].until",
    ]


def test_an_entry_with_a_mistake_still_counts_as_declared() -> None:
    tree = {
        "version": 1,
        "users": [{"email": "alice@acme.example"}],
        "resources": [{"type": "account", "id": 5, "name": "Shop"}],
        "access": [{"user": "alice@acme.example", "resource": "account:5", "permissions": ["edit"]}],
    }
    assert list(problems(tree)) == ["users[0]", "resources[0].id"]


def test_an_address_that_is_a_number_declares_nobody() -> None:
    tree = {
        "version": 1,
        "users": [{"email": 5, "name": "Five"}],
        "resources": [{"type": "account", "id": "1", "name": "Shop"}],
        "access": [{"user": "5", "resource": "account:1", "permissions": ["edit"]}],
    }
    assert list(problems(tree)) == ["users[0].email", "access[0].user"]


def test_two_entries_that_can_not_be_read_are_not_taken_for_the_same() -> None:
    tree = copy.deepcopy(ACCEPTED)
    tree["users"] += [{"email": "x", "name": "X"}, {"email": "y", "name": "Y"}]
    tree["organizations"][1]["groups"][0]["members"] = [{"user": "x"}, {"user": "y"}]
    tree["resources"] += [{"type": "account", "name": "X"}, {"type": "account", "name": "Y"}]
    tree["access"] += [{"user": "x", "resource": "view", "permissions": ["edit"]}] * 2
    assert not [place for place, why in problems(tree).items() if "already" in why]


def test_what_the_database_holds_may_be_named_without_being_declared() -> None:
    tree = {
        "version": 1,
        "organizations": [{"key": "acme", "name": "Acme", "groups": [{"key": "new", "name": "New", "groups": ["a"]}]}],
        "service_accounts": [{"name": "Robot"}],
        "resources": [
            {"type": "property", "id": "p", "name": "P", "parent": "account:100"},
            {"type": "account", "id": "2", "name": "Second", "organization": "bolt"},
        ],
        "access": [
            {"user": "Alice@ACME.example", "resource": "view:1001", "permissions": ["edit"]},
            {"group": "acme/a", "resource": "property:p", "permissions": ["edit"]},
            {"service_account": "Reporter", "resource": "property:p", "permissions": ["edit"]},
        ],
    }
    known = read_state(ACCEPTED | {"service_accounts": [{"name": "REPORTER"}]}, builtin())
    state = read_state(tree, builtin(), Known.of(known))
    assert {row.principal for row in state.access} >= {group_ref("acme", "a")}
    assert set(problems(tree)) == {
        "organizations[0].groups[0].groups[0]",
        "resources[0].parent",
        "resources[1].organization",
        *(f"access[{row}].{kind}" for row, kind in enumerate(PrincipalKind)),
        "access[0].resource",
    }


def test_a_version_that_is_not_known_is_reported_alone() -> None:
    assert list(problems({"version": 2, "everybody": []})) == ["version"]
    assert list(problems({"version": True, "everybody": []})) == ["version"]
    assert list(problems({"version": "1", "everybody": []})) == ["version"]


@pytest.mark.parametrize("tree", [None, [], "version: 1", 1, {}])
def test_what_is_no_state_file_is_refused(tree: object) -> None:
    assert list(problems(tree)) == [""]


def test_a_window_that_lies_in_the_past_is_history_and_one_person_may_have_several() -> None:
    tree = copy.deepcopy(ACCEPTED)
    rows = [
        {"until": "2001-01-01T00:00:00Z"},
        {"from": "2001-01-01T00:00:00Z"},
        {"from": "2001-01-01T00:00:00Z", "until": "2002-01-01T00:00:00Z"},
        {},
    ]
    tree["access"] += [{"user": "ben@acme.example", "resource": "account:100", "permissions": ["edit"]} | row for row in rows]
    tree["organizations"][0]["groups"][0]["members"] = [{"user": "ben@acme.example"} | row for row in rows]
    state = read_state(tree, builtin())
    early, late = moment("2001-01-01T00:00:00Z"), moment("2002-01-01T00:00:00Z")
    windows = [Window(), Window(None, early), Window(early), Window(early, late)]
    assert [row.window for row in state.access if str(row.principal) == "ben@acme.example"] == windows
    assert [row.window for row in state.organizations[0].groups[0].members] == windows


def test_the_marks_of_an_export_are_read() -> None:
    tree = copy.deepcopy(ACCEPTED)
    tree["users"][1] |= {"outside_policy": True, "status": "suspended"}
    tree["resources"][0] |= {"awaiting_manager": True, "trashed": "2026-11-01T00:00:00Z"}
    tree["organizations"][0] |= {"suspended": ["Ben@acme.example"], "user_admins": ["olga@acme.example", "cleo@acme.example"]}
    state = read_state(tree, builtin())
    assert (state.users[1].outside_policy, state.users[1].status) == (True, Status.SUSPENDED)
    assert (state.resources[0].awaiting_manager, state.resources[0].trashed) == (True, moment("2026-11-01T00:00:00Z"))
    assert (state.organizations[0].suspended, state.organizations[0].user_admins) == (("ben@acme.example",), ("cleo@acme.example",))


def test_a_group_of_ten_thousand_people_is_read() -> None:
    people = [f"person{number}@acme.example" for number in range(10_000)]
    tree = {
        "version": 1,
        "organizations": [{"key": "acme", "name": "Acme", "groups": [{"key": "all", "name": "All", "members": people}]}],
        "users": [{"email": email, "name": "Person"} for email in people],
    }
    assert len(read_state(tree, builtin()).organizations[0].groups[0].members) == 10_000


def test_signs_markup_and_other_scripts_in_names_are_text() -> None:
    titles = [
        "<b>A</b>",
        "'; DROP TABLE user; --",
        '"',
        "{name}",
        "%s",
        "\u05d0\u05dc\u05d9\u05e1",
        "\u0623\u0644\u064a\u0633",
        "=1+1",
        "\\",
    ]
    tree = {"version": 1, "users": [{"email": f"u{n}@acme.example", "name": title} for n, title in enumerate(titles)]}
    assert [user.name for user in read_state(tree, builtin()).users] == titles
    tree["users"] = [{"email": "u@acme.example", "name": "Ali\u202ece"}]
    assert list(problems(tree)) == ["users[0].name"]
