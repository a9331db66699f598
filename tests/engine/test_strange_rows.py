"""Rows that should not be there decide nothing (R-PRV-7)."""

from dataclasses import replace
from typing import Any

from keyholder.domain.identifiers import PrincipalKind, ResourceId, ResourceRef
from keyholder.engine.facts import Facts, Membership
from tests.engine.casting import gives, group, held, name, stage
from tests.world import World


def _orphan(world: World, **changes: Any) -> Facts:
    web = replace(world.resources[ResourceRef("property", "web")], **changes)
    return replace(world.facts, resources={**world.facts.resources, web.id: web})


def test_r_prv_7_a_resource_out_of_its_place_is_held_by_nobody() -> None:
    """R-PRV-7: its parent is missing, of a type that it does not belong under, or in a circle with it."""
    world = stage(gives("ben", "account:1", "edit"), gives("ben", "property:web", "edit"), gives("ben", "view:all", "edit"))
    assert held(world, "ben", "view:all")
    for parent in (ResourceId(999), None, world.at("lab:l"), world.at("view:all"), world.at("property:web")):
        assert not held(world, "ben", "view:all", _orphan(world, parent=parent))
    assert not held(world, "ben", "property:web", _orphan(world, ref=ResourceRef("screen", "web")))


def test_r_prv_7_rows_of_the_deleted_and_of_other_organizations_decide_nothing() -> None:
    world = stage(
        gives("acme/staff", "view:all", "edit"),
        gives("bolt/team", "view:all", "edit"),
        gives("acme/staff", "account:2", "edit"),
        gives("ben", "host_account:7", role="standard"),
        groups=(group("staff", "cleo"),),
    )
    facts = world.facts
    strange = Membership(name(world, "bolt/team"), name(world, "dan"))
    into_a_person = Membership(name(world, "cleo"), name(world, "dan"))
    facts = replace(facts, memberships=(*facts.memberships, strange, into_a_person))
    assert held(world, "cleo", "view:all", facts)
    assert held(world, "cleo", "account:2", facts) == held(world, "dan", "view:all", facts) == ()
    unknown_role = tuple(replace(b, role="emperor") if b.role else b for b in facts.bindings)
    assert held(world, "ben", "host_account:7", replace(facts, bindings=unknown_role)) == ()
    without_staff = {id_: p for id_, p in facts.principals.items() if id_ != name(world, "acme/staff")}
    assert held(world, "cleo", "view:all", replace(facts, principals=without_staff)) == ()
    homeless = {id_: replace(p, organization=None) if p.kind is PrincipalKind.GROUP else p for id_, p in facts.principals.items()}
    assert held(world, "cleo", "view:all", replace(facts, principals=homeless)) == ()
    assert held(world, "cleo", "account:2", replace(facts, principals=homeless)) == ()
