"""Second factors in the console: set up, asked for at the door, lost, removed; and proving oneself before what is dangerous."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from keyholder.domain import codes
from keyholder.services.commands import people, second_factor_rules
from keyholder.storage.models import Authenticator, Event, Passkey, RecoveryCode, Session
from tests.cast import OPERATOR, Cast, caller
from tests.interfaces.console.conftest import SignedIn, lately_proven_no_more
from tests.interfaces.console.pages import text, toast
from tests.interfaces.console.ticking import Clock
from tests.services.software_key import SoftwareKey

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
WORDS = "seven quiet herons wait"


@pytest.fixture
def ben(cast: Cast, settings: Any, time: Clock) -> Cast:
    """Give Ben a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people.set_password(by=OPERATOR, user=cast.ben, password=WORDS)
    return cast


def come_in(client: Client, goal: str = "/") -> Any:
    return client.post("/sign-in/", {"address": "ben@acme.example", "password": WORDS, "next": goal})


def code(secret: str, time: Clock) -> str:
    return codes.totp(codes.secret_bytes(secret), codes.step_at(time.at))


def set_up(client: Client, time: Clock, page: str = "/me/factors/authenticator/") -> tuple[str, list[str]]:
    """Set an authenticator up at a page, and return its secret and the recovery codes."""
    shown = client.get(page).content.decode()
    found = re.search(r'value="([A-Z2-7]{32})" readonly', shown)
    assert found is not None
    assert '<svg viewBox="0 0' in shown
    done = client.post(page, {"name": "Telephone", "code": code(found[1], time)})
    return found[1], re.findall(r"<li>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})</li>", done.content.decode())


def made_options(page: Any) -> str:
    """Return what a page asks of a browser that is to make a passkey."""
    found = re.search(r'data-passkey="create" data-options="([^"]+)"', page.content.decode())
    assert found is not None
    return unescape(found[1])


