"""The memo answers as a check does, whatever it was asked before and however little it may remember."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from keyholder.engine.cache import MOST_SPANS, Memo
from keyholder.engine.decision import Question, check, effective
from tests.engine.casting import AFTER, CATALOGUE, gives, name, stage
from tests.engine.worlds import MOMENTS, NOW, TICK, Drawn, worlds

HALF = timedelta(microseconds=500_000)


@given(worlds(), st.sampled_from((0, 3, 1_000_000)))
def test_i_co_4_the_memo_answers_as_a_check(world: Drawn, most: int) -> None:
    """I-CO-4, R-DEC-3: at every moment, back and forth, also when it forgets all the time."""
    memo = Memo(world.facts, world.catalogue, most_entries=most)
    permissions = (*world.blueprint.permissions, "no such thing")
    for at in (MOMENTS[2], MOMENTS[2] + HALF, MOMENTS[0] - TICK, MOMENTS[3], MOMENTS[1]):
        for who, where in world.pairs():
            assert memo.effective(who, where, at) == effective(world.facts, world.catalogue, who, where, at)
            for permission in permissions:
                question = Question(who, where, permission)
                expected = check(world.facts, world.catalogue, question, at)
                assert memo.check(question, at) == expected
                assert memo.allows(who, where, permission, at) is expected.allowed


def test_a_memo_follows_the_clock_without_being_told() -> None:
    world = stage(gives("ben", "view:all", "edit", until=AFTER))
    memo, ben, view = Memo(world.facts, CATALOGUE), name(world, "ben"), world.at("view:all")
    end = NOW + TICK
    answers = [memo.allows(ben, view, "edit", at) for at in (NOW, end - timedelta(microseconds=1), end, NOW)]
    assert answers == [True, True, False, True]


def test_a_memo_stays_small() -> None:
    windows = [gives("ben", "view:all", "edit", until=f"2027-01-{day:02}T00:00:00Z") for day in range(1, 29)]
    world = stage(*windows)
    memo = Memo(world.facts, CATALOGUE, most_entries=10)
    for day in range(60):
        for where in world.facts.resources:
            memo.allows(name(world, "ben"), where, "edit", NOW + timedelta(days=day))
            memo.check(Question(name(world, "ben"), where, "edit"), NOW + timedelta(days=day))
    assert len(memo._spans) <= MOST_SPANS
    assert all(span.moment.remembered <= 10 and len(span.masks) <= 10 for span in memo._spans.values())
