"""Groups within groups: no circles, and chains of at most twenty (semantics 5, R074, R-PRV-4, I-GR-1).

An edge is a pair: the group that contains, the group that is contained. Every edge counts whatever its window; what names a group
(a number, a key in a file) does not matter.
"""

from collections.abc import Hashable, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)

LONGEST_CHAIN = 20
"""Groups in a chain, the outermost and the innermost counted."""


def circle(edges: Iterable[tuple[Group, Group]]) -> tuple[Group, ...]:
    """Return a circle as its path, ``(A, B, C, A)`` where A contains B, B contains C and C contains A; empty where there is none (R074).

    The path begins with the group of the circle that the edges name first.
    """
    listed = list(edges)
    try:
        _containment(listed).prepare()
    except CycleError as found:
        path: list[Group] = found.args[1][:0:-1]
        named = [group for edge in listed for group in edge]
        start = min(range(len(path)), key=lambda place: named.index(path[place]))
        return (*path[start:], *path[: start + 1])
    return ()


def longest_chain(edges: Iterable[tuple[Group, Group]]) -> tuple[Group, ...]:
    """Return the groups of one of the longest chains, the outermost first; empty without edges. Raises CycleError for a circle."""
    listed = list(edges)
    inside: dict[Group, list[Group]] = {}
    for group, contained in listed:
        inside.setdefault(group, []).append(contained)
    depth: dict[Group, int] = {}
    for group in _containment(listed).static_order():
        depth[group] = 1 + max((depth[contained] for contained in inside.get(group, ())), default=0)
    chain: list[Group] = []
    level = list(depth)
    while level:
        chain.append(max(level, key=depth.__getitem__))
        level = inside.get(chain[-1], [])
    return tuple(chain)


def _containment(edges: Iterable[tuple[Group, Group]]) -> "TopologicalSorter[Group]":
    """Order groups so that what is contained comes before what contains it."""
    order: TopologicalSorter[Group] = TopologicalSorter()
    for group, contained in edges:
        order.add(group, contained)
    return order
