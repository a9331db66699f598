"""An organization's people as a list shows them: found, filtered, counted and paged (R084, R088)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy
from keyholder.storage.acquaintance import KNOWN
from keyholder.storage.group_lists import Wanted
from keyholder.storage.roster_filters import violates
from keyholder.storage.statements import contains, fetch, moment_of, part


class Kind(StrEnum):
    """Which of an organization's people a list shows."""

    EVERYBODY = "everybody"
    ADMINS = "admins"
    """Admins and user admins."""
    SUSPENDED = "suspended"
    OUTSIDE = "outside"
    """Of the user policy."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an organization and when they were last seen."""

    id: PrincipalId
    name_key: str
    role: str
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Home:
    """The organization whose people are asked about."""

    organization: int
    tenant: int
    policy: Policy


CONDITIONS = {
    Kind.EVERYBODY: "1 = 1",
    Kind.ADMINS: "role <> ''",
    Kind.SUSPENDED: "suspended = 1",
}


def page(home: Home, kind: Kind, wanted: Wanted) -> list[Person]:
    """Return people by name."""
    listed, parameters = _listed(home)
    where = _where(home, kind, parameters)
    statement = f"""{listed}
      SELECT id, name_key, role, seen FROM listed WHERE {where} AND {wanted.beyond("name_key, id")}
       ORDER BY name_key {wanted.direction}, id {wanted.direction} LIMIT %(most)s"""
    lines = fetch(statement, {**parameters, **wanted.parameters})
    return [Person(PrincipalId(number), key, role, moment_of(seen)) for number, key, role, seen in lines]


def person(home: Home, number: PrincipalId) -> Person | None:
    """Return one person, None where they are not of the organization."""
    listed, parameters = _listed(home)
    lines = fetch(f"{listed} SELECT id, name_key, role, seen FROM listed WHERE id = %(person)s", {**parameters, "person": number})
    return next((Person(PrincipalId(pk), key, role, moment_of(seen)) for pk, key, role, seen in lines), None)


def totals(home: Home, search: str, kinds: Sequence[Kind] = tuple(Kind)) -> dict[Kind, int]:
    """Return how many match of each kind: one query."""
    listed, parameters = _listed(home)
    sums = [f"COALESCE(SUM(CASE WHEN {_where(home, kind, parameters)} THEN 1 ELSE 0 END), 0)" for kind in kinds]
    line = fetch(f"{listed} SELECT {', '.join(sums)} FROM listed", {**parameters, "text": part(search)})[0]
    return {kind: int(number) for kind, number in zip(kinds, line, strict=True)}


def _where(home: Home, kind: Kind, parameters: dict[str, object]) -> str:
    condition = CONDITIONS[kind] if kind in CONDITIONS else violates(home.policy, parameters)
    return f"{condition} AND {contains('search_key', 'text')}"


def _listed(home: Home) -> tuple[str, dict[str, object]]:
    """Return the part ``listed``, a row for each person, and its parameters."""
    known = KNOWN.replace("%s", "%(tenant)s")
    statement = f"""WITH known AS (SELECT DISTINCT k.id FROM ({known}
      UNION SELECT x.user_id FROM organization_suspension x WHERE x.organization_id = %(organization)s) k),
    listed AS (
      SELECT u.principal_id AS id, u.name_key AS name_key, u.search_key AS search_key, u.last_seen_at AS seen, u.canonical AS address,
             'user' AS kind, u.email_verified AS verified, COALESCE(o.role, '') AS role,
             CASE WHEN x.id IS NOT NULL OR u.status <> 'active' THEN 1 ELSE 0 END AS suspended
        FROM known k JOIN "user" u ON u.principal_id = k.id
        LEFT JOIN organization_member o ON o.user_id = k.id AND o.organization_id = %(organization)s
        LEFT JOIN organization_suspension x ON x.user_id = k.id AND x.organization_id = %(organization)s)"""
    return statement, {"tenant": home.tenant, "organization": home.organization}
