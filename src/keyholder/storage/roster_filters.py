"""The filters of a roster as conditions of its statement: no name that a reader types reaches the statement itself (R-ORM-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from keyholder.domain.addresses import canon
from keyholder.domain.blueprint import Blueprint
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Invalid
from keyholder.domain.roster import Filters, Origin
from keyholder.storage.statements import contains, in_force, part

FOREVER = 36500
"""Days: nobody asks for more, and no calendar ends before."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the rows of ``listed`` must fulfil, with the further parts of the statement and the parameters that this needs."""

    where: str
    parts: str
    parameters: Mapping[str, object]


def conditions(filters: Filters, blueprint: Blueprint, policy: Policy, at: datetime) -> Conditions:
    """Return the conditions of these filters, all of which hold for what is shown."""
    where, parts = ["1 = 1"], []
    parameters: dict[str, object] = {}
    if filters.search:
        where.append(f"({_matches_search()})")
        parts.append(_inside("named", f"g.organization_id = %(organization)s AND {contains('g.name_key', 'search')}"))
        parameters |= {"search": part(filters.search), "search_address": _address(filters.search)}
    if filters.group is not None:
        is_chosen = "CASE WHEN id IN (SELECT id FROM chosen) THEN 1 ELSE 0 END"  # a look-up for each row; PostgreSQL would join row by row
        where.append(f"{is_chosen} = 1 AND id <> %(group)s")
        parts.append(_inside("chosen", "g.organization_id = %(organization)s AND g.principal_id = %(group)s"))
        parameters["group"] = filters.group
    for name, build in SIMPLE.items():
        value = getattr(filters, name)
        if value not in {None, ""}:
            where.append(build(value, parameters))
    if filters.permission:
        where.append(f"(somewhere & {blueprint.permissions[filters.permission].mask}) <> 0")
    if filters.violation is not None:
        outside = violates(policy, parameters)
        where.append(outside if filters.violation else f"NOT COALESCE({outside}, 1 = 0)")
    if filters.expiring_days is not None:
        where.append("until <= %(soon)s")
        parameters["soon"] = at + timedelta(days=max(0, min(filters.expiring_days, FOREVER)))
    return Conditions(" AND ".join(where), "".join(parts), parameters)


def violates(policy: Policy, parameters: dict[str, object]) -> str:
    """Return the condition that a person is outside a policy, as :func:`keyholder.domain.policies.violation` judges; false for others."""
    if policy.mode is PolicyMode.ANYBODY:
        return "(1 = 0)"
    faults = [_one_of("blocked", policy.blocked_addresses, parameters)]
    if policy.allowed_domains or policy.allowed_addresses:
        allowed = [_one_of("allowed", policy.allowed_addresses, parameters)]
        for number, domain in enumerate(policy.allowed_domains):
            allowed.append(f"address LIKE %(domain{number})s ESCAPE '!'")
            bare = part(domain.removeprefix("*.")).removeprefix("%").removesuffix("%")
            parameters[f"domain{number}"] = f"%@%.{bare}" if domain.startswith("*.") else f"%@{bare}"
        faults.append(f"NOT ({' OR '.join(allowed)})")
    if policy.verified_only:
        faults.append("NOT verified")
    return f"(kind = 'user' AND ({' OR '.join(faults)}))"


def _matches_search() -> str:
    """Return the condition of the search box: people by name, address or group, groups and service accounts by name."""
    by_address = "(address <> '' AND address LIKE %(search_address)s ESCAPE '!')"
    by_group = "(kind <> 'group' AND id IN (SELECT id FROM named))"
    return f"{contains('COALESCE(search_key, name)', 'search')} OR {by_address} OR {by_group}"


def _inside(name: str, chosen: str) -> str:
    """Return a part that holds the groups chosen and everybody in them, by memberships in force."""
    return f""",
  {name}(id) AS (
    SELECT g.principal_id FROM "group" g WHERE {chosen}
    UNION SELECT m.member_id FROM {name} n JOIN membership m ON m.group_id = n.id WHERE {in_force("m")})"""


def _address(text: str) -> str:
    """Return the pattern of an address: the canonical form where the text is a whole one (R044), else the text as it is typed."""
    try:
        return part(canon(text))
    except Invalid:
        return part(text)


def _name(value: str, parameters: dict[str, object]) -> str:
    parameters["name"] = part(value)
    return contains("name", "name")


def _of_address(value: str, parameters: dict[str, object]) -> str:
    parameters["address_part"] = _address(value)
    return f"(address <> '' AND {contains('address', 'address_part')})"


def _admin(value: bool, parameters: dict[str, object]) -> str:  # noqa: FBT001 - one of a table of builders
    parameters["admin"] = OrganizationRole.ADMIN.value
    return f"COALESCE(role, '') {'=' if value else '<>'} %(admin)s"


def _origin(value: Origin, _parameters: dict[str, object]) -> str:
    return "1 = 1" if value is Origin.BELOW else f"direct = {int(value is Origin.DIRECT)}"


def _status(value: Status, _parameters: dict[str, object]) -> str:
    return f"suspended = {int(value is Status.SUSPENDED)}"


def _one_of(name: str, addresses: tuple[str, ...], parameters: dict[str, object]) -> str:
    parameters |= {f"{name}{number}": address for number, address in enumerate(addresses)}
    listed = ", ".join(f"%({name}{number})s" for number in range(len(addresses)))
    return f"address IN ({listed})" if listed else "(1 = 0)"


SIMPLE: Mapping[str, Callable[..., str]] = {
    "name": _name,
    "address": _of_address,
    "organization_admin": _admin,
    "origin": _origin,
    "status": _status,
}
"""Filters by the name of their field."""
