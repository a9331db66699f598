"""Groups and organizations by the command line: the same things as in the console, by the same rules."""

from datetime import datetime

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db
GROUP = "acme/builders"
CLEO, BEN = "cleo@acme.example", "ben@acme.example"


def can(user: str, permission: str, resource: str) -> bool:
    return run("check", "--user", user, "--permission", permission, "--resource", resource).code == 0


@pytest.fixture
def shop(noon: datetime) -> None:
    """Apply the shop."""
    applied(SHOP)


@pytest.fixture
def builders(shop: None) -> None:
    """Make a group with Cleo in it, and Ben until the new year."""
    assert run("group", "create", "acme", "Builders", "--description", "Build", "--owner", BEN).out == f"created: {GROUP}\n"
    assert run("group", "add", GROUP, CLEO).out == f"added: {CLEO}\n"
    assert run("group", "add", GROUP, BEN, "--until", "2027-01-01T00:00:00Z").code == 0


@pytest.mark.usefixtures("builders")
def test_a_group_is_filled_and_read() -> None:
    """R067, R071, R080: who has no person here is invited, and the link printed this once."""
    assert run("group", "change", GROUP, "--name", "Makers").out == f"changed: {GROUP}\n"
    added = run("group", "add", GROUP, "dan@acme.example", "uma@else.example", "--json")
    assert (added.json["added"], list(added.json["invited"])) == (["dan@acme.example"], ["uma@else.example"])
    assert added.json["invited"]["uma@else.example"].startswith("http://")
    assert run("group", "add", GROUP, "vera@else.example").out.startswith("invited: vera@else.example http")
    assert [row["user"] for row in run("group", "members", GROUP, "--json").json] == [BEN, CLEO, "dan@acme.example"]
    assert "2027-01-01" in run("group", "members", GROUP).out
    listed = {row["group"]: row for row in run("group", "list", "acme", "--json").json}
    assert (listed[GROUP]["name"], listed[GROUP]["people"]) == ("Makers", 3)
    assert "Makers" in run("group", "list", "acme").out
    assert run("group", "owner", GROUP, CLEO).out == f"{CLEO} owns it: {GROUP}\n"
    assert run("group", "owner", GROUP, CLEO, "--remove").out == f"{CLEO} owns it no more: {GROUP}\n"
    assert run("group", "remove", GROUP, BEN).code == 0
    assert run("group", "add", GROUP, BEN, "wim@else.example", "--reason", "Season").code == 0
    assert "Season" in run("audit", "export").out


@pytest.mark.usefixtures("builders")
def test_a_group_is_given_access_and_deleted() -> None:
    """R065, R070, R075, R082: the same at every level below, gone at once."""
    assert not can(CLEO, "edit", "view:1001")
    assert run("group", "grant", GROUP, "--resource", "property:UA-100-1", "--permission", "edit").code == 0
    assert can(CLEO, "edit", "view:1001")
    assert "Cleo loses" in run("group", "delete", GROUP, "--dry-run").out
    assert can(CLEO, "edit", "view:1001")
    assert run("group", "revoke", GROUP, "--resource", "property:UA-100-1").code == 0
    assert not can(CLEO, "edit", "view:1001")
    assert run("group", "delete", GROUP, "--json").json == {"group": GROUP, "done": "deleted", "losses": []}
    assert run("group", "delete", GROUP).code == 1


@pytest.mark.usefixtures("builders")
def test_groups_are_nested() -> None:
    """R072 to R074, R077: both ways, never in a circle."""
    assert run("group", "remove", GROUP, CLEO).code == 0
    assert run("group", "nest", "acme/analysts", GROUP).out == f"put into {GROUP}: acme/analysts\n"
    refused = run("group", "nest", GROUP, "acme/analysts")
    assert (refused.code, "Builders > Analysts > Builders" in refused.err) == (1, True)
    everybody = run("group", "members", GROUP, "--all", "--json").json
    assert {row["name"]: row["via"] for row in everybody} == {"Ben": [], "Cleo": ["Analysts"]}
    assert run("group", "unnest", "acme/analysts", GROUP, "--json").json["done"] == f"taken out of {GROUP}"


