"""Accounts by the command line: for an administrator who is here, or who is invited and awaited (semantics 4, R093)."""

from datetime import datetime

import pytest

from keyholder.storage.models import Invitation, Resource
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
