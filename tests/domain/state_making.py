"""Carrying out a plan on a state, as the commands do it on a database: what the laws of a plan are judged by."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from keyholder.domain import state_rows as rows
from keyholder.domain.identifiers import PrincipalKind
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.state import AssetState, GroupState, MemberState, NestedState, OrganizationState, PrincipalRef, State
from keyholder.domain.state_changes import Changes, Plan

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def made(before: State, plan: Plan) -> State:
    """Return the state after a plan; a deleted group takes along what hangs on it."""
    gone = {row.ref for row in plan.groups.removed}
    trashed = [replace(row, trashed=NOW) for row in plan.resources.removed]
    return State(
        organizations=_organizations(before, plan, gone),
        users=_after({u.canonical: u for u in before.users}, plan.users, lambda u: u.canonical),
        service_accounts=_after({s.key: s for s in before.service_accounts}, plan.service_accounts, lambda s: s.key),
        resources=(*_after({r.ref: r for r in before.resources}, plan.resources, lambda r: r.ref), *trashed),
        assets=_assets(before, plan),
        access=tuple(row for row in _after(rows.access(before), plan.access, rows.binding_key) if row.principal not in gone),
    )


def _after(before: Any, changes: Changes[Any], key: Any) -> tuple[Any, ...]:
    found = dict(before)
    assert all(key(row) not in found for row in changes.added)
    found |= {key(row): row for row in (*changes.added, *(new for _old, new in changes.changed))}
    for row in changes.removed:
        del found[key(row)]
    return tuple(found.values())


def _assets(before: State, plan: Plan) -> tuple[AssetState, ...]:
    used = _after(rows.applied_assets(before), plan.applied_assets, lambda row: (row.asset, row.resource))
    return tuple(
        replace(row, applied=tuple(use.resource for use in used if use.asset == row.ref))
        for row in _after(rows.assets(before), plan.assets, lambda row: row.ref)
    )


def _organizations(before: State, plan: Plan, gone: set[PrincipalRef]) -> tuple[OrganizationState, ...]:
    heads = _after(rows.organizations(before), plan.organizations, lambda row: row.key)
    roles = _after(rows.roles(before), plan.roles, lambda row: (row.organization, row.user))
    suspensions = _after(rows.suspensions(before), plan.suspensions, lambda row: (row.organization, row.user))
    groups = _groups(before, plan, gone)
    return tuple(
        replace(
            head,
            admins=tuple(r.user for r in roles if r.organization == head.key and r.role is OrganizationRole.ADMIN),
            user_admins=tuple(r.user for r in roles if r.organization == head.key and r.role is OrganizationRole.USER_ADMIN),
            suspended=tuple(s.user for s in suspensions if s.organization == head.key),
            groups=tuple(group for organization, group in groups if organization == head.key),
        )
        for head in heads
    )


def _groups(before: State, plan: Plan, gone: set[PrincipalRef]) -> Iterable[tuple[str, GroupState]]:
    owners = [o for o in _after(rows.owners(before), plan.owners, lambda row: (row.group, row.user)) if o.group not in gone]
    memberships = _after(rows.memberships(before), plan.memberships, lambda row: row)
    standing = [m for m in memberships if m.group not in gone and m.member not in gone]
    people = [m for m in standing if m.member.kind is PrincipalKind.USER]
    nested = [m for m in standing if m.member.kind is PrincipalKind.GROUP]
    return [
        (
            row.organization,
            replace(
                row.group,
                owners=tuple(o.user for o in owners if o.group == row.ref),
                members=tuple(MemberState(m.member.key, m.window) for m in people if m.group == row.ref),
                groups=tuple(NestedState(m.member.key.partition("/")[2], m.window) for m in nested if m.group == row.ref),
            ),
        )
        for row in _after(rows.groups(before), plan.groups, lambda row: row.ref)
    ]
