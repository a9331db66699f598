"""Slices: with the few rows that can matter the engine says what it says with all of them, and they come by one query (R-DEC-1)."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.engine.decision import Question, check
from keyholder.engine.facts import Facts
from keyholder.engine.management import standing_managers
from keyholder.engine.moment import Moment
from keyholder.engine.search import what, who
from keyholder.engine.sources import sources_at
from keyholder.storage import slices
from keyholder.storage.models import User
from tests.engine.worlds import NOWHERE, STRANGER, Drawn, worlds
from tests.storage.rows import queries, stored

pytestmark = pytest.mark.django_db
drawn = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(8, settings().max_examples // 4))


def answers(facts: Facts, world: Drawn, principal: PrincipalId, resource: ResourceId) -> tuple[object, ...]:
    """Return everything that is asked about one principal and one resource."""
    moment = Moment(facts, world.catalogue, world.at)
    found = [check(facts, world.catalogue, Question(principal, resource, name), world.at) for name in world.blueprint.permissions]
    known = moment.reached(principal), moment.local(principal, resource), moment.effective(principal, resource)
    return (*found, *known, sources_at(moment, principal, resource))


@drawn
@given(worlds())
def test_what_was_written_is_read_back(world: Drawn) -> None:
    """Everything but what hangs in the air, which no table holds."""
    known = world.facts
    with stored(known, world.catalogue):
        read = slices.world()
    assert (dict(read.principals), dict(read.resources)) == (dict(known.principals), dict(known.resources))
    for binding in read.bindings:
        mask = world.blueprint.roles[binding.role].mask if binding.role else binding.mask
        assert binding in {replace(row, mask=mask) for row in known.bindings}
    assert set(read.memberships) <= set(known.memberships)
    linked = {node.organization for node in known.resources.values()}
    pairs = {(row.organization, row.user) for row in known.organization_members if row.organization in linked}
    assert {(row.organization, row.user) for row in read.organization_members} == pairs
    assert set(read.suspensions) == {row for row in known.suspensions if row.organization in linked}


@drawn
@given(worlds())
def test_a_question_has_the_same_answer_by_a_slice_as_by_the_world(world: Drawn) -> None:
    """Also about several at once, about strangers and about what is not there."""
    with stored(world.facts, world.catalogue):
        whole = slices.world()
        people = (*whole.principals, STRANGER)
        together = slices.of(people, [*whole.resources, NOWHERE])
        for principal, resource in world.pairs():
            expected = answers(whole, world, principal, resource)
            assert answers(together, world, principal, resource) == expected
            if (principal + resource) % 5 == 0:
                assert answers(slices.of([principal], [resource]), world, principal, resource) == expected


@drawn
@given(worlds())
def test_a_person_and_a_resource_are_found_by_their_names(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        whole = slices.world()
        for person in User.objects.order_by("pk"):
            for node in list(whole.resources.values())[person.pk % 3 :: 3]:
                facts = slices.of_question(person.canonical, node.ref)
                who_, where = PrincipalId(person.pk), node.id
                assert answers(facts, world, who_, where) == answers(whole, world, who_, where)
        nowhere = slices.of_question("nobody@acme.example", ResourceRef("account", "none"))
        assert (dict(nowhere.principals), dict(nowhere.resources)) == ({}, {})


@drawn
@given(worlds())
def test_who_has_access_is_the_same_by_a_slice(world: Drawn) -> None:
    """I-AZ-8: with every detail; so is who stands as a manager."""
    with stored(world.facts, world.catalogue):
        whole = slices.world()
        together = slices.at(whole.resources)
        for resource in (*whole.resources, NOWHERE):
            expected = who(whole, world.catalogue, resource, world.at)
            standing = standing_managers(whole, world.catalogue, resource, world.at)
            for facts in (together, slices.at([resource])):
                assert who(facts, world.catalogue, resource, world.at) == expected
                assert standing_managers(facts, world.catalogue, resource, world.at) == standing


@drawn
@given(worlds())
def test_what_somebody_reaches_is_the_same_by_a_slice(world: Drawn) -> None:
    """I-AZ-8: also for groups and service accounts, and for several at once."""
    with stored(world.facts, world.catalogue):
        whole = slices.world()
        together = slices.held_by(whole.principals)
        for principal in (*whole.principals, STRANGER):
            expected = what(whole, world.catalogue, principal, world.at)
            for facts in (together, slices.held_by([principal])):
                assert what(facts, world.catalogue, principal, world.at) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=3)
@given(worlds())
def test_each_is_one_query_whatever_it_is_about(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        people = [p.id for p in world.facts.principals.values() if p.kind is not PrincipalKind.GROUP]
        nodes = list(world.facts.resources)
        for few in ([], people[:1], people):
            for some in ([], nodes[:1], nodes):
                assert queries(lambda few=few, some=some: slices.of(few, some)) == 1  # type: ignore[misc]  # bound at once
                assert queries(lambda some=some: slices.at(some)) == 1  # type: ignore[misc]  # bound at once
            assert queries(lambda few=few: slices.held_by(few)) == 1  # type: ignore[misc]  # bound at once
        assert queries(lambda: slices.of_question("p1@acme.example", ResourceRef("account", "1"))) == 1
        assert queries(slices.world) == 1
