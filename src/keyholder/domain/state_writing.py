"""Writing a state: the plain tree of a state file in canonical order, with what is default left out (contract 3).

Read again, the tree gives an equal state.
"""

from collections.abc import Iterable
from typing import TypeAlias

from keyholder.domain.identifiers import PrincipalKind, ResourceRef
from keyholder.domain.moments import write_moment
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import Status
from keyholder.domain.state import (
    VERSION,
    AccessState,
    AssetState,
    GroupState,
    IdentitySource,
    OrganizationState,
    ResourceState,
    State,
    UserState,
)
from keyholder.domain.windows import Window

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | int | bool"
Entry: TypeAlias = "dict[str, Tree]"


def state_tree(state: State) -> Entry:
    """Return the dictionaries, lists, texts and booleans that a YAML or JSON writer takes."""
    names = {row.key: row.name for row in state.service_accounts}
    assets: dict[ResourceRef, list[AssetState]] = {}
    for asset in state.assets:
        assets.setdefault(asset.resource, []).append(asset)
    lists: Entry = {
        "organizations": [_organization(row) for row in state.organizations],
        "users": [_user(row) for row in state.users],
        "service_accounts": [{"name": row.name} for row in state.service_accounts],
        "resources": [_resource(row, assets.get(row.ref, []), names) for row in state.resources],
        "access": [_access(row, names) for row in state.access],
    }
    return {"version": VERSION} | _filled(lists)


def _organization(row: OrganizationState) -> Entry:
    entry: Entry = {
        "admins": _texts(row.admins),
        "user_admins": _texts(row.user_admins),
        "suspended": _texts(row.suspended),
        "identity_source": "" if row.identity_source is IdentitySource.OPEN else row.identity_source.value,
        "policy": _policy(row.policy),
        "groups": [_group(group) for group in row.groups],
    }
    return {"key": row.key, "name": row.name} | _filled(entry)


def _policy(policy: Policy) -> Entry:
    return _filled(
        {
            "mode": "" if policy.mode is PolicyMode.ANYBODY else policy.mode.value,
            "allowed_domains": _texts(policy.allowed_domains),
            "allowed_addresses": _texts(policy.allowed_addresses),
            "blocked_addresses": _texts(policy.blocked_addresses),
            "verified_only": policy.verified_only,
        }
    )


def _group(row: GroupState) -> Entry:
    entry: Entry = {
        "description": row.description,
        "owners": _texts(row.owners),
        "members": [_windowed("user", member.user, member.window) for member in row.members],
        "groups": [_windowed("group", nested.group, nested.window) for nested in row.groups],
    }
    return {"key": row.key, "name": row.name} | _filled(entry)


def _windowed(key: str, name: str, window: Window) -> Tree:
    """Name a member alone where it has no window."""
    return name if window.is_standing else {key: name} | _window(window)


def _user(row: UserState) -> Entry:
    status = "" if row.status is Status.ACTIVE else row.status.value
    return {"email": row.email, "name": row.name} | _filled({"status": status, "outside_policy": row.outside_policy})


def _resource(row: ResourceState, assets: Iterable[AssetState], names: dict[str, str]) -> Entry:
    entry: Entry = {
        "parent": str(row.parent or ""),
        "organization": row.organization or "",
        "awaiting_manager": row.awaiting_manager,
        "trashed": write_moment(row.trashed) if row.trashed else "",
        "assets": [_asset(asset, names) for asset in assets],
    }
    not_managed: Entry = {} if row.managed else {"managed": False}
    return {"type": row.ref.type, "id": row.ref.key, "name": row.name} | _filled(entry) | not_managed


def _asset(row: AssetState, names: dict[str, str]) -> Entry:
    machine = row.owner is not None and row.owner.kind is PrincipalKind.SERVICE_ACCOUNT
    owner = "" if row.owner is None else row.owner.key
    entry: Entry = {
        "owner": "" if machine else owner,
        "service_account": names.get(owner, owner) if machine else "",
        "description": row.description,
        "body": row.body,
        "marked": row.marked,
        "applied": _texts(map(str, row.applied)),
    }
    return {"kind": row.kind, "name": row.name} | _filled(entry)


def _access(row: AccessState, names: dict[str, str]) -> Entry:
    kind, key = row.principal.kind, row.principal.key
    principal = names.get(key, key) if kind is PrincipalKind.SERVICE_ACCOUNT else key
    given: Entry = _filled({"permissions": _texts(row.permissions), "role": row.role})
    mark: Entry = _filled({"without_role": row.without_role})
    return {kind.value: principal, "resource": str(row.resource)} | given | _window(row.window) | mark


def _window(window: Window) -> Entry:
    starts, ends = window.starts_at, window.ends_at
    return _filled({"from": write_moment(starts) if starts else "", "until": write_moment(ends) if ends else ""})


def _texts(items: Iterable[str]) -> list[Tree]:
    return list(items)


def _filled(entry: Entry) -> Entry:
    """Leave out what is empty or false: the default of every key written here."""
    return {key: value for key, value in entry.items() if value}
