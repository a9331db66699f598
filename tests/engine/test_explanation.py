"""Explanations: every denial has its reason, what is near, and somebody to ask."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.windows import ALWAYS
from keyholder.engine.decision import Question, Reason, check
from keyholder.engine.explanation import MOST_NEAR_MISSES, MOST_TO_ASK, Explanation, explain
from keyholder.engine.facts import Facts, Membership
from keyholder.engine.sources import MOST_ROUTES, SourceKind, sources
from tests.engine.casting import AFTER, BEFORE, CATALOGUE, NOON, gives, group, member, name, stage
from tests.engine.worlds import NOW, Drawn, principals, worlds
from tests.world import World

LATER = "2027-01-01T00:00:00Z"


def told(world: World, who: str, where: str, permission: str = "", action: str = "", facts: Facts | None = None) -> Explanation:
    """Explain whether somebody of the cast may."""
    question = Question(name(world, who), world.at(where), permission, action)
    return explain(facts or world.facts, CATALOGUE, question, NOW)


def test_r017_each_permission_is_traced_to_where_it_comes_from() -> None:
    """R017: direct, from above, by which groups, as which role of an organization, until when; the simplest first."""
    world = stage(
        gives("ben", "account:1", "edit", until=LATER),
        gives("ben", "view:all", "collaborate"),
        gives("acme/all", "property:web", "manage_users", "edit"),
        groups=(group("all", groups=("staff",)), group("staff", member("ben", until=AFTER))),
    )
    found = sources(world.facts, CATALOGUE, name(world, "ben"), world.at("view:all"), NOW)
    edit = told(world, "ben", "view:all", "edit").paths
    assert [(s.kind, s.resource, s.inherited, s.role) for s in found] == [
        (SourceKind.DIRECT, world.at("view:all"), False, ""),
        (SourceKind.DIRECT, world.at("account:1"), True, ""),
        (SourceKind.GROUP, world.at("property:web"), True, ""),
    ]
    assert found[2].groups == (name(world, "acme/staff"), name(world, "acme/all"))
    assert [s.until for s in found] == [None, datetime.fromisoformat(LATER), datetime.fromisoformat(AFTER)]
    assert edit == found[1:]
    (admin,) = told(world, "olga", "view:all", "manage_users").paths
    assert (admin.kind, admin.role, admin.resource, admin.organization) == (
        SourceKind.ORGANIZATION,
        "admin",
        world.at("account:1"),
        world.organizations["acme"],
    )


def test_r017_a_role_is_named_and_gives_below_what_crosses_the_edge() -> None:
    world = stage(gives("olga", "host:h", role="administrator"))
    (source,) = sources(world.facts, CATALOGUE, name(world, "olga"), world.at("host_account:7"), NOW)
    blueprint = CATALOGUE.blueprints["conversions_gateway"]
    assert source.role == "administrator"
    assert "delete_account" not in blueprint.names(source.permissions)


def test_every_way_through_a_diamond_is_a_path() -> None:
    world = stage(
        gives("acme/top", "view:all", "edit"),
        groups=(
            group("top", groups=("left", "right")),
            group("left", groups=("low",)),
            group("right", groups=("low",)),
            group("low", "ben"),
        ),
    )
    ways = {source.groups[1] for source in told(world, "ben", "view:all", "edit").paths}
    assert ways == {name(world, "acme/left"), name(world, "acme/right")}


def test_a_lattice_of_groups_is_explained_in_bounds() -> None:
    """Ten diamonds in a row have a thousand ways through: some are shown, the answer is the same."""
    groups = []
    for step in range(10):
        below = (f"l{step + 1}", f"r{step + 1}") if step < 9 else ()
        groups += [group(f"l{step}", groups=below), group(f"r{step}", groups=below)]
    groups[-1]["members"] = ["ben@x.example"]
    world = stage(gives("acme/l0", "view:all", "edit"), groups=tuple(groups))
    paths = told(world, "ben", "view:all", "edit").paths
    assert len(paths) == MOST_ROUTES


@pytest.mark.parametrize(
    ("window", "reason"),
    [({"since": AFTER}, Reason.NOT_YET), ({"until": NOON}, Reason.ENDED), ({"since": BEFORE, "until": NOON}, Reason.ENDED)],
)
def test_r110_a_binding_or_membership_out_of_its_time_is_named(window: dict[str, str], reason: Reason) -> None:
    bound = stage(gives("ben", "account:1", "edit", **window))
    grouped = stage(gives("acme/staff", "account:1", "edit"), groups=(group("staff", member("ben", **window)),))
    for world in (bound, grouped):
        answer = told(world, "ben", "view:all", "edit")
        assert answer.reason is reason
        (miss,) = answer.near_misses
        assert (miss.reasons, miss.place, miss.source.resource) == ((reason,), None, world.at("account:1"))
        assert not miss.source.window.holds(NOW)


def test_windows_that_never_meet_are_shown_by_the_one_that_is_not_in_force() -> None:
    world = stage(gives("acme/staff", "account:1", "edit", since=NOON), groups=(group("staff", member("ben", until=NOON)),))
    (miss,) = told(world, "ben", "view:all", "edit").near_misses
    assert (miss.reasons, miss.source.until) == ((Reason.ENDED,), NOW)


def test_r110_other_permissions_are_named_as_such() -> None:
    world = stage(gives("cleo", "account:1", "read_analyze"))
    answer = told(world, "cleo", "view:all", "edit")
    assert answer.reason is Reason.LACKS_PERMISSION
    assert answer.near_misses[0].source.resource == world.at("account:1")
    assert told(world, "olga", "view:all", "read_analyze").reason is Reason.LACKS_PERMISSION


def test_r014_what_is_held_only_below_is_named() -> None:
    world = stage(gives("cleo", "view:all", "read_analyze"))
    answer = told(world, "cleo", "property:web", "read_analyze")
    assert (answer.reason, answer.near_misses[0].source.resource) == (Reason.BELOW_ONLY, world.at("view:all"))
    assert told(world, "cleo", "property:app", "read_analyze").reason is Reason.NO_BINDING


def test_r100_a_closed_edge_is_named_with_the_account_that_closed_it() -> None:
    world = stage(gives("olga", "host:h", role="administrator"))
    answer = told(world, "olga", "pixel:p8", "view")
    assert answer.reason is Reason.CLOSED_EDGE
    assert answer.near_misses[0].place == world.at("host_account:8")
    both = told(world, "olga", "host_account:8", "delete_account")
    assert both.near_misses[0].reasons == (Reason.NOT_PASSED_ON, Reason.CLOSED_EDGE)


def test_what_never_crosses_an_edge_is_named() -> None:
    world = stage(gives("olga", "host:h", role="administrator"))
    answer = told(world, "olga", "pixel:p7", "delete_account")
    assert (answer.reason, answer.near_misses[0].place) == (Reason.NOT_PASSED_ON, world.at("host_account:7"))


def test_r091_a_pixel_whose_role_is_missing_is_named() -> None:
    world = stage(gives("ben", "pixel:p7", "edit_pixel"), gives("ben", "host_account:7", role="standard", until=NOON))
    assert told(world, "ben", "pixel:p7", "edit_pixel").reason is Reason.UNASSIGNED
    assert told(world, "ben", "host_account:7", "view").reason is Reason.ENDED


def test_what_needs_two_changes_comes_after_what_needs_one() -> None:
    world = stage(gives("olga", "host:h", role="administrator", until=NOON), gives("olga", "host_account:8", role="view_only"))
    answer = told(world, "olga", "host_account:8", "manage_users")
    assert [miss.reasons for miss in answer.near_misses] == [(Reason.LACKS_PERMISSION,), (Reason.ENDED, Reason.CLOSED_EDGE)]


def test_somebody_with_nothing_is_told_whom_to_ask_standing_managers_first() -> None:
    """R110: those who can grant exactly there; neither machines nor the person who asks."""
    world = stage(
        gives("xena", "account:1", "manage_users", until=LATER),
        gives("cleo", "account:1", "manage_users"),
        gives("robot", "account:1", "manage_users"),
        gives("alice", "property:app", "manage_users"),
        gives("dan", "property:web", "manage_users"),
    )
    answer = told(world, "ben", "view:all", "read_analyze")
    assert answer.reason is Reason.NO_BINDING
    assert answer.ask == tuple(name(world, who) for who in ("cleo", "dan", "olga", "xena"))
    assert told(world, "cleo", "view:all", "read_analyze").ask == tuple(name(world, who) for who in ("dan", "olga", "xena"))


def test_lists_of_near_misses_and_of_people_to_ask_are_bounded() -> None:
    many = [f"m{number}" for number in range(30)]
    users = [{"email": f"{who}@x.example", "name": who} for who in ("alice", "ben", "cleo", "dan", "olga", "xena", *many)]
    past = [gives("ben", "view:all", "edit", until=f"2020-01-{day:02}T00:00:00Z") for day in range(1, 31)]
    world = stage(*past, *(gives(who, "account:1", "manage_users") for who in many), users=users)
    answer = told(world, "ben", "view:all", "edit")
    assert (len(answer.near_misses), len(answer.ask)) == (MOST_NEAR_MISSES, MOST_TO_ASK)


def test_the_suspended_are_told_so_and_whom_to_ask_where_an_organization_did_it() -> None:
    access = gives("ben", "account:1", "edit")
    within = told(stage(access, acme={"suspended": ["ben@x.example"]}), "ben", "view:all", "edit")
    world = stage(access)
    ben = replace(world.principals["ben@x.example"], active=False)
    facts = replace(world.facts, principals={**world.facts.principals, ben.id: ben})
    everywhere = told(world, "ben", "view:all", "edit", facts=facts)
    assert (within.reason, within.ask) == (Reason.SUSPENDED_IN_ORGANIZATION, (name(world, "olga"),))
    assert (everywhere.reason, everywhere.ask, everywhere.near_misses) == (Reason.SUSPENDED, (), ())


def test_what_is_in_the_trash_is_named_and_its_managers_asked() -> None:
    world = stage(gives("ben", "view:all", "edit"), gives("alice", "account:1", "manage_users"))
    web = world.resources[ResourceRef("property", "web")]
    world.resources[web.ref] = replace(web, trashed=True)
    answer = told(world, "ben", "view:all", "edit")
    assert (answer.reason, answer.ask) == (Reason.TRASHED, (name(world, "alice"), name(world, "olga")))


def test_r034_an_action_is_explained_where_it_is_judged() -> None:
    world = stage(gives("cleo", "view:all", "edit"))
    answer = told(world, "cleo", "view:all", action="filter.create")
    assert (answer.decision.resource, answer.reason) == (world.at("account:1"), Reason.BELOW_ONLY)
    assert told(world, "cleo", "account:1", action="filter.apply").reason is Reason.ACTION_NOT_HERE


def test_whoever_is_unknown_has_nobody_to_ask() -> None:
    world = stage(gives("alice", "account:1", "manage_users"))
    assert explain(world.facts, CATALOGUE, Question(None, world.at("view:all"), "edit"), NOW).ask == ()


def test_r_prv_7_a_row_that_decides_nothing_is_not_near_either() -> None:
    world = stage(gives("acme/staff", "account:2", "edit"), groups=(group("staff", "ben"),))
    assert told(world, "ben", "account:2", "edit").near_misses == ()
    nowhere = tuple(replace(b, resource=ResourceId(999)) for b in world.facts.bindings)
    assert told(world, "ben", "account:2", "edit", facts=replace(world.facts, bindings=nowhere)).near_misses == ()


def test_a_circle_of_groups_is_explained_once() -> None:
    world = stage(
        gives("acme/crew", "view:all", "edit"), groups=(group("staff", "ben", groups=("crew",)), group("crew", groups=("staff",)))
    )
    assert len(told(world, "ben", "view:all", "edit").paths) == 1
    (answer,) = told(world, "acme/staff", "view:all", "edit").paths
    assert answer.groups == (name(world, "acme/crew"),)


@given(worlds(), principals)
def test_whatever_is_near_would_be_enough_without_windows_and_closed_edges(world: Drawn, principal: PrincipalId) -> None:
    """A near miss that time and closed edges alone keep away is access once they are taken away."""
    always = replace(
        world.facts,
        bindings=tuple(replace(row, window=ALWAYS) for row in world.facts.bindings),
        memberships=tuple(Membership(row.group, row.member) for row in world.facts.memberships),
        resources={id_: replace(node, open=True) for id_, node in world.facts.resources.items()},
    )
    lifted = {Reason.NOT_YET, Reason.ENDED, Reason.CLOSED_EDGE}
    for resource in world.facts.resources:
        for permission in world.blueprint.permissions:
            question = Question(principal, resource, permission)
            misses = explain(world.facts, world.catalogue, question, world.at).near_misses
            if any(set(miss.reasons) <= lifted for miss in misses):
                assert check(always, world.catalogue, question, world.at).allowed
