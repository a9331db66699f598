"""From a blueprint's plain tree to its values: each part is read and its names are looked up in the parts before it."""

from collections.abc import Iterable, Mapping

from keyholder.domain.blueprint import (
    NOTHING,
    WORDS,
    Action,
    AssetKind,
    Assignment,
    Blueprint,
    Grants,
    Mask,
    Permission,
    ResourceType,
    Role,
)
from keyholder.domain.blueprint_tables import DOTTED, ICON, Table

MOST_PERMISSIONS = 63
"""A mask fits a signed 64-bit column."""


def parse(file: str, tree: Mapping[str, object]) -> Blueprint:
    """Read one blueprint; raises BlueprintError naming the file, the key and the cause."""
    top = Table(file, "", tree)
    name = top.name("name")
    permissions = _permissions(top)
    roles = _roles(top, permissions)
    types = _types(top, name, permissions, roles)
    blueprint = Blueprint(
        name=name,
        labels=top.labels("labels"),
        permissions=permissions,
        roles=roles,
        types=types,
        actions=_actions(top, permissions, types),
        assets=_assets(top, permissions, types),
        granting=top.one_of("granting", permissions, "permission"),
        grants=Grants(top.one_of("grants", tuple(Grants), "rule", Grants.ANY)),
        reading=top.one_of("reading", permissions, "permission"),
        granting_shows_data=top.flag("granting_shows_data"),
        exclusive_roles=top.flag("exclusive_roles", default=True),
        standing_role=top.one_of("standing_role", roles, "role", ""),
        organization_admins_hold=_mask(permissions, top.names("organization_admins_hold", permissions, "permission")),
        invitation_days=top.days("invitation_days", 7),
        trash_days=top.days("trash_days", 35),
        help=top.links("help", ("permissions", "groups")),
        words=top.texts("words", WORDS),
    )
    top.close()
    return blueprint


def _permissions(top: Table) -> dict[str, Permission]:
    tables = top.tables("permissions", needed=True)
    if len(tables) > MOST_PERMISSIONS:
        top.refuse("permissions", f"{len(tables)} permissions; at most {MOST_PERMISSIONS} fit a mask")
    includes = {name: frozenset(table.names("includes", tables, "permission")) for name, table in tables.items()}
    granting, reading = top.one_of("granting", tables, "permission"), top.one_of("reading", tables, "permission")
    if top.flag("granting_shows_data") and granting != reading:
        includes[granting] |= {reading}
    bits = {name: Mask(1 << place) for place, name in enumerate(reversed(tables))}
    permissions = {}
    for name, table in tables.items():
        closure = _union(bits[other] for other in _closure(name, includes, table))
        permissions[name] = Permission(name, bits[name], closure, includes[name], table.labels("labels"), table.labels("meaning"))
        table.close()
    return permissions


def _closure(name: str, includes: Mapping[str, frozenset[str]], table: Table) -> set[str]:
    """Return the permission and everything it includes; a permission that includes itself is refused with the way round."""
    found = {name}
    ways: list[tuple[str, ...]] = [(name, other) for other in sorted(includes[name])]
    while ways:
        *before, last = way = ways.pop()
        if last == name:
            table.refuse("includes", f"goes round in a circle: {' > '.join(way)}")
        if last not in found:
            found.add(last)
            ways.extend((*before, last, other) for other in sorted(includes[last]))
    return found


def _roles(top: Table, permissions: Mapping[str, Permission]) -> dict[str, Role]:
    roles = {}
    for name, table in top.tables("roles").items():
        held = table.names("permissions", permissions, "permission", needed=True)
        roles[name] = Role(name, frozenset(held), _mask(permissions, held), table.labels("labels"), table.labels("meaning"))
        table.close()
    return roles


def _types(top: Table, blueprint: str, permissions: Mapping[str, Permission], roles: Mapping[str, Role]) -> dict[str, ResourceType]:
    types: dict[str, ResourceType] = {}
    tables = top.tables("types", needed=True)
    for name, table in tables.items():
        parent = table.one_of("parent", tables, "type", "")
        if parent and parent not in types:
            table.refuse("parent", f"{parent!r} must be declared before {name!r}")
        account_level = table.flag("account_level")
        types[name] = ResourceType(
            name=name,
            blueprint=blueprint,
            parent=parent or None,
            labels=table.labels("labels"),
            plural=table.labels("plural"),
            permissions=frozenset(table.names("permissions", permissions, "permission")),
            roles=frozenset(table.names("roles", roles, "role")),
            closable=table.flag("closable"),
            stops=_mask(permissions, table.names("stops", permissions, "permission")),
            assignment=_assignment(table, types, roles),
            links=table.flag("links"),
            account_level=account_level,
            guarded=table.flag("guarded", default=account_level),
            creator=frozenset(table.names("creator", permissions, "permission")),
            creator_role=table.one_of("creator_role", roles, "role", ""),
            icon=table.name("icon", ICON) if "icon" in table.values else "",
        )
        table.close()
    return types


def _assignment(table: Table, above: Mapping[str, ResourceType], roles: Mapping[str, Role]) -> Assignment | None:
    if "assignment" not in table.values:
        return None
    rule = table.table("assignment")
    assignment = Assignment(role=rule.one_of("role", roles, "role"), at=rule.one_of("at", above, "type above this one"))
    rule.close()
    return assignment


def _actions(top: Table, permissions: Mapping[str, Permission], types: Mapping[str, ResourceType]) -> dict[str, Action]:
    actions = {}
    for name, table in top.tables("actions", DOTTED).items():
        permission = table.one_of("permission", permissions, "permission")
        places = frozenset(table.names("types", types, "type", needed=True))
        actions[name] = Action(name, permission, places, table.labels("labels"), table.one_of("also_from", types, "type", ""))
        table.close()
    return actions


def _assets(top: Table, permissions: Mapping[str, Permission], types: Mapping[str, ResourceType]) -> dict[str, AssetKind]:
    assets = {}
    for name, table in top.tables("assets").items():
        assets[name] = AssetKind(
            name=name,
            types=frozenset(table.names("types", types, "type", needed=True)),
            personal=table.flag("personal"),
            view=table.one_of("view", permissions, "permission"),
            create=table.one_of("create", permissions, "permission"),
            change=table.one_of("change", permissions, "permission"),
            marked=table.one_of("marked", permissions, "permission", ""),
            applies_to=table.one_of("applies_to", types, "type", ""),
            labels=table.labels("labels"),
            plural=table.labels("plural"),
        )
        table.close()
    return assets


def _mask(permissions: Mapping[str, Permission], names: Iterable[str]) -> Mask:
    return _union(permissions[name].mask for name in names)


def _union(masks: Iterable[Mask]) -> Mask:
    bits = int(NOTHING)
    for mask in masks:
        bits |= mask
    return Mask(bits)
