"""What a command gives away, and who may give it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from keyholder.domain.blueprint import Grants
from keyholder.domain.identifiers import BindingId, PrincipalId, ResourceId, ResourceRef
from keyholder.domain.windows import Window
from keyholder.engine.facts import Binding, Facts, Membership, Principal, Resource
from keyholder.engine.management import Gain, gains, may_confer, unjustified
from tests import model
from tests.engine.casting import AFTER, CATALOGUE, NOON, gives, group, name, names, stage
from tests.engine.worlds import NOW, PEOPLE, TICK, Drawn, bindings, memberships, worlds
from tests.world import World

ANALYTICS = CATALOGUE.blueprints["google_analytics"]
EDIT = ANALYTICS.closure(ANALYTICS.mask(["edit"]))


def give(facts: Facts, principal: PrincipalId, resource: ResourceId, *permissions: str, window: Window | None = None) -> Facts:
    """Return the facts with another binding in google_analytics."""
    row = Binding(BindingId(900), principal, resource, ANALYTICS.mask(permissions), window=window or Window())
    return replace(facts, bindings=(*facts.bindings, row))


def refused(world: World, actor: str, after: Facts, *conceded: Membership | Binding) -> tuple[Gain, ...]:
    return unjustified(world.facts, after, CATALOGUE, name(world, actor), NOW, conceded=conceded)


def test_r036_r037_a_manager_gives_what_they_lack_also_to_themselves() -> None:
    world = stage(gives("alice", "account:1", "manage_users"))
    for whom in ("cleo", "alice"):
        assert not refused(world, "alice", give(world.facts, name(world, whom), world.at("view:all"), "edit"))


def test_r038_a_manager_of_one_property_gives_nothing_elsewhere() -> None:
    """R031, R038: and who only edits gives nothing at all."""
    world = stage(gives("dan", "property:web", "manage_users"), gives("ben", "account:1", "edit"))
    cleo = name(world, "cleo")
    assert not refused(world, "dan", give(world.facts, cleo, world.at("view:all"), "edit"))
    assert refused(world, "dan", give(world.facts, cleo, world.at("property:app"), "read_analyze"))
    assert {gain.resource for gain in refused(world, "dan", give(world.facts, cleo, world.at("account:1"), "edit"))} == {
        world.at("account:1"),
        world.at("property:app"),
    }
    assert refused(world, "ben", give(world.facts, cleo, world.at("view:all"), "read_analyze"))


def test_where_the_blueprint_says_held_nobody_gives_what_they_lack() -> None:
    world = stage(gives("alice", "lab:l", "rule", "open"))
    blueprint = CATALOGUE.blueprints["laboratory"]
    assert blueprint.grants is Grants.HELD
    for permission, allowed in {"open": True, "lend": False}.items():
        gain = Gain(name(world, "cleo"), world.at("bench:b"), blueprint.closure(blueprint.mask([permission])))
        assert may_confer(world.facts, CATALOGUE, name(world, "alice"), gain, NOW) is allowed


@pytest.mark.parametrize("window", [Window(NOW + TICK, None), Window(NOW + TICK, NOW + 2 * TICK), Window(None, NOW + TICK)])
def test_r_prv_1_what_begins_later_or_lasts_longer_is_judged_now(window: Window) -> None:
    world = stage(
        gives("cleo", "view:all", "edit", since=NOON, until=AFTER) if window.starts_at else gives("cleo", "view:all", "read_analyze")
    )
    after = give(world.facts, name(world, "cleo"), world.at("view:all"), "edit", window=window)
    (gain,) = refused(world, "dan", after)
    assert (gain.principal, gain.resource) == (name(world, "cleo"), world.at("view:all"))
    assert gain.permissions & ANALYTICS.mask(["edit"])


def test_r_prv_3_what_a_group_gives_is_judged_also_while_nobody_is_in_it() -> None:
    """R-PRV-3: giving to an empty group is giving; so is putting somebody into a group, or a group into another."""
    world = stage(gives("acme/staff", "account:1", "edit"), groups=(group("staff"), group("crew")))
    staff, crew = name(world, "acme/staff"), name(world, "acme/crew")
    assert {gain.principal for gain in refused(world, "dan", give(world.facts, crew, world.at("view:all"), "edit"))} == {crew}
    for newcomer in (name(world, "cleo"), crew):
        into_staff = Membership(staff, newcomer)
        after = replace(world.facts, memberships=(*world.facts.memberships, into_staff))
        assert {gain.principal for gain in refused(world, "dan", after)} == {newcomer}
        assert not refused(world, "dan", after, into_staff)


def test_r080_an_owner_confers_what_the_group_has_and_nothing_beside() -> None:
    """R080: the membership is the owner's to write; a binding raised in the same breath is not."""
    world = stage(gives("acme/staff", "account:1", "read_analyze"), groups=(group("staff"),))
    into_staff = Membership(name(world, "acme/staff"), name(world, "cleo"))
    raised = give(world.facts, name(world, "acme/staff"), world.at("view:all"), "edit")
    after = replace(raised, memberships=(*raised.memberships, into_staff))
    beyond = ANALYTICS.mask(["edit", "collaborate"])
    assert refused(world, "dan", after, into_staff) == (
        Gain(name(world, "cleo"), world.at("view:all"), beyond),
        Gain(name(world, "acme/staff"), world.at("view:all"), beyond),
    )


