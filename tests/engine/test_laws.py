"""Laws of the effective set: what holds in every world whatever is drawn."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.engine.decision import Question, Reason, check, decide, effective
from keyholder.engine.explanation import explain
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment
from keyholder.engine.search import what, who
from keyholder.engine.sources import sources
from tests.engine.worlds import NOWHERE, PEOPLE, STRANGER, TICK, Drawn, appointments, bindings, memberships, principals, worlds

Everything = dict[tuple[PrincipalId, ResourceId], int]


def everything(world: Drawn, facts: Facts | None = None) -> Everything:
    """Return the effective set of everybody everywhere."""
    moment = Moment(facts or world.facts, world.catalogue, world.at)
    return {pair: moment.effective(*pair) for pair in world.pairs()}


@given(worlds())
def test_i_az_2_what_is_held_above_is_held_below_over_open_edges(world: Drawn) -> None:
    """I-AZ-2, R007, R008, R013, R019: a set grows downwards, but for what the edge stops; unless suspension or trash begin there."""
    moment = Moment(world.facts, world.catalogue, world.at)
    for principal, resource in world.pairs():
        node = world.facts.resources.get(resource)
        if node is None or node.parent is None or not node.open or moment.obstacle(principal, resource):
            continue
        stops = world.blueprint.types[node.ref.type].stops
        assert not moment.effective(principal, node.parent) & ~stops & ~moment.effective(principal, resource)


@given(worlds())
def test_i_az_6_over_an_edge_comes_only_what_is_held_above_and_let_through(world: Drawn) -> None:
    """I-AZ-6: beyond what is given there nobody holds more than above it, less what the edge stops; over a closed edge nothing."""
    moment = Moment(world.facts, world.catalogue, world.at)
    for principal, resource in world.pairs():
        node = world.facts.resources.get(resource)
        if node is None or node.parent is None or moment.obstacle(principal, resource):
            continue
        own = moment.local(principal, resource) | moment.organization_role(principal, node)
        above = moment.effective(principal, node.parent) & ~world.blueprint.types[node.ref.type].stops if node.open else 0
        assert not moment.effective(principal, resource) & ~own & ~above


@given(worlds(), st.data())
def test_i_az_3_another_row_takes_nothing_away(world: Drawn, data: DataObject) -> None:
    """I-AZ-3, R011: adding a binding, a membership or a role shrinks no set; so removing one grows none."""
    rows = data.draw(bindings(world.blueprint, list(world.facts.resources.values()), most=2, first=100))
    wider = replace(
        world.facts,
        bindings=(*world.facts.bindings, *rows),
        memberships=(*world.facts.memberships, data.draw(memberships())),
        organization_members=(*world.facts.organization_members, data.draw(appointments())),
    )
    before, after = everything(world), everything(world, wider)
    assert not [pair for pair, mask in before.items() if mask & ~after[pair]]


@given(worlds(), st.data())
def test_i_az_3_suspension_trash_and_a_closed_edge_give_nothing(world: Drawn, data: DataObject) -> None:
    """I-AZ-3 for the three facts that take away: undoing one shrinks no set."""
    person, node = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(list(world.facts.resources.values())))
    freer = replace(
        world.facts,
        principals={**world.facts.principals, person: replace(world.facts.principals[person], active=True)},
        resources={**world.facts.resources, node.id: replace(node, open=True, trashed=False)},
        suspensions=world.facts.suspensions[1:],
    )
    before, after = everything(world), everything(world, freer)
    assert not [pair for pair, mask in before.items() if mask & ~after[pair]]


@given(worlds())
def test_i_az_7_a_set_holds_what_its_members_include(world: Drawn) -> None:
    """I-AZ-7, R003, R004: closed, at every resource."""
    assert not [mask for mask in everything(world).values() if world.blueprint.closure(mask) != mask]


@given(worlds())
def test_the_order_of_the_rows_has_no_meaning(world: Drawn) -> None:
    reversed_ = Facts(
        principals=dict(list(world.facts.principals.items())[::-1]),
        resources=dict(list(world.facts.resources.items())[::-1]),
        bindings=world.facts.bindings[::-1],
        memberships=world.facts.memberships[::-1],
        organization_members=world.facts.organization_members[::-1],
        suspensions=world.facts.suspensions[::-1],
    )
    assert everything(world) == everything(world, reversed_)
    for resource in world.facts.resources:
        assert who(world.facts, world.catalogue, resource, world.at) == who(reversed_, world.catalogue, resource, world.at)


@given(worlds(), st.sampled_from(PEOPLE))
def test_i_az_4_a_suspended_person_holds_nothing_anywhere(world: Drawn, person: PrincipalId) -> None:
    """I-AZ-4: not directly, not through groups, not by an organization."""
    suspended = replace(world.facts.principals[person], active=False)
    facts = replace(world.facts, principals={**world.facts.principals, person: suspended})
    assert not what(facts, world.catalogue, person, world.at)
    assert not [
        access for resource in facts.resources for access in who(facts, world.catalogue, resource, world.at) if access.principal == person
    ]


@given(worlds())
def test_i_az_10_whoever_and_whatever_is_unknown_is_denied_with_a_reason(world: Drawn) -> None:
    """I-AZ-10, R-DEC-6: never an error."""
    moment = Moment(world.facts, world.catalogue, world.at)
    resource, permission = next(iter(world.facts.resources)), next(iter(world.blueprint.permissions))
    questions = {
        Question(None, resource, permission): Reason.UNKNOWN_PRINCIPAL,
        Question(STRANGER, resource, permission): Reason.UNKNOWN_PRINCIPAL,
        Question(PEOPLE[0], None, permission): Reason.UNKNOWN_RESOURCE,
        Question(PEOPLE[0], NOWHERE, permission): Reason.UNKNOWN_RESOURCE,
        Question(PEOPLE[0], resource, "no such thing"): Reason.UNKNOWN_PERMISSION,
        Question(PEOPLE[0], resource, action="no such thing"): Reason.UNKNOWN_PERMISSION,
        Question(PEOPLE[0], resource): Reason.UNKNOWN_PERMISSION,
        Question(PEOPLE[0], resource, permission, "user.add"): Reason.UNKNOWN_PERMISSION,
    }
    for question, reason in questions.items():
        decision = decide(moment, question)
        assert (decision.allowed, decision.reason) == (False, reason)
        assert explain(world.facts, world.catalogue, question, world.at).reason is reason


@given(worlds())
def test_between_two_turns_of_a_window_nothing_changes(world: Drawn) -> None:
    """Windows are half open: what holds at a second's beginning holds until its end."""
    late = world.at + TICK - timedelta(microseconds=1)
    assert everything(world) == everything(replace(world, at=late))


