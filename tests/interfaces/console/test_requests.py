"""Asking for access where a page says no, deciding it in the queue, and what went wrong (R109 to R111, R-ENU-1)."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.interfaces.console.forms.asking import place_of
from keyholder.interfaces.console.shown.causes import CAUSES, Cause
from keyholder.interfaces.http.entering import CAUSE
from keyholder.services.commands import bindings, organizations, people, requests
from keyholder.storage.models import AccessRequest
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.test_requests import ask, prove

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
VIEW = "/view/1001/users/"
NEUTRAL = "If this exists, those who manage it have been asked"


def wish(page: str = VIEW, **fields: str) -> dict[str, str]:
    return {"page": page, "reason": "Reports", "days": "", **fields}


def plain(page: str) -> str:
    """Return a page without what differs from one load to the next, and without the address that was asked for."""
    return re.sub(r'(value="[A-Za-z0-9]{64}"|nonce="[^"]*"|<span class="key">[0-9a-f-]{8,}</span>|1001|4711)', "", page)


def asked_by(cast: Cast, who: int, **more: object) -> int:
    requests.ask(by=caller(who), at=ResourceRef("view", "1001"), **more)  # type: ignore[arg-type]  # whatever a test asks for
    return AccessRequest.objects.latest("pk").pk


class TestAsking:
    def test_r111_a_page_that_is_not_there_for_dan_lets_him_ask(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.dan).get(VIEW)
        assert answer.status_code == 404
        assert 'action="/ask/"' in answer.content.decode()
        assert "This is not available to you: View" in text(answer)
        assert "You are signed in as dan@acme.example" in text(answer)

    def test_r_ten_1_the_page_is_the_same_whether_or_not_there_is_such_a_view(self, cast: Cast, signed_in: SignedIn) -> None:
        there, nowhere = (signed_in(cast.dan).get(f"/view/{key}/users/").content.decode() for key in ("1001", "4711"))
        assert plain(there) == plain(nowhere)

    def test_a_page_that_ben_may_not_use_says_what_is_missing_and_whom_to_ask(
        self, cast: Cast, signed_in: SignedIn, settings: Settings
    ) -> None:
        settings.SUPPORT_EMAIL = "help@acme.example"
        answer = signed_in(cast.ben).get(VIEW)
        assert answer.status_code == 403
        for said in ("Manage Users", "Alice", "Use another address", "How people get access", "help@acme.example", "Ask for access"):
            assert said in text(answer)

    def test_an_expired_form_and_a_refused_rule_ask_for_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert 'action="/ask/"' not in strict.post("/ask/", wish()).content.decode()
        assert 'action="/ask/"' not in signed_in(cast.alice).get("/property/UA-100-1/users/?sort=password").content.decode()

    @pytest.mark.parametrize("page", [VIEW, "/view/4711/", "/nothing/1/users/", "/people/7/", "gibberish", "view:1001", "http://[bad/"])
    def test_r_enu_1_whatever_is_asked_for_the_answer_is_the_same(self, cast: Cast, signed_in: SignedIn, page: str) -> None:
        for browser, more in ((signed_in(cast.dan), {}), (Client(), {"email": "zoe@else.example"})):
            answer = browser.post("/ask/", wish(page, **more), follow=True)
            assert answer.redirect_chain == [("/ask/sent/", 302)]
            assert NEUTRAL in text(answer)
        assert AccessRequest.objects.count() == (2 if page in {VIEW, "view:1001"} else 0)

    def test_the_form_takes_what_is_needed_a_reason_and_a_duration(self, cast: Cast, signed_in: SignedIn) -> None:
        signed_in(cast.dan).post("/ask/", wish(what="permission:edit", days="30"))
        row = AccessRequest.objects.get()
        assert (row.permissions, row.reason, row.days, row.language) == ("edit", "Reports", 30, "")
        Client().post(
            "/ask/", wish("/host/h1/users/", email="zoe@else.example", what="role:administrator"), headers={"Accept-Language": "lv"}
        )
        assert AccessRequest.objects.count() == 1

    def test_who_is_not_signed_in_comes_from_the_sign_in_page_and_gives_an_address(self, cast: Cast, client: Client) -> None:
        assert 'href="/ask/"' in client.get("/sign-in/").content.decode()
        assert 'name="email"' in client.get("/ask/?page=/view/1001/").content.decode()
        assert client.post("/ask/", wish()).status_code == 422
        refused = client.post("/ask/", wish(email="nobody"))
        assert refused.status_code == 422
        assert "is not an e-mail address" in text(refused)
        assert client.post("/ask/", {**wish(email="zoe@else.example"), "person": "1"}).status_code == 400

    def test_r_rat_1_too_many_are_told_to_wait(self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(requests, "FROM_ONE_ASKER", 0)
        answer = signed_in(cast.dan).post("/ask/", wish())
        assert answer.status_code == 429
        assert "Wait 15 minutes" in text(answer)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("https://keyholder.example/view/1001/users/?tab=groups", "view:1001"),
            ("/admin/google_analytics/?at=view:1001", "view:1001"),
            (" view:1001 ", "view:1001"),
            ("/view/1001/", "view:1001"),
            ("https://keyholder.example/resource/%D0%BA%D0%B8%D0%BD%D0%BE/users/", "resource:кино"),
            ("/view/%00/users/", None),
            ("/admin/google_analytics/?at=view:%00", None),
            ("/view/", None),
            ("/nothing/1001/", None),
            ("/groups/", None),
            ("/admin/google_analytics/?at=view", None),
        ],
    )
    def test_a_page_is_known_by_its_address_however_it_is_given(self, db: None, typed: str, found: str | None) -> None:
        assert place_of(typed) == (ResourceRef.parse(found) if found else None)

    def test_who_uses_another_address_goes_on_to_the_page(self, cast: Cast, signed_in: SignedIn) -> None:
        assert signed_in(cast.dan).post("/sign-out/", {"next": VIEW})["Location"] == "/sign-in/?next=%2Fview%2F1001%2Fusers%2F"
        assert signed_in(cast.dan).post("/sign-out/", {"next": "https://evil.example/"})["Location"] == "/sign-in/"


class TestDeciding:
    def test_a_long_queue_is_shown_from_its_oldest_on(self, cast: Cast, signed_in: SignedIn) -> None:
        addresses = [f"guest{number:03}@else.example" for number in range(102)]
        asked = [AccessRequest(resource_id=cast.view, canonical=one, shown=one, asked_at=NOW) for one in addresses]
        AccessRequest.objects.bulk_create(asked)
        for page in ("/requests/", "/account/100/users/requests/"):
            shown = text(signed_in(cast.alice).get(page))
            assert [word in shown for word in ("guest000@", "guest099@", "guest100@", "and 2 more")] == [True, True, False, True]

    def test_alice_finds_it_on_home_in_the_queue_and_at_the_node(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.dan, reason="Reports", permissions=["edit"], days=30)
        alice = signed_in(cast.alice)
        assert "1 request for access to decide" in text(alice.get("/"))
        queue = text(alice.get("/requests/"))
        assert "Dan dan@acme.example Edit, for 30 days at All data (View) Reports" in queue
        assert "Requests 1" in text(alice.get("/account/100/users/"))
        node = alice.get("/account/100/users/requests/")
        assert "People 3 Groups" in text(node)
        assert f'href="/requests/{number}/"' in node.content.decode()

    def test_the_card_shows_what_to_judge_it_by(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.cleo, permissions=["edit"], days=30)
        card = text(signed_in(cast.alice).get(f"/requests/{number}/"))
        for said in (
            "They were signed in when they asked.",
            "Nobody has proven yet that the address is theirs.",
            "Here they hold now: Collaborate.",
            "They gave no reason.",
            "gains Edit",
        ):
            assert said in card

    def test_an_address_alone_is_to_be_invited(self, cast: Cast, signed_in: SignedIn) -> None:
        Client().post("/ask/", wish(email="zoe@else.example"))
        alice, number = signed_in(cast.alice), AccessRequest.objects.get().pk
        card = text(alice.get(f"/requests/{number}/"))
        assert "They were not signed in: anybody can have typed this address." in card
        assert "they get an invitation" in card
        answer = alice.post(f"/requests/{number}/", {"permissions": ["edit"], "step": "approve", "ends_on": "", "answer": ""})
        assert answer.status_code == 200
        assert "zoe@else.example" in text(answer)
        assert "/invitation/c" in answer.content.decode(), "the link is shown this once"
        assert AccessRequest.objects.get(pk=number).state == "approved"

    @pytest.mark.parametrize(
        ("mode", "said"), [(PolicyMode.ENFORCED, "The user policy refuses them"), (PolicyMode.ADVISORY, "Outside the user policy")]
    )
    def test_the_card_says_whom_the_policy_does_not_take(self, cast: Cast, signed_in: SignedIn, mode: PolicyMode, said: str) -> None:
        number = asked_by(cast, cast.dan)
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(mode, ("other.example",)))
        assert said in text(signed_in(cast.alice).get(f"/requests/{number}/"))

    def test_alice_approves_less_with_an_end(self, cast: Cast, signed_in: SignedIn) -> None:
        prove(cast.dan)
        number = asked_by(cast, cast.dan, permissions=["edit"])
        fields = {"permissions": ["read_analyze"], "ends_on": "2030-01-01", "answer": "To begin with"}
        alice = signed_in(cast.alice)
        review = alice.post(f"/requests/{number}/", {**fields, "step": "review"})
        assert "gains Read & Analyze" in text(review)
        answer = alice.post(f"/requests/{number}/", {**fields, "step": "approve"}, follow=True)
        assert "Dan has access now." in toast(answer)
        assert holds(cast.dan, cast.view) == {"read_analyze"}
        assert "Approved" in text(signed_in(cast.dan).get("/requests/"))
        again = alice.get(f"/requests/{number}/", follow=True)
        assert "settled already" in toast(again)

    def test_something_has_to_be_chosen(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.cleo)
        assert "Choose what they get" in text(signed_in(cast.alice).get(f"/requests/{number}/"))
        for step in ("approve", "review"):
            answer = signed_in(cast.alice).post(f"/requests/{number}/", {"step": step, "ends_on": "", "answer": ""})
            assert answer.status_code == 422
            assert "Choose what they may do." in text(answer)

    def test_alice_refuses_with_a_reason_that_dan_reads(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.dan)
        alice = signed_in(cast.alice)
        assert alice.post(f"/requests/{number}/", {"step": "refuse", "no-answer": ""}).status_code == 422
        answer = alice.post(f"/requests/{number}/", {"step": "refuse", "no-answer": "Ask your agency"}, follow=True)
        assert "was refused" in toast(answer)
        mine = text(signed_in(cast.dan).get("/requests/"))
        assert "1001 Refused View 1001" in mine
        assert "Ask your agency" in mine
        assert "All data" not in mine

    def test_nobody_decides_their_own(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.alice)
        page = signed_in(cast.alice).get(f"/requests/{number}/")
        assert "You asked this yourself" in text(page)
        assert 'id="approve"' not in page.content.decode()
        answer = signed_in(cast.alice).post(
            f"/requests/{number}/", {"step": "approve", "permissions": ["edit"], "ends_on": "", "answer": ""}
        )
        assert answer.status_code == 403

    def test_404_before_403(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.cleo)
        assert signed_in(cast.dan).get(f"/requests/{number}/").status_code == 404
        assert signed_in(cast.ben).get(f"/requests/{number}/").status_code == 403

    def test_cleo_withdraws_hers(self, cast: Cast, signed_in: SignedIn) -> None:
        number = asked_by(cast, cast.cleo)
        cleo = signed_in(cast.cleo)
        assert "Withdraw" in text(cleo.get("/requests/"))
        assert "withdrawn" in toast(cleo.post(f"/requests/{number}/withdraw/", follow=True))
        assert "settled already" in toast(cleo.post(f"/requests/{number}/withdraw/", follow=True))
        assert signed_in(cast.dan).post(f"/requests/{number}/withdraw/").status_code == 404


class TestWhatWentWrong:
    def test_r110_who_holds_nothing_is_told_that_nothing_is_set_up_yet(self, cast: Cast, signed_in: SignedIn) -> None:
        browser = signed_in(person("Eve", "eve@else.example"))
        assert 'href="/what-went-wrong/"' in browser.get("/").content.decode()
        page = text(browser.get("/what-went-wrong/?cause=expired"))
        assert "Nothing has been set up for you yet" in page
        assert "You are signed in as eve@else.example" in page

    def test_r109_who_has_no_permissions_yet_is_shown_who_brought_them_here(self, cast: Cast, signed_in: SignedIn) -> None:
        """With the address to write to; not who has been suspended since."""
        for number, giver in enumerate((cast.alice, cast.ben)):
            bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
            ask(caller(cast.dan, NOW.replace(hour=13 + number)))
            prove(cast.dan)
            requests.approve(random=bytes(32), by=caller(giver), request=AccessRequest.objects.latest("pk").pk, permissions=["edit"])
            bindings.revoke(by=OPERATOR, of=[cast.dan], on=cast.view)
        page = text(signed_in(cast.dan).get("/what-went-wrong/"))
        assert "Whom to ask Ben ben@acme.example Alice alice@acme.example" in page
        people.suspend(by=OPERATOR, user=cast.ben)
        assert "Whom to ask Alice alice@acme.example" in text(signed_in(cast.dan).get("/what-went-wrong/"))

    @pytest.mark.parametrize("cause", list(Cause))
    def test_r110_each_cause_has_its_words_and_one_button(self, cast: Cast, client: Client, settings: Settings, cause: Cause) -> None:
        settings.SUPPORT_EMAIL = "help@acme.example"
        page = text(client.get(f"/what-went-wrong/?cause={cause}"))
        for said in (CAUSES[cause].title, CAUSES[cause].sentence, CAUSES[cause].next_step, CAUSES[cause].button, "help@acme.example"):
            assert str(said) in page
        assert len({str(words.title) for words in CAUSES.values()}) == len(Cause)

    def test_an_address_can_name_only_words_that_there_are(self, cast: Cast, signed_in: SignedIn) -> None:
        assert str(CAUSES[Cause.UNAVAILABLE].title) in text(signed_in(cast.ben).get("/what-went-wrong/?cause=<b>"))

    def test_what_a_page_left_in_the_session_comes_first(self, cast: Cast, client: Client) -> None:
        session = client.session
        session[CAUSE] = Cause.REVOKED.value
        session.save()
        assert str(CAUSES[Cause.REVOKED].title) in text(client.get("/what-went-wrong/?cause=used"))

    def test_r111_the_help_says_how_to_grant_where_an_address_stands_and_how_a_company_begins(self, cast: Cast, client: Client) -> None:
        page = text(client.get("/help/access/"))
        for said in ("identity provider", "Add people", "Your company is not set up yet", "Set up a company"):
            assert said in page
