"""Accounts by the command line: for an administrator who is here, or who is invited and awaited (semantics 4, R093)."""

from datetime import datetime

import pytest

from keyholder.storage.models import Invitation, PlannedBinding, Resource, User
from tests.interfaces.cli.shell import run

pytestmark = pytest.mark.django_db
MAKE = ("account", "create", "account:200", "--name", "Kiosk", "--administrator")


def test_somebody_known_administers_at_once(noon: datetime) -> None:
    run("user", "create", "dan@acme.example")
    made = run(*MAKE, "dan@acme.example")
    assert (made.code, made.out.strip()) == (0, "created: account:200, administered by dan@acme.example")
    assert run("check", "--user", "dan@acme.example", "--permission", "manage_users", "--resource", "account:200").code == 0


def test_somebody_unknown_is_invited_and_the_link_printed(noon: datetime) -> None:
    made = run(*MAKE, "eve@else.example", "--json").json
    assert (made["done"], made["mailed"], made["resource"]) == ("invited", False, "account:200")
    assert made["link"].startswith("http://127.0.0.1:8000/invitation/c")
    assert made["invitation"] == Invitation.objects.get().pk
    assert Resource.objects.get(key="200").awaiting_manager
    assert "awaits ivo@else.example" in run("account", "create", "resource:7", "--administrator", "ivo@else.example").out


def test_a_hosted_account_is_managed_until_its_administrator_comes(noon: datetime) -> None:
    run("user", "create", "dan@acme.example")
    run("account", "create", "host:h1", "--administrator", "dan@acme.example")
    made = run("account", "create", "host_account:7", "--below", "host:h1", "--unmanaged", "--administrator", "eve@else.example")
    assert made.code == 0
    assert Resource.objects.get(key="7").managed
    assert Invitation.objects.get().closes


def test_r093_an_account_without_an_administrator_is_refused(noon: datetime) -> None:
    """R093: the option is asked for, and what is no address is bad input."""
    assert run("account", "create", "account:200").code == 2
    refused = run(*MAKE, "nobody")
    assert (refused.code, Resource.objects.exists()) == (2, False)
    assert run("account", "create", "property:1", "--administrator", "eve@else.example").code == 2


class TestAtAnAccount:
    """What is switched, assigned and handed over."""

    @pytest.fixture(autouse=True)
    def agency(self, noon: datetime) -> None:
        """Make a host with a client, whose pixel Cleo may be assigned."""
        for name in ("alice", "ben", "cleo"):
            run("user", "create", f"{name}@acme.example")
        run("account", "create", "host:h1", "--administrator", "alice@acme.example")
        run("account", "create", "host_account:7", "--below", "host:h1", "--administrator", "ben@acme.example")
        tree = "resources: [{type: pixel, id: p1, name: Site, parent: 'host_account:7'}]\n"
        access = "access: [{user: cleo@acme.example, resource: 'host_account:7', role: standard}]\n"
        assert run("apply", "-", stdin=f"version: 1\n{tree}{access}").code == 0

    def allowed(self, who: str, permission: str, resource: str) -> bool:
        """Ask for a decision."""
        return run("check", "--user", f"{who}@acme.example", "--permission", permission, "--resource", resource).code == 0

    def test_r100_delegation_goes_off_and_on(self) -> None:
        assert self.allowed("alice", "manage_users", "host_account:7")
        assert run("account", "delegation", "host_account:7", "off").out.strip() == "host_account:7: delegation off"
        assert not self.allowed("alice", "manage_users", "host_account:7")
        assert run("account", "delegation", "host_account:7", "on", "--json").json == {
            "resource": "host_account:7",
            "done": "delegation on",
        }
        assert run("account", "delegation", "host:h1", "off").code == 2

    def test_r091_a_pixel_is_assigned_and_taken(self) -> None:
        run("account", "assign", "pixel:p1", "cleo@acme.example")
        assert self.allowed("cleo", "edit_pixel", "pixel:p1")
        run("account", "assign", "pixel:p1", "cleo@acme.example", "--take")
        assert not self.allowed("cleo", "edit_pixel", "pixel:p1")
        refused = run("account", "assign", "pixel:p1", "ben@acme.example")
        assert (refused.code, "Standard" in refused.err) == (1, True)

    def test_a_resource_is_handed_over_to_who_accepts_it(self) -> None:
        run("account", "create", "resource:m", "--administrator", "alice@acme.example")
        sent = run("account", "hand-over", "resource:m", "ben@acme.example", "--json").json
        assert (sent["invited"], "/invitation/" in sent["link"]) == ("ben@acme.example", True)
        assert not self.allowed("ben", "manage", "resource:m")
        refused = run("account", "hand-over", "resource:m", "ben@acme.example", "--in-place-of", "cleo@acme.example")
        assert (refused.code, "Owner" in refused.err) == (1, True)
        assert run("account", "hand-over", "resource:m", "ben@acme.example", "--in-place-of", "alice@acme.example").code == 0
        assert PlannedBinding.objects.get().in_place_of_id == User.objects.get(canonical="alice@acme.example").pk
        assert run("account", "hand-over", "host:h1", "ben@acme.example").code == 2
