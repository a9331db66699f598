"""The roster's statement against the engine: the same people with the same permissions, whatever the world."""

from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyholder.domain.blueprint import Action, Catalogue, Mask
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, PolicyMode, violation
from keyholder.domain.roster import Filters, Origin, Sort, Tab
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.search import access
from keyholder.storage import lineages, roster, slices
from keyholder.storage.models import Resource, User
from keyholder.storage.roster_below import places_of, types_below
from tests.engine import made_up
from tests.engine.worlds import Drawn, worlds
from tests.storage.rows import stored

pytestmark = pytest.mark.django_db

FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def listed(world: Drawn, resource: Any, tab: Tab) -> dict[PrincipalId, Any]:
    """Return the rows of a tab by principal."""
    lineage = lineages.of(Resource.objects.get(pk=resource))
    found = roster.page(lineage, world.catalogue, roster.Wanted(tab, most=200), world.at)
    return {row.principal: row for row in found.rows}


@FIXED
@given(worlds())
def test_r_dec_1_the_roster_lists_exactly_those_whom_the_engine_finds(world: Drawn) -> None:
    """R-DEC-1, I-AZ-8: people, service accounts and groups; with the same sets, once nobody is suspended."""
    with stored(world.facts, world.catalogue):
        facts = slices.world()
        held = Moment(facts.without_shadows(), world.catalogue, world.at)
        decided = Moment(facts, world.catalogue, world.at)
        for resource in facts.resources:
            in_trash = any(node.trashed for node in facts.chain(resource))
            expected = {p: Mask(0) if in_trash else held.effective(p, resource) for p in facts.principals}
            rows = {**listed(world, resource, Tab.PEOPLE), **listed(world, resource, Tab.GROUPS)}
            assert {p: row.held for p, row in rows.items()} == {p: mask for p, mask in expected.items() if mask}
            assert {p for p, row in rows.items() if not row.suspended} == {p for p in facts.principals if decided.effective(p, resource)}


@FIXED
@given(worlds())
def test_until_is_the_first_end_of_anything_held(world: Drawn) -> None:
    with stored(world.facts, world.catalogue):
        moment = Moment(slices.world().without_shadows(), world.catalogue, world.at)
        for resource in moment.facts.resources:
            for principal, row in listed(world, resource, Tab.PEOPLE).items():
                found = access(moment, principal, resource)
                ends = []
                for permission in world.blueprint.permissions.values():
                    ways = [source.until for source in found.sources if source.permissions & permission.mask]
                    ends += [max(end for end in ways if end)] if ways and None not in ways else []
                assert row.until == min(ends, default=None)


@FIXED
@given(worlds(), st.sampled_from(Sort), st.booleans(), st.integers(1, 3))
def test_r_dos_3_pages_put_together_are_the_list(world: Drawn, sort: Sort, descending: bool, size: int) -> None:  # noqa: FBT001 - drawn
    """R-DOS-3, R062: every order is total; walking its pages shows everybody once."""
    with stored(world.facts, world.catalogue):
        for node in Resource.objects.all()[:3]:
            lineage = lineages.of(node)
            whole = roster.page(lineage, world.catalogue, roster.Wanted(sort=sort, descending=descending, most=200), world.at)
            assert [row.position for row in whole.rows] == sorted((row.position for row in whole.rows), reverse=descending)
            walked: list[Any] = []
            after = None
            for _page in range(len(whole.rows) + 1):
                wanted = roster.Wanted(sort=sort, descending=descending, after=after, most=size)
                found = roster.page(lineage, world.catalogue, wanted, world.at).rows
                walked += found
                after = found[-1].position if found else after
            assert walked == list(whole.rows)


def test_only_nodes_whose_users_the_reader_sees_are_looked_at() -> None:
    """R064: what shows users does not cross the edge to a bench, or is not declared for drawers: what lies there is looked at no more."""
    lab = Resource(type="lab")

    def looked_at(types: set[str], stops: int) -> list[str]:
        plan = made_up.blueprint()
        bench = replace(plan.types["bench"], stops=Mask(stops))
        action = Action("user.view", "rule", frozenset(types), made_up.LABELS)
        plan = replace(plan, types={**plan.types, "bench": bench}, actions={"user.view": action})
        return [kind.name for kind in types_below([lab], Catalogue({"laboratory": plan}))]

    assert looked_at({"lab", "bench", "drawer"}, made_up.LEND) == ["bench", "drawer"]
    assert looked_at({"lab", "bench"}, made_up.LEND) == ["bench"]
    assert looked_at({"lab", "bench", "drawer"}, made_up.RULE) == []


