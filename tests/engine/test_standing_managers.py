"""Who manages an account in their own right (semantics 4, the last manager)."""

from dataclasses import replace

from hypothesis import given

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.engine.facts import Facts, Resource
from keyholder.engine.management import standing_managers
from tests import model
from tests.engine.casting import AFTER, BEFORE, CATALOGUE, NOON, gives, group, member, names, stage
from tests.engine.worlds import NOW, PEOPLE, Drawn, worlds
from tests.world import World

LATER = "2027-01-01T00:00:00Z"


def standing(world: World, where: str, facts: Facts | None = None) -> set[PrincipalId]:
    return set(standing_managers(facts or world.facts, CATALOGUE, world.at(where), NOW))


def test_r055_a_standing_manager_has_begun_and_has_no_end() -> None:
    """R055, I-MG-1: directly or through groups; neither a window with an end nor one that has not begun makes one."""
    world = stage(
        gives("alice", "account:1", "manage_users"),
        gives("ben", "account:1", "manage_users", until=LATER),
        gives("cleo", "account:1", "manage_users", since=AFTER),
        gives("dan", "account:1", "edit"),
        gives("robot", "account:1", "manage_users"),
        gives("acme/managers", "account:1", "manage_users", since=BEFORE),
        groups=(group("managers", member("xena", since=NOON), member("dan", until=LATER), groups=("core",)), group("core", "olga")),
    )
    assert standing(world, "account:1") == names(world, "alice", "xena", "olga")
    assert standing(world, "property:web") == set()


def test_neither_a_host_nor_an_organization_role_makes_a_standing_manager() -> None:
    world = stage(gives("olga", "host:h", role="administrator"), gives("alice", "host_account:7", role="administrator"))
    assert standing(world, "host_account:7") == names(world, "alice")
    assert standing(world, "host:h") == names(world, "olga")
    assert standing(world, "account:1") == set()
    assert standing_managers(world.facts, CATALOGUE, ResourceId(999), NOW) == frozenset()


def test_r056_whoever_is_suspended_manages_nothing() -> None:
    world = stage(
        gives("alice", "account:1", "manage_users"),
        gives("ben", "account:1", "manage_users"),
        gives("ben", "account:2", "manage_users"),
        acme={"suspended": ["ben@x.example"]},
    )
    assert standing(world, "account:1") == names(world, "alice")
    assert standing(world, "account:2") == names(world, "ben")
    alice = replace(world.principals["alice@x.example"], active=False)
    assert standing(world, "account:1", replace(world.facts, principals={**world.facts.principals, alice.id: alice})) == set()


def test_r108_a_site_needs_an_owner_and_an_administrator_is_none() -> None:
    world = stage(
        gives("alice", "resource:site", role="owner"),
        gives("ben", "resource:site", role="administrator"),
        gives("cleo", "service:s", "manage"),
    )
    assert standing(world, "resource:site") == names(world, "alice")
    assert standing(world, "service:s") == names(world, "cleo")


def test_what_is_in_the_trash_keeps_its_managers() -> None:
    world = stage(gives("alice", "account:1", "manage_users"))
    account = world.resources[ResourceRef("account", "1")]
    world.resources[account.ref] = replace(account, trashed=True)
    assert standing(world, "account:1") == names(world, "alice")


@given(worlds())
def test_i_mg_1_standing_managers_are_those_of_the_model(world: Drawn) -> None:
    """I-MG-1, R055: over all worlds, what remains once everything that has not begun or has an end is left out."""
    lasting = replace(
        world.facts,
        bindings=tuple(b for b in world.facts.bindings if model.in_force(b.window, world.at) and b.window.ends_at is None),
        memberships=tuple(m for m in world.facts.memberships if model.in_force(m.window, world.at) and m.window.ends_at is None),
    )
    for resource in world.facts.resources.values():
        expected = {person for person in PEOPLE if _stands(lasting, world, person, resource)}
        assert standing_managers(world.facts, world.catalogue, resource.id, world.at) == expected


def _stands(lasting: Facts, world: Drawn, person: PrincipalId, resource: Resource) -> bool:
    path, role = model.upwards(lasting, resource), world.blueprint.standing_role
    suspended = any(s.user == person and s.organization == model.linked(path) for s in lasting.suspensions)
    if suspended or not lasting.principals[person].active:
        return False
    if role not in world.blueprint.types[resource.ref.type].roles:
        return world.blueprint.granting in model.local(lasting, world.catalogue, person, path, world.at)
    rows = (
        b
        for b in lasting.bindings
        if b.resource == resource.id and b.role == role and b.principal in model.principals(lasting, person, world.at)
    )
    return any(model.counts(lasting, world.blueprint, b, path, world.at) for b in rows)
