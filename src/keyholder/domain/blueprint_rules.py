"""What must hold between the parts of one blueprint, beyond each part being readable. Each rule is a function of the table below."""

from collections.abc import Callable, Iterator

from keyholder.domain.blueprint import Blueprint, ResourceType

Finding = tuple[str, str]
"""The key in the file and what is wrong with it."""
PAGES = frozenset(
    {
        *("activity", "admin", "api", "ask", "explain", "groups", "help", "invitation", "language", "links", "me", "oidc"),
        *("organizations", "people", "providers", "requests", "reset", "scim", "search", "settings", "static", "theme", "trash", "verify"),
    }
)
"""How addresses of the instance itself begin. A type of that name would lie at them: what deletes one of its nodes, deletes a person."""


def findings(blueprint: Blueprint) -> Iterator[Finding]:
    """Go through everything that is wrong with a blueprint whose parts can be read."""
    for rule in _RULES:
        yield from rule(blueprint)


def above(blueprint: Blueprint, type_: ResourceType) -> Iterator[ResourceType]:
    """Go up from a type's parent to the root."""
    while type_.parent is not None:
        type_ = blueprint.types[type_.parent]
        yield type_


def _names_of_types(blueprint: Blueprint) -> Iterator[Finding]:
    for name in blueprint.types:
        if name in PAGES:
            yield f"types.{name}.name", f"{name!r} is taken by pages of the console: call the type otherwise, and let its labels say so"


def _one_root(blueprint: Blueprint) -> Iterator[Finding]:
    roots = [t.name for t in blueprint.types.values() if t.parent is None]
    if len(roots) > 1:
        yield f"types.{roots[1]}.parent", f"is missing: {roots[0]!r} is the root already"


def _one_account_level(blueprint: Blueprint) -> Iterator[Finding]:
    names = [t.name for t in blueprint.types.values() if t.account_level]
    if not names:
        yield "types", "no type is the account level: removal and the last manager are judged there"
    for name in names[1:]:
        yield f"types.{name}.account_level", f"{names[0]!r} is the account level already"


def _edges(blueprint: Blueprint) -> Iterator[Finding]:
    for type_ in blueprint.types.values():
        if type_.parent is None and type_.closable:
            yield f"types.{type_.name}.closable", "a root has no edge to close"
        if type_.parent is None and type_.stops:
            yield f"types.{type_.name}.stops", "a root has no edge to stop at"


def _levels(blueprint: Blueprint) -> Iterator[Finding]:
    account = next((t for t in blueprint.types.values() if t.account_level), None)
    if account is None:
        return
    guardable = {account.name, *(t.name for t in above(blueprint, account))}
    for type_ in blueprint.types.values():
        if type_.links and not type_.account_level:
            yield f"types.{type_.name}.links", "only the account level can be linked to an organization"
        if type_.guarded and type_.name not in guardable:
            yield f"types.{type_.name}.guarded", "only the account level and what is above it keep a standing manager"
    if not account.guarded:
        yield f"types.{account.name}.guarded", "the account level keeps a standing manager"
    if blueprint.organization_admins_hold and not account.links:
        yield "organization_admins_hold", f"{account.name!r} can't be linked to an organization"


def _bindings(blueprint: Blueprint) -> Iterator[Finding]:
    for role in blueprint.roles:
        if not any(role in t.roles for t in blueprint.types.values()):
            yield f"roles.{role}", "can be bound at no type"
    for type_ in blueprint.types.values():
        if blueprint.granting not in type_.permissions and type_.guarded and not _granting_roles(blueprint, type_):
            yield f"types.{type_.name}", f"{blueprint.granting!r} can't be bound here, neither alone nor by a role"


def _creators(blueprint: Blueprint) -> Iterator[Finding]:
    for type_ in blueprint.types.values():
        if type_.creator and type_.creator_role:
            yield f"types.{type_.name}.creator", "a creator gets permissions or a role, not both"
        for permission in sorted(type_.creator - type_.permissions):
            yield f"types.{type_.name}.creator", f"{permission!r} can't be bound at {type_.name!r}"
        if type_.creator_role and type_.creator_role not in type_.roles:
            yield f"types.{type_.name}.creator_role", f"{type_.creator_role!r} can't be bound at {type_.name!r}"