domains = st.sampled_from(["acme.example", "*.acme.example", "*.example", "acme.example.org", "*.com"])
addresses = st.sampled_from(["p1@acme.example", "p2@acme.example", "p3@acme.example", "p_@acme.example"])


@FIXED
@given(
    worlds(platform="google_analytics", shadows=False),
    st.builds(
        Policy,
        st.sampled_from(PolicyMode),
        st.lists(domains, max_size=2).map(tuple),
        st.lists(addresses, max_size=2).map(tuple),
        st.lists(addresses, max_size=2).map(tuple),
        st.booleans(),
    ),
    st.sets(st.sampled_from([1, 2, 3])),
)
def test_r088_the_filter_finds_whom_the_policy_does_not_take(world: Drawn, policy: Policy, verified: set[int]) -> None:
    with stored(world.facts, world.catalogue):
        User.objects.filter(pk__in=verified).update(email_verified=True)
        for node in Resource.objects.all():
            lineage = lineages.of(node)
            outside, inside, whole = (
                set(roster.everybody(lineage, world.catalogue, roster.Wanted(Tab.PEOPLE, Filters(violation=asked), policy), world.at))
                for asked in (True, False, None)
            )
            people = {u.pk: u for u in User.objects.filter(pk__in=whole)}
            assert outside == {pk for pk, u in people.items() if violation(policy, u.canonical, verified=u.email_verified)}
            assert outside | inside == whole
            assert not outside & inside


def below(facts: Facts, resource: Any) -> set[Any]:
    """Return the nodes below a resource that something of it would reach: over open edges, with nothing in the trash on the way."""
    found: set[Any] = set()
    for node in facts.resources:
        whole = list(facts.chain(node))
        way = list(takewhile(lambda step: step.id != resource, whole))
        if 0 < len(way) < len(whole) and all(step.open for step in way) and not any(step.trashed for step in whole):
            found.add(node)
    return found


def last_end(moment: Moment, principal: PrincipalId, nodes: set[Any]) -> datetime | None:
    """Return the moment at which the last of what somebody has at some nodes ends; None where some of it lasts."""
    ends = [source.until for node in nodes for source in access(moment, principal, node).sources]
    return None if None in ends else max(end for end in ends if end)


@FIXED
@given(worlds())
def test_r_dec_1_r040_only_below_are_those_who_are_on_a_list_below_and_not_on_this_one(world: Drawn) -> None:
    """R-DEC-1, R040: with nothing held here; when the last of it ends; and everybody's places are where something is bound."""
    with stored(world.facts, world.catalogue):
        facts = slices.world()
        held = Moment(facts.without_shadows(), world.catalogue, world.at)
        for resource in facts.resources:
            lineage = lineages.of(Resource.objects.get(pk=resource))
            in_trash = any(node.trashed for node in facts.chain(resource))
            lower = below(facts, resource)
            here = set() if in_trash else {p for p in facts.principals if held.effective(p, resource)}
            expected = {p for p in facts.principals for node in lower if held.effective(p, node)} - here
            asked = [roster.Wanted(tab, Filters(origin=Origin.BELOW), most=200) for tab in Tab]
            rows = {row.principal: row for wanted in asked for row in roster.page(lineage, world.catalogue, wanted, world.at).rows}
            assert set(rows) == expected
            assert sum(roster.totals(lineage, world.catalogue, asked[0], world.at).values()) == len(expected)
            assert not any(row.held or row.direct for row in rows.values())
            assert {p: row.until for p, row in rows.items()} == {p: last_end(held, p, lower) for p in expected}
            held_back = {row.user for row in facts.suspensions if row.organization == held.organization_of(resource)}
            assert {p for p, row in rows.items() if row.suspended} == {
                p for p in expected if p in held_back or not facts.principals[p].active
            }
            places = places_of(rows, lineage, world.catalogue, (), 99, world.at)
            for principal in expected:
                assert set(places[principal].places) <= {node for node in lower if held.effective(principal, node)}
                assert places[principal].total == len(places[principal].places) > 0