def test_r_prv_1_suspension_and_trash_hide_no_gift() -> None:
    world = stage(acme={"suspended": ["cleo@x.example"]})
    web = world.resources[ResourceRef("property", "web")]
    world.resources[web.ref] = replace(web, trashed=True)
    after = give(world.facts, name(world, "cleo"), world.at("view:all"), "edit")
    assert refused(world, "dan", after)
    restored = replace(world.facts, resources={**world.facts.resources, web.id: web}, suspensions=())
    assert gains(world.facts, restored, CATALOGUE, NOW) == ()


def test_what_a_closed_edge_lets_through_again_is_a_gain() -> None:
    world = stage(gives("olga", "host:h", role="administrator"), gives("alice", "host_account:8", role="administrator"))
    account = world.resources[ResourceRef("host_account", "8")]
    after = replace(world.facts, resources={**world.facts.resources, account.id: replace(account, open=True)})
    assert {gain.principal for gain in gains(world.facts, after, CATALOGUE, NOW)} == names(world, "olga")
    assert refused(world, "olga", after)
    assert not refused(world, "alice", after)


def test_r035_a_creator_is_given_the_new_resource_and_what_it_inherits_is_no_gain() -> None:
    world = stage(gives("ben", "account:1", "edit"), gives("cleo", "account:1", "read_analyze"))
    new = Resource(ResourceId(500), ResourceRef("property", "new"), world.at("account:1"))
    grown = replace(world.facts, resources={**world.facts.resources, new.id: new})
    own = Binding(BindingId(900), name(world, "ben"), new.id, ANALYTICS.everything)
    assert gains(world.facts, grown, CATALOGUE, NOW) == ()
    after = replace(grown, bindings=(*grown.bindings, own))
    assert {gain.principal for gain in refused(world, "ben", after)} == names(world, "ben")
    assert not refused(world, "ben", after, own)


def test_an_organization_role_is_a_gain_where_the_organization_is_linked() -> None:
    world = stage()
    members = tuple(replace(row, user=name(world, "cleo")) for row in world.facts.organization_members)
    after = replace(world.facts, organization_members=members)
    assert {gain.principal for gain in gains(world.facts, after, CATALOGUE, NOW)} == names(world, "cleo")


def test_somebody_new_gains_what_they_are_given() -> None:
    world = stage(gives("alice", "account:1", "manage_users"))
    eve = Principal(PrincipalId(700), next(iter(world.facts.principals.values())).kind)
    after = give(replace(world.facts, principals={**world.facts.principals, eve.id: eve}), eve.id, world.at("view:all"), "edit")
    assert gains(world.facts, after, CATALOGUE, NOW) == (Gain(eve.id, world.at("view:all"), EDIT),)
    assert not refused(world, "alice", after)


def changed(world: Drawn, data: DataObject) -> Facts:
    """Draw what a command makes of a world: rows less and rows more."""
    nodes = list(world.facts.resources.values())
    node = data.draw(st.sampled_from(nodes))
    return replace(
        world.facts,
        bindings=(*world.facts.bindings[1:], *data.draw(bindings(world.blueprint, nodes, most=2, first=100))),
        memberships=(*world.facts.memberships[1:], *data.draw(st.lists(memberships(), max_size=2))),
        resources={**world.facts.resources, node.id: replace(node, open=data.draw(st.booleans()))},
    )


@given(worlds(), st.data())
def test_i_az_9_gains_are_the_difference_by_the_model_at_every_later_moment(world: Drawn, data: DataObject) -> None:
    after = changed(world, data)
    early, late = world.facts.without_shadows(), after.without_shadows()
    expected: dict[tuple[PrincipalId, ResourceId], set[str]] = {}
    for seconds in range(6):
        at = world.at + seconds * TICK
        for who, where in world.pairs():
            then = model.effective(early, world.catalogue, who, where, at)
            now = model.effective(late, world.catalogue, who, where, at)
            expected.setdefault((who, where), set()).update(now - then)
    found = gains(world.facts, after, world.catalogue, world.at)
    assert {(g.principal, g.resource): set(world.blueprint.names(g.permissions)) for g in found} == {k: v for k, v in expected.items() if v}


@given(worlds(), st.data(), st.sampled_from(PEOPLE))
def test_r_prv_1_what_is_let_through_makes_nobody_hold_what_its_actor_could_not_give(
    world: Drawn, data: DataObject, actor: PrincipalId
) -> None:
    """R-PRV-1, I-AZ-9: no escalation, by the model."""
    after = changed(world, data)
    if unjustified(world.facts, after, world.catalogue, actor, world.at):
        return
    authority = world.facts.without_trash()
    for who, where in world.pairs():
        gained = model.effective(after, world.catalogue, who, where, world.at) - model.effective(
            world.facts, world.catalogue, who, where, world.at
        )
        held = model.effective(authority, world.catalogue, actor, where, world.at)
        assert not gained or world.blueprint.granting in held
        assert world.blueprint.grants is Grants.ANY or gained <= held


@given(worlds(), st.data(), st.sampled_from(PEOPLE))
def test_r080_a_membership_alone_is_always_its_owners_to_give(world: Drawn, data: DataObject, owner: PrincipalId) -> None:
    """R080, semantics 5: whatever the group's bindings give."""
    row = data.draw(memberships())
    after = replace(world.facts, memberships=(*world.facts.memberships, row))
    assert unjustified(world.facts, after, world.catalogue, owner, world.at, conceded=[row]) == ()