def _assignments(blueprint: Blueprint) -> Iterator[Finding]:
    for type_ in blueprint.types.values():
        rule = type_.assignment
        if rule is None:
            continue
        if not type_.permissions:
            yield f"types.{type_.name}.assignment", "nothing can be bound here that an assignment could give"
        if rule.at not in {t.name for t in above(blueprint, type_)}:
            yield f"types.{type_.name}.assignment.at", f"{rule.at!r} is not above {type_.name!r}"
        elif rule.role not in blueprint.types[rule.at].roles:
            yield f"types.{type_.name}.assignment.role", f"{rule.role!r} can't be bound at {rule.at!r}"


def _standing_role(blueprint: Blueprint) -> Iterator[Finding]:
    role = blueprint.standing_role
    account = next((t for t in blueprint.types.values() if t.account_level), None)
    if role and account and role not in _granting_roles(blueprint, account):
        yield "standing_role", f"{role!r} can't be bound at {account.name!r} or does not hold {blueprint.granting!r}"


def _conventional_actions(blueprint: Blueprint) -> Iterator[Finding]:
    """Look for the actions that commands ask for: seeing, adding, changing and removing people; creating, changing and deleting nodes."""
    everywhere = frozenset(blueprint.types)
    account = frozenset(t.name for t in blueprint.types.values() if t.account_level)
    wanted = {"user.view": everywhere, "user.add": everywhere, "user.update": everywhere, "user.remove": account}
    for name, types in wanted.items():
        action = blueprint.actions.get(name)
        if action is None:
            yield f"actions.{name}", "is missing"
        elif action.permission != blueprint.granting:
            yield f"actions.{name}.permission", f"must be the granting permission {blueprint.granting!r}"
        elif action.types != types:
            yield f"actions.{name}.types", f"must be {', '.join(sorted(types))}"
    for type_ in blueprint.types.values():
        yield from _node_actions(blueprint, type_)


def _node_actions(blueprint: Blueprint, type_: ResourceType) -> Iterator[Finding]:
    wanted = {f"{type_.name}.update": type_.name, f"{type_.name}.delete": type_.name}
    if type_.parent is not None:
        wanted[f"{type_.name}.create"] = type_.parent
    if type_.links:
        wanted["organization.link"] = type_.name
    for name, at in wanted.items():
        action = blueprint.actions.get(name)
        if action is None:
            yield f"actions.{name}", "is missing"
        elif action.types != {at}:
            yield f"actions.{name}.types", f"must be {at}"
    moved = blueprint.actions.get(f"{type_.name}.move")
    if moved is not None and type_.parent is None:
        yield f"actions.{type_.name}.move", "what stands at the top is not moved"
    elif moved is not None and moved.types != {type_.parent}:
        yield f"actions.{type_.name}.move.types", f"must be {type_.parent}: it is asked where a node comes from and where it goes"


def _assets(blueprint: Blueprint) -> Iterator[Finding]:
    """Look for what kinds of assets need: somewhere below to be applied at, and the actions that say who applies and withdraws them."""
    for kind in blueprint.assets.values():
        if not kind.applies_to:
            continue
        over = {type_.name for type_ in above(blueprint, blueprint.types[kind.applies_to])}
        if kind.personal:
            yield f"assets.{kind.name}.personal", "what is somebody's own can't be applied"
        for name in sorted(kind.types - over):
            yield f"assets.{kind.name}.applies_to", f"{kind.applies_to!r} is not below {name!r}"
        for name in (f"{kind.name}.apply", f"{kind.name}.withdraw"):
            action = blueprint.actions.get(name)
            if action is None:
                yield f"actions.{name}", "is missing"
            elif action.types != {kind.applies_to}:
                yield f"actions.{name}.types", f"must be {kind.applies_to}"


def _granting_roles(blueprint: Blueprint, type_: ResourceType) -> frozenset[str]:
    granting = blueprint.granting_mask
    return frozenset(role for role in type_.roles if blueprint.closure(blueprint.roles[role].mask) & granting)


_RULES: tuple[Callable[[Blueprint], Iterator[Finding]], ...] = (
    _names_of_types,
    _one_root,
    _one_account_level,
    _edges,
    _levels,
    _bindings,
    _creators,
    _assignments,
    _standing_role,
    _conventional_actions,
    _assets,
)