class TestAtTheDoor:
    def test_ben_is_asked_for_a_code_and_goes_on_to_where_he_wanted(self, ben: Cast, client: Client, time: Clock) -> None:
        """R-SES-1: the key changes at each step; before the last one he is nobody."""
        come_in(client)
        secret, made = set_up(client, time)
        assert len(made) == 10
        client.logout()
        time.on(minutes=5)
        assert come_in(client, "/me/")["Location"] == "/sign-in/second/?next=%2Fme%2F"
        before = client.session.session_key
        assert client.get("/me/").status_code == 302, "the password alone lets nobody in"
        assert client.post("/sign-in/second/?next=/me/", {"code": "000000"}).status_code == 422
        answer = client.post("/sign-in/second/?next=/me/", {"code": code(secret, time)})
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        assert client.get("/me/").status_code == 200
        assert not Session.objects.filter(pk=before).exists()

    def test_a_recovery_code_lets_him_in_once(self, ben: Cast, client: Client, time: Clock) -> None:
        come_in(client)
        _secret, made = set_up(client, time)
        for status in (302, 422):
            client.logout()
            come_in(client)
            assert client.post("/sign-in/second/", {"code": made[0]}).status_code == status

    def test_the_step_takes_ten_minutes_at_most(self, ben: Cast, client: Client, time: Clock) -> None:
        come_in(client)
        set_up(client, time)
        client.logout()
        come_in(client)
        time.on(minutes=10)
        assert client.get("/sign-in/second/")["Location"] == "/sign-in/"
        assert Client().get("/sign-in/enrol/")["Location"] == "/sign-in/"

    def test_r_ses_2_a_new_password_ends_a_step_that_is_open(self, ben: Cast, client: Client, time: Clock) -> None:
        come_in(client)
        secret, _made = set_up(client, time)
        client.logout()
        come_in(client)
        people.set_password(by=OPERATOR, user=ben.ben, password="nine loud ravens leave")
        time.on(minutes=1)
        assert client.post("/sign-in/second/", {"code": code(secret, time)})["Location"] == "/sign-in/"

    def test_r_red_1_a_step_leads_nowhere_but_here(self, ben: Cast, client: Client, time: Clock) -> None:
        come_in(client)
        _secret, made = set_up(client, time)
        client.logout()
        come_in(client)
        assert client.post("/sign-in/second/?next=//evil.example", {"code": made[0]})["Location"] == "/"

    def test_who_is_asked_for_one_sets_it_up_at_the_door(self, ben: Cast, client: Client, time: Clock) -> None:
        """Semantics 7."""
        from keyholder.services.commands import bindings

        bindings.grant(by=OPERATOR, to=[ben.ben], on=ben.account, permissions=["manage_users"])
        second_factor_rules.choose(by=caller(ben.alice), organization=ben.acme, asked=True)
        assert come_in(client)["Location"] == "/sign-in/enrol/?next=%2F"
        assert client.get("/").status_code == 302
        assert client.post("/sign-in/enrol/", {"name": "Telephone", "code": "1"}).status_code == 422
        _secret, made = set_up(client, time, "/sign-in/enrol/")
        assert len(made) == 10
        assert client.get("/").status_code == 200

    def test_r_oidc_12_a_step_of_before_the_first_factor_begins_anew(self, ben: Cast, client: Client, time: Clock) -> None:
        """R-OIDC-12: whoever knows only the password does not get in by a factor of their own, though they began before Ben set his up."""
        from keyholder.services.commands import bindings

        bindings.grant(by=OPERATOR, to=[ben.ben], on=ben.account, permissions=["manage_users"])
        second_factor_rules.choose(by=caller(ben.alice), organization=ben.acme, asked=True)
        other = Client()
        come_in(other)
        come_in(client)
        set_up(client, time, "/sign-in/enrol/")
        assert other.get("/sign-in/enrol/")["Location"] == "/sign-in/"

    def test_who_is_asked_for_one_may_set_a_passkey_up_at_the_door(self, ben: Cast, client: Client, time: Clock) -> None:
        """Semantics 7: an answer to another challenge sets nothing up, and lets nobody in."""
        from keyholder.services.commands import bindings

        bindings.grant(by=OPERATOR, to=[ben.ben], on=ben.account, permissions=["manage_users"])
        second_factor_rules.choose(by=caller(ben.alice), organization=ben.acme, asked=True)
        come_in(client)
        old, key = made_options(client.get("/sign-in/enrol/?next=/me/")), SoftwareKey()
        options = made_options(client.get("/sign-in/enrol/?next=/me/"))
        refused = client.post("/sign-in/enrol/", {"name": "Laptop", "answer": key.made(old)})
        assert (refused.status_code, client.get("/").status_code, Passkey.objects.count()) == (422, 302, 0)
        assert client.post("/sign-in/enrol/", {"name": "Laptop", "answer": key.made(options)}).status_code == 422, "it counted once"
        options = made_options(client.get("/sign-in/enrol/?next=/me/"))
        done = client.post("/sign-in/enrol/?next=/me/", {"name": "Laptop", "answer": key.made(options)})
        assert len(re.findall(r"<li>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})</li>", done.content.decode())) == 10
        assert client.get("/").status_code == 200
        assert Event.objects.get(action="sign_in.succeeded", actor=ben.ben).details["how"] == "password and passkey"

    def test_a_passkey_page_is_there_and_takes_no_nonsense(self, ben: Cast, client: Client) -> None:
        page = client.get("/sign-in/passkey/?next=/me/")
        assert (page.status_code, "data-passkey" in page.content.decode()) == (200, True)
        for answer in ("nonsense", "[]", "{}", '{"id": "x"}', "x" * 30_000):
            assert client.post("/sign-in/passkey/", {"answer": answer}).status_code == 422


