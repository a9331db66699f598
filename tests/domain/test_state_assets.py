"""The assets of a state file: where they stand, what is wrong with them and where that is noticed, what a plan makes of them."""

from typing import Any

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Refusals
from keyholder.domain.state import AssetState, State, user_ref
from keyholder.domain.state_changes import Counts, plan
from keyholder.domain.state_reading import read_state
from keyholder.domain.state_sentences import lines
from keyholder.domain.state_writing import state_tree

ACCOUNT, VIEW = ResourceRef("account", "1"), ResourceRef("view", "3")
SEGMENT: dict[str, Any] = {"kind": "segment", "name": "Paying"}
APP: dict[str, Any] = {"kind": "application", "name": "App"}


def tree(*assets: dict[str, Any], at: str = "view") -> dict[str, Any]:
    """Return a file with these assets in the entry of one resource."""
    nodes: list[dict[str, Any]] = [
        {"type": "account", "id": "1", "name": "Shop", "awaiting_manager": True},
        {"type": "property", "id": "2", "name": "Web", "parent": "account:1"},
        {"type": "view", "id": "3", "name": "All data", "parent": "property:2"},
        {"type": "host", "id": "4", "name": "Agency", "awaiting_manager": True},
        {"type": "host_account", "id": "5", "name": "Client", "parent": "host:4", "awaiting_manager": True},
        {"type": "pixel", "id": "6", "name": "Pixel", "parent": "host_account:5"},
    ]
    for node in nodes:
        if node["type"] == at:
            node["assets"] = list(assets)
    people = [{"email": "cleo@acme.example", "name": "Cleo"}]
    return {"version": 1, "users": people, "service_accounts": [{"name": "Robot"}], "resources": nodes}


def read(*assets: dict[str, Any], at: str = "view") -> State:
    return read_state(tree(*assets, at=at), builtin())


def test_assets_stand_in_the_entry_of_their_resource_and_are_written_there_again() -> None:
    own = SEGMENT | {"owner": "Cleo@acme.example", "description": "Who paid", "body": "paid > 0\n"}
    state = read(SEGMENT, own, SEGMENT | {"name": "B", "service_account": "robot"})
    assert [str(asset.owner) for asset in state.assets] == ["None", "cleo@acme.example", "robot"]
    assert state.assets[1].owner == user_ref("cleo@acme.example")
    written = state_tree(state)
    assert read_state(written, builtin()) == state
    (entry,) = [each for each in written["resources"] if each["id"] == "3"]  # type: ignore[union-attr, index, call-overload]  # a tree
    assert entry["assets"][1] == own | {"owner": "cleo@acme.example", "body": "paid > 0"}  # type: ignore[index, call-overload]  # the same


@pytest.mark.parametrize(
    ("asset", "at", "place", "said"),
    [
        (SEGMENT, "account", "resources[0].assets[0].kind", "there are: filter"),
        (SEGMENT, "pixel", "resources[5].assets[0].kind", "no assets at pixel"),
        ({"kind": "segment"}, "view", "resources[2].assets[0]", '"name" is missing'),
        (SEGMENT | {"nmae": "x"}, "view", "resources[2].assets[0].nmae", '"name" meant'),
        (SEGMENT | {"owner": "dan@acme.example"}, "view", "resources[2].assets[0].owner", "neither in the file nor"),
        (SEGMENT | {"owner": "cleo@acme.example", "service_account": "Robot"}, "view", "resources[2].assets[0]", "one owner"),
        ({"kind": "goal", "name": "G", "owner": "cleo@acme.example"}, "view", "resources[2].assets[0].owner", "nobody else"),
        (SEGMENT | {"marked": True}, "view", "resources[2].assets[0].marked", "is not marked"),
        (APP | {"marked": "yes"}, "host_account", "resources[4].assets[0].marked", "true or false"),
        (SEGMENT | {"applied": ["view:3"]}, "view", "resources[2].assets[0].applied", "applied nowhere"),
        ({"kind": "filter", "name": "F", "applied": ["account:1"]}, "account", "resources[0].assets[0].applied[0]", "applied at view"),
        ({"kind": "filter", "name": "F", "applied": ["view:9"]}, "account", "resources[0].assets[0].applied[0]", "neither in the file"),
        ({"kind": "filter", "name": "F", "applied": ["view:3", "view:3"]}, "account", "resources[0].assets[0].applied[1]", "already"),
        (SEGMENT | {"body": "a\x00b"}, "view", "resources[2].assets[0].body", "control character"),
        (SEGMENT | {"description": 7}, "view", "resources[2].assets[0].description", "piece of text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(asset: dict[str, Any], at: str, place: str, said: str) -> None:
    with pytest.raises(Refusals) as caught:
        read(asset, at=at)
    assert [(row.row, said in str(row.refusal.sentence)) for row in caught.value.rows] == [(place, True)]


def test_a_name_stands_once_among_the_shared_and_once_for_each_owner() -> None:
    read(SEGMENT, SEGMENT | {"owner": "cleo@acme.example"})
    with pytest.raises(Refusals) as caught:
        read(SEGMENT, SEGMENT | {"name": "PAYING"})
    assert [row.row for row in caught.value.rows] == ["resources[2].assets[1].name"]


def test_assets_that_are_no_list_are_refused_once() -> None:
    broken = tree(SEGMENT)
    broken["resources"][2]["assets"] = "Paying"
    with pytest.raises(Refusals) as caught:
        read_state(broken, builtin())
    assert [row.row for row in caught.value.rows] == ["resources[2].assets"]


class TestPlan:
    def test_prune_deletes_what_is_shared_and_nobody_s_own(self) -> None:
        """A file that forgets somebody's own work does not destroy it; of a resource that the file only names everything stays."""
        before = read(SEGMENT, SEGMENT | {"owner": "cleo@acme.example"})
        assert plan(before, read(), prune=False).is_empty
        found = plan(before, read(), prune=True).assets
        assert [(row.name, row.owner) for row in found.removed] == [("Paying", None)]
        assert found.counts == Counts(removed=1)
        part = State(users=before.users, resources=())
        assert plan(before, part, prune=True).assets.removed == ()

    def test_where_a_filter_is_applied_is_a_list_of_its_own(self) -> None:
        free, applied = ({"kind": "filter", "name": "F"} | more for more in ({}, {"applied": ["view:3"]}))
        before, after = read(applied, at="account"), read(free, at="account")
        assert plan(before, after, prune=False).is_empty
        assert plan(after, before, prune=False).applied_assets.counts == Counts(added=1)
        assert [use.resource for use in plan(before, after, prune=True).applied_assets.removed] == [VIEW]

    def test_a_plan_says_what_it_does_with_assets(self) -> None:
        before = read({"kind": "filter", "name": "F", "body": "x", "applied": ["view:3"]}, {"kind": "filter", "name": "Old"}, at="account")
        new = ({"kind": "filter", "name": "F", "body": "y"}, {"kind": "filter", "name": "G", "applied": ["view:3"]})
        told = [str(line.sentence) for line in lines(plan(before, read(*new, at="account"), prune=True))]
        assert told == [
            "Makes G (filter) at account:1.",
            "Changes F (filter) at account:1: body: x -> y.",
            "Deletes Old (filter) at account:1.",
            "Applies G of account:1 filter to view:3.",
            "Takes F of account:1 filter off view:3.",
        ]


def test_equal_states_are_equal_whatever_order_they_were_written_in() -> None:
    one, other = AssetState(VIEW, "segment", "A"), AssetState(VIEW, "segment", "B")
    assert State(assets=(one, other)) == State(assets=(other, one))
