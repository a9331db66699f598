"""Guards: what SQL says about managers and nesting is what the engine says (semantics 4 and 5, I-MG-1, I-GR-1)."""

import pytest
from hypothesis import HealthCheck, given, settings

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import BindingId, PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.engine.facts import Binding, Facts, Membership, Principal, Resource
from keyholder.engine.management import standing_managers
from keyholder.storage import guards, slices
from tests.engine.worlds import ACME, ALICE, BOLT, GROUPS, NOW, NOWHERE, PEOPLE, STAFF, Drawn, worlds
from tests.storage.rows import stored

pytestmark = pytest.mark.django_db
OURS, THEIRS = ResourceId(1), ResourceId(2)
drawn = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(15, settings().max_examples // 2))


def test_r_prv_7_a_group_of_another_organization_manages_nothing() -> None:
    """Though its binding should not be there and Alice is in it; in the account of its own organization it does."""
    catalogue = builtin()
    accounts = {n: Resource(n, ResourceRef("account", str(n)), organization=o) for n, o in ((OURS, ACME), (THEIRS, BOLT))}
    principals = {ALICE: Principal(ALICE, PrincipalKind.USER), STAFF: Principal(STAFF, PrincipalKind.GROUP, organization=ACME)}
    mask = catalogue.of("account").granting_mask
    bound = tuple(Binding(BindingId(number), STAFF, on, mask) for number, on in enumerate(accounts, 1))
    with stored(Facts(principals, accounts, bound, (Membership(STAFF, ALICE),)), catalogue):
        assert guards.managed(list(accounts), catalogue, NOW) == {OURS}


def guarded(world: Drawn) -> set[ResourceId]:
    """Return the resources that keep a manager."""
    return {node.id for node in world.facts.resources.values() if world.catalogue.types[node.ref.type].guarded}


@drawn
@given(worlds())
def test_i_mg_1_a_manager_stands_by_sql_where_one_stands_by_the_engine(world: Drawn) -> None:
    """R-PRV-7: whatever rows there are, also bindings of groups of another organization, circles and empty groups."""
    with stored(world.facts, world.catalogue):
        whole, asked = slices.world(), guarded(world)
        expected = {on for on in asked if standing_managers(whole, world.catalogue, on, world.at)}
        assert guards.managed([*asked, NOWHERE], world.catalogue, world.at) == expected
        assert {on for on in asked if guards.managed([on], world.catalogue, world.at)} == expected


@drawn
@given(worlds())
def test_a_change_of_a_group_or_a_person_touches_what_they_can_reach(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        whole, asked = slices.world(), guarded(world)
        for start in ((), PEOPLE, *[(one,) for one in (*PEOPLE, *GROUPS)]):
            parties = {g for one in start for g in upwards(whole, one)}
            expected = {b.resource for b in whole.bindings if b.principal in parties and b.resource in asked}
            assert guards.guarded_through(start, world.catalogue) == expected


def upwards(facts: Facts, principal: PrincipalId) -> set[PrincipalId]:
    """Return a principal and every group around it, whatever the windows."""
    found = {principal}
    for _round in facts.memberships:
        found |= {edge.group for edge in facts.memberships if edge.member in found}
    return found


@drawn
@given(worlds())
def test_i_gr_1_nesting_is_found_above_and_below(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        whole = slices.world()
        edges = {(m.group, m.member) for m in whole.memberships if whole.principals[m.member].kind is PrincipalKind.GROUP}
        for group in GROUPS:
            outer, inner = {group}, {group}
            for _round in edges:
                outer |= {g for g, member in edges if member in outer}
                inner |= {member for g, member in edges if g in inner}
            assert guards.above([group]) == sorted(edge for edge in edges if edge[1] in outer)
            assert guards.below([group]) == sorted(edge for edge in edges if edge[0] in inner)


@drawn
@given(worlds())
def test_i_mg_2_an_admin_is_active_everywhere_and_within(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        facts = world.facts
        roles = {(m.organization, m.user): m.role for m in facts.organization_members}
        awake = {(o, user) for o, user in roles if facts.principals[user].active and (o, user) not in facts.suspended_in}
        led = {o for (o, user), role in roles.items() if role is OrganizationRole.ADMIN and (o, user) in awake}
        assert guards.organizations_without_admin([ACME, BOLT]) == {ACME, BOLT} - led
