"""Decisions by example: people, groups, windows, platforms and actions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.windows import Window
from keyholder.engine.decision import Decision, Reason, effective, local, reached
from keyholder.engine.facts import Membership, Resource
from tests.engine.casting import AFTER, BEFORE, CATALOGUE, NOON, asks, gives, group, held, member, name, stage
from tests.engine.worlds import NOW


def test_r010_the_effective_set_unites_local_inherited_and_group_bindings() -> None:
    world = stage(
        gives("ben", "view:all", "read_analyze"),
        gives("ben", "account:1", "manage_users"),
        gives("acme/staff", "property:web", "edit"),
        groups=(group("staff", "ben"),),
    )
    assert held(world, "ben", "view:all") == ("manage_users", "edit", "collaborate", "read_analyze")
    assert held(world, "ben", "property:app") == ("manage_users",)


def test_r011_r013_a_smaller_set_below_restricts_nothing_and_a_larger_one_counts_there() -> None:
    world = stage(
        gives("ben", "account:1", "edit"),
        gives("ben", "property:web", "read_analyze"),
        gives("cleo", "account:1", "read_analyze"),
        gives("cleo", "property:web", "edit"),
    )
    assert held(world, "ben", "property:web") == held(world, "ben", "account:1")
    assert held(world, "cleo", "view:all") == ("edit", "collaborate", "read_analyze")
    assert held(world, "cleo", "property:app") == ("read_analyze",)


def test_r014_a_view_can_be_reached_without_its_property() -> None:
    world = stage(gives("cleo", "view:all", "read_analyze"))
    assert held(world, "cleo", "view:all") == ("read_analyze",)
    assert held(world, "cleo", "property:web") == held(world, "cleo", "account:1") == ()


def test_r015_what_is_raised_from_a_view_to_its_property_counts_on_every_view() -> None:
    world = stage(gives("cleo", "property:web", "read_analyze"))
    assert held(world, "cleo", "view:all") == ("read_analyze",)


def test_r016_the_local_set_is_only_what_is_bound_at_the_very_resource() -> None:
    world = stage(gives("ben", "account:1", "edit"), gives("ben", "property:web", "collaborate"))
    blueprint = CATALOGUE.blueprints["google_analytics"]
    at_property = local(world.facts, CATALOGUE, name(world, "ben"), world.at("property:web"), NOW)
    assert blueprint.names(at_property) == ("collaborate", "read_analyze")
    assert not local(world.facts, CATALOGUE, name(world, "ben"), world.at("view:all"), NOW)
    assert not local(world.facts, CATALOGUE, name(world, "ben"), ResourceId(999), NOW)


def test_r018_a_changed_binding_counts_at_the_next_question() -> None:
    assert held(stage(gives("ben", "view:all", "edit")), "ben", "view:all")[0] == "edit"
    assert held(stage(gives("ben", "view:all", "collaborate")), "ben", "view:all")[0] == "collaborate"


def test_r019_a_new_property_inherits_at_once() -> None:
    world = stage(gives("ben", "account:1", "edit"))
    new = Resource(ResourceId(500), ResourceRef("property", "new"), world.at("account:1"))
    facts = replace(world.facts, resources={**world.facts.resources, new.id: new})
    assert effective(facts, CATALOGUE, name(world, "ben"), new.id, NOW) == effective(
        facts, CATALOGUE, name(world, "ben"), world.at("account:1"), NOW
    )


def test_r038_managing_one_property_is_no_power_over_the_account_or_its_other_properties() -> None:
    world = stage(gives("dan", "property:web", "manage_users"))
    assert held(world, "dan", "view:all") == ("manage_users",)
    assert held(world, "dan", "account:1") == held(world, "dan", "property:app") == ()


def test_r072_r075_groups_are_followed_upwards_through_groups() -> None:
    world = stage(groups=(group("all", groups=("staff",)), group("staff", "ben", groups=("crew",)), group("crew", "cleo")))
    found = reached(world.facts, name(world, "cleo"), NOW)
    assert found == {name(world, who) for who in ("cleo", "acme/crew", "acme/staff", "acme/all")}
    assert reached(world.facts, PrincipalId(999), NOW) == frozenset()


def test_groups_in_a_circle_are_followed_once() -> None:
    world = stage(gives("acme/crew", "view:all", "edit"), groups=(group("staff", "ben", groups=("crew",)), group("crew")))
    back = Membership(name(world, "acme/crew"), name(world, "acme/staff"))
    facts = replace(world.facts, memberships=(*world.facts.memberships, back))
    assert held(world, "ben", "view:all", facts)[0] == "edit"


@pytest.mark.parametrize(
    ("window", "holds"),
    [
        ({"since": NOON}, True),
        ({"since": AFTER}, False),
        ({"until": NOON}, False),
        ({"until": AFTER}, True),
        ({"since": BEFORE, "until": NOON}, False),
        ({"since": NOON, "until": AFTER}, True),
    ],
)
def test_windows_begin_with_their_start_and_end_before_their_end(window: dict[str, str], holds: bool) -> None:  # noqa: FBT001 - a parameter
    binding = stage(gives("ben", "view:all", "edit", **window))
    membership = stage(gives("acme/staff", "view:all", "edit"), groups=(group("staff", member("ben", **window)),))
    assert bool(held(binding, "ben", "view:all")) is bool(held(membership, "ben", "view:all")) is holds


def test_what_is_bound_twice_ends_with_the_later_end() -> None:
    world = stage(gives("ben", "view:all", "edit", until=AFTER), gives("ben", "view:all", "read_analyze"))
    later = NOW + timedelta(seconds=1)
    assert held(world, "ben", "view:all")[0] == "edit"
    blueprint = CATALOGUE.blueprints["google_analytics"]
    assert blueprint.names(effective(world.facts, CATALOGUE, name(world, "ben"), world.at("view:all"), later)) == ("read_analyze",)


def test_i_az_4_a_person_suspended_within_an_organization_keeps_what_is_elsewhere() -> None:
    world = stage(
        gives("ben", "account:1", "edit"),
        gives("ben", "account:2", "edit"),
        gives("acme/staff", "view:all", "edit"),
        acme={"suspended": ["ben@x.example"]},
        groups=(group("staff", "ben"),),
    )
    assert held(world, "ben", "account:1") == held(world, "ben", "view:all") == ()
    assert asks(world, "ben", "view:all", permission="edit").reason is Reason.SUSPENDED_IN_ORGANIZATION
    assert held(world, "ben", "account:2")


def test_what_is_in_the_trash_is_held_by_nobody_and_so_is_what_lies_below() -> None:
    world = stage(gives("ben", "account:1", "edit"), gives("ben", "view:all", "edit"))
    web = replace(world.resources[ResourceRef("property", "web")], trashed=True)
    world.resources[web.ref] = web
    assert held(world, "ben", "property:web") == held(world, "ben", "view:all") == ()
    assert held(world, "ben", "account:1") == held(world, "ben", "property:app") != ()


def test_r084_an_organizations_admins_manage_the_users_of_linked_accounts_only() -> None:
    world = stage()
    assert held(world, "olga", "view:all") == ("manage_users",)
    assert held(world, "olga", "account:2") == held(world, "olga", "resource:site") == held(world, "xena", "account:1") == ()
    assert held(world, "olga", "lab:l") == held(world, "olga", "drawer:d") == ("look",)


def test_r091_an_assigned_pixel_counts_only_while_the_role_is_in_force() -> None:
    """R091: and ``delete_account`` stays with the account."""
    pixel = gives("ben", "pixel:p7", "edit_pixel")
    assert held(stage(pixel), "ben", "pixel:p7") == ()
    assert held(stage(pixel, gives("ben", "host_account:7", role="view_only")), "ben", "pixel:p7") == ("view",)
    assert "edit_pixel" in held(stage(pixel, gives("ben", "host_account:7", role="standard")), "ben", "pixel:p7")
    assert held(stage(pixel, gives("ben", "host_account:7", role="standard", until=NOON)), "ben", "pixel:p7") == ()
    assert held(stage(pixel, gives("ben", "host_account:8", role="standard")), "ben", "pixel:p7") == ()


def test_an_assignment_and_its_role_belong_to_one_principal() -> None:
    """A group's role does not assign its member's own binding, nor the other way round; one group may hold both."""
    staff = (group("staff", "ben"),)
    mixed = stage(gives("acme/staff", "lab:l", role="guest"), gives("ben", "drawer:d", "open"), groups=staff)
    reverse = stage(gives("ben", "lab:l", role="guest"), gives("acme/staff", "drawer:d", "open"), groups=staff)
    both = stage(gives("acme/staff", "lab:l", role="guest"), gives("acme/staff", "drawer:d", "open"), groups=staff)
    assert held(mixed, "ben", "drawer:d") == held(reverse, "ben", "drawer:d") == ("look",)
    assert held(both, "ben", "drawer:d") == ("open", "look")


def test_r098_r100_the_host_reaches_managed_accounts_and_no_others() -> None:
    world = stage(gives("olga", "host:h", role="administrator"))
    assert "manage_users" in held(world, "olga", "pixel:p7")
    assert "delete_account" in held(world, "olga", "host:h")
    assert "delete_account" not in held(world, "olga", "host_account:7")
    assert held(world, "olga", "host_account:8") == held(world, "olga", "pixel:p8") == ()


def test_roles_at_two_levels_add_up() -> None:
    world = stage(gives("olga", "host:h", role="administrator"), gives("olga", "host_account:7", role="view_only"))
    assert "manage_pixels" in held(world, "olga", "host_account:7")


def test_r108_an_owner_holds_everything_and_a_manager_of_one_node_that_node() -> None:
    world = stage(gives("alice", "resource:site", role="owner"), gives("ben", "service:s", "manage"), gives("cleo", "report:r", "view"))
    assert held(world, "alice", "report:r") == held(world, "ben", "report:r") == ("manage", "view")
    assert held(world, "ben", "resource:site") == held(world, "cleo", "service:s") == ()


def test_a_group_and_a_service_account_hold_what_is_bound_to_them() -> None:
    world = stage(gives("acme/staff", "view:all", "edit"), gives("robot", "view:all", "read_analyze"), groups=(group("staff"),))
    assert held(world, "acme/staff", "view:all")[0] == "edit"
    assert held(world, "robot", "view:all") == ("read_analyze",)


@pytest.mark.parametrize(
    ("who", "where", "action", "allowed"),
    [
        ("ben", "view:all", "filter.create", True),
        ("ben", "view:all", "filter.apply", True),
        ("cleo", "view:all", "filter.create", False),
        ("cleo", "view:all", "filter.apply", True),
        ("alice", "view:all", "user.remove", True),
        ("dan", "view:all", "user.remove", False),
        ("dan", "view:all", "user.update", True),
    ],
)
def test_r032_r033_r034_an_action_is_judged_at_the_nearest_of_its_types(who: str, where: str, action: str, allowed: bool) -> None:  # noqa: FBT001 - a parameter
    """R032, R033, R034, R050: creating a filter at the account, applying it at the view, removing somebody at the account."""
    world = stage(
        gives("ben", "account:1", "edit"),
        gives("cleo", "view:all", "edit"),
        gives("alice", "account:1", "manage_users"),
        gives("dan", "property:web", "manage_users"),
    )
    decision = asks(world, who, where, action=action)
    assert decision.allowed is allowed
    assert decision.resource == world.at("account:1" if action in {"filter.create", "user.remove"} else where)


def test_an_action_that_has_no_place_here_or_above_is_denied() -> None:
    world = stage(gives("ben", "account:1", "edit", "manage_users"))
    assert asks(world, "ben", "account:1", action="filter.apply") == Decision(
        allowed=False, reason=Reason.ACTION_NOT_HERE, permission="edit", resource=None
    )


def test_i_az_10_a_permission_of_another_platform_is_unknown() -> None:
    world = stage(gives("ben", "account:1", "edit"))
    assert asks(world, "ben", "account:1", permission="manage").reason is Reason.UNKNOWN_PERMISSION
    assert asks(world, "ben", "view:all", permission="view").reason is Reason.UNKNOWN_PERMISSION


def test_a_window_that_is_never_in_force_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(NOW, NOW)
