"""What exists for whom: at what one holds something, above it by name, below it over open edges; by name to the invited (semantics 3)."""

from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId
from keyholder.domain.invitations import InvitationState
from keyholder.engine.facts import Binding, Facts
from keyholder.engine.moment import Moment
from keyholder.storage import blueprints, slices, visibility
from keyholder.storage.models import Invitation, PlannedBinding, Resource, User
from tests.engine.worlds import PEOPLE, Drawn, worlds
from tests.storage.rows import stored

pytestmark = pytest.mark.django_db


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(worlds())
def test_r_ten_1_a_resource_exists_for_who_has_something_there_above_or_below(world: Drawn) -> None:
    """R-TEN-1, R014, R098: over open edges downwards, by name upwards; nothing else exists, nor what an organization keeps them out of."""
    with stored(world.facts, world.catalogue), patch.object(blueprints, "catalogue", lambda: world.catalogue):
        moment = Moment(slices.world(), world.catalogue, world.at)
        nodes = {ResourceId(row.pk): row for row in Resource.objects.all()}
        for person in [p for p in moment.facts.principals.values() if p.kind is not PrincipalKind.GROUP]:
            expected = exist(moment, person.id)
            assert {n for n, row in nodes.items() if visibility.exists_for(person.id, row.path, world.at)} == expected
            for parent in (None, *nodes):
                types = [row.type for row in nodes.values()]
                found = visibility.children_for(person.id, parent, types, world.at)
                assert set(found) == {n for n in expected if nodes[n].parent_id == parent and nodes[n].trashed_at is None}


@dataclass(frozen=True)
class Asked:
    """One invitation: of whom, to what, planning something where, sent how many days ago, and what became of it."""

    person: PrincipalId
    account: ResourceId
    planned: tuple[ResourceId, ...]
    days: int
    seconds: int
    state: InvitationState

    def write(self, world: Drawn) -> None:
        """Keep it in the tables; an answered one was answered at once."""
        sent = world.at - timedelta(days=self.days) - timedelta(seconds=self.seconds)
        pending = self.state is InvitationState.PENDING
        address = f"p{self.person}@acme.example"
        done: dict[str, object] = {} if pending else {"settled_at": sent}
        if self.state is InvitationState.ACCEPTED:
            done |= {"accepted_by_id": self.person, "accepted_way": "mailed"}
        names = {"email": address, "canonical": address, "made_at": sent, "sent_at": sent, "state": self.state.value}
        row = Invitation.objects.create(account_id=self.account, **names, **done)
        for place in self.planned:
            PlannedBinding.objects.create(invitation=row, resource_id=place, permissions="x", mask=1)

    def is_good(self, days: int) -> bool:
        """Say whether it can still be accepted."""
        return self.state is InvitationState.PENDING and timedelta(days=self.days, seconds=self.seconds) < timedelta(days=days)


