"""What each permission of Google Analytics allows, at which level: the table of requirements, section 2, as one matrix."""

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.permissions import judged_at

GOOGLE = builtin().blueprints["google_analytics"]
CHAIN = ("view", "property", "account")
READ = [
    "report.view",
    "report.filter_table",
    "report.add_dimension",
    "segment.create",
    "configuration.view",
    "personal_asset.create",
    "personal_asset.update",
    "personal_asset.delete",
    "personal_asset.share",
    "shared_asset.view",
]
COLLABORATE = ["shared_asset.update", "shared_asset.delete"]
EDIT = {
    "account": ["account.update", "account.delete", "organization.link", "property.create", "property.move"],
    "property": ["property.update", "property.delete", "view.create"],
    "view": ["view.update", "view.delete", "goal.create", "goal.update", "goal.delete"],
}
MANAGE = ["user.view", "user.add", "user.update"]
# What a person holds at the three levels, and what a person with it may do: reports, shared assets, making and applying filters, people.
STATES = {
    "nothing": ({}, ""),
    "reads the account": ({"account": "read_analyze"}, "report"),
    "reads the view": ({"view": "read_analyze"}, "report"),
    "collaborates on the property": ({"property": "collaborate"}, "report share"),
    "edits the view": ({"view": "edit"}, "report share apply"),
    "edits the property": ({"property": "edit"}, "report share apply"),
    "edits the account": ({"account": "edit"}, "report share make apply"),
    "manages the view's users": ({"view": "manage_users"}, "people"),
    "manages the account's users": ({"account": "manage_users"}, "people remove"),
    "edits the account and manages the view's users": ({"account": "edit", "view": "manage_users"}, "report share make apply people"),
}
ASKED = {
    "report": "report.view",
    "share": "shared_asset.update",
    "make": "filter.create",
    "apply": "filter.apply",
    "people": "user.add",
    "remove": "user.remove",
}


@pytest.mark.parametrize("action", READ)
def test_r021_r022_r023_r024_r025_reading_allows(action: str) -> None:
    assert _allowing(action) == {"read_analyze", "collaborate", "edit"}
    assert GOOGLE.actions[action].types == set(CHAIN)


@pytest.mark.parametrize("action", COLLABORATE)
def test_r026_r027_r028_collaborating_allows_and_reading_does_not(action: str) -> None:
    assert _allowing(action) == {"collaborate", "edit"}


@pytest.mark.parametrize(("level", "action"), [(level, action) for level, actions in EDIT.items() for action in actions])
def test_r029_editing_allows_at_its_level(level: str, action: str) -> None:
    assert _allowing(action) == {"edit"}
    assert GOOGLE.actions[action].types == {level}


def test_r030_editing_shows_report_data() -> None:
    assert "edit" in _allowing("report.view")


@pytest.mark.parametrize("action", [*MANAGE, "user.remove"])
def test_r031_r036_only_manage_users_manages_users(action: str) -> None:
    assert _allowing(action) == {"manage_users"}


def test_r050_removal_is_judged_at_the_account_only() -> None:
    assert GOOGLE.actions["user.remove"].types == {"account"}
    assert all(GOOGLE.actions[action].types == set(CHAIN) for action in MANAGE)


@pytest.mark.parametrize("state", STATES)
def test_r032_r033_r034_who_makes_filters_and_who_applies_them(state: str) -> None:
    """Asked about one view of one property, whoever holds what at which level: also R006, R010, R021, R028, R031 and R038."""
    held, may = STATES[state]
    assert {word for word, action in ASKED.items() if _may(held, action)} == set(may.split())


def test_every_action_is_named_after_its_noun_and_stands_in_the_table() -> None:
    listed = {*READ, *COLLABORATE, *MANAGE, "user.remove", *(a for actions in EDIT.values() for a in actions)}
    others = {name for name in GOOGLE.actions if name.partition(".")[0] in {"filter", "channel_grouping"}}
    assert set(GOOGLE.actions) == listed | others
    assert {GOOGLE.actions[name].permission for name in others} == {"edit"}


def _allowing(action: str) -> set[str]:
    """Return the permissions whose closure holds what the action needs."""
    return set(GOOGLE.names(GOOGLE.implied_by(GOOGLE.mask([GOOGLE.actions[action].permission]))))


def _may(held: dict[str, str], name: str) -> bool:
    """Judge an action at the view for somebody who holds these permissions, the ones above coming down."""
    action = GOOGLE.actions[name]
    place = judged_at(action, CHAIN)
    assert place is not None
    reaching = GOOGLE.closure(GOOGLE.mask(held[level] for level in CHAIN[place:] if level in held))
    return bool(reaching & GOOGLE.mask([action.permission]))
