"""A small state of the cast for the command line's tests: a shop, its organization, a group, windows."""

import json
from typing import Any

from tests.interfaces.cli.shell import Result, run

SHOP: dict[str, Any] = {
    "version": 1,
    "organizations": [
        {
            "key": "acme",
            "name": "Acme",
            "admins": ["olga@acme.example"],
            "groups": [{"key": "analysts", "name": "Analysts", "owners": ["ben@acme.example"], "members": ["cleo@acme.example"]}],
        }
    ],
    "users": [
        {"email": "alice@acme.example", "name": "Alice"},
        {"email": "ben@acme.example", "name": "Ben"},
        {"email": "cleo@acme.example", "name": "Cleo"},
        {"email": "dan@acme.example", "name": "Дан Ķērniņš"},
        {"email": "olga@acme.example", "name": "Olga"},
    ],
    "service_accounts": [{"name": "reporter"}],
    "resources": [
        {"type": "account", "id": "100", "name": "Shop", "organization": "acme"},
        {"type": "property", "id": "UA-100-1", "name": "Web", "parent": "account:100"},
        {"type": "view", "id": "1001", "name": "All data", "parent": "property:UA-100-1"},
    ],
    "access": [
        {"user": "alice@acme.example", "resource": "account:100", "permissions": ["manage_users"]},
        {"user": "ben@acme.example", "resource": "account:100", "permissions": ["edit"], "until": "2026-12-24T00:00:00Z"},
        {"group": "acme/analysts", "resource": "property:UA-100-1", "permissions": ["read_analyze"]},
        {"service_account": "reporter", "resource": "view:1001", "permissions": ["read_analyze"]},
    ],
}


def applied(state: dict[str, Any], *options: str) -> Result:
    """Apply a state."""
    return run("apply", "-", *options, stdin=json.dumps(state))


def shop(**others: Any) -> dict[str, Any]:
    """Return the shop's state with some of its lists replaced."""
    return {**SHOP, **others}
