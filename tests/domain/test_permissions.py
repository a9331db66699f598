"""What can be bound where, and where an action is judged."""

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.permissions import Bindable, bindable, judged_at
from keyholder.domain.refusals import Invalid

PLATFORMS = builtin()
CHAIN = ("view", "property", "account")


@pytest.mark.parametrize("type_name", CHAIN)
def test_r001_r002_any_combination_of_the_four_can_be_bound_at_every_level(type_name: str) -> None:
    google = PLATFORMS.of(type_name)
    for mask in range(1, 16):
        names = google.names(mask)
        assert bindable(PLATFORMS, type_name, permissions=names[::-1]) == Bindable(names, "", google.mask(names))


def test_what_was_ticked_is_kept_as_it_was_ticked() -> None:
    """Reading 40: the local set is stored, its closure is shown."""
    assert bindable(PLATFORMS, "account", permissions=["edit"]).mask == PLATFORMS.of("account").mask(["edit"])


@pytest.mark.parametrize("type_name", ["host", "host_account"])
@pytest.mark.parametrize("role", ["administrator", "standard", "view_only"])
def test_r089_a_role_is_bound_at_a_host_or_an_account(type_name: str, role: str) -> None:
    bound = bindable(PLATFORMS, type_name, role=role)
    assert (bound.permissions, bound.role, bound.mask) == ((), role, PLATFORMS.of("host").roles[role].mask)


def test_r108_mts_takes_roles_at_the_resource_and_permissions_at_every_node() -> None:
    mts = PLATFORMS.of("stream")
    assert bindable(PLATFORMS, "resource", role="owner").mask == mts.mask(["manage", "view"])
    for type_name in mts.types:
        assert bindable(PLATFORMS, type_name, permissions=["view", "manage"]).permissions == ("manage", "view")


@pytest.mark.parametrize(
    ("type_name", "permissions", "role", "code", "why"),
    [
        ("folder", ["edit"], "", "type", 'There is no resource type "folder".'),
        ("account", [], "", "permissions", "Name at least one permission."),
        ("host", [], "", "permissions", "Name at least one permission, or a role."),
        ("resource", ["view"], "owner", "role", "Give permissions or a role, not both."),
        ("account", ["edit", "edit"], "", "permissions", 'The permission "edit" is named twice.'),
        ("account", ["write"], "", "permissions", 'There is no permission "write" in google_analytics'),
        ("account", ["manage_pixels"], "", "permissions", 'The permission "manage_pixels" belongs to another platform than account'),
        ("account", ["edit", "view"], "", "permissions", 'The permission "view" belongs to another platform than account'),
        ("host_account", ["view"], "", "permissions", "At host_account only a role can be given: administrator, standard, view_only."),
        ("pixel", ["view"], "", "permissions", 'The permission "view" can\'t be given at pixel; there are: edit_pixel.'),
        ("account", [], "administrator", "role", "No role can be given at account."),
        ("pixel", [], "standard", "role", "No role can be given at pixel."),
        ("host", [], "owner", "role", 'The role "owner" can\'t be given at host; there are: administrator, standard, view_only.'),
    ],
)
def test_what_cannot_be_bound_is_refused_with_the_reason(type_name: str, permissions: list[str], role: str, code: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        bindable(PLATFORMS, type_name, permissions=permissions, role=role)
    assert refused.value.code == code
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("action", "chain", "place"),
    [
        ("filter.create", ("account",), 0),
        ("filter.create", ("property", "account"), 1),
        ("filter.create", CHAIN, 2),
        ("filter.apply", CHAIN, 0),
        ("filter.apply", ("property", "account"), None),
        ("filter.apply", ("account",), None),
        ("property.update", CHAIN, 1),
        ("user.add", CHAIN, 0),
        ("user.remove", CHAIN, 2),
        ("user.remove", (), None),
    ],
)
def test_r032_r033_an_action_is_judged_at_the_nearest_node_of_its_types(action: str, chain: tuple[str, ...], place: int | None) -> None:
    assert judged_at(PLATFORMS.of("account").actions[action], chain) == place
