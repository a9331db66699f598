"""Mistakes that people make in a state file: what is changed in the accepted one, where that is noticed, and a part of what is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Tree = dict[str, Any]

PLACES = {
    "unknown version": "version",
    "unknown key at the top": "people",
    "unknown key in a user": "users[0].admin",
    "unknown status": "users[0].status",
    "not an address": "users[4].email",
    "letter that case-maps to ASCII (dotless i)": "users[4].email",
    "same canonical address twice": "users[4].email",
    "unknown resource type": "resources[8].type",
    "unknown parent": "resources[8].parent",
    "wrong nesting": "resources[8].parent",
    "parent missing": "resources[8]",
    "parent of another platform": "resources[8].parent",
    "same id twice in a type": "resources[8].id",
    "number as an id": "resources[8].id",
    "unknown organization": "resources[0].organization",
    "unknown permission": "access[3].permissions[0]",
    "permission of another platform": "access[3].permissions[0]",
    "empty permissions": "access[3].permissions",
    "repeated permission": "access[3].permissions[1]",
    "neither permissions nor role": "access[3]",
    "both permissions and role": "access[3]",
    "two principals": "access[3]",
    "unknown user": "access[3].user",
    "unknown group": "access[3].group",
    "unknown resource": "access[3].resource",
    "two entries for one principal and resource": "access[3]",
    "from after until": "access[3].from",
    "time without an offset": "access[3].until",
    "unknown role": "access[3].role",
    "permissions where only a role can be bound": "access[3].permissions[0]",
    "role at a pixel": "access[3].role",
    "group nested from another organization": "organizations[0].groups[1].groups[0]",
    "two groups of one name": "organizations[0].groups[1].name",
    "unknown policy mode": "organizations[0].policy.mode",
}
"""Where each variant of the vectors is refused."""


@dataclass(frozen=True)
class Mistake:
    """One mistake: ``make`` puts it into a copy of the accepted file."""

    what: str
    make: Callable[[Tree], object]
    place: str
    says: str


def organization(**keys: object) -> Callable[[Tree], object]:
    """Change the first organization."""
    return lambda tree: tree["organizations"][0].update(keys)


def group(**keys: object) -> Callable[[Tree], object]:
    """Change the first group."""
    return lambda tree: tree["organizations"][0]["groups"][0].update(keys)


def user(**keys: object) -> Callable[[Tree], object]:
    """Change Alice."""
    return lambda tree: tree["users"][0].update(keys)


def resource(position: int, **keys: object) -> Callable[[Tree], object]:
    """Change a resource: 0 account, 1 property, 3 host, 4 host_account, 5 pixel, 6 resource."""
    return lambda tree: tree["resources"][position].update(keys)


def access(**keys: object) -> Callable[[Tree], object]:
    """Add an entry for Ben; a key that is None is left out."""
    entry = {"user": "ben@acme.example", "resource": "account:100", "permissions": ["edit"]} | keys
    return lambda tree: tree["access"].append({key: value for key, value in entry.items() if value is not None})


def member(**keys: object) -> Callable[[Tree], object]:
    """Give the first group one member."""
    return group(members=[keys])


def more(noun: str, **entry: object) -> Callable[[Tree], object]:
    """Add an entry to a list at the top."""
    return lambda tree: tree[noun].append(entry)


MEMBER = "organizations[0].groups[0].members[0]"
MISTAKES = (
    Mistake("no version", lambda tree: tree.pop("version"), "", "version"),
    Mistake("a list without brackets", lambda tree: tree.update(service_accounts={"name": "x"}), "service_accounts", "list"),
    Mistake("a key without a value", lambda tree: tree.update(service_accounts=None), "service_accounts", "leave it out"),
    Mistake("an entry that is a text", lambda tree: tree.update(service_accounts=["reporter"]), "service_accounts[0]", "name"),
    Mistake("one name twice", lambda t: t.update(service_accounts=[{"name": "R"}, {"name": " r"}]), "service_accounts[1].name", "[0]"),
    Mistake("a mistyped key", user(statsu="active"), "users[0].statsu", '"status"'),
    Mistake(
        "a Cyrillic letter in a key", lambda tree: tree["users"][0].update({"st\u0430tus": "active"}), "users[0].st\u0430tus", "U+0430"
    ),
    Mistake("a key that is a number", lambda tree: tree["users"][0].update({5: "x"}), "users[0].5", "email"),
    Mistake("a name that is a number", user(name=2026), "users[0].name", "quotes"),
    Mistake("a name that is empty", user(name=""), "users[0].name", "empty"),
    Mistake("a name of spaces", user(name="  "), "users[0].name", "missing"),
    Mistake("a name that is a list", user(name=["Alice"]), "users[0].name", "text"),
    Mistake("a flag that is a word", user(outside_policy="yes"), "users[0].outside_policy", "true or false"),
    Mistake("an organization's key twice", more("organizations", key="bolt", name="B"), "organizations[2].key", "[1]"),
    Mistake("a slash in a key", more("organizations", key="a/b", name="B"), "organizations[2].key", "/"),
    Mistake("a space in a key", more("organizations", key="a b", name="B"), "organizations[2].key", "spaces"),
    Mistake("an admin twice", organization(admins=["olga@acme.example", "Olga@acme.example"]), "organizations[0].admins[1]", "admins[0]"),
    Mistake("an admin nobody knows", organization(admins=["eve@acme.example"]), "organizations[0].admins[0]", "neither"),
    Mistake("an admin's look-alike", organization(admins=["eve@\u0430cme.example"]), "organizations[0].admins[0]", "look like"),
    Mistake("an address without a domain", organization(admins=["olga", "olga"][:1]), "organizations[0].admins[0]", '"@"'),
    Mistake("an unknown source", organization(identity_source="ldap"), "organizations[0].identity_source", "directory"),
    Mistake("a policy that is a word", organization(policy="enforced"), "organizations[0].policy", "mode"),
    Mistake("no domain", organization(policy={"allowed_domains": ["a.b", "*"]}), "organizations[0].policy.allowed_domains[1]", "*"),
    Mistake(
        "a domain twice",
        organization(policy={"allowed_domains": ["b\u00fccher.example", "xn--bcher-kva.example"]}),
        "organizations[0].policy.allowed_domains[1]",
        "[0]",
    ),
    Mistake("a blocked number", organization(policy={"blocked_addresses": [5]}), "organizations[0].policy.blocked_addresses[0]", "quotes"),
    Mistake("a group's key twice", group(key="b", groups=[]), "organizations[0].groups[1].key", "[0]"),
    Mistake("a description that is a list", group(description=[]), "organizations[0].groups[0].description", "text"),
    Mistake("a group that is not there", group(groups=["c"]), "organizations[0].groups[0].groups[0]", "acme/c"),
    Mistake("a group in a group twice", group(groups=["b", {"group": "b"}]), "organizations[0].groups[0].groups[1]", "groups[0]"),
    Mistake("a member without a name", member(until="2030-01-01T00:00:00Z"), MEMBER, "user"),
    Mistake("a member of the wrong kind", member(user="ben@acme.example", x=1), f"{MEMBER}.x", "x"),
    Mistake("a member nobody knows", member(user="eve@acme.example"), f"{MEMBER}.user", "neither"),
    Mistake("a time that is a number", member(user="ben@acme.example", until=2030), f"{MEMBER}.until", "2030"),
    Mistake("an owner nobody knows", group(owners=["eve@acme.example"]), "organizations[0].groups[0].owners[0]", "eve"),
    Mistake("a type with a look-alike", more("resources", type="vi\u0435w", id="x", name="X"), "resources[8].type", "U+0435"),
    Mistake("no type", more("resources", id="x", name="X"), "resources[8]", "type"),
    Mistake("an id with a space", more("resources", type="host", id="a b", name="X"), "resources[8].id", "a b"),
    Mistake("a root with a parent", resource(3, parent="account:100"), "resources[3].parent", "nothing"),
    Mistake("a parent without a type", resource(1, parent="100"), "resources[1].parent", "TYPE:ID"),
    Mistake("a parent of no type", resource(1, parent="planet:100"), "resources[1].parent", "planet"),
    Mistake("a parent that is a number", resource(1, parent=100), "resources[1].parent", "quotes"),
    Mistake("a property in an organization", resource(1, organization="acme"), "resources[1].organization", "account"),
    Mistake("an organization that is empty", resource(0, organization=""), "resources[0].organization", "empty"),
    Mistake("an account that is managed", resource(0, managed=True), "resources[0].managed", "leave"),
    Mistake("a property that awaits a manager", resource(1, awaiting_manager=True), "resources[1].awaiting_manager", "leave"),
    Mistake("trashed without saying when", resource(0, trashed=True), "resources[0].trashed", "moment"),
    Mistake("no principal", access(user=None), "access[3]", "principal"),
    Mistake("no resource", access(resource=None), "access[3]", "resource"),
    Mistake("a group without its organization", access(user=None, group="a"), "access[3].group", "ORGANIZATION/KEY"),
    Mistake("a group that is a number", access(user=None, group=5), "access[3].group", "quotes"),
    Mistake("a machine nobody knows", access(user=None, service_account="robot"), "access[3].service_account", "robot"),
    Mistake("a user that is a number", access(user=5), "access[3].user", "quotes"),
    Mistake("a permission with a look-alike", access(permissions=["\u0435dit"]), "access[3].permissions[0]", "U+0435"),
    Mistake("permissions that are one word", access(permissions="edit"), "access[3].permissions", "list"),
    Mistake("a permission that is a number", access(permissions=[5]), "access[3].permissions[0]", "quotes"),
    Mistake("a permission of another level", access(resource="pixel:p7", permissions=["view"]), "access[3].permissions[0]", "edit_pixel"),
    Mistake("a mark where nothing is assigned", access(without_role=True), "access[3].without_role", "beside no role"),
    Mistake("a role that is a list", access(role=["owner"], permissions=None, resource="resource:m"), "access[3].role", "text"),
    Mistake("a role of another platform", access(role="owner", permissions=None, resource="host:h1"), "access[3].role", "owner"),
    Mistake("a role without a place", access(role="owner", permissions=None, resource="planet:1"), "access[3].resource", "planet"),
    Mistake("the same window twice", lambda tree: [access(until="2030-01-01T00:00:00Z")(tree) for _ in "ab"], "access[4]", "access[3]"),
    Mistake(
        "one window in two offsets",
        lambda t: [access(until="2030-01-01T00:00:00Z")(t), access(until="2030-01-01T03:00:00+03:00")(t)],
        "access[4]",
        "access[3]",
    ),
    Mistake("an empty window", access(**{"from": "2030-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}), "access[3].from", "before"),
)