@pytest.mark.usefixtures("shop")
def test_accounts_are_linked_asked_for_and_unlinked() -> None:
    """R083: what groups lose is said before."""
    assert run("organization", "create", "Bolt", "--admin", BEN).out == "created: bolt\n"
    assert [row["organization"] for row in run("organization", "list", "--json").json] == ["acme", "bolt"]
    assert "bolt" in run("organization", "list").out
    assert run("organization", "rename", "bolt", "Bolt & Co").code == 0
    assert run("organization", "unlink", "account:100", "--dry-run").out == "the group Analysts loses its access at Web\n"
    assert run("organization", "unlink", "account:100", "--json").json["done"] == "unlinked"
    for how in ("refuse", "accept"):
        assert run("organization", "ask", "bolt", "account:100", "--reason", "Ours").code == 0
        (asked,) = run("organization", "requests", "--json").json
        assert (asked["account"], asked["organization"]) == ("account:100", "bolt")
        assert "account:100" in run("organization", "requests").out
        assert run("organization", how, str(asked["request"])).code == 0
    assert run("organization", "show", "bolt", "--json").json["accounts"] == ["account:100"]
    assert run("organization", "show", "bolt").out.splitlines()[1:] == [f"admin: {BEN}", "account: account:100"]
    assert run("organization", "unlink", "account:100").out == "unlinked: account:100\n"
    assert run("organization", "link", "acme", "account:100").out == "linked account:100: acme\n"


@pytest.mark.usefixtures("shop")
def test_r088_a_link_says_who_is_outside_the_policy_before_and_after() -> None:
    from keyholder.storage.models import Organization, Resource

    run("organization", "create", "Bolt", "--admin", BEN)
    run("organization", "unlink", "account:100")
    Organization.objects.filter(key="bolt").update(policy_mode="enforced", allowed_addresses=[BEN])
    outside = (
        "outside the policy: alice@acme.example: The policy allows neither the address alice@acme.example nor the domain acme.example.\n"
    )
    assert run("organization", "link", "bolt", "account:100", "--dry-run").out == outside
    run("organization", "ask", "bolt", "account:100")
    (asked,) = run("organization", "requests", "--json").json
    shown = run("organization", "accept", str(asked["request"]), "--dry-run", "--json").json
    assert (shown["done"], [one["user"] for one in shown["outside"]], shown["invitations_outside"]) == ("", ["alice@acme.example"], [])
    assert Resource.objects.get(key="100").organization is None
    assert run("organization", "accept", str(asked["request"])).out == f"{outside}accepted: {asked['request']}\n"


@pytest.mark.usefixtures("shop")
def test_people_are_appointed_suspended_noted_and_removed() -> None:
    """Semantics 5: the last admin and the last manager stay."""
    assert run("organization", "appoint", "acme", CLEO).out == f"{CLEO} is user admin: acme\n"
    assert run("organization", "dismiss", "acme", CLEO).code == 0
    assert run("organization", "dismiss", "acme", "olga@acme.example").code == 1
    assert run("organization", "suspend", "acme", CLEO).code == 0
    assert {row["user"]: row["marks"] for row in run("organization", "people", "acme", "--json").json}[CLEO] == ["suspended_here"]
    assert "olga@acme.example" in run("organization", "people", "acme").out
    assert run("organization", "activate", "acme", CLEO).code == 0
    assert run("organization", "note", "acme", CLEO, "Back in May").code == 0
    (note,) = run("organization", "note", "acme", CLEO, "--json").json
    assert note["text"] == "Back in May"
    assert "Back in May" in run("organization", "note", "acme", CLEO).out
    assert run("organization", "note", "acme", CLEO, "--remove", str(note["note"])).code == 0
    assert run("organization", "remove", "acme", BEN, "--account", "account:100", "--dry-run").out == "from account:100: Shop\n"
    assert run("organization", "remove", "acme", BEN, "--json").json["accounts"] == ["account:100"]
    assert not can(BEN, "edit", "account:100")
    assert run("organization", "remove", "acme", CLEO).out == f"from the group Analysts\nremoved: {CLEO}\n"
    assert run("organization", "remove", "acme", "alice@acme.example").code == 1


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("group", "members", "analysts"), 2),
        (("group", "members", "acme/nobody"), 1),
        (("group", "create", "nobody", "Builders"), 1),
        (("organization", "show", "nobody"), 1),
        (("organization", "accept", "99"), 1),
        (("organization", "ask", "acme", "view:1001"), 2),
    ],
)
def test_what_is_not_there_or_can_not_be_is_refused(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).code == code
