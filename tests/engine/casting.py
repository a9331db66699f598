"""The cast on one stage, for examples: Alice administers, Ben edits, Cleo reads, Dan is outside; what they hold is each test's own."""

from typing import Any

from keyholder.domain.identifiers import PrincipalId
from keyholder.engine.decision import Decision, Question, check, effective
from keyholder.engine.facts import Facts
from tests.engine import made_up
from tests.engine.worlds import NOW
from tests.world import World

CATALOGUE = made_up.catalogue()
BEFORE, NOON, AFTER = "2026-11-22T11:59:59Z", "2026-11-22T12:00:00Z", "2026-11-22T12:00:01Z"


def stage(*access: dict[str, Any], groups: tuple[dict[str, Any], ...] = (), **changes: Any) -> World:
    """Return two accounts of which the first is linked to Acme, a host with two accounts, a site and a laboratory.

    ``access`` are its bindings, ``groups`` those of Acme; ``changes`` replace whole parts of the state.
    """
    acme = {"key": "acme", "name": "Acme", "admins": ["olga@x.example"], "groups": list(groups), **changes.pop("acme", {})}
    tree: dict[str, Any] = {
        "organizations": [acme, {"key": "bolt", "name": "Bolt", "admins": ["xena@x.example"], "groups": [{"key": "team", "name": "Team"}]}],
        "users": [{"email": f"{name}@x.example", "name": name} for name in ("alice", "ben", "cleo", "dan", "olga", "xena")],
        "service_accounts": [{"name": "robot"}],
        "resources": [
            {"type": "account", "id": "1", "name": "Shop", "organization": "acme"},
            {"type": "property", "id": "web", "name": "Web", "parent": "account:1"},
            {"type": "property", "id": "app", "name": "App", "parent": "account:1"},
            {"type": "view", "id": "all", "name": "All data", "parent": "property:web"},
            {"type": "account", "id": "2", "name": "Other shop"},
            {"type": "host", "id": "h", "name": "Agency"},
            {"type": "host_account", "id": "7", "name": "Managed", "parent": "host:h"},
            {"type": "host_account", "id": "8", "name": "Unmanaged", "parent": "host:h", "managed": False},
            {"type": "pixel", "id": "p7", "name": "Pixel", "parent": "host_account:7"},
            {"type": "pixel", "id": "p8", "name": "Pixel", "parent": "host_account:8"},
            {"type": "resource", "id": "site", "name": "Site", "organization": "acme"},
            {"type": "service", "id": "s", "name": "Service", "parent": "resource:site"},
            {"type": "report", "id": "r", "name": "Report", "parent": "service:s"},
            {"type": "lab", "id": "l", "name": "Lab", "organization": "acme"},
            {"type": "bench", "id": "b", "name": "Bench", "parent": "lab:l"},
            {"type": "drawer", "id": "d", "name": "Drawer", "parent": "bench:b"},
        ],
        "access": list(access),
        **changes,
    }
    return World(tree, CATALOGUE)


def gives(who: str, where: str, *permissions: str, role: str = "", **window: str) -> dict[str, Any]:
    """Return an entry of ``access``: a person of the cast, ``ORGANIZATION/KEY`` or ``robot``; permissions, or one role."""
    holder = {"group": who} if "/" in who else {"service_account": who} if who == "robot" else {"user": f"{who}@x.example"}
    given = {"role": role} if role else {"permissions": list(permissions)}
    spans = {{"since": "from"}.get(key, key): value for key, value in window.items()}
    return {**holder, "resource": where, **given, **spans}


def group(key: str, *members: Any, groups: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Return a group; a member is a person of the cast, or a mapping with a window."""
    rows = [f"{member}@x.example" if isinstance(member, str) else member for member in members]
    return {"key": key, "name": key, "members": rows, "groups": list(groups)}


def member(who: str, **window: str) -> dict[str, str]:
    """Return a member with a window."""
    return {"user": f"{who}@x.example", **{{"since": "from"}.get(key, key): value for key, value in window.items()}}


def held(world: World, who: str, where: str, facts: Facts | None = None) -> tuple[str, ...]:
    """Return the names of what somebody holds effectively."""
    blueprint = CATALOGUE.of(where.partition(":")[0])
    mask = effective(facts or world.facts, CATALOGUE, name(world, who), world.at(where), NOW)
    return blueprint.names(mask)


def name(world: World, who: str) -> PrincipalId:
    """Return the number of a person of the cast, of a group or of the robot."""
    return world.principals["service:robot" if who == "robot" else who if "/" in who else f"{who}@x.example"].id


def asks(world: World, who: str, where: str, **asked: str) -> Decision:
    """Ask whether somebody may, by permission or by action."""
    return check(world.facts, CATALOGUE, Question(name(world, who), world.at(where), **asked), NOW)


def names(world: World, *people: str) -> set[PrincipalId]:
    """Return the numbers of several of the cast."""
    return {name(world, who) for who in people}