@st.composite
def invited_worlds(draw: DrawFn) -> tuple[Drawn, list[Asked], set[PrincipalId]]:
    """Draw a world, invitations in it (one for each person and account), and whose address is proven."""
    world = draw(worlds())
    nodes = st.sampled_from(list(world.facts.resources))
    seconds = st.sampled_from((-1, 0, 1))
    states = st.sampled_from((*[InvitationState.PENDING] * 5, *InvitationState))
    rows = st.builds(
        Asked, st.sampled_from(PEOPLE), nodes, st.lists(nodes, max_size=2, unique=True).map(tuple), st.sampled_from((3, 7)), seconds, states
    )
    found = draw(st.lists(rows, max_size=4, unique_by=lambda row: (row.person, row.account)))
    return world, found, draw(st.sets(st.sampled_from(PEOPLE), min_size=1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(invited_worlds())
def test_r_inv_5_to_who_is_invited_a_resource_exists_by_name_while_the_invitation_is_good(
    drawn: tuple[Drawn, list[Asked], set[PrincipalId]],
) -> None:
    """R-TEN-1, R-INV-5: its account, what it plans there, and what is above; only for a proven address, and nothing else comes with it."""
    world, invitations, proven = drawn
    with stored(world.facts, world.catalogue), patch.object(blueprints, "catalogue", lambda: world.catalogue):
        User.objects.filter(pk__in=proven).update(email_verified=True)
        try:
            for invitation in invitations:
                invitation.write(world)
            moment = Moment(slices.world(), world.catalogue, world.at)
            for person in PEOPLE:
                own = [
                    row for row in invitations if row.person == person and person in proven and row.is_good(world.blueprint.invitation_days)
                ]
                _seen_by_name(moment, person, named(moment, person, own))
        finally:
            PlannedBinding.objects.all().delete()
            Invitation.objects.all().delete()


def _seen_by_name(moment: Moment, person: PrincipalId, by_name: set[ResourceId]) -> None:
    """Compare list, single answer and search with what exists; what one holds, and where one belongs, stays as it is without."""
    nodes = {ResourceId(row.pk): row for row in Resource.objects.all()}
    held = exist(moment, person)
    assert {n for n, row in nodes.items() if visibility.exists_for(person, row.path, moment.at)} == held | by_name
    assert {n for n, row in nodes.items() if visibility.concerns(person, row.path, moment.at)} == held
    assert set(visibility.resources_for(person, "1 = 1", "r.id", {}, moment.at)) == held | by_name
    assert visibility.concerning(person, list(nodes), moment.at) == held
    assert visibility.holds_anything(person, moment.at) is bool(held)
    for parent in (None, *nodes):
        found = visibility.children_for(person, parent, [row.type for row in nodes.values()], moment.at)
        assert set(found) == {n for n in held | by_name if nodes[n].parent_id == parent and nodes[n].trashed_at is None}


def named(moment: Moment, person: PrincipalId, invitations: list[Asked]) -> set[ResourceId]:
    """Return what good invitations name to a person, by brute force."""
    if not moment.facts.principals[person].active:
        return set()
    places = {row.account for row in invitations}
    places |= {p for row in invitations for p in row.planned if row.account in {above.id for above in moment.facts.chain(p)}}
    return {above.id for place in places if not shut_out(moment, person, place) for above in moment.facts.chain(place)}


def exist(moment: Moment, person: PrincipalId) -> set[ResourceId]:
    """Return what exists for a person, by brute force."""
    facts: Facts = moment.facts
    if not facts.principals[person].active:
        return set()
    parties = moment.reached(person)
    held = {b.resource for b in facts.bindings if b.principal in parties and b.window.holds(moment.at) and not sleeps(moment, b)}
    homes = {m.organization for m in facts.organization_members if m.user == person}
    held |= {node.id for node in facts.resources.values() if node.organization in homes}
    held = {resource for resource in held if not shut_out(moment, person, resource)}
    found = {above.id for resource in held for above in facts.chain(resource)}
    to_visit = list(held)
    while to_visit:
        children = [child for child in facts.children.get(to_visit.pop(), ()) if child.open]
        found |= {child.id for child in children}
        to_visit += [child.id for child in children]
    return {resource for resource in found if not shut_out(moment, person, resource)}


def sleeps(moment: Moment, binding: Binding) -> bool:
    """Say whether a binding is assigned beside a role that its holder has not got at present."""
    rule = moment.type_of(moment.facts.resources[binding.resource]).assignment
    above = {node.id for node in moment.facts.chain(binding.resource) if rule is not None and node.ref.type == rule.at}
    roles = (row.role for row in moment.facts.bindings_of[binding.principal] if row.resource in above and row.window.holds(moment.at))
    return rule is not None and rule.role not in set(roles)


def shut_out(moment: Moment, person: PrincipalId, resource: ResourceId) -> bool:
    """Say whether a person is suspended within the organization that a resource's account is linked to."""
    return any((node.organization, person) in moment.facts.suspended_in for node in moment.facts.chain(resource))
