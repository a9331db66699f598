"""What exists for whom: at what one holds something, above it by name, below it over open edges (semantics 3)."""

import pytest
from hypothesis import HealthCheck, given, settings

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.storage import slices, visibility
from keyholder.storage.models import Resource
from tests.engine.worlds import Drawn, worlds
from tests.storage.rows import stored

pytestmark = pytest.mark.django_db


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(worlds())
def test_r_ten_1_a_resource_exists_for_who_has_something_there_above_or_below(world: Drawn) -> None:
    """R-TEN-1, R014, R098: over open edges downwards, by name upwards; nothing else exists."""
    with stored(world.facts, world.catalogue):
        moment = Moment(slices.world(), world.catalogue, world.at)
        nodes = {ResourceId(row.pk): row for row in Resource.objects.all()}
        for person in [p for p in moment.facts.principals.values() if p.kind is not PrincipalKind.GROUP]:
            expected = exist(moment, person.id)
            assert {n for n, row in nodes.items() if visibility.exists_for(person.id, row.path, world.at)} == expected
            for parent in (None, *nodes):
                types = [row.type for row in nodes.values()]
                found = visibility.children_for(person.id, parent, types, world.at)
                assert set(found) == {n for n in expected if nodes[n].parent_id == parent and nodes[n].trashed_at is None}


def exist(moment: Moment, person: PrincipalId) -> set[ResourceId]:
    """Return what exists for a person, by brute force."""
    facts: Facts = moment.facts
    if not facts.principals[person].active:
        return set()
    parties = moment.reached(person)
    held = {b.resource for b in facts.bindings if b.principal in parties and b.window.holds(moment.at)}
    homes = {m.organization for m in facts.organization_members if m.user == person}
    held |= {node.id for node in facts.resources.values() if node.organization in homes}
    found = {above.id for resource in held for above in facts.chain(resource)}
    to_visit = list(held)
    while to_visit:
        children = [child for child in facts.children.get(to_visit.pop(), ()) if child.open]
        found |= {child.id for child in children}
        to_visit += [child.id for child in children]
    return found
