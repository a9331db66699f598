"""Searches by example: who is here, what is mine."""

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.engine.search import what, who
from tests.engine.casting import CATALOGUE, NOON, gives, group, name, stage
from tests.engine.worlds import NOW


def test_r017_who_lists_people_and_machines_with_what_they_have_here_and_altogether() -> None:
    """R016, R017, R-DEC-1: groups are not listed, their members are; who has nothing in force is not."""
    world = stage(
        gives("alice", "account:1", "manage_users"),
        gives("alice", "view:all", "read_analyze"),
        gives("acme/staff", "property:web", "edit"),
        gives("robot", "view:all", "read_analyze"),
        gives("dan", "view:all", "edit", until=NOON),
        groups=(group("staff", "ben", "cleo"),),
    )
    found = who(world.facts, CATALOGUE, world.at("view:all"), NOW)
    assert [access.principal for access in found] == [name(world, p) for p in ("alice", "ben", "cleo", "olga", "robot")]
    alice, ben = found[:2]
    blueprint = CATALOGUE.blueprints["google_analytics"]
    assert (blueprint.names(alice.local), blueprint.names(alice.effective)) == (("read_analyze",), ("manage_users", "read_analyze"))
    assert (ben.local, [source.groups for source in ben.sources]) == (0, [(name(world, "acme/staff"),)])
    editors = who(world.facts, CATALOGUE, world.at("view:all"), NOW, permission="edit", with_sources=False)
    assert [(access.principal, access.sources) for access in editors] == [(name(world, "ben"), ()), (name(world, "cleo"), ())]


def test_nobody_is_at_a_resource_that_is_not_there() -> None:
    world = stage(gives("alice", "account:1", "edit"))
    assert who(world.facts, CATALOGUE, ResourceId(999), NOW) == ()
    assert what(world.facts, CATALOGUE, PrincipalId(999), NOW) == ()


def test_what_lists_everything_down_to_the_last_view_and_nothing_above() -> None:
    world = stage(gives("dan", "property:web", "edit"), gives("dan", "host:h", role="administrator"), gives("dan", "report:r", "view"))
    found = {access.resource for access in what(world.facts, CATALOGUE, name(world, "dan"), NOW)}
    held = ("property:web", "view:all", "host:h", "host_account:7", "pixel:p7", "report:r")
    assert found == {world.at(ref) for ref in held}
    assert world.facts.by_ref[ResourceRef("property", "web")].id in found
