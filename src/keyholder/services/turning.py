"""Turning pages: one page of a list that is read row by row, with the cursors of its neighbours (R047, R-DOS-3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from keyholder.services import cursors
from keyholder.services.cursors import Cursor, Part

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows are asked for: after which place in which direction, and how many at most."""

    after: tuple[Part, ...] | None
    backwards: bool
    most: int


@dataclass(frozen=True, slots=True)
class Turned(Generic[Row]):
    """The rows of one page in order; a cursor is empty where there is no such page."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""


def turn(
    read: Callable[[Wish], Sequence[Row]], place: Callable[[Row], tuple[Part, ...]], cursor: str, size: int, *context: object
) -> Turned[Row]:
    """Return a page: ``read`` gives the rows beyond a place in the direction asked for, ``place`` says where a row stands.

    ``context`` is everything that makes the list what it is. Raises Invalid, code ``cursor``, for a cursor of another list.
    """
    since, most = cursors.unseal(cursor, *context), cursors.clamp(size)
    is_back = since is not None and since.backwards
    found = list(read(Wish(None if since is None else since.position, is_back, most + 1)))
    kept = found[:most][::-1] if is_back else found[:most]
    if not kept:
        return Turned(())
    has_more = len(found) > most
    before, after = cursors.seal(Cursor(place(kept[0]), backwards=True), *context), cursors.seal(Cursor(place(kept[-1])), *context)
    return Turned(
        tuple(kept),
        next=after if is_back or has_more else "",
        previous=before if (has_more if is_back else since is not None) else "",
    )
