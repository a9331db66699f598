"""The pages about identity providers, and one's own links with them (semantics 7, R-KEY-2, R-OIDC-10)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from keyholder.interfaces.http import clock
from keyholder.services.commands import identities, people
from keyholder.storage.models import Event, Identity, Provider, User
from tests.cast import OPERATOR, Cast, caller
from tests.every_command import provided, said_of
from tests.interfaces.console.conftest import SignedIn, lately_proven_no_more
from tests.interfaces.console.pages import navigation, text, toast
from tests.interfaces.oidc.hostile import Provider as Running
from tests.interfaces.oidc.hostile import running

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
CANARY = "canary-of-the-provider"


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Let Alice be an operator who is signed in."""
    people.appoint_operator(by=OPERATOR, user=cast.alice)
    return signed_in(cast.alice)


@pytest.fixture
def there() -> Iterator[Running]:
    """Run a provider on this machine."""
    cache.clear()
    with running() as provider:
        yield provider


def filled(issuer: str, **others: str) -> dict[str, str]:
    return {
        "name": "MTS ID",
        "key": "mts",
        "issuer": issuer,
        "client": "keyholder",
        "secret": CANARY,
        "scopes": "openid email profile",
        **others,
    }


def test_an_operator_sets_a_provider_up_tests_it_and_switches_it_on_and_off(alice: Client, there: Running) -> None:
    assert "Identity providers" in navigation(alice.get("/providers/"))
    answer = alice.post("/providers/new/?preset=mts", filled(there.issuer), follow=True)
    assert "MTS ID is set up" in toast(answer)
    assert "Sign in with MTS ID" not in text(Client().get("/sign-in/"))
    assert "tested first" in text(alice.get("/providers/mts/on/"))
    assert "MTS ID is on" in toast(alice.post("/providers/mts/on/", follow=True))
    assert "Sign in with MTS ID" in text(Client().get("/sign-in/"))
    assert "still_on" not in text(alice.get("/providers/mts/remove/"))
    assert alice.post("/providers/mts/remove/").status_code == 409
    assert "MTS ID is off" in toast(alice.post("/providers/mts/off/", follow=True))
    assert "MTS ID was removed" in toast(alice.post("/providers/mts/remove/", follow=True))
    assert not Provider.objects.exists()


def test_r_oidc_7_a_provider_that_is_another_or_not_there_is_not_switched_on(alice: Client, there: Running) -> None:
    alice.post("/providers/new/", filled(there.issuer))
    there.description = {"issuer": "https://evil.example"}
    answer = alice.post("/providers/mts/on/")
    assert answer.status_code == 409
    assert "calls itself https://evil.example" in text(answer)
    Provider.objects.update(issuer="http://127.0.0.1:1")
    assert "could not be asked" in text(alice.post("/providers/mts/on/"))
    assert not Provider.objects.get().enabled


def test_r_key_2_the_secret_is_on_no_page(alice: Client, there: Running) -> None:
    """R-KEY-2: also where the form is refused, and an empty field keeps it."""
    pages = [alice.post("/providers/new/", filled("https://id.example?x"))]
    assert pages[0].status_code == 422
    pages.append(alice.post("/providers/new/", filled(there.issuer), follow=True))
    before = Provider.objects.get().secret
    changed = filled(there.issuer, name="Another", secret="")
    del changed["key"]
    pages += [alice.post("/providers/mts/", changed, follow=True), alice.get("/providers/mts/"), alice.get("/providers/")]
    assert Provider.objects.get().secret == before
    assert Provider.objects.get().name == "Another"
    assert [page for page in pages if CANARY in page.content.decode()] == []
    assert not Event.objects.filter(changes__icontains=CANARY).exists()


def test_presets_explain_and_give_the_redirect_address(alice: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://access.acme.example"
    page = alice.get("/providers/").content.decode()
    assert "https://access.acme.example/oidc/mts/callback/" in page
    assert "https://access.acme.example/oidc/google/callback/" in page
    form = alice.get("/providers/new/?preset=google").content.decode()
    assert 'value="https://accounts.google.com"' in form
    assert alice.get("/providers/new/?preset=nothing").status_code == 200


def test_a_provider_of_the_environment_is_shown_and_not_changed(alice: Client, settings: Settings) -> None:
    given = {"name": "Given", "issuer": "https://id.example", "client": "k", "secret": CANARY, "scopes": "openid email"}
    settings.OIDC_PROVIDERS = {"given": given}
    assert "set by the environment" in text(alice.get("/providers/"))
    page = alice.get("/providers/given/")
    assert "is changed there" in text(page)
    assert CANARY not in page.content.decode()
    assert alice.post("/providers/given/off/").status_code == 409


class TestOnesOwn:
    @pytest.fixture
    def ben(self, cast: Cast, signed_in: SignedIn) -> Any:
        """Let Ben be signed in, and linked."""
        User.objects.filter(pk=cast.ben).update(email_verified=True, password="hashed")
        provided(lambda: None)()
        identities.link(by=caller(cast.ben), said=said_of("ben"))
        return signed_in(cast.ben)

    def test_ben_sees_his_link_and_ends_it(self, ben: Client) -> None:
        assert "MTS ID ben-1 Unlink" in text(ben.get("/me/"))
        number = Identity.objects.get().pk
        assert "not linked with it any more" in toast(ben.post(f"/me/identities/{number}/unlink/", follow=True))
        assert not Identity.objects.exists()
        assert "prove first that it is you" in text(lately_proven_no_more(ben).get("/me/"))

    def test_who_has_just_proven_who_they_are_can_link_and_is_told_what_a_first_proof_does(
        self, cast: Cast, ben: Client, signed_in: SignedIn
    ) -> None:
        cleo = signed_in(cast.cleo)
        session = cleo.session
        session["proven_at"] = clock.now().isoformat()
        session.save()
        said = text(cleo.get("/me/"))
        assert "Link MTS ID" in said
        assert "your password and your other sessions end" in said

    def test_the_last_way_in_stays_and_the_page_says_why(self, cast: Cast, ben: Client) -> None:
        session = ben.session
        User.objects.filter(pk=cast.ben).update(password="!")
        user = User.objects.get(pk=cast.ben)
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.save()
        answer = ben.post(f"/me/identities/{Identity.objects.get().pk}/unlink/")
        assert (answer.status_code, Identity.objects.count()) == (409, 1)
        assert "your only way in" in text(answer)

    def test_the_page_of_a_person_says_how_they_sign_in(self, cast: Cast, ben: Client) -> None:
        assert "Signs in with Password, Identity provider" in text(ben.get(f"/people/{cast.ben}/"))
        people.appoint_operator(by=OPERATOR, user=cast.ben)
        assert "ben@acme.example Password, Identity provider" in text(ben.get("/people/"))