class TestOnesOwn:
    @pytest.fixture
    def browser(self, ben: Cast, signed_in: SignedIn) -> Client:
        """Sign Ben in, just now."""
        return signed_in(ben.ben)

    def test_set_up_named_removed(self, ben: Cast, browser: Client, time: Clock) -> None:
        set_up(browser, time)
        number = Authenticator.objects.get().pk
        assert "Telephone" in text(browser.get("/me/"))
        assert "10 are left" in text(browser.get("/me/"))
        assert browser.get(f"/me/factors/authenticator/{number}/name/").status_code == 200
        assert toast(browser.post(f"/me/factors/authenticator/{number}/name/", {"name": "Old"}, follow=True)) == "The name was changed."
        page = browser.get(f"/me/factors/authenticator/{number}/remove/")
        assert "your password alone lets you in" in text(page)
        assert toast(browser.post(f"/me/factors/authenticator/{number}/remove/", follow=True)) == "Old is removed."
        assert not RecoveryCode.objects.exists()

    def test_a_wrong_code_keeps_the_same_picture(self, browser: Client, time: Clock) -> None:
        before = re.search(r'value="([A-Z2-7]{32})"', browser.get("/me/factors/authenticator/").content.decode())
        wrong = browser.post("/me/factors/authenticator/", {"name": "Telephone", "code": "000000"})
        after = re.search(r'value="([A-Z2-7]{32})"', wrong.content.decode())
        assert (wrong.status_code, before and before[1]) == (422, after and after[1])

    def test_new_recovery_codes_are_shown_once(self, browser: Client, time: Clock) -> None:
        set_up(browser, time)
        assert "work no more" in text(browser.get("/me/factors/codes/"))
        made = browser.post("/me/factors/codes/")
        assert len(re.findall(r"<li>(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}</li>", made.content.decode())) == 10

    def test_the_page_of_who_is_asked_says_so(self, ben: Cast, signed_in: SignedIn, time: Clock) -> None:
        second_factor_rules.choose(by=caller(ben.alice), organization=ben.acme, asked=True)
        alice = signed_in(ben.alice)
        assert "asks for one" in text(alice.get("/me/"))
        set_up(alice, time)
        number = Authenticator.objects.get().pk
        assert "at your next sign-in" in text(alice.get(f"/me/factors/authenticator/{number}/remove/"))
        assert "is asked for a second factor" in text(alice.get(f"/organizations/{ben.acme}/"))

    def test_an_organization_asks_and_asks_no_more(self, ben: Cast, signed_in: SignedIn) -> None:
        alice = signed_in(ben.alice)
        for title in ("Ask the managers of Acme for a second factor", "Ask for no second factor in Acme any more"):
            assert title in text(alice.get(f"/organizations/{ben.acme}/second-factor/"))
            assert toast(alice.post(f"/organizations/{ben.acme}/second-factor/", follow=True)) == "Saved."


class TestPasskeys:
    def options(self, page: Any) -> str:
        """Return what a page asks of the browser."""
        found = re.search(r'data-options="([^"]+)"', page.content.decode())
        assert found is not None
        return unescape(found[1])

    def test_one_is_made_listed_and_lets_ben_in(self, ben: Cast, client: Client, time: Clock, settings: Any) -> None:
        """A passkey beside the password, then alone, then to prove himself once more."""
        key = SoftwareKey()
        come_in(client)
        page = client.get("/me/factors/passkey/")
        wrong = client.post("/me/factors/passkey/", {"name": "Laptop", "answer": "{}"})
        assert wrong.status_code == 422
        made = client.post("/me/factors/passkey/", {"name": "Laptop", "answer": key.made(self.options(wrong))})
        assert "Your recovery codes" in text(made)
        assert self.options(page) != self.options(wrong), "a challenge counts once"
        assert "Laptop" in text(client.get("/me/"))
        client.logout()
        come_in(client)
        page = client.get("/sign-in/second/")
        assert client.post("/sign-in/second/", {"answer": key.proven(self.options(page))}).status_code == 302
        client.logout()
        page = client.get("/sign-in/passkey/?next=/me/")
        assert client.post("/sign-in/passkey/?next=/me/", {"answer": key.proven(self.options(page))})["Location"] == "/me/"
        time.on(hours=1)
        page = client.get("/me/prove/?next=/me/address/")
        assert client.post("/me/prove/?next=/me/address/", {"answer": key.proven(self.options(page))})["Location"] == "/me/address/"

    def test_a_second_factor_brings_no_codes_and_leads_back(self, ben: Cast, client: Client, time: Clock) -> None:
        come_in(client)
        set_up(client, time)
        page = client.get("/me/factors/passkey/")
        done = client.post("/me/factors/passkey/", {"name": "Laptop", "answer": SoftwareKey().made(self.options(page))}, follow=True)
        assert "It is set up" in toast(done)
        assert "Laptop" in text(done)


