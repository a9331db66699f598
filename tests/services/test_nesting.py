"""Groups within groups: who puts one into another, what that gives, and how far it goes (R072 to R074, semantics 5)."""

from itertools import pairwise

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import group_members, groups, nesting, organizations
from keyholder.services.commands.bindings import Outcome
from tests.cast import NOW, OPERATOR, Cast, caller, group, holds
from tests.services.happened import actions, last
from tests.services.refusing import refused

COLLABORATES = {"collaborate", "read_analyze"}


def test_r072_r073_members_of_the_inner_get_what_the_outer_has(cast: Cast) -> None:
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
    assert holds(cast.dan, cast.view) == COLLABORATES
    nesting.unnest(by=caller(cast.alice), group=cast.interns, out_of=cast.analysts)
    assert holds(cast.dan, cast.view) == set()
    assert actions(last() - 1) == ["group.unnested"]


def test_it_needs_ownership_of_the_outer_group(cast: Cast) -> None:
    mine = group(cast.alice, cast.acme, "Builders")
    groups.add_owner(by=caller(cast.alice), group=mine, user=cast.cleo)
    with refused(Forbidden, "not_owner", "Analysts"):
        nesting.nest(by=caller(cast.cleo), group=mine, into=cast.analysts)
    assert nesting.nest(by=caller(cast.ben), group=mine, into=cast.analysts) is Outcome.ADDED
    assert nesting.nest(by=caller(cast.ben), group=mine, into=cast.analysts) is Outcome.UNCHANGED


def test_r081_groups_of_others_are_not_there_and_foreign_ones_stay_out(cast: Cast) -> None:
    bolt = organizations.create(by=caller(cast.dan), name="Bolt")
    foreign = group(cast.dan, bolt, "Foreigners")
    for inner, outer in ((foreign, cast.analysts), (cast.analysts, foreign), (PrincipalId(9999), cast.analysts)):
        with refused(NotFound, "not_found"):
            nesting.nest(by=caller(cast.ben), group=inner, into=outer)
    with refused(Conflict, "foreign_group", "Foreigners", "Analysts"):
        nesting.nest(by=OPERATOR, group=foreign, into=cast.analysts)


@pytest.mark.parametrize("begin", range(3))
def test_r074_a_cycle_is_refused_with_its_path(cast: Cast, begin: int) -> None:
    """The path begins with the group that is put in, whichever was made first."""
    made = [(group(cast.alice, cast.acme, name), name) for name in ("One", "Two", "Three")]
    (first, one), (second, two), (third, three) = made[begin:] + made[:begin]
    nesting.nest(by=caller(cast.alice), group=second, into=first)
    nesting.nest(by=caller(cast.alice), group=third, into=second)
    with refused(Conflict, "cycle", f"{one} > {two} > {three} > {one}"):
        nesting.nest(by=caller(cast.alice), group=first, into=third)
    with refused(Conflict, "cycle", f"{three} > {three}"):
        nesting.nest(by=OPERATOR, group=third, into=third)


def test_r_prv_4_a_diamond_is_allowed(cast: Cast) -> None:
    left, right, bottom = (group(cast.alice, cast.acme, name) for name in ("Left", "Right", "Bottom"))
    for inner, outer in ((left, cast.analysts), (right, cast.analysts), (bottom, left), (bottom, right)):
        nesting.nest(by=caller(cast.alice), group=inner, into=outer)
    group_members.add(by=OPERATOR, group=bottom, members=[cast.dan])
    nesting.unnest(by=caller(cast.alice), group=bottom, out_of=left)
    assert holds(cast.dan, cast.view) == COLLABORATES


def test_r_prv_4_a_chain_holds_twenty_groups(cast: Cast) -> None:
    """Whatever end it grows at, and with windows that are over."""
    chain = [group(cast.alice, cast.acme, f"Group {number}") for number in range(20)]
    for outer, inner in pairwise(chain[:10]):
        nesting.nest(by=caller(None, NOW.replace(year=2025)), group=inner, into=outer, window=Window(ends_at=NOW))
    for outer, inner in pairwise(chain[10:]):
        nesting.nest(by=OPERATOR, group=inner, into=outer)
    nesting.nest(by=OPERATOR, group=chain[10], into=chain[9])
    extra = group(cast.alice, cast.acme, "Extra")
    for inner, outer in ((extra, chain[19]), (chain[0], extra)):
        with refused(Conflict, "chain", "20", "21"):
            nesting.nest(by=OPERATOR, group=inner, into=outer)


def test_owners_of_either_take_it_out(cast: Cast) -> None:
    groups.add_owner(by=caller(cast.alice), group=cast.interns, user=cast.cleo)
    nesting.unnest(by=caller(cast.cleo), group=cast.interns, out_of=cast.analysts)
    with refused(NotFound, "not_found"):
        nesting.unnest(by=caller(cast.ben), group=cast.interns, out_of=cast.analysts)
    nesting.nest(by=caller(cast.ben), group=cast.interns, into=cast.analysts)
    groups.remove_owner(by=caller(cast.alice), group=cast.interns, user=cast.cleo)
    with refused(Forbidden, "not_owner", "Analysts"):
        nesting.unnest(by=caller(cast.cleo), group=cast.interns, out_of=cast.analysts)
    with refused(NotFound, "not_found"):
        nesting.unnest(by=caller(cast.dan), group=cast.interns, out_of=cast.analysts)
    nesting.unnest(by=caller(cast.ben), group=cast.interns, out_of=cast.analysts)


def test_what_is_in_there_through_another_is_named(cast: Cast) -> None:
    pupils = group(cast.alice, cast.acme, "Pupils")
    nesting.nest(by=caller(cast.alice), group=pupils, into=cast.interns)
    with refused(Conflict, "through_group", "Pupils", "Analysts", "Interns"):
        nesting.unnest(by=caller(cast.alice), group=pupils, out_of=cast.analysts)
