"""Groups as lists show them: found, counted and paged; who is in them, directly or through other groups (R060, R067, R071 to R073)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.windows import Window
from keyholder.storage.sql import ids
from keyholder.storage.statements import contains, fetch, in_force, moment_of, not_ended, part
from keyholder.storage.visibility import ALIVE

Place = tuple[str, int]
"""Where a row stands in its order: the name it goes by, its number."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One group of a list."""

    id: PrincipalId
    name_key: str
    organization: OrganizationId
    description: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in a group by memberships in force: people in whatever way, people directly, groups directly."""

    people: int = 0
    direct: int = 0
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """One membership: its number, the group, the member, the name the member goes by, and when it holds."""

    id: int
    group: PrincipalId
    member: PrincipalId
    name_key: str
    window: Window


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of a list: part of a name, and after which row in which direction."""

    search: str = ""
    after: Place | None = None
    backwards: bool = False
    most: int = 50

    def beyond(self, columns: str) -> str:
        """Return the condition that a row comes after the page before."""
        return "1 = 1" if self.after is None else f"({columns}) {'<' if self.backwards else '>'} (%(name)s, %(number)s)"

    @property
    def direction(self) -> str:
        """The direction of the order."""
        return "DESC" if self.backwards else "ASC"

    @property
    def parameters(self) -> dict[str, object]:
        """What the conditions are filled with."""
        name, number = self.after or ("", 0)
        return {"text": part(self.search), "name": name, "number": number, "most": self.most}


def page(organizations: Collection[OrganizationId], wanted: Wanted) -> list[Listed]:
    """Return groups of some organizations by name."""
    statement = f"""
      SELECT g.principal_id, g.name_key, g.organization_id, g.description FROM "group" g
       WHERE g.organization_id IN ({ids(organizations)}) AND {contains("g.name_key", "text")}
         AND {wanted.beyond("g.name_key, g.principal_id")}
       ORDER BY g.name_key {wanted.direction}, g.principal_id {wanted.direction} LIMIT %(most)s"""
    return [Listed(PrincipalId(n), key, OrganizationId(o), told) for n, key, o, told in fetch(statement, wanted.parameters)]


def total(organizations: Collection[OrganizationId], search: str = "") -> int:
    """Return how many groups some organizations have whose name holds a text."""
    where = f"g.organization_id IN ({ids(organizations)}) AND {contains('g.name_key', 'text')}"
    return int(fetch(f'SELECT COUNT(*) FROM "group" g WHERE {where}', {"text": part(search)})[0][0])


def counts(groups: Collection[PrincipalId], at: datetime) -> Mapping[PrincipalId, Counts]:
    """Return how much is in each of these groups: one query."""
    statement = f"""WITH RECURSIVE {_inner(groups)}
      SELECT i.top, COUNT(DISTINCT CASE WHEN p.kind = 'user' THEN m.member_id END),
             COUNT(DISTINCT CASE WHEN p.kind = 'user' AND i.id = i.top THEN m.member_id END),
             COUNT(DISTINCT CASE WHEN p.kind = 'group' AND i.id = i.top THEN m.member_id END)
        FROM inside i JOIN membership m ON m.group_id = i.id JOIN principal p ON p.id = m.member_id
       WHERE {in_force("m")} GROUP BY i.top"""
    return {PrincipalId(top): Counts(*numbers) for top, *numbers in fetch(statement, {"at": at})}


def direct(group: PrincipalId, wanted: Wanted, at: datetime, only: PrincipalId | None = None) -> list[Edge]:
    """Return the direct members of a group by name, people and groups, one row for each window that is not over; or one member's alone."""
    statement = f"""
      SELECT m.id, m.group_id, m.member_id, COALESCE(g.name_key, u.name_key) AS name, m.starts_at, m.ends_at
        FROM membership m {_MEMBER}
       WHERE {_of(only)} AND {wanted.beyond("COALESCE(g.name_key, u.name_key), m.id")}
       ORDER BY name {wanted.direction}, m.id {wanted.direction} LIMIT %(most)s"""
    return [_edge(line) for line in fetch(statement, {**wanted.parameters, "group": group, "at": at, "only": only})]


def direct_total(group: PrincipalId, search: str, at: datetime, only: PrincipalId | None = None) -> int:
    """Return how many rows :func:`direct` has on all its pages."""
    statement = f"SELECT COUNT(*) FROM membership m {_MEMBER} WHERE {_of(only)}"
    return int(fetch(statement, {"group": group, "at": at, "text": part(search), "only": only})[0][0])