class TestProving:
    DANGEROUS = ("/me/address/", "/me/factors/authenticator/", "/me/factors/passkey/", "/me/factors/codes/")

    @pytest.mark.parametrize("page", DANGEROUS)
    def test_what_is_dangerous_asks_first_after_a_while(self, ben: Cast, signed_in: SignedIn, time: Clock, page: str) -> None:
        """Semantics 7: also where a form is sent; then one goes on where one was."""
        browser = signed_in(ben.ben)
        time.on(minutes=10)
        for answer in (browser.get(page), browser.post(page)):
            assert (answer.status_code, answer["Location"]) == (302, f"/me/prove/?next={page.replace('/', '%2F')}")

    def test_a_reset_link_too(self, ben: Cast, signed_in: SignedIn, time: Clock) -> None:
        alice = signed_in(ben.alice)
        time.on(minutes=10)
        assert alice.post(f"/people/{ben.ben}/reset-link/", {"way": "copy"})["Location"].startswith("/me/prove/")

    def test_r_ses_1_by_the_password_and_under_a_new_key(self, ben: Cast, signed_in: SignedIn, time: Clock) -> None:
        browser = signed_in(ben.ben)
        time.on(hours=1)
        before = browser.cookies["session"].value
        assert browser.post("/me/prove/?next=/me/address/", {"password": "wrong"}).status_code == 422
        done = browser.post("/me/prove/?next=/me/address/", {"password": WORDS})
        assert done["Location"] == "/me/address/"
        assert browser.cookies["session"].value != before
        assert not Session.objects.filter(pk=before).exists()
        assert browser.get("/me/address/").status_code == 200

    def test_by_a_code(self, ben: Cast, signed_in: SignedIn, time: Clock) -> None:
        browser = signed_in(ben.ben)
        secret, _made = set_up(browser, time)
        time.on(hours=1)
        assert "Go on with a code" in text(browser.get("/me/prove/"))
        assert browser.post("/me/prove/", {"code": "000000"}).status_code == 422
        assert browser.post("/me/prove/", {"code": code(secret, time)}).status_code == 302

    def test_a_passkey_that_is_none_proves_nothing(self, ben: Cast, signed_in: SignedIn) -> None:
        assert signed_in(ben.ben).post("/me/prove/", {"answer": "{}"}).status_code == 422

    def test_who_has_nothing_to_prove_by_signs_in_anew(self, cast: Cast, signed_in: SignedIn) -> None:
        assert "sign out and in again" in text(signed_in(cast.cleo).get("/me/prove/"))

    def test_r_rat_1_it_can_not_be_guessed(self, ben: Cast, signed_in: SignedIn, settings: Any) -> None:
        settings.SIGN_IN_ATTEMPTS = 2
        browser = signed_in(ben.ben)
        assert [browser.post("/me/prove/", {"password": "guess"}).status_code for _ in range(3)] == [422, 422, 429]


class TestLost:
    """Semantics 7: an operator alone removes somebody's second factor."""

    @pytest.fixture
    def otto(self, ben: Cast, signed_in: SignedIn, time: Clock) -> Client:
        """Let Ben have an authenticator, and give Alice, who runs the instance, a browser."""
        set_up(signed_in(ben.ben), time)
        people.appoint_operator(by=OPERATOR, user=ben.alice)
        return signed_in(ben.alice)

    def test_an_operator_is_asked_why_and_removes_it(self, ben: Cast, otto: Client, signed_in: SignedIn) -> None:
        his, page = signed_in(ben.ben), f"/people/{ben.ben}/factors/remove/"
        assert page in otto.get(f"/people/{ben.ben}/").content.decode()
        assert "Make sure that it is Ben who asks" in text(otto.get(page))
        assert toast(otto.post(page, {"reason": "Telephone lost"}, follow=True)) == "Ben has no second factor any more."
        assert (Authenticator.objects.count(), RecoveryCode.objects.count(), his.get("/").status_code) == (0, 0, 302)
        assert Event.objects.get(action="user.factors_removed").reason == "Telephone lost"
        again = otto.post(page, {"reason": ""})
        assert (again.status_code, "Ben has no second factor." in text(again)) == (409, True)
        assert page not in otto.get(f"/people/{ben.ben}/").content.decode()

    def test_first_the_operator_proves_who_they_are(self, ben: Cast, otto: Client) -> None:
        page = f"/people/{ben.ben}/factors/remove/"
        assert lately_proven_no_more(otto).post(page, {"reason": ""})["Location"].startswith("/me/prove/")
        assert Authenticator.objects.exists()

    def test_who_only_administers_can_not(self, ben: Cast, otto: Client, signed_in: SignedIn) -> None:
        from keyholder.services.commands import bindings

        bindings.grant(by=OPERATOR, to=[ben.cleo], on=ben.account, permissions=["manage_users"])
        cleo = signed_in(ben.cleo)
        assert "factors/remove" not in cleo.get(f"/people/{ben.ben}/").content.decode()
        assert cleo.post(f"/people/{ben.ben}/factors/remove/", {"reason": ""}).status_code == 403
        assert Authenticator.objects.exists()
