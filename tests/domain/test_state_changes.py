"""A plan: what applying a file does to what is there, with and without prune, and the sentences that say so."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.state import State
from keyholder.domain.state_changes import Counts, plan
from keyholder.domain.state_reading import Known, read_state
from keyholder.domain.state_sentences import lines
from tests.domain.made_up_states import states
from tests.domain.state_making import made
from tests.world import vectors

TREE = {
    "version": 1,
    "organizations": [
        {
            "key": "acme",
            "name": "Acme",
            "admins": ["alice@acme.example"],
            "user_admins": ["ben@acme.example"],
            "suspended": ["dan@acme.example"],
            "groups": [
                {"key": "top", "name": "Top", "owners": ["alice@acme.example"], "members": ["ben@acme.example"], "groups": ["low"]},
                {"key": "low", "name": "Low", "members": [{"user": "cleo@acme.example", "until": "2027-01-01T00:00:00Z"}]},
            ],
        }
    ],
    "users": [{"email": f"{name.lower()}@acme.example", "name": name} for name in ("Alice", "Ben", "Cleo", "Dan")],
    "service_accounts": [{"name": "Reporter"}],
    "resources": [
        {"type": "account", "id": "1", "name": "Shop", "organization": "acme"},
        {"type": "property", "id": "p", "name": "Web", "parent": "account:1"},
        {"type": "view", "id": "v", "name": "All", "parent": "property:p"},
        {"type": "property", "id": "q", "name": "App", "parent": "account:1"},
        {"type": "account", "id": "2", "name": "Old", "trashed": "2026-11-01T00:00:00Z"},
    ],
    "access": [
        {"user": "alice@acme.example", "resource": "account:1", "permissions": ["manage_users"]},
        {"user": "cleo@acme.example", "resource": "view:v", "permissions": ["read_analyze"], "until": "2027-01-01T00:00:00Z"},
        {"group": "acme/low", "resource": "property:p", "permissions": ["edit"]},
        {"service_account": "reporter", "resource": "property:q", "permissions": ["read_analyze"]},
        {"user": "ben@acme.example", "resource": "account:2", "permissions": ["edit"]},
    ],
}
BEFORE = read_state(TREE, builtin())


def told(after: Any, *, prune: bool = False, before: State = BEFORE) -> list[str]:
    """Return the sentences of a plan."""
    state = after if isinstance(after, State) else read_state({"version": 1} | after, builtin(), Known.of(before))
    return [f"{line.kind}: {line.sentence}" for line in lines(plan(before, state, prune=prune))]


@given(states())
def test_a_database_that_is_as_the_file_says_has_nothing_to_do(state: State) -> None:
    for prune in (False, True):
        assert plan(state, state, prune=prune).is_empty


@given(states())
def test_an_empty_database_becomes_what_the_file_says(state: State) -> None:
    assert made(State(), plan(State(), state, prune=False)) == state


@given(states(), states())
def test_nothing_is_left_to_do_after_a_plan_and_nothing_ended(before: State, after: State) -> None:
    steps = plan(before, after, prune=False)
    assert not any(counts.removed for counts in steps.counts.values())
    assert plan(made(before, steps), after, prune=False).is_empty


@given(states(), states())
def test_nothing_is_left_to_do_after_pruning_and_no_person_is_gone(before: State, after: State) -> None:
    steps = plan(before, after, prune=True)
    now = made(before, steps)
    assert plan(now, after, prune=True).is_empty
    assert {user.canonical for user in now.users} == {user.canonical for user in (*before.users, *after.users)}
    assert {row.key for row in now.organizations} == {row.key for row in (*before.organizations, *after.organizations)}
    kept = {row.ref for row in after.resources}
    assert {row for row in now.access if row.resource in kept} == set(after.access)
    assert all(str(line.sentence) for line in lines(steps))


def test_without_prune_a_part_of_a_file_only_adds_and_changes() -> None:
    part = {
        "organizations": [
            {
                "key": "acme",
                "name": "Acme Inc.",
                "user_admins": ["alice@acme.example"],
                "groups": [{"key": "low", "name": "Lower", "members": ["cleo@acme.example"], "description": "Interns"}],
            }
        ],
        "users": [{"email": "ALICE@acme.example", "name": "Alice", "status": "suspended"}, {"email": "eve@acme.example", "name": "Eve"}],
        "access": [
            {"user": "alice@acme.example", "resource": "account:1", "permissions": ["edit", "manage_users"]},
            {"user": "cleo@acme.example", "resource": "view:v", "permissions": ["edit"]},
        ],
    }
    assert told(part) == [
        "add: Adds the person eve@acme.example (Eve).",
        "change: Changes the person ALICE@acme.example: email: alice@acme.example -> ALICE@acme.example; status: active -> suspended.",
        "change: Changes the organization acme: name: Acme -> Acme Inc..",
        "change: Changes what alice@acme.example is in acme: role: admin -> user_admin.",
        "change: Changes the group acme/low: name: Low -> Lower; description: - -> Interns.",
        "add: Puts cleo@acme.example into acme/low.",
        "add: Gives cleo@acme.example edit at view:v.",
        "change: Changes what alice@acme.example has at account:1: manage_users -> edit, manage_users.",
    ]


def test_an_entry_without_a_key_has_its_default_there() -> None:
    part = {
        "organizations": [{"key": "acme", "name": "Acme", "policy": {"mode": "enforced", "allowed_domains": ["acme.example"]}}],
        "resources": [{"type": "account", "id": "1", "name": "Shop"}, {"type": "account", "id": "2", "name": "Old"}],
    }
    assert told(part) == [
        "change: Changes the organization acme: mode: anybody -> enforced; allowed_domains: [] -> [acme.example].",
        "change: Changes account:1: organization: acme -> -.",
        "change: Changes account:2: trashed: 2026-11-01T00:00:00Z -> -.",
    ]


def test_prune_ends_what_the_file_lacks_and_never_people_or_suspensions() -> None:
    file = {
        "organizations": [{"key": "acme", "name": "Acme", "groups": [{"key": "top", "name": "Top"}]}],
        "resources": [TREE["resources"][0], TREE["resources"][3]],  # type: ignore[index] # the tree is made of lists
        "access": [{"user": "alice@acme.example", "resource": "account:1", "permissions": ["manage_users"]}],
    }
    assert told(file, prune=True) == [
        "remove: Takes the role admin in acme from alice@acme.example.",
        "remove: Takes the role user_admin in acme from ben@acme.example.",
        "remove: Deletes the group acme/low (Low), its memberships and its access.",
        "remove: Takes the ownership of acme/top from alice@acme.example.",
        "remove: Takes ben@acme.example out of acme/top.",
        "remove: Puts property:p (Web) into the trash with everything below it.",
        "remove: Takes read_analyze at property:q from reporter.",
    ]
    assert told({}, prune=True) == [
        "remove: Deletes the group acme/low (Low), its memberships and its access.",
        "remove: Deletes the group acme/top (Top), its memberships and its access.",
        "remove: Puts account:1 (Shop) into the trash with everything below it.",
    ]


def test_prune_keeps_what_the_file_only_names_with_its_ancestors() -> None:
    file = {"access": [{"group": "acme/low", "resource": "view:v", "permissions": ["edit"]}]}
    assert told(file, prune=True) == [
        "remove: Deletes the group acme/top (Top), its memberships and its access.",
        "remove: Puts property:q (App) into the trash with everything below it.",
        "add: Gives acme/low edit at view:v.",
        "remove: Takes manage_users at account:1 from alice@acme.example.",
        "remove: Takes edit at property:p from acme/low.",
        "remove: Takes read_analyze at view:v (../2027-01-01T00:00:00Z) from cleo@acme.example.",
    ]
    nested = {"organizations": [{"key": "acme", "name": "Acme", "groups": [{"key": "new", "name": "New", "groups": ["top"]}]}]}
    assert "remove: Deletes the group acme/top (Top), its memberships and its access." not in told(nested, prune=True)


def test_prune_leaves_alone_what_lies_in_a_trash_that_the_file_keeps() -> None:
    file = {"access": [{"user": "ben@acme.example", "resource": "account:2", "permissions": ["edit"]}]}
    tree = TREE | {"resources": [*TREE["resources"], {"type": "property", "id": "x", "name": "X", "parent": "account:2"}]}  # type: ignore[misc] # the tree is made of lists
    before = read_state(tree, builtin())
    assert not [line for line in told(file, prune=True, before=before) if "property:x" in line]


def test_two_marks_are_left_to_the_rules() -> None:
    marked = replace(
        BEFORE,
        users=tuple(replace(user, outside_policy=True) for user in BEFORE.users),
        resources=tuple(replace(row, awaiting_manager=row.ref.type == "account") for row in BEFORE.resources),
    )
    assert told(BEFORE, before=marked) == []
    assert told(marked) == [f"change: Changes account:{key}: awaiting_manager: false -> true." for key in "12"]


def test_a_plan_counts_its_rows_by_kind() -> None:
    counts = plan(State(), BEFORE, prune=True).counts
    assert counts["users"] == Counts(added=4)
    assert counts["memberships"] == Counts(added=3)
    assert list(counts) == [
        "users",
        "service_accounts",
        "organizations",
        "roles",
        "suspensions",
        "groups",
        "owners",
        "memberships",
        "resources",
        "access",
        "assets",
        "applied_assets",
    ]
    assert plan(BEFORE, replace(BEFORE, access=()), prune=True).counts["access"] == Counts(removed=5)
    assert plan(BEFORE, replace(BEFORE, access=()), prune=False).is_empty


@pytest.mark.parametrize("number", range(101, 107))
def test_a_world_is_planned_in_words(number: int) -> None:
    state = read_state(vectors(f"world-{number}.yaml")["state"], builtin())
    told_lines = told(state, before=State())
    assert len(told_lines) == sum(counts.added for counts in plan(State(), state, prune=False).counts.values())
    assert not any("{" in line for line in told_lines)