def everybody(group: PrincipalId, wanted: Wanted, at: datetime, only: PrincipalId | None = None) -> list[tuple[PrincipalId, str]]:
    """Return the people in a group, directly or through groups, by name; or one of them alone."""
    statement = f"""{_people(group, only)}
      SELECT e.id, e.name_key FROM everybody e WHERE {wanted.beyond("e.name_key, e.id")}
       ORDER BY e.name_key {wanted.direction}, e.id {wanted.direction} LIMIT %(most)s"""
    return [(PrincipalId(n), key) for n, key in fetch(statement, {**wanted.parameters, "at": at, "only": only})]


def everybody_total(group: PrincipalId, search: str, at: datetime, only: PrincipalId | None = None) -> int:
    """Return how many rows :func:`everybody` has on all its pages."""
    statement = f"{_people(group, only)} SELECT COUNT(*) FROM everybody"
    return int(fetch(statement, {"at": at, "text": part(search), "only": only})[0][0])


def inside(group: PrincipalId, at: datetime) -> list[PrincipalId]:
    """Return a group and the groups in it, directly or through others, by memberships that are not over; itself first, then by name."""
    statement = f"""WITH RECURSIVE {_inner([group], not_ended)}
      SELECT i.id FROM inside i JOIN "group" g ON g.principal_id = i.id
       ORDER BY CASE WHEN i.id = i.top THEN 0 ELSE 1 END, g.name_key, i.id"""
    return [PrincipalId(line[0]) for line in fetch(statement, {"at": at})]


def outer(groups: Collection[PrincipalId], at: datetime) -> list[Edge]:
    """Return the groups that these groups are in directly, by name, a row for each window that is not over."""
    statement = f"""
      SELECT m.id, m.group_id, m.member_id, g.name_key, m.starts_at, m.ends_at
        FROM membership m JOIN "group" g ON g.principal_id = m.group_id
       WHERE m.member_id IN ({ids(groups)}) AND {not_ended("m")} ORDER BY g.name_key, m.id"""
    return [_edge(line) for line in fetch(statement, {"at": at})]


def owners(groups: Collection[PrincipalId]) -> list[tuple[PrincipalId, PrincipalId]]:
    """Return the owners of these groups, by name: group and person."""
    statement = f"""
      SELECT w.group_id, w.user_id FROM group_owner w JOIN "user" u ON u.principal_id = w.user_id
       WHERE w.group_id IN ({ids(groups)}) ORDER BY u.name_key, w.user_id"""
    return [(PrincipalId(group), PrincipalId(person)) for group, person in fetch(statement, {})]


def bound(groups: Collection[PrincipalId], at: datetime) -> list[tuple[PrincipalId, ResourceId]]:
    """Return where these groups are bound by whatever is not over, not in the trash, by the place: group and resource."""
    statement = f"""
      SELECT b.principal_id, b.resource_id FROM binding b JOIN resource r ON r.id = b.resource_id
       WHERE b.principal_id IN ({ids(groups)}) AND {not_ended("b")} AND {ALIVE}
       GROUP BY b.principal_id, b.resource_id, r.path ORDER BY r.path, b.principal_id"""
    return [(PrincipalId(group), ResourceId(place)) for group, place in fetch(statement, {"at": at})]


_MEMBER = 'LEFT JOIN "user" u ON u.principal_id = m.member_id LEFT JOIN "group" g ON g.principal_id = m.member_id'


def _of(only: PrincipalId | None) -> str:
    mine = "1 = 1" if only is None else "m.member_id = %(only)s"
    return f"m.group_id = %(group)s AND {not_ended('m')} AND {contains('COALESCE(g.name_key, u.search_key)', 'text')} AND {mine}"


def _people(group: PrincipalId, only: PrincipalId | None) -> str:
    mine = "1 = 1" if only is None else "u.principal_id = %(only)s"
    return f"""WITH RECURSIVE {_inner([group])},
      everybody(id, name_key) AS (
        SELECT DISTINCT u.principal_id, u.name_key FROM inside i JOIN membership m ON m.group_id = i.id
          JOIN "user" u ON u.principal_id = m.member_id
         WHERE {in_force("m")} AND {contains("u.search_key", "text")} AND {mine})"""


def _inner(groups: Collection[PrincipalId], holds: Callable[[str], str] = in_force) -> str:
    """Return the part ``inside``: these groups as ``top``, each with itself and every group in it by memberships in force, or otherwise."""
    return f"""
  inside(top, id) AS (
    SELECT g.principal_id, g.principal_id FROM "group" g WHERE g.principal_id IN ({ids(groups)})
    UNION SELECT i.top, m.member_id FROM inside i JOIN membership m ON m.group_id = i.id
            JOIN "group" g ON g.principal_id = m.member_id WHERE {holds("m")})"""


def _edge(line: Sequence[object]) -> Edge:
    number, group, member, name, starts_at, ends_at = line
    window = Window(moment_of(starts_at), moment_of(ends_at))
    return Edge(int(str(number)), PrincipalId(int(str(group))), PrincipalId(int(str(member))), str(name), window)
