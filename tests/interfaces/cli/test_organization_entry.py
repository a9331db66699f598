"""Organizations: where their people come from, and through which provider they come in, as the operator sets it."""

from datetime import datetime

import pytest

from tests.interfaces.cli.shell import run
from tests.interfaces.cli.shop import SHOP, applied

pytestmark = pytest.mark.django_db


def test_r043_its_people_come_from_a_directory_or_from_anywhere(noon: datetime) -> None:
    from keyholder.storage.models import Organization

    applied(SHOP)
    assert run("organization", "source", "acme", "directory").out == "acme: identity_source directory\n"
    assert Organization.objects.get().identity_source == "directory"
    assert run("organization", "source", "acme", "open", "--json").json == {"organization": "acme", "identity_source": "open"}
    assert run("organization", "source", "acme", "elsewhere").code == 2
    assert run("organization", "source", "bolt", "open").reasons == ["There is no organization bolt."]


def test_a_provider_that_nobody_could_come_in_through_is_refused(noon: datetime) -> None:
    """And leaving the choice open changes nothing."""
    from keyholder.storage.models import Provider, ProviderRule

    applied(SHOP)
    assert run("organization", "sign-in", "acme", "--provider", "mts").code == 1
    Provider.objects.create(key="mts", name="MTS ID", issuer="https://id.example", client="c", secret="s", scopes="openid", enabled=True)
    refused = run("organization", "sign-in", "acme", "--provider", "mts")
    assert (refused.code, "No active admin of Acme has linked" in refused.reasons[0]) == (1, True)
    assert not ProviderRule.objects.exists()
    assert run("organization", "sign-in", "acme").out == "acme: provider any\n"
