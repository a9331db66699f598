"""People: as the operator makes them, suspends them and gives them a password."""

from datetime import datetime

import pytest
from django.contrib.auth.hashers import check_password

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db

MANAGES = ("check", "--user", "alice@acme.example", "--permission", "manage_users", "--resource", "account:100")


def test_a_person_is_made_of_an_address(noon: datetime) -> None:
    """R044: in any writing it is the same person."""
    assert run("user", "create", "Eve@Acme.example", "--name", "Eve").out == "created: Eve@Acme.example\n"
    again = run("user", "create", "eve@ACME.example")
    assert (again.code, again.reasons) == (1, ["There is a person with the address eve@ACME.example already."])
    assert run("user", "create", "no address").code == 2


def test_the_first_operator_is_made_by_the_command_line(noon: datetime) -> None:
    """I-MG-2: and the last one stays."""
    from keyholder.storage.models import User

    assert run("user", "create", "otto@acme.example", "--operator", "--json").json == {"user": "otto@acme.example", "done": "created"}
    assert User.objects.get(canonical="otto@acme.example").is_operator
    refused = run("user", "suspend", "otto@acme.example")
    assert refused.code == 1
    assert refused.reasons[0].startswith("The last operator stays")


def test_who_is_suspended_holds_nothing_until_active_again(noon: datetime) -> None:
    """I-AZ-4."""
    applied(
        {**SHOP, "access": [*SHOP["access"], {"user": "olga@acme.example", "resource": "account:100", "permissions": ["manage_users"]}]}
    )
    assert run("user", "suspend", "alice@acme.example", "--reason", "on leave").out == "suspended: alice@acme.example\n"
    assert run(*MANAGES).code == 1
    assert run("user", "activate", "Alice@acme.example").code == 0
    assert run(*MANAGES).code == 0


def test_the_last_manager_is_not_suspended(noon: datetime) -> None:
    """R056: a rule holds for the operator as for everybody."""
    applied(SHOP)
    refused = run("user", "suspend", "alice@acme.example")
    assert (refused.code, len(refused.reasons)) == (1, 1)
    assert "The last manager stays: Shop" in refused.reasons[0]
    assert run(*MANAGES).code == 0


@pytest.mark.parametrize("command", ["suspend", "activate", "password", "remove-factors"])
def test_nobody_is_named_as_nobody(command: str, noon: datetime) -> None:
    refused = run("user", command, "x@acme.example", stdin="a long enough password\n")
    assert (refused.code, refused.reasons) == (1, ["Nobody here has the address x@acme.example."])


def test_a_password_is_read_from_standard_input_and_printed_nowhere(noon: datetime) -> None:
    """R-PWD-2, R-LOG-2."""
    from keyholder.storage.models import Event, User

    applied(SHOP)
    done = run("user", "password", "cleo@acme.example", stdin="correct horse battery staple\r\n")
    assert (done.code, done.out, done.err) == (0, "password set: cleo@acme.example\n", "")
    assert check_password("correct horse battery staple", User.objects.get(canonical="cleo@acme.example").password)
    assert "horse" not in str([(event.details, event.changes) for event in Event.objects.all()])


@pytest.mark.parametrize("given", ["", "\n", "short\n", "cleo@acme.example\n", "x" * 300 + "\n"])
def test_a_password_that_is_none_is_bad_input(given: str, noon: datetime) -> None:
    """R-PWD-2."""
    applied(SHOP)
    assert run("user", "password", "cleo@acme.example", stdin=given).code == 2


def test_r112_a_reset_link_is_printed_once_for_anybody(noon: datetime) -> None:
    """The command line always may; no password changes until the link is used."""
    from keyholder.services import reset_links
    from keyholder.storage.models import PasswordReset

    run("user", "create", "otto@acme.example", "--operator")
    link = run("user", "reset-link", "otto@acme.example", "--json").json["link"]
    assert link.startswith("http://127.0.0.1:8000/reset/c")
    assert reset_links.read(link.split("/")[-2]) == reset_links.Ticket(digest=PasswordReset.objects.get().digest)
    assert run("user", "reset-link", "otto@acme.example").out.startswith("http://127.0.0.1:8000/reset/c")


def test_a_lost_second_factor_is_removed(noon: datetime) -> None:
    """Semantics 7: also that of the only operator."""
    from keyholder.storage.models import Event, Passkey, User

    run("user", "create", "otto@acme.example", "--operator")
    assert run("user", "remove-factors", "otto@acme.example").reasons == ["otto@acme.example has no second factor."]
    otto = User.objects.get(canonical="otto@acme.example")
    Passkey.objects.create(user=otto, name="Laptop", credential="x", key="x", added_at=noon)
    done = run("user", "remove-factors", "otto@acme.example", "--reason", "lost")
    assert (done.code, done.out) == (0, "second factors removed: otto@acme.example\n")
    assert (Passkey.objects.count(), Event.objects.get(action="user.factors_removed").reason) == (0, "lost")


def test_somebody_is_deleted_once_it_was_said_what_goes(noon: datetime) -> None:
    """Semantics 2: a dry run says what goes and what is against it, and deletes nothing."""
    from keyholder.domain.events import Channel
    from keyholder.domain.identifiers import PrincipalId, ResourceId
    from keyholder.services.caller import Caller
    from keyholder.services.commands import bindings
    from keyholder.storage.models import Event, Resource, User

    run("user", "create", "otto@acme.example", "--operator")
    run("user", "create", "ann@acme.example", "--name", "Ann")
    run("account", "create", "account:1", "--name", "Shop", "--administrator", "ann@acme.example")
    assert run("user", "delete", "ann@acme.example", "--dry-run").out.startswith("accounts: account:1\nrefused: The last manager stays")
    assert "The last manager stays" in run("user", "delete", "ann@acme.example").reasons[0]
    otto, shop = User.objects.get(canonical="otto@acme.example").pk, ResourceId(Resource.objects.get().pk)
    bindings.grant(by=Caller(None, noon, Channel.CLI), to=[PrincipalId(otto)], on=shop, permissions=["manage_users"])
    done = run("user", "delete", "ann@acme.example", "--reason", "left", "--json")
    assert (done.json["done"], done.json["gone"]["accounts"], done.json["against"]) == ("deleted", ["account:1"], [])
    assert (Event.objects.filter(action="user.deleted").latest("pk").reason, User.objects.count()) == ("left", 1)
    assert run("user", "delete", "ann@acme.example").reasons == ["Nobody here has the address ann@acme.example."]
