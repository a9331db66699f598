"""What the home page reads: accounts that lack managers, access that ends, violators, and where somebody has access. One query each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keyholder.domain.blueprint import Catalogue
from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.policies import Policy
from keyholder.storage import guards, places
from keyholder.storage.acquaintance import KNOWN
from keyholder.storage.models import Organization
from keyholder.storage.roster_filters import violates
from keyholder.storage.sql import ids
from keyholder.storage.statements import fetch, moment_of, not_ended
from keyholder.storage.visibility import SHUT_OUT, party

STANDS = "{0}.ends_at IS NULL AND ({0}.starts_at IS NULL OR {0}.starts_at <= %(at)s)"


@dataclass(frozen=True, slots=True)
class Care:
    """Whose matters are looked at: what they manage, and what else they may appoint a manager for."""

    reader: PrincipalId
    roots: tuple[ResourceId, ...]
    organizations: tuple[OrganizationId, ...]
    """Where they are an admin or a user admin."""
    is_operator: bool
    closed: tuple[OrganizationId, ...] = ()
    """Organizations that the reader's session does not open: nothing of theirs is named."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """An account and how many standing managers it has; ``matching`` and ``unmanaged`` are the numbers of all such accounts."""

    account: ResourceId
    managers: int
    awaiting: bool
    matching: int
    unmanaged: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A binding (``place`` is its resource) or a membership (its group) that ends soon; ``matching`` is the number of all of them."""

    kind: str
    principal: PrincipalId
    place: int
    role: str
    permissions: str
    ends_at: datetime
    matching: int


def organizations_of(reader: PrincipalId) -> list[Organization]:
    """Return the organizations where somebody is an admin or a user admin and not suspended, by name."""
    return list(
        Organization.objects.raw(
            """SELECT o.* FROM organization o JOIN organization_member m ON m.organization_id = o.id
                WHERE m.user_id = %s AND NOT EXISTS (
                  SELECT 1 FROM organization_suspension s WHERE s.organization_id = o.id AND s.user_id = m.user_id)
                ORDER BY o.name_key, o.id""",
            [reader],
        )
    )


def lacking(care: Care, catalogue: Catalogue, most: int, at: datetime) -> list[Lacking]:
    """Return accounts with one standing manager or none (semantics 4), those with none first, at most so many."""
    condition, managing = guards.managing(catalogue)
    for number in range(len(managing)):
        condition = condition.replace("%s", f"%(managing{number})s", 1)
    guarded = {f"type{number}": kind.name for number, kind in enumerate(k for k in catalogue.types.values() if k.guarded)}
    statement = f"""
      WITH RECURSIVE {places.within(care.roots, in_trash=False)},
      account(id, organization_id) AS (
        SELECT r.id, r.organization_id FROM place p JOIN resource r ON r.id = p.id WHERE r.type IN ({_marks(guarded)})
        UNION SELECT r.id, r.organization_id FROM resource r
         WHERE r.awaiting_manager AND r.trashed_at IS NULL AND (r.organization_id IS NULL OR r.organization_id NOT IN ({ids(care.closed)}))
           AND (%(operator)s = 1 OR r.organization_id IN ({ids(care.organizations)}))),
      holder(account, organization_id, principal) AS (
        SELECT a.id, a.organization_id, b.principal_id FROM account a JOIN resource r ON r.id = a.id JOIN binding b ON b.resource_id = r.id
         WHERE ({condition}) AND {STANDS.format("b")}
        UNION SELECT h.account, h.organization_id, m.member_id FROM holder h JOIN membership m ON m.group_id = h.principal
         WHERE {STANDS.format("m")}),
      manager(account, total) AS (
        SELECT h.account, COUNT(DISTINCT h.principal) FROM holder h JOIN "user" u ON u.principal_id = h.principal AND u.status = 'active'
         WHERE NOT EXISTS (
           SELECT 1 FROM organization_suspension s WHERE s.user_id = h.principal AND s.organization_id = h.organization_id)
         GROUP BY h.account)
      SELECT r.id, COALESCE(m.total, 0), r.awaiting_manager, COUNT(*) OVER (), SUM(1 - COALESCE(m.total, 0)) OVER ()
        FROM account a JOIN resource r ON r.id = a.id LEFT JOIN manager m ON m.account = a.id
       WHERE COALESCE(m.total, 0) <= 1 ORDER BY 2, r.name_key, r.id LIMIT %(most)s"""
    given = {f"managing{number}": value for number, value in enumerate(managing)}
    lines = fetch(statement, {**given, **guarded, "at": at, "most": most, "operator": int(care.is_operator)})
    return [Lacking(ResourceId(a), int(n), bool(awaits), int(every), int(none)) for a, n, awaits, every, none in lines]


def ending(care: Care, within: timedelta, most: int, at: datetime) -> list[Ending]:
    """Return the bindings at what somebody manages, and the memberships of groups that are bound there or that they manage, ending soon."""
    statement = f"""
      WITH RECURSIVE {places.within(care.roots, in_trash=False)},
      company(id) AS (
        SELECT b.principal_id FROM place p JOIN binding b ON b.resource_id = p.id JOIN "group" g ON g.principal_id = b.principal_id
         WHERE {not_ended("b")}
        UNION SELECT g.principal_id FROM "group" g WHERE g.organization_id IN ({ids(care.organizations)})
        UNION SELECT w.group_id FROM group_owner w JOIN "group" g ON g.principal_id = w.group_id
         WHERE w.user_id = %(reader)s AND g.organization_id NOT IN ({ids(care.closed)}) AND NOT EXISTS (
           SELECT 1 FROM organization_suspension s WHERE s.user_id = w.user_id AND s.organization_id = g.organization_id)
        UNION SELECT g.principal_id FROM company c JOIN membership m ON m.group_id = c.id JOIN "group" g ON g.principal_id = m.member_id),
      finish(kind, id, principal, place, role, permissions, ends_at) AS (
        SELECT 'binding', b.id, b.principal_id, b.resource_id, b.role, b.permissions, b.ends_at
          FROM place p JOIN binding b ON b.resource_id = p.id WHERE b.ends_at > %(at)s AND b.ends_at <= %(soon)s
        UNION ALL SELECT 'membership', m.id, m.member_id, m.group_id, '', '', m.ends_at
          FROM company c JOIN membership m ON m.group_id = c.id WHERE m.ends_at > %(at)s AND m.ends_at <= %(soon)s)
      SELECT kind, principal, place, role, permissions, ends_at, COUNT(*) OVER () FROM finish ORDER BY ends_at, kind, id LIMIT %(most)s"""
    lines = fetch(statement, {"reader": care.reader, "at": at, "soon": at + within, "most": most})
    return [Ending(k, PrincipalId(who), place, role, held, moment_of(end) or at, int(n)) for k, who, place, role, held, end, n in lines]


def violators(policies: Mapping[int, Policy]) -> Mapping[int, int]:
    """Return how many people of each tenant are outside the policy given for it: one query, none without policies."""
    parameters: dict[str, object] = {}
    counts = []
    for tenant, policy in policies.items():
        own: dict[str, object] = {}
        outside = violates(policy, own).replace("%(", f"%(t{tenant}")
        parameters |= {f"t{tenant}{name}": value for name, value in own.items()}
        people = f"""SELECT DISTINCT u.principal_id, 'user' AS kind, u.canonical AS address, u.email_verified AS verified
                       FROM ({KNOWN.replace("%s", str(tenant))}) k JOIN "user" u ON u.principal_id = k.id"""
        counts.append(f"SELECT {tenant} AS tenant, COUNT(*) AS total FROM ({people}) people WHERE {outside}")
    return {int(tenant): int(total) for tenant, total in fetch(" UNION ALL ".join(counts), parameters)} if counts else {}


def groups_in(organizations: Collection[OrganizationId]) -> set[OrganizationId]:
    """Return those of the organizations that have a group."""
    lines = fetch(f'SELECT DISTINCT organization_id FROM "group" WHERE organization_id IN ({ids(organizations)})', {})
    return {OrganizationId(line[0]) for line in lines}


def accounts_of(
    reader: PrincipalId, kinds: Sequence[str], most: int, at: datetime, *, closed: Collection[OrganizationId] = ()
) -> list[tuple[ResourceId, str, int]]:
    """Return accounts (of these types) at, above or below which somebody has something, at most so many of a type by name.

    With each its type and how many there are of it. Those of ``closed`` organizations are left out.
    """
    named = {f"type{number}": name for number, name in enumerate(kinds)}
    statement = f"""{party(closed)},
      down(id, type) AS (
        SELECT c.id, c.type FROM held h JOIN resource c ON c.path = h.path
        UNION SELECT c.id, c.type FROM down d JOIN resource c ON c.parent_id = d.id
         WHERE {places.OPEN} AND c.trashed_at IS NULL AND d.type NOT IN ({_marks(named)})),
      up(id, parent_id) AS (
        SELECT c.id, c.parent_id FROM held h JOIN resource c ON c.path = h.path
        UNION SELECT c.id, c.parent_id FROM up u JOIN resource c ON c.id = u.parent_id),
      ranked AS (
        SELECT r.id, r.type, COUNT(*) OVER (PARTITION BY r.type) AS total,
               ROW_NUMBER() OVER (PARTITION BY r.type ORDER BY r.name_key, r.id) AS place
          FROM (SELECT id FROM down UNION SELECT id FROM up) f JOIN resource r ON r.id = f.id
         WHERE r.type IN ({_marks(named)}) AND r.trashed_at IS NULL AND NOT {SHUT_OUT.format("r.path")})
      SELECT id, type, total FROM ranked WHERE place <= %(most)s ORDER BY type, place"""
    lines = fetch(statement, {"reader": reader, "at": at, "most": most, **named})
    return [(ResourceId(number), kind, int(total)) for number, kind, total in lines]


def _marks(named: Mapping[str, str]) -> str:
    return ", ".join(f"%({name})s" for name in named) or "''"
