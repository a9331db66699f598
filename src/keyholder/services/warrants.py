"""Warrants: each question of authority that was answered with yes leaves one, and what a command gives away must have its warrant.

So no door has a rule of its own, and one that forgets to ask is found out at the end of its first command (R-PRV-1, semantics 4).
"""

from collections import defaultdict
from enum import StrEnum


class Matter(StrEnum):
    """What, besides permissions at a resource, somebody may be allowed to give."""

    GROUP = "group"
    """Members of a group, and with them whatever it has."""
    ORGANIZATION = "organization"
    """Roles in an organization."""
    PEOPLE = "people"
    """Ending a suspension within an organization."""
    EDGE = "edge"
    """Opening the edge between an account and what stands above it."""
    LINK = "link"
    """Linking an account to an organization."""
    TRASH = "trash"
    """Taking a resource out of the trash, with everything that people have there."""
    PLACE = "place"
    """Moving a resource to where others have access."""
    INSTANCE = "instance"
    """People's status, and who operates the instance."""


class Warrants:
    """What one caller was found to be allowed to give within one command."""

    def __init__(self) -> None:
        """Begin with nothing allowed."""
        self._permissions: defaultdict[int, int] = defaultdict(int)
        self._matters: set[tuple[Matter, int]] = set()

    def give(self, resource: int, closed: int) -> None:
        """Allow permissions at a resource: a closed mask."""
        self._permissions[resource] |= closed

    def allow(self, matter: Matter, number: int = 0) -> None:
        """Allow a matter about the row of this number."""
        self._matters.add((matter, number))

    def missing(self, resource: int, closed: int) -> int:
        """Return those of the permissions that were not allowed at the resource."""
        return closed & ~self._permissions[resource]

    def covers(self, matter: Matter, number: int = 0) -> bool:
        """Say whether a matter was allowed."""
        return (matter, number) in self._matters
