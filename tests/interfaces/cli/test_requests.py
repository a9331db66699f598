"""Requests for access on the command line: listed, approved, refused (R111)."""

from datetime import datetime

import pytest

from keyholder.domain.identifiers import ResourceRef
from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db
READS = ("check", "--user", "olga@acme.example", "--permission", "read_analyze", "--resource", "view:1001")


def asked(noon: datetime, **wish: object) -> int:
    """Let Olga ask for the view, and return the number."""
    from keyholder.domain.events import Channel
    from keyholder.services.caller import Caller
    from keyholder.services.commands import requests
    from keyholder.storage.models import AccessRequest, User

    olga = User.objects.get(canonical="olga@acme.example").pk
    by = Caller(olga, noon, Channel.CONSOLE)
    requests.ask(by=by, at=ResourceRef("view", "1001"), **wish)  # type: ignore[arg-type]  # whatever a test asks for
    return AccessRequest.objects.latest("pk").pk


def test_the_open_requests_are_listed(noon: datetime) -> None:
    applied(SHOP)
    number = asked(noon, permissions=["read_analyze"], reason="Reports", days=7)
    listed = run("request", "list")
    assert listed.code == 0
    assert "olga@acme.example" in listed.out
    assert "view:1001" in listed.out
    assert run("request", "list", "--json").json == {
        "number": number,
        "user": "olga@acme.example",
        "resource": "view:1001",
        "permissions": ["read_analyze"],
        "role": "",
        "days": 7,
        "reason": "Reports",
        "signed_in": True,
        "proven": False,
        "asked_at": "2026-11-22T12:00:00Z",
    }


def test_a_request_is_approved_as_asked_or_otherwise(noon: datetime) -> None:
    applied(SHOP)
    assert run("request", "approve", str(asked(noon, permissions=["read_analyze"], days=7)), "--json").json["done"] == "approved"
    assert run(*READS).code == 0
    assert run(*READS, "--at", "2026-11-29T12:00:00Z").code == 1
    less = run("request", "approve", str(asked(noon, permissions=["edit"])), "--permission", "read_analyze", "--days", "30")
    assert less.code == 0
    assert run(*READS, "--at", "2026-11-30T12:00:00Z").code == 0


def test_what_was_left_open_has_to_be_named(noon: datetime) -> None:
    applied(SHOP)
    number = asked(noon)
    assert run("request", "approve", str(number)).code == 2
    assert run("request", "approve", str(number), "--permission", "edit").code == 0


def test_a_request_is_refused_and_then_settled(noon: datetime) -> None:
    applied(SHOP)
    number = str(asked(noon))
    assert run("request", "refuse", number, "--reason", "Not here").out == f"refused: {number}\n"
    again = run("request", "refuse", number)
    assert (again.code, again.reasons) == (1, ["This request is settled already: it was refused."])
    assert run("request", "refuse", "4711").code == 1
    assert run("request", "approve", "4711").code == 1
