"""Invitations by the command line: the link is printed by what makes it, and never again."""

from datetime import datetime

import pytest

from keyholder.storage.models import PlannedBinding, User
from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db
INVITE = ("invitation", "create", "eve@else.example", "--resource", "account:100")


def test_an_address_is_invited_and_its_link_printed(noon: datetime) -> None:
    """R101: also several at once; without permissions the sender is warned (R109)."""
    applied(SHOP)
    sent = run(*INVITE, "--permission", "edit", "--until", "2027-01-01T00:00:00Z", "--message", "Welcome", "--json").json
    assert [row["done"] for row in sent] == ["invited"]
    assert sent[0]["link"].startswith("http://127.0.0.1:8000/invitation/c")
    bare = run("invitation", "create", "ivo@else.example", "uma@else.example", "--resource", "account:100")
    assert (bare.code, len(bare.out.splitlines())) == (0, 2)
    assert "no permissions yet" in bare.reasons[0]


def test_what_is_pending_is_listed_without_links(noon: datetime) -> None:
    applied(SHOP)
    assert run("invitation", "list").out == ""
    sent = run(*INVITE, "--json").json[0]
    listed = run("invitation", "list", "--json")
    assert (listed.json[0]["user"], listed.json[0]["state"], listed.json[0]["expires"]) == (
        "eve@else.example",
        "pending",
        "2026-11-29T12:00:00Z",
    )
    assert sent["link"].rpartition("/invitation/")[2] not in listed.out
    assert "eve@else.example" in run("invitation", "list").out


def test_it_is_sent_again_gets_a_new_link_and_is_revoked(noon: datetime) -> None:
    """R103, R104: each prints the link that is good from then on."""
    applied(SHOP)
    sent = run(*INVITE, "--json").json[0]
    number = str(sent["invitation"])
    links = [sent["link"], *(run("invitation", how, number, "--json").json["link"] for how in ("resend", "link"))]
    assert len(set(links)) == 3
    assert run("invitation", "link", number).out.startswith("new link: eve@else.example")
    assert run("invitation", "revoke", number, "--reason", "wrong Eve").out == f"revoked: {number}\n"
    assert run("invitation", "revoke", number).code == 1
    assert run("invitation", "revoke", "999").code == 1
    other = run(*INVITE, "--json").json[0]
    assert run("invitation", "revoke", str(other["invitation"]), "--json").json["done"] == "revoked"


def test_what_its_giver_may_not_give_any_more_is_taken_over(noon: datetime) -> None:
    """R-INV-10: and where there is nothing of that kind, it is said."""
    applied(SHOP)
    number = str(run(*INVITE, "--permission", "edit", "--json").json[0]["invitation"])
    assert run("invitation", "take-over", number).code == 1
    PlannedBinding.objects.update(giver=User.objects.get(canonical="cleo@acme.example").pk)
    assert run("invitation", "take-over", number).out == f"taken over: {number} (1)\n"
    assert PlannedBinding.objects.get().giver_id is None
    PlannedBinding.objects.update(giver=User.objects.get(canonical="cleo@acme.example").pk)
    assert run("invitation", "take-over", number, "--json").json["given"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--permission", "fly"), 2),
        (("--until", "tomorrow"), 2),
        (("--group", "acme"), 2),
        (("--group", "acme/nobody"), 1),
        (("--language", "xx"), 2),
    ],
)
def test_a_slip_is_one_line(noon: datetime, arguments: tuple[str, str], code: int) -> None:
    applied(SHOP)
    assert run(*INVITE, *arguments).code == code
