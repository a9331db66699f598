"""Groups within groups: circles are found with their path, chains are measured."""

from graphlib import CycleError
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyholder.engine.hierarchy import LONGEST_CHAIN, circle, longest_chain

Edges = list[tuple[str, str]]

edges = st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=8)


def test_r074_a_circle_is_named_by_its_path() -> None:
    """R074: ``A > B > C > A``, also through others, also a group in itself."""
    assert circle([("A", "B"), ("B", "C"), ("C", "A")]) == ("A", "B", "C", "A")
    assert circle([("X", "C"), ("C", "A"), ("A", "B"), ("B", "C")]) == ("C", "A", "B", "C")
    assert circle([("A", "A")]) == ("A", "A")


def test_a_diamond_is_no_circle() -> None:
    assert circle([("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")]) == ()
    assert circle([]) == ()


def test_r_prv_4_the_longest_chain_is_measured_in_groups() -> None:
    """R-PRV-4, I-GR-1: twenty are allowed."""
    chain = [f"g{number:02}" for number in range(LONGEST_CHAIN)]
    shortcut = (chain[0], chain[-1])
    assert longest_chain([*pairwise(chain), shortcut]) == tuple(chain)
    assert longest_chain([]) == ()
    with pytest.raises(CycleError):
        longest_chain([("A", "B"), ("B", "A")])


def test_a_long_chain_is_measured_without_growing_the_stack() -> None:
    assert len(longest_chain(pairwise(range(50_000)))) == 50_000


@given(edges)
def test_i_gr_1_a_circle_is_found_exactly_where_a_group_contains_itself(drawn: Edges) -> None:
    path = circle(drawn)
    assert bool(path) is any(group in _inside(drawn, group) for group in "ABCDE")
    assert not path or (path[0] == path[-1] and set(pairwise(path)) <= set(drawn) and len(set(path)) == len(path) - 1)


@given(edges)
def test_a_longest_chain_is_a_chain_and_none_is_longer(drawn: Edges) -> None:
    if circle(drawn):
        return
    chain = longest_chain(drawn)
    assert set(pairwise(chain)) <= set(drawn)
    assert len(chain) == max((_depth(drawn, group) for edge in drawn for group in edge), default=0)


def _inside(drawn: Edges, group: str) -> set[str]:
    found = {contained for outer, contained in drawn if outer == group}
    for _step in drawn:
        found |= {contained for outer, contained in drawn if outer in found}
    return found


def _depth(drawn: Edges, group: str) -> int:
    return 1 + max((_depth(drawn, contained) for outer, contained in drawn if outer == group), default=0)