@given(worlds())
def test_i_az_8_lists_agree_with_single_answers(world: Drawn) -> None:
    """I-AZ-8, R-DEC-1: who and what name exactly the pairs that hold something, with the same sets."""
    held = {pair: mask for pair, mask in everything(world).items() if mask}
    by_resource = [a for r in world.facts.resources for a in who(world.facts, world.catalogue, r, world.at)]
    by_principal = [a for p in world.facts.principals for a in what(world.facts, world.catalogue, p, world.at)]
    assert {(a.principal, a.resource): a.effective for a in by_principal} == held
    assert {(a.principal, a.resource): a.effective for a in by_resource} == {
        (p, r): mask for (p, r), mask in held.items() if p not in world.facts.groups
    }
    assert len(by_resource) == len(set(map(repr, by_resource)))


@given(worlds())
def test_r_dec_1_who_holds_a_permission_are_those_whose_check_is_yes(world: Drawn) -> None:
    moment = Moment(world.facts, world.catalogue, world.at)
    people = [p for p in world.facts.principals if p not in world.facts.groups]
    for resource in world.facts.resources:
        for permission in world.blueprint.permissions:
            listed = {a.principal for a in who(world.facts, world.catalogue, resource, world.at, permission=permission, with_sources=False)}
            assert listed == {p for p in people if decide(moment, Question(p, resource, permission)).allowed}
        assert not who(world.facts, world.catalogue, resource, world.at, permission="no such thing")


@given(worlds(), principals)
def test_r017_the_sources_give_exactly_what_is_effective(world: Drawn, principal: PrincipalId) -> None:
    """R017: nothing without a source, no source that gives nothing, and all of them in force."""
    for resource in world.facts.resources:
        found = sources(world.facts, world.catalogue, principal, resource, world.at)
        union = 0
        for source in found:
            union |= source.permissions
            assert source.permissions
            assert source.window.holds(world.at)
        assert union == effective(world.facts, world.catalogue, principal, resource, world.at)


@given(worlds(), principals)
def test_an_explanation_never_contradicts_the_check(world: Drawn, principal: PrincipalId) -> None:
    for resource in world.facts.resources:
        for permission in world.blueprint.permissions:
            question = Question(principal, resource, permission)
            told = explain(world.facts, world.catalogue, question, world.at)
            assert told.decision == check(world.facts, world.catalogue, question, world.at)
            assert told.decision.allowed is bool(told.paths) is (told.reason is Reason.GRANTED)
            assert not (told.decision.allowed and (told.near_misses or told.ask))
            assert told.reason is not Reason.NOT_HELD


@given(worlds(), principals)
def test_a_slice_answers_as_the_whole_world(world: Drawn, principal: PrincipalId) -> None:
    """R-DEC-1: rows that cannot matter to a question change neither its answer nor its sources."""
    for resource in world.facts.resources:
        part = slice_of(world.facts, principal, resource)
        for permission in world.blueprint.permissions:
            question = Question(principal, resource, permission)
            assert check(part, world.catalogue, question, world.at) == check(world.facts, world.catalogue, question, world.at)
        assert sources(part, world.catalogue, principal, resource, world.at) == sources(
            world.facts, world.catalogue, principal, resource, world.at
        )


def slice_of(facts: Facts, principal: PrincipalId, resource: ResourceId) -> Facts:
    """Return the rows that can matter to one principal at one resource, whenever that is asked."""
    parties, chain = {principal}, {node.id for node in facts.chain(resource)}
    for _step in facts.groups:
        parties |= {m.group for m in facts.memberships if m.member in parties}
    return Facts(
        principals={id_: known for id_, known in facts.principals.items() if id_ in parties},
        resources={id_: node for id_, node in facts.resources.items() if id_ in chain},
        bindings=tuple(b for b in facts.bindings if b.principal in parties and b.resource in chain),
        memberships=tuple(m for m in facts.memberships if m.member in parties),
        organization_members=tuple(m for m in facts.organization_members if m.user == principal),
        suspensions=tuple(s for s in facts.suspensions if s.user == principal),
    )
