"""An organization that lets people in only through one provider: who came otherwise goes through it first (semantics 5 and 7)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keyholder.domain.identifiers import ResourceRef
from keyholder.services.commands import people, provider_rules, trashing
from keyholder.services.queries.decisions import Asked, check
from tests.cast import OPERATOR, Cast, caller, holds
from tests.interfaces.console.conftest import SignedIn, lately_proven_no_more
from tests.interfaces.console.reading import text
from tests.interfaces.oidc.hostile import Provider, back, go

PASSWORD = "correct horse battery staple"
PAGES = ("/organizations/{0.acme}/", "/organizations/{0.acme}/policy/", "/groups/{0.analysts}/", "/account/100/users/", "/view/1001/users/")
"""Pages of Acme that are Alice's."""


@pytest.fixture
def required(provider: Provider, cast: Cast, client: Client) -> Cast:
    """Let Alice have signed in through the provider once, and Acme let people in only through it."""
    back(client, go(client, provider)["state"])
    client.logout()
    provider_rules.choose(by=caller(cast.alice), organization=cast.acme, provider="mts")
    return cast


def statuses(client: Client, cast: Cast) -> set[int]:
    return {client.get(page.format(cast)).status_code for page in PAGES}


def test_who_signs_in_by_a_password_is_told_which_provider_and_kept_out(required: Cast, client: Client) -> None:
    """Everything else stays open: their own page, other organizations' accounts."""
    people.set_password(by=OPERATOR, user=required.alice, password=PASSWORD)
    answer = client.post("/sign-in/", {"address": "alice@acme.example", "password": PASSWORD}, follow=True)
    assert "Acme lets people in only through MTS ID" in text(answer)
    assert statuses(client, required) == {403}
    page = text(client.get(f"/organizations/{required.acme}/"))
    assert "Acme lets people in only through MTS ID" in page
    assert "Go on through MTS ID" in page
    assert client.get("/me/").status_code == 200


def test_who_goes_through_it_comes_in_and_stays_signed_in(required: Cast, provider: Provider, signed_in: SignedIn) -> None:
    """It is their own account that is proven again, so it does not matter how long ago they signed in."""
    client = lately_proven_no_more(signed_in(required.alice))
    assert statuses(client, required) == {403}
    taken = go(client, provider, link="1", next=f"/organizations/{required.acme}/")
    assert back(client, taken["state"], code="another")["Location"] == f"/organizations/{required.acme}/"
    assert statuses(client, required) == {200}


def test_who_signs_in_through_it_is_in(required: Cast, provider: Provider, client: Client) -> None:
    back(client, go(client, provider)["state"], code="another")
    assert statuses(client, required) == {200}
    client.logout()
    assert not client.session.get("issuers")


def test_no_command_goes_around_it(required: Cast, signed_in: SignedIn) -> None:
    """A form that was open before is refused as well, and nothing is changed."""
    client = signed_in(required.alice)
    fields = {"permissions": ["edit"], "step": "save", "reviewed": "x"}
    assert client.post(f"/view/1001/users/{required.cleo}/", fields).status_code == 403
    assert client.post(f"/groups/{required.analysts}/delete/", {}).status_code == 403
    assert "edit" not in holds(required.cleo, required.view)


def test_who_is_outside_learns_nothing(required: Cast, signed_in: SignedIn) -> None:
    """404 before 403, in the same words (R-TEN-1)."""
    client = signed_in(required.dan)
    assert {client.get(page.format(required)).status_code for page in PAGES} == {404}


def test_decisions_do_not_change(required: Cast) -> None:
    assert "manage_users" in holds(required.alice, required.account)
    question = Asked("alice@acme.example", ResourceRef("account", "100"), permission="manage_users")
    assert check(by=OPERATOR, asked=question).allowed


NAMES = ("Shop", "All data", "Analysts", "Interns", "Cleo")
LISTS = ("/", "/admin/google_analytics/", "/search/?q=a", "/activity/", "/trash/", "/requests/", "/people/{0.alice}/", "/organizations/")


def test_lists_show_none_of_it(required: Cast, signed_in: SignedIn) -> None:
    """Lists take nothing from what is closed to the reader, whatever they manage or are in; the home page says how one gets in."""
    trashing.trash(by=OPERATOR, resource=required.view)
    client = signed_in(required.alice)
    pages = {page: client.get(page.format(required), follow=True).content.decode() for page in LISTS}
    assert {page: named for page, words in pages.items() if (named := [name for name in NAMES if name in words])} == {}
    assert "Acme lets people in only through MTS ID" in pages["/"]
    assert [client.get(page.format(required)).status_code for page in ("/groups/", "/groups/new/", "/people/{0.cleo}/")] == [403, 403, 404]


def test_where_no_organization_asks_for_a_provider_no_page_asks_for_rules(cast: Cast, signed_in: SignedIn) -> None:
    """Whether there is any is told by the query that finds who is signed in; it is fresh with each request (semantics 3)."""
    client = signed_in(cast.alice)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/me/").status_code == 200
    asked = [query["sql"] for query in queries.captured_queries if "provider_rule" in query["sql"]]
    assert len(asked) == 1
    assert "EXISTS" in asked[0]
