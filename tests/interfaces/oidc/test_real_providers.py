"""The client against providers that others wrote: a certified one, and one that requires the nonce (R-OIDC-6, R-OIDC-7)."""

import re
import warnings
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from django.core.cache import cache
from django.test import Client

from keyholder.interfaces.http.asking import ask_anew
from keyholder.services import openid
from keyholder.services.commands import providers
from keyholder.storage.models import Identity, User
from tests.cast import OPERATOR, Cast
from tests.interfaces.console.pages import text
from tests.interfaces.oidc import certified
from tests.interfaces.oidc.certified import ALICE, needs_node
from tests.interfaces.oidc.hostile import SECRET, who

REDIRECT = "http://127.0.0.1:8000/oidc/mts/callback/"
PEOPLE = {
    "alice": ALICE,
    "mallory": {**ALICE, "email_verified": False},
    "zoe": {"name": "Zoe", "email": "zoe@elsewhere.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the certified provider for the tests of this file."""
    with certified.serving(REDIRECT, PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """Run the provider that requires a nonce."""
    with warnings.catch_warnings(record=True):
        import oidc_provider_mock
    claims = {"email": "alice@acme.example", "email_verified": True, "name": "Alice"}
    person = oidc_provider_mock.User(sub="alice", claims=claims)
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=[person]) as server:
        yield f"http://localhost:{server.server_port}"


def set_up(issuer: str, cast: Cast) -> None:
    """Set a provider up as an operator does."""
    cache.clear()
    User.objects.filter(pk=cast.alice).update(email_verified=True)
    providers.add(by=OPERATOR, key="mts", name="MTS ID", issuer=issuer, client="keyholder", secret=SECRET)
    providers.enable(by=OPERATOR, provider="mts", discovery=openid.discover(issuer, ask_anew))


def way_there(client: Client) -> str:
    """Press the button, and return where it leads."""
    page = client.post("/oidc/mts/start/").content.decode()
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found, page
    return unescape(found[1])


@needs_node
def test_alice_signs_in_at_a_certified_provider(issuer: str, cast: Cast, client: Client) -> None:
    """R-OIDC-6, R-OIDC-7: with PKCE, nonce, the issuer named in the answer, and the address from the userinfo; twice the same person."""
    set_up(issuer, cast)
    assert openid.discover(issuer, ask_anew).says_issuer
    for _ in range(2):
        back = certified.come_back(way_there(client), REDIRECT, "alice")
        assert parse_qs(urlsplit(back).query)["iss"] == [issuer]
        assert client.get(back.removeprefix("http://127.0.0.1:8000")).status_code == 302
        assert who(client) == cast.alice
        client.logout()
    row = Identity.objects.get()
    assert (row.issuer, row.subject, row.user_id) == (issuer, "alice", cast.alice)


@needs_node
@pytest.mark.parametrize(("login", "words"), [("mallory", "does not vouch for your e-mail address"), ("zoe", "nothing has been opened")])
def test_who_proves_no_address_or_an_unknown_one_stays_outside(issuer: str, cast: Cast, client: Client, login: str, words: str) -> None:
    """R-OIDC-2."""
    set_up(issuer, cast)
    answer = client.get(certified.come_back(way_there(client), REDIRECT, login).removeprefix("http://127.0.0.1:8000"))
    assert (answer.status_code, who(client)) == (403, None)
    assert words in text(answer)


@needs_node
def test_a_code_without_its_verifier_is_worth_nothing_at_a_certified_provider(issuer: str, cast: Cast, client: Client) -> None:
    """R-OIDC-6: one browser's code put into another's answer."""
    set_up(issuer, cast)
    other = Client()
    stolen = parse_qs(urlsplit(certified.come_back(way_there(client), REDIRECT, "alice")).query)
    mine = parse_qs(urlsplit(way_there(other)).query)
    answer = other.get("/oidc/mts/callback/", {"state": mine["state"][0], "code": stolen["code"][0], "iss": issuer})
    assert (answer.status_code, who(other)) == (409, None)


@pytest.mark.filterwarnings("ignore")  # it still uses what its own library would rather not have used
def test_alice_signs_in_where_the_nonce_is_required(strict: str, cast: Cast, client: Client) -> None:
    """R-OIDC-6, R-OIDC-7."""
    set_up(strict, cast)
    url = way_there(client)
    with httpx2.Client(trust_env=False, timeout=20) as browser:
        answer = browser.post(url, data={"sub": "alice"})
        back = urljoin(url, answer.headers["location"])
    assert back.startswith(REDIRECT), back
    assert client.get(back.removeprefix("http://127.0.0.1:8000")).status_code == 302
    assert who(client) == cast.alice
