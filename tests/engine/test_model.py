"""The engine against the model: every answer, for everybody, everywhere; and proof that the comparison would notice a broken engine."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from keyholder.domain.blueprint import NOTHING
from keyholder.domain.windows import Window
from keyholder.engine.decision import Question, decide
from keyholder.engine.facts import Facts
from keyholder.engine.moment import Moment, Reason
from tests import model
from tests.engine.worlds import Drawn, worlds

Mutant = Callable[[pytest.MonkeyPatch], None]


@given(worlds())
def test_r_dec_1_i_az_1_every_check_answers_as_the_model(world: Drawn) -> None:
    """R-DEC-1, I-AZ-1, R010: for every principal, permission and resource."""
    assert disagreement(world) is None


@given(worlds())
def test_r016_the_local_set_is_that_of_the_model(world: Drawn) -> None:
    moment = Moment(world.facts, world.catalogue, world.at)
    for principal in world.facts.principals:
        for resource in world.facts.resources.values():
            expected = model.local(world.facts, world.catalogue, principal, model.upwards(world.facts, resource), world.at)
            assert set(world.blueprint.names(moment.local(principal, resource.id))) == expected


@given(worlds())
def test_r_dec_1_an_action_is_its_permission_at_the_nearest_of_its_types(world: Drawn) -> None:
    """R-DEC-1, R032, R033: by the model, for every action everywhere."""
    moment = Moment(world.facts, world.catalogue, world.at)
    for action in world.blueprint.actions.values():
        for principal in world.facts.principals:
            for resource in world.facts.resources.values():
                place = next((node.id for node in model.upwards(world.facts, resource) if node.ref.type in action.types), None)
                held = model.effective(world.facts, world.catalogue, principal, place, world.at) if place else set()
                assert decide(moment, Question(principal, resource.id, action=action.name)).allowed is (action.permission in held)


def disagreement(world: Drawn) -> Question | None:
    """Return a question that engine and model answer differently."""
    moment = Moment(world.facts, world.catalogue, world.at)
    for principal, resource in world.pairs():
        expected = model.effective(world.facts, world.catalogue, principal, resource, world.at)
        for permission in world.blueprint.permissions:
            question = Question(principal, resource, permission)
            if decide(moment, question).allowed is not (permission in expected):
                return question
    return None


def _ends_belong_to_windows(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Window, "holds", lambda self, at: (self.starts_at or at) <= at <= (self.ends_at or at))


def _starts_do_not_belong_to_windows(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Window, "holds", lambda self, at: (not self.starts_at or self.starts_at < at) and (not self.ends_at or at < self.ends_at))


def _groups_do_not_nest(patch: pytest.MonkeyPatch) -> None:
    def one_step(self: Moment, principal: Any) -> frozenset[Any]:
        known = {principal} & set(self.facts.principals)
        return frozenset(known | {m.group for m in self.ways_up(principal) if m.window.holds(self.at)})

    patch.setattr(Moment, "reached", one_step)


def _closed_edges_are_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Moment, "passed_down", lambda self, mask, node: mask & ~self.type_of(node).stops)


def _everything_crosses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Moment, "passed_down", lambda _self, mask, node: mask if node.open else NOTHING)


def _assignments_need_no_role(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Moment, "is_assigned", lambda *_question: True)


def _foreign_groups_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Moment, "_is_foreign", lambda *_question: False)


def _admins_hold_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Moment, "organization_role", lambda *_question: NOTHING)


def _only_the_node_itself_can_be_trash(patch: pytest.MonkeyPatch) -> None:
    real = Moment.obstacle

    def forgetful(self: Moment, principal: Any, resource: Any) -> Reason | None:
        reason = real(self, principal, resource)
        return None if reason is Reason.TRASHED and not self.facts.resources[resource].trashed else reason

    patch.setattr(Moment, "obstacle", forgetful)


def _suspension_within_an_organization_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Facts, "suspended_in", frozenset())


MUTANTS: tuple[Mutant, ...] = (
    _ends_belong_to_windows,
    _starts_do_not_belong_to_windows,
    _groups_do_not_nest,
    _closed_edges_are_open,
    _everything_crosses,
    _assignments_need_no_role,
    _foreign_groups_count,
    _admins_hold_nothing,
    _only_the_node_itself_can_be_trash,
    _suspension_within_an_organization_is_forgotten,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__.strip("_"))
def test_the_comparison_notices_when(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    hard = settings(max_examples=500, phases=[Phase.generate], database=None)
    try:
        find(worlds(platform="laboratory"), lambda world: disagreement(world) is not None, settings=hard)
    except NoSuchExample:
        pytest.fail("five hundred worlds did not show the mutant")
