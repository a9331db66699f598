"""Signing in by a provider that may be hostile: who gets in, and the many who do not (R-OIDC-2, R-OIDC-6 to 9, R-OIDC-11, R-RED-1)."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory

from keyholder.interfaces.http import clock
from keyholder.interfaces.http.sessions import proven_as
from keyholder.services.commands import people, providers
from keyholder.services.seals import Use, seal
from keyholder.storage.models import Authenticator, Event, Identity, ProviderSignIn, User
from keyholder.storage.models import Provider as Known
from tests.cast import NOW, OPERATOR, Cast
from tests.interfaces.console.conftest import SignedIn, lately_proven_no_more
from tests.interfaces.console.pages import text, toast
from tests.interfaces.oidc.hostile import SECRET, Provider, Reply, back, go, who
from tests.services.claims import BAD, CLIENT, LEFT_OUT, VERIFIED, by_hand, published, rsa, signed

PORT = "http://127.0.0.1:8000"
WORDS = "seven quiet herons wait"


@contextmanager
def off() -> Iterator[None]:
    """Have every provider switched off for a while, past every command."""
    Known.objects.update(enabled=False)
    yield
    Known.objects.update(enabled=True)


def test_alice_signs_in_and_goes_on_to_where_she_wanted(provider: Provider, cast: Cast, client: Client) -> None:
    """R-OIDC-6, R-HST-1, R-SES-1: state, nonce and S256 go along; the redirect address is the configured one; the session id is new."""
    client.get("/sign-in/")
    taken = go(client, provider, next="/groups/")
    assert taken["redirect_uri"] == f"{PORT}/oidc/mts/callback/"
    assert (taken["response_type"], taken["code_challenge_method"], taken["scope"]) == ("code", "S256", "openid email profile")
    before = client.session.session_key
    answer = back(client, taken["state"])
    assert (answer.status_code, answer["Location"]) == (302, "/groups/")
    assert who(client) == cast.alice
    assert client.session.session_key != before
    assert not Client(headers={"cookie": f"session={before}"}).session.get("_auth_user_id")
    assert Event.objects.filter(action="sign_in.succeeded", actor=cast.alice, details__how="provider").exists()


def test_the_secret_goes_where_the_provider_takes_it(provider: Provider, client: Client) -> None:
    back(client, go(client, provider)["state"])
    assert "client_secret" not in provider.forms[-1]
    description = provider.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    cache.clear()
    other = Client()
    back(other, go(other, provider)["state"], code="another")
    assert description
    assert (provider.forms[-1]["client_secret"], provider.forms[-1]["client_id"]) == ([SECRET], [CLIENT])


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example", "/ok?next=//evil", "javascript:alert(1)"])
def test_r_red_1_a_sign_in_leads_nowhere_but_here(provider: Provider, client: Client, goal: str) -> None:
    assert back(client, go(client, provider, next=goal)["state"])["Location"] == "/"


def test_r_oidc_7_none_of_the_malformed_tokens_lets_anybody_in(provider: Provider, client: Client, settings: Any) -> None:
    """R-OIDC-7: more than thirty, each signed as well as it can be; every page refuses, and the log has it."""
    settings.SIGN_IN_ATTEMPTS = 1000
    found = {}
    for name, bad in BAD.items():
        state = go(client, provider)["state"]
        provider.gives(bad.make(clock.now().timestamp()))
        found[name] = (back(client, state).status_code, who(client))
    assert found == dict.fromkeys(BAD, (403, None))
    assert Event.objects.filter(refused="untrusted_answer").exists()


@pytest.mark.parametrize(("said", "counts"), VERIFIED, ids=lambda value: "left out" if value is LEFT_OUT else repr(value))
def test_r_oidc_2_only_a_verified_address_opens_anything(
    provider: Provider, cast: Cast, client: Client, said: object, *, counts: bool
) -> None:
    """R-OIDC-2: of the table only ``true``; nobody is made, nothing is linked, and the log has it."""
    provider.says = {"email_verified": said}
    answer = back(client, go(client, provider)["state"])
    assert who(client) == (cast.alice if counts else None)
    assert Identity.objects.exists() is counts
    if not counts:
        assert "does not vouch for your e-mail address" in text(answer)
        assert Event.objects.filter(refused="unverified_address").exists()


def test_r_oidc_2_the_address_may_come_from_the_userinfo_but_only_whole(provider: Provider, cast: Cast, client: Client) -> None:
    """R-OIDC-2, R-OIDC-7: of the same subject, address and verification together."""
    provider.says = {"email": LEFT_OUT}
    told = {"sub": "subject-1", "email": "alice@acme.example", "email_verified": True}
    wrong: list[object] = [{**told, "sub": "another"}, {**told, "email_verified": "true"}, {"sub": "subject-1", "email": "a@b.example"}, []]
    for each in wrong:
        provider.answers("/userinfo", each)
        assert back(client, go(client, provider)["state"], code=json.dumps(each)).status_code == 403
    provider.replies["/userinfo"] = lambda: Reply(told)
    back(client, go(client, provider)["state"])
    assert (who(client), provider.authorization) == (cast.alice, "Bearer an access token")


@pytest.mark.parametrize("address", [["alice@acme.example"], "alice@acme.example,ben@acme.example", "mi\u212ae@acme.example", None])
def test_what_is_no_address_opens_nothing_however_verified(provider: Provider, client: Client, address: object) -> None:
    """R-EML-5, R-OIDC-2."""
    provider.says = {"email": address}
    assert (back(client, go(client, provider)["state"]).status_code, who(client)) == (403, None)


def test_what_is_no_token_response_is_not_believed(provider: Provider, client: Client) -> None:
    """Neither a list, nor an answer without a token, nor an access token that no header can hold."""
    state = go(client, provider)["state"]
    provider.answers("/token", [])
    assert (back(client, state).status_code, who(client)) == (403, None)
    state = go(client, provider)["state"]
    provider.gives(None)
    assert (back(client, state).status_code, who(client)) == (403, None)
    state = go(client, provider)["state"]
    provider.gives(signed(provider.claims(email=LEFT_OUT)), access_token="a\nb")
    assert (back(client, state).status_code, who(client)) == (403, None)


class TestTheWayBack:
    def test_r_oidc_6_another_browser_can_t_use_the_answer(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-6: neither one that began nothing nor one that began its own; the first still can."""
        state = go(client, provider)["state"]
        fresh, other = Client(), Client()
        kept = (provider.nonce, provider.challenge)
        go(other, provider)
        provider.nonce, provider.challenge = kept
        for strange in (fresh, other):
            answer = back(strange, state)
            assert (answer.status_code, who(strange)) == (403, None)
            assert "not begun in this browser" in text(answer)
        back(client, state)
        assert who(client) == cast.alice

    @pytest.mark.parametrize(
        "others",
        [
            {"state": None},
            {"state": ""},
            {"state": "another"},
            {"state": ["{state}", "{state}"]},
            {"code": None},
            {"code": ""},
            {"code": ["a", "b"]},
            {"code": "a\nb"},
            {"code": "x" * 5000},
            {"iss": "https://evil.example"},
            {"iss": ""},
            {"iss": ["{issuer}", "{issuer}"]},
            {"error": "access_denied"},
        ],
        ids=str,
    )
    def test_r_oidc_6_a_dropped_or_altered_parameter_lets_nobody_in(
        self, provider: Provider, client: Client, others: dict[str, Any]
    ) -> None:
        state = go(client, provider)["state"]

        def filled(value: Any) -> Any:
            if isinstance(value, list):
                return [filled(each) for each in value]
            return value.format(state=state, issuer=provider.issuer) if isinstance(value, str) else value

        given = {"state": state, **{name: filled(value) for name, value in others.items()}}
        assert back(client, given.pop("state"), **given).status_code == 403
        assert who(client) is None

    def test_r_oidc_6_a_provider_that_names_itself_has_to(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-6 (RFC 9207): without its name the answer is not its own; with it it is."""
        provider.description = {"authorization_response_iss_parameter_supported": True}
        cache.clear()
        assert back(client, go(client, provider)["state"]).status_code == 403
        back(client, go(client, provider)["state"], iss=provider.issuer)
        assert who(client) == cast.alice

    def test_r_oidc_8_an_answer_counts_once(self, provider: Provider, client: Client) -> None:
        """R-OIDC-8: even where the provider would take the code again, and at once or later."""
        provider.is_lenient = True
        state = go(client, provider)["state"]
        assert back(client, state).status_code == 302
        client.logout()
        assert (back(client, state).status_code, who(client)) == (403, None)

    def test_r_oidc_8_a_token_of_another_attempt_is_no_token_of_this(self, provider: Provider, client: Client) -> None:
        """R-OIDC-8: the nonce ties it to the one attempt that asked for it, as long as it may live."""
        state = go(client, provider)["state"]
        old = signed(provider.claims(exp=clock.now().timestamp() + 10**6))
        provider.gives(old)
        assert back(client, state).status_code == 302
        client.logout()
        assert back(client, go(client, provider)["state"]).status_code == 403

    def test_it_is_a_post_with_a_token_that_begins(self, provider: Provider) -> None:
        """R-CSRF-1, R-MAS-1: nobody is sent to a provider by a link or by somebody else's form."""
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/oidc/mts/start/").status_code == 403
        assert strict.get("/oidc/mts/start/").status_code == 405
        assert Client().post("/oidc/mts/start/", {"state": "mine"}).status_code == 400
        assert Client().post("/oidc/mts/callback/").status_code == 405
        assert Client().post("/oidc/nothing/start/").status_code == 404
        assert Client().get("/oidc/nothing/callback/").status_code == 404
        assert not ProviderSignIn.objects.exists()

    def test_too_many_wait(self, provider: Provider, client: Client, settings: Any) -> None:
        settings.SIGN_IN_ATTEMPTS = 1
        answers = [client.post("/oidc/mts/start/") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1]["Retry-After"] == "900"

    def test_who_is_signed_in_already_just_goes_on(self, provider: Provider, cast: Cast, signed_in: SignedIn) -> None:
        assert signed_in(cast.ben).post("/oidc/mts/start/", {"next": "/groups/"})["Location"] == "/groups/"


class TestWhoeverIsNotLetIn:
    def test_an_unknown_address_is_told_what_went_wrong(self, provider: Provider, client: Client, settings: Any) -> None:
        """R045: as whom they came, masked; that nothing is open; whom to ask."""
        settings.SUPPORT_EMAIL = "help@acme.example"
        provider.says = {"email": "zoe@elsewhere.example", "sub": "zoe"}
        answer = back(client, go(client, provider)["state"])
        said = text(answer)
        assert answer.status_code == 403
        for part in ("MTS ID", "z***@e***.example", "nothing has been opened", "help@acme.example", "Nothing is open for you here yet"):
            assert part in said
        assert "zoe@" not in said
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("strict-origin", "no-store, private")
        assert User.objects.filter(canonical="zoe@elsewhere.example").count() == 0

    def test_r110_from_there_one_asks_for_access_and_reads_why_until_one_is_in(
        self, provider: Provider, cast: Cast, client: Client
    ) -> None:
        known = provider.says
        provider.says = {"email": "zoe@elsewhere.example", "sub": "zoe"}
        page = back(client, go(client, provider)["state"]).content.decode()
        assert 'href="/ask/"' in page
        assert 'href="/what-went-wrong/"' in page
        assert "Nothing has been set up for you yet" in text(client.get("/what-went-wrong/?cause=expired"))
        provider.says = known
        provider.used.clear()
        back(client, go(client, provider)["state"])
        assert who(client) == cast.alice
        assert "Nothing has been set up for you yet" not in text(client.get("/what-went-wrong/?cause=expired"))

    def test_a_refusal_without_such_a_cause_leads_to_the_sign_in_alone(self, provider: Provider, client: Client) -> None:
        page = client.get("/oidc/mts/callback/?error=access_denied&state=nothing").content.decode()
        assert 'href="/what-went-wrong/"' not in page
        assert "Back to the sign-in" in page

    def test_a_known_person_with_an_invitation_goes_on_to_it(self, provider: Provider, cast: Cast, client: Client) -> None:
        invited(client)
        assert back(client, go(client, provider)["state"])["Location"] == "/invitation/"
        assert who(client) == cast.alice

    def test_an_unknown_person_with_an_invitation_goes_on_to_it_proven_and_not_signed_in(
        self, provider: Provider, client: Client, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Semantics 6: the invitation decides; what the provider has proven is remembered for ten minutes. Nobody is made."""
        invited(client)
        provider.says = {"email": "Zoe@elsewhere.example", "sub": "zoe", "name": "Zoe"}
        state = go(client, provider)["state"]
        before = client.session.session_key
        assert back(client, state)["Location"] == "/invitation/"
        assert (who(client), client.session.session_key != before) == (None, True)
        request = rf.get("/invitation/")
        request.session = client.session
        found = proven_as(request)
        assert found
        assert (found.subject, found.address.canonical, found.name, found.issuer) == (
            "zoe",
            "zoe@elsewhere.example",
            "Zoe",
            provider.issuer,
        )
        assert not User.objects.filter(canonical="zoe@elsewhere.example").exists()
        with off():
            assert proven_as(request) is None
        assert proven_as(request) is not None
        later = clock.now() + timedelta(minutes=settings.PROOF_MINUTES)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert proven_as(request) is None
        request.session = Client().session
        assert proven_as(request) is None

    def test_r_oidc_9_a_provider_that_is_off_lets_nobody_in(self, provider: Provider, client: Client) -> None:
        """R-OIDC-9: neither there nor back."""
        state = go(client, provider)["state"]
        providers.disable(by=OPERATOR, provider="mts")
        assert client.post("/oidc/mts/start/").status_code == 403
        assert (back(client, state).status_code, who(client)) == (403, None)

    def test_r_oidc_9_who_came_through_it_is_out_at_the_next_request(
        self, provider: Provider, cast: Cast, client: Client, signed_in: SignedIn
    ) -> None:
        """R-OIDC-9: however it was switched off, also a moment before they were in; who came by another way stays."""
        by_password = signed_in(cast.alice)
        back(client, go(client, provider)["state"])
        assert client.get("/").status_code == 200
        with off():
            assert (client.get("/").status_code, by_password.get("/").status_code) == (302, 200)
        assert client.get("/").status_code == 302, "switching it on again opens no session of before"

    def test_r_oidc_9_so_is_who_came_through_one_that_was_taken_away(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-9: here, or in the environment, which no command sees."""
        back(client, go(client, provider)["state"])
        Known.objects.all().delete()
        assert (client.get("/").status_code, who(client)) == (302, None)

    def test_r_oidc_9_a_step_that_is_left_leads_nowhere_then(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-9, R-OIDC-12: who has their second factor still to prove."""
        Authenticator.objects.create(user_id=cast.alice, name="Telephone", secret=seal("AAAA", Use.AUTHENTICATOR), added_at=NOW)
        assert back(client, go(client, provider)["state"])["Location"].startswith("/sign-in/second/")
        assert client.get("/sign-in/second/").status_code == 200
        with off():
            assert client.get("/sign-in/second/").status_code == 302

    def test_r_oidc_9_a_suspended_person_is_not_let_in(self, provider: Provider, cast: Cast, client: Client) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        User.objects.filter(pk=cast.alice).update(status="suspended")
        assert (back(client, go(client, provider)["state"]).status_code, who(client)) == (403, None)

    def test_r_oidc_11_nothing_is_fetched_that_a_token_names(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-11: a picture, a profile, keys by the token's own word: the canary is never asked."""
        canary = f"{provider.issuer}/canary"
        provider.says = dict.fromkeys(("picture", "profile", "website", "jku", "email_uri"), canary)
        state = go(client, provider)["state"]
        provider.gives(
            by_hand({"alg": "RS256", "kid": "rsa-1", "jku": canary, "x5u": canary}, json.dumps(provider.claims()).encode(), rsa())
        )
        back(client, state)
        assert who(client) == cast.alice
        assert "/canary" not in provider.asked


def invited(client: Client) -> None:
    """Let a browser have opened the link of an invitation."""
    session = client.session
    session["invitation"] = [1, 1, "mailed"]
    session.save()


class TestTheProvidersServer:
    def test_r_oidc_7_keys_that_change_are_fetched_again(self, provider: Provider, cast: Cast, client: Client) -> None:
        """R-OIDC-7: once for an unknown key, and not for every stranger's token."""
        back(client, go(client, provider)["state"])
        client.logout()
        provider.replies["/keys"] = lambda: Reply(published(rsa("rsa-2")))
        state = go(client, provider)["state"]
        provider.gives(signed(provider.claims(), rsa("rsa-2")))
        back(client, state)
        assert who(client) == cast.alice
        asked = provider.asked.count("/keys")
        for _ in range(3):
            client.logout()
            state = go(client, provider)["state"]
            provider.gives(signed(provider.claims(), rsa("rsa-3")))
            assert back(client, state).status_code == 403
        assert provider.asked.count("/keys") == asked

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=302, headers={"Location": "/canary"}),
            Reply({"issuer": "https://evil.example"}),
            Reply(b"x" * 300_000),
            Reply(b'{"issuer": "' + b"x" * 300_000),
            Reply(b"{", steps=400),
            Reply(b"<html>", kind="text/html"),
            Reply(b"not json"),
            Reply(b"[" * 50),
            Reply({}, status=500),
            Reply(b"\xff\xfe"),
        ],
        ids=["redirect", "another issuer", "huge", "huge and cut off", "slow", "a page", "no JSON", "deep", "broken", "no text"],
    )
    def test_a_description_that_is_no_good_is_a_page_that_says_so(
        self, provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch, reply: Reply
    ) -> None:
        """R-OIDC-7, R-DOS-5: no redirect is followed, nothing endless is read, nobody waits for ever."""
        monkeypatch.setattr("keyholder.interfaces.http.fetching.PATIENCE", 0.3)
        cache.clear()
        provider.replies["/.well-known/openid-configuration"] = lambda: reply
        answer = client.post("/oidc/mts/start/")
        assert answer.status_code == 409
        assert "be used right now" in text(answer)
        assert "/canary" not in provider.asked

    @pytest.mark.parametrize("path", ["/token", "/keys"])
    def test_redirects_are_not_followed_anywhere(self, provider: Provider, client: Client, path: str) -> None:
        provider.replies[path] = lambda: Reply(status=307, headers={"Location": f"{provider.issuer}/canary"})
        assert (back(client, go(client, provider)["state"]).status_code, who(client)) == (409, None)
        assert "/canary" not in provider.asked

    def test_a_provider_that_is_not_there_is_said_to_be_so(self, provider: Provider, client: Client) -> None:
        cache.clear()
        from keyholder.storage.models import Provider as Row

        Row.objects.update(issuer="http://127.0.0.1:1")
        assert client.post("/oidc/mts/start/").status_code == 409

    def test_no_proxy_of_the_environment_is_asked(self, provider: Provider, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        cache.clear()
        assert back(client, go(client, provider)["state"]).status_code == 302


class TestLinking:
    @pytest.fixture
    def alice(self, provider: Provider, cast: Cast, signed_in: SignedIn) -> Client:
        """Let Alice be signed in, having just proven who she is."""
        client = signed_in(cast.alice)
        session = client.session
        session["proven_at"] = clock.now().isoformat()
        session.save()
        return client

    def test_r_oidc_10_alice_links_her_account(self, provider: Provider, cast: Cast, alice: Client) -> None:
        """R-OIDC-10: her session goes on under a new id."""
        before = alice.session.session_key
        answer = back(alice, go(alice, provider, link="1", next="/me/")["state"])
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        assert Identity.objects.get().user_id == cast.alice
        assert (who(alice), alice.session.session_key != before) == (cast.alice, True)

    def test_r_oidc_4_the_first_proof_of_her_address_ends_her_password_and_she_stays_in(self, provider: Provider, cast: Cast) -> None:
        """R-OIDC-4: whoever prepared the account is out; she is told, and goes on by what she has just proven."""
        people.set_password(by=OPERATOR, user=cast.alice, password=WORDS)
        User.objects.filter(pk=cast.alice).update(email_verified=False)
        alice, elsewhere = (Client() for _browser in range(2))
        for browser in (alice, elsewhere):
            assert browser.post("/sign-in/", {"address": "alice@acme.example", "password": WORDS}).status_code == 302
        answer = back(alice, go(alice, provider, link="1", next="/me/")["state"])
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        page = alice.get("/me/")
        assert (page.status_code, toast(page)) == (
            200,
            "Your address is proven for the first time: the password from before works no more. Your account is linked with MTS ID.",
        )
        assert (elsewhere.get("/me/").status_code, User.objects.get(pk=cast.alice).has_usable_password()) == (302, False)

    def test_r_oidc_10_without_a_recent_proof_nothing_is_linked(self, provider: Provider, cast: Cast, signed_in: SignedIn) -> None:
        """R-OIDC-10: a borrowed session is not enough, and no session is nothing."""
        for browser in (lately_proven_no_more(signed_in(cast.alice)), Client()):
            answer = browser.post("/oidc/mts/start/", {"link": "1"})
            assert answer.status_code == 403
            assert "prove that it is you" in text(answer)

    def test_r_oidc_6_an_answer_links_only_for_who_began(self, provider: Provider, cast: Cast, alice: Client) -> None:
        """R-OIDC-6: signed out meanwhile, nothing is linked."""
        state = go(alice, provider, link="1")["state"]
        session = alice.session
        del session["_auth_user_id"]
        session.save()
        assert back(alice, state).status_code == 403
        assert not Identity.objects.exists()

    def test_another_address_is_not_linked(self, provider: Provider, alice: Client) -> None:
        provider.says = {"email": "alice@elsewhere.example"}
        answer = back(alice, go(alice, provider, link="1")["state"])
        assert answer.status_code == 403
        assert "has another address" in text(answer)
        assert not Identity.objects.exists()


def test_the_sign_in_page_offers_what_is_on(provider: Provider, client: Client) -> None:
    assert "Sign in with MTS ID" in text(client.get("/sign-in/"))
    providers.disable(by=OPERATOR, provider="mts")
    assert "MTS ID" not in text(client.get("/sign-in/"))


def test_r_log_2_no_secret_of_a_sign_in_is_in_the_log(provider: Provider, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """R-LOG-2: neither code nor state nor token nor the client's secret, in the log of events or of the program."""
    caplog.set_level("DEBUG")
    taken = go(client, provider)
    back(client, taken["state"], code="canary-code")
    kept = "".join(str(row) for row in Event.objects.values()) + caplog.text.replace(f"/oidc/mts/callback/?state={taken['state']}", "")
    for secret in (taken["state"], taken["nonce"], "canary-code", SECRET, base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()):
        assert secret not in kept
