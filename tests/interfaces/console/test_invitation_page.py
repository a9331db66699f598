"""The page of an invitation: what whoever holds the link is shown, and how they answer (R104 to R106, R109, R-INV-4 to 16)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.interfaces.http import clock
from keyholder.services import proofs
from keyholder.services.commands import accepting, bindings, invitations, organizations, person_deletion, requests
from keyholder.services.commands.inviting import Invited, Wish
from keyholder.services.proofs import Purpose
from keyholder.storage.models import AccessRequest, Event, Invitation, Provider, Session, User
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import shapes, text
from tests.services.holding import DAY
from tests.services.inviting_people import EVE, READ, WEEK, come, invite, link_of, nobody, person_of, random, row
from tests.tables import contents

PASSWORD = "seven quiet herons wait"
JOIN = {"answer": "join", "name": "Eve", "password": PASSWORD, "again": PASSWORD}
pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let the door's clock stand, and hash quickly."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def open_link(client: Client, secret: str) -> Any:
    """Follow a link to the page at its clean address."""
    answer = client.get(f"/invitation/{secret}/")
    assert (answer.status_code, answer["Location"]) == (302, "/invitation/")
    return client.get("/invitation/")


def mailed(sent: Invited) -> str:
    return proofs.mailed(Purpose.INVITATION, sent.invitation, row(sent).generation)


def send(client: Client, **answer: str) -> Any:
    """Answer what is shown."""
    shown = client.get("/invitation/")
    return client.post("/invitation/", {"seen": shown.context["page"].seen, **answer})


class TestOpening:
    def test_r_inv_15_the_secret_stands_in_one_address_that_leads_on(self, cast: Cast, client: Client) -> None:
        """Neither the page nor the session holds it, and no page that is reached from here learns the address."""
        secret = invite(cast).secret
        answer = client.get(f"/invitation/{secret}/")
        page = client.get("/invitation/")
        assert (answer["Referrer-Policy"], page["Referrer-Policy"]) == ("no-referrer", "same-origin")
        for one in (answer, page):
            assert "no-store" in one["Cache-Control"]
            assert secret not in one.content.decode() + str(one.headers)
        assert secret not in str(dict(client.session))
        assert secret[1:] not in str(Session.objects.values_list("session_data", flat=True))

    def test_r_inv_14_looking_changes_nothing(self, cast: Cast) -> None:
        """Whatever opens it, as often as it likes: a scanner of mails, a preview."""
        sent = invite(cast)
        before = contents(without=["session"])
        for number in range(25):
            scanner = Client()
            method = scanner.head if number % 2 else scanner.get
            assert method(f"/invitation/{sent.secret}/").status_code == 302
            assert method("/invitation/").status_code == 200
        assert contents(without=["session"]) == before

    @pytest.mark.parametrize("secret", ["c", "accept", "m1-1-x", "c" + "A" * 43])
    def test_r_inv_7_what_is_no_link_is_not_there_and_is_counted(self, cast: Cast, client: Client, secret: str) -> None:
        answer = client.get(f"/invitation/{secret}/")
        assert (answer.status_code, answer["Referrer-Policy"]) == (404, "no-referrer")
        assert client.get("/invitation/").status_code == 404
        for _ in range(29):
            client.get(f"/invitation/{secret}/")
        assert client.get(f"/invitation/{secret}/").status_code == 429

    def test_r_inv_16_strangers_see_a_masked_address_and_the_same_whoever_it_is(self, cast: Cast) -> None:
        """By a copied link it is not told whether there is a person: Dan has one, Dun has none (R-ENU-1)."""
        pages = []
        for address in ("dan@acme.example", "dun@acme.example"):
            page = text(open_link(Client(), invite(cast, address).secret))
            assert address not in page
            assert "d***@a***.example" in page
            pages.append(page)
        assert pages[0] == pages[1]

    def test_r_enu_1_the_database_is_asked_the_same_whether_or_not_there_is_a_person(self, cast: Cast) -> None:
        asked = set()
        for address in ("dan@acme.example", "dun@acme.example"):
            secret, browser = invite(cast, address).secret, Client()
            open_link(browser, secret)
            with CaptureQueriesContext(connection) as queries:
                open_link(browser, secret)
            asked.add(shapes(queries))
        assert len(asked) == 1

    def test_it_says_from_whom_to_what_until_when(self, cast: Cast, client: Client) -> None:
        sent = invite(cast, wish=Wish(["edit"], groups=[cast.interns], message="Welcome aboard"))
        page = text(open_link(client, sent.secret))
        for words in ("You are invited to Shop", "Alice (alice@acme.example) invites you", "Edit at All data", "Interns", "Welcome aboard"):
            assert words in page


class TestAnswering:
    def test_somebody_new_comes_in_and_is_signed_in(self, cast: Cast, client: Client) -> None:
        """R105, R107: by the copied link they are unproven, by the mailed one proven."""
        sent = invite(cast)
        open_link(client, sent.secret)
        answer = send(client, **JOIN)
        assert (answer.status_code, answer["Location"]) == (302, "/invitation/")
        assert User.objects.get(canonical=EVE).email_verified is False
        page = text(client.get("/invitation/"))
        assert "You are in" in page
        assert client.get("/").status_code == 200
        other = Client()
        open_link(other, mailed(invite(cast, "ivo@else.example")))
        send(other, **JOIN | {"name": "Ivo"})
        assert User.objects.get(canonical="ivo@else.example").email_verified is True

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"password": "short", "again": "short"}, "too short"),
            ({"again": "another password than that"}, "differ"),
            ({"name": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, cast: Cast, client: Client, wrong: dict[str, str], why: str) -> None:
        open_link(client, invite(cast).secret)
        answer = send(client, **JOIN | wrong)
        assert answer.status_code == 422
        assert why in text(answer)
        assert not User.objects.filter(canonical=EVE).exists()

    def test_who_has_a_person_signs_in_first_and_the_link_stays(self, cast: Cast, client: Client) -> None:
        from keyholder.services.commands import people

        people.set_password(by=OPERATOR, user=cast.dan, password=PASSWORD)
        User.objects.filter(pk=cast.dan).update(email_verified=True)
        page = open_link(client, mailed(invite(cast, "dan@acme.example")))
        assert "You have an account here" in text(page)
        assert send(client, **JOIN).status_code == 200, "nobody chooses a password for somebody who has one"
        signed = client.post("/sign-in/", {"address": "dan@acme.example", "password": PASSWORD, "next": "/invitation/"})
        assert signed["Location"] == "/invitation/"
        assert "You are signed in as dan@acme.example" in text(client.get("/invitation/"))
        assert send(client, answer="accept").status_code == 302
        assert "You are in" in text(client.get("/invitation/"))

    def test_by_a_copied_link_nobody_takes_somebodys_person(self, cast: Cast, client: Client) -> None:
        open_link(client, invite(cast, "dan@acme.example").secret)
        answer = send(client, **JOIN)
        assert answer.status_code == 409
        assert "Sign in first" in text(answer)

    def test_r105_r_inv_4_somebody_else_is_told_so_and_can_switch(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.ben)
        sent = invite(cast, "dan@acme.example")
        page = open_link(client, sent.secret)
        assert page.status_code == 409
        assert "signed in as ben@acme.example" in text(page)
        assert send(client, answer="accept").status_code == 409
        assert send(client, answer="decline").status_code == 409
        assert row(sent).state == "pending"
        switched = client.post("/invitation/", {"answer": "switch"})
        assert switched["Location"] == "/sign-in/?next=/invitation/"
        assert client.get("/invitation/").status_code == 200
        assert client.get("/").status_code == 302

    def test_the_mailed_link_takes_an_unproven_person_over(self, cast: Cast, signed_in: SignedIn) -> None:
        """Whoever was signed in as them before is out."""
        eve = person_of(come(link_of(invite(cast))))
        before = signed_in(eve)
        client = Client()
        page = open_link(client, mailed(invite(cast, on=cast.account)))
        assert "Choose a new password" in text(page)
        assert send(client, **JOIN).status_code == 302
        assert before.get("/").status_code == 302
        assert client.get("/").status_code == 200
        own = signed_in(eve)
        User.objects.filter(pk=eve).update(email_verified=False)
        open_link(own, mailed(invite(cast, on=cast.property)))
        assert send(own, answer="accept").status_code == 200
        assert send(own, **JOIN | {"password": PASSWORD + "!", "again": PASSWORD + "!"}).status_code == 302
        assert "You are in" in text(own.get("/invitation/")), "what the session of before knew of the link goes on"

    def test_declining_needs_nobody_signed_in(self, cast: Cast, client: Client) -> None:
        sent = invite(cast)
        open_link(client, sent.secret)
        assert send(client, answer="decline").status_code == 302
        assert row(sent).state == "declined"
        assert "was declined" in text(client.get("/invitation/"))

    def test_r_inv_9_what_has_changed_is_shown_anew(self, cast: Cast, client: Client) -> None:
        open_link(client, invite(cast).secret)
        seen = client.get("/invitation/").context["page"].seen
        invite(cast, on=cast.property, wish=Wish(["edit"]))
        answer = client.post("/invitation/", {**JOIN, "seen": seen})
        assert answer.status_code == 409
        assert "Edit at Web" in text(answer)
        assert not User.objects.filter(canonical=EVE).exists()

    def test_what_nobody_can_give_waits_and_says_so(self, cast: Cast, client: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        page = text(open_link(client, sent.secret))
        assert "Ben may not give this any more" in page
        assert "Your link stays good" in page
        send(client, **JOIN)
        assert "have been asked" in text(client.get("/invitation/"))
        invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)
        send(client, **JOIN)
        assert "You are in" in text(client.get("/invitation/"))

    def test_who_is_in_is_shown_what_they_got_and_no_more(self, cast: Cast, client: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben, wish=Wish(["edit"]))
        invite(cast, on=cast.property, wish=Wish(["read_analyze"], groups=[cast.interns]))
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        page = text(open_link(client, sent.secret))
        assert "Edit at All data (View) Not now: Ben may not give this any more." in page
        send(client, **JOIN)
        page = text(client.get("/invitation/"))
        assert "Read & Analyze at Web" in page
        assert "Interns" in page
        assert "Edit at" not in page

    def test_r109_no_permissions_yet_and_whom_to_ask(self, cast: Cast, client: Client) -> None:
        open_link(client, invite(cast, wish=Wish()).secret)
        assert "No permissions yet" in text(client.get("/invitation/"))
        send(client, **JOIN)
        page = text(client.get("/invitation/"))
        assert "No permissions yet" in page
        assert "Whom to ask: Alice, alice@acme.example" in page

    def test_r_csrf_1_an_answer_comes_from_our_own_page(self, cast: Cast) -> None:
        strict = Client(enforce_csrf_checks=True)
        sent = invite(cast)
        open_link(strict, sent.secret)
        assert strict.post("/invitation/", {"answer": "decline"}).status_code == 403
        assert row(sent).state == "pending"

    def test_r_mas_1_a_form_holds_its_own_fields(self, cast: Cast, client: Client) -> None:
        open_link(client, invite(cast).secret)
        assert client.post("/invitation/", {**JOIN, "is_operator": "1"}).status_code == 400


def dead(cast: Cast, how: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Invited:
    """Let Alice invite Eve by a link that leads no further."""
    sent = invite(cast)
    if how == "used":
        come(link_of(sent))
    elif how == "replaced":
        invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random())
    elif how == "expired":
        monkeypatch.setattr(clock, "now", lambda: NOW + WEEK)
    elif how == "revoked":
        invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)
    elif how == "declined":
        accepting.decline(by=nobody(), link=link_of(sent))
    else:
        settings.COPIED_LINKS = False
    return sent


class TestDeadEnds:
    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ("used", "was used already"),
            ("replaced", "There is a newer link"),
            ("expired", "has expired"),
            ("revoked", "was revoked"),
            ("declined", "was declined"),
            ("off", "does not work any more"),
        ],
    )
    def test_r106_each_says_what_happened_and_what_to_do(
        self, cast: Cast, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, how: str, words: str
    ) -> None:
        settings.SUPPORT_EMAIL = "help@acme.example"
        sent = dead(cast, how, settings, monkeypatch)
        page = open_link(client, sent.secret)
        assert page.status_code == 410
        said = text(page)
        assert words in said
        assert "help@acme.example" in said
        assert EVE not in said
        before = Event.objects.count()
        assert send(client, answer="decline").status_code == 409
        assert Event.objects.count() == before

    @pytest.mark.parametrize("how", ["replaced", "expired", "revoked", "declined", "off"])
    def test_r110_each_has_one_button_that_asks_those_who_manage_the_place(
        self, cast: Cast, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        """Not signed in; the answer is the one that everybody gets who asks, and Alice finds it among what is to be decided."""
        sent = dead(cast, how, settings, monkeypatch)
        page = open_link(client, sent.secret)
        assert "Ask for a new invitation" in text(page)
        answer = send(client, answer="ask")
        assert (answer.status_code, answer["Location"]) == (302, "/ask/sent/")
        asked = AccessRequest.objects.get()
        assert (asked.canonical, asked.resource_id, asked.permissions) == (EVE, cast.view, "read_analyze")
        assert asked.reason == f"{page.context['page'].end.title}. I ask for a new invitation."
        assert client.get("/invitation/").status_code == 410

    def test_by_a_used_link_somebody_else_gives_an_address_of_their_own(
        self, cast: Cast, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_link(client, dead(cast, "used", settings, monkeypatch).secret)
        assert send(client, answer="ask").status_code == 422
        wrong = send(client, answer="ask", address="nobody")
        assert (wrong.status_code, AccessRequest.objects.count()) == (422, 0)
        assert "is not an e-mail address" in text(wrong)
        assert send(client, answer="ask", address="ivo@else.example")["Location"] == "/ask/sent/"
        assert AccessRequest.objects.get().shown == "ivo@else.example"

    def test_by_a_used_link_who_is_signed_in_asks_as_themselves(
        self, cast: Cast, signed_in: SignedIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = signed_in(cast.dan)
        page = open_link(client, dead(cast, "used", settings, monkeypatch).secret)
        assert "Your e-mail address" not in text(page)
        assert send(client, answer="ask")["Location"] == "/ask/sent/"
        assert AccessRequest.objects.get().person_id == cast.dan

    def test_r105_somebody_else_asks_to_have_their_own_address_let_in(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.dan)
        page = open_link(client, invite(cast).secret)
        assert "ask to have the one invited that you use" in text(page)
        assert send(client, answer="ask")["Location"] == "/ask/sent/"
        assert AccessRequest.objects.get().reason == "The invitation is for another address. I ask for a new invitation."

    def test_who_was_proven_by_a_provider_with_another_address_asks_by_that_one(self, cast: Cast, client: Client) -> None:
        Provider.objects.create(
            key="mts", name="MTS ID", issuer="https://id.example", client="c", secret="s", scopes="openid", enabled=True
        )
        open_link(client, invite(cast).secret)
        session = client.session
        session.update({"proven_as": ["MTS ID", "https://id.example", "ivo-1", "ivo@else.example", "Ivo"], "proven_at": NOW.isoformat()})
        session.save()
        assert "ivo@else.example" in text(client.get("/invitation/"))
        send(client, answer="ask")
        assert AccessRequest.objects.get().shown == "ivo@else.example"

    def test_where_nobody_can_give_anything_one_button_asks_the_managers_and_the_link_stays(self, cast: Cast, client: Client) -> None:
        """Nobody types a name and a password for it."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        page = open_link(client, sent.secret)
        assert "Ask them to take it over" in text(page)
        assert 'name="password"' not in page.content.decode()
        assert send(client, answer="ask")["Location"] == "/invitation/"
        after = text(client.get("/invitation/"))
        assert "have been asked" in after
        assert "Ask them to take it over" not in after
        assert (row(sent).awaiting, AccessRequest.objects.count()) == (True, 0)
        invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)
        send(client, **JOIN)
        assert "You are in" in text(client.get("/invitation/"))

    def test_r087_where_the_policy_keeps_the_address_out_one_asks_as_well(self, cast: Cast, client: Client) -> None:
        sent = invite(cast, wish=Wish())
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",)))
        page = open_link(client, sent.secret)
        assert "Nothing of this can be given at the moment" in text(page)
        assert send(client, answer="ask")["Location"] == "/ask/sent/"
        assert AccessRequest.objects.get().resource_id == cast.account

    def test_r_rat_1_who_asks_too_often_waits(
        self, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        monkeypatch.setattr(requests, "FROM_ONE_ASKER", 0)
        open_link(client, dead(cast, "revoked", settings, monkeypatch).secret)
        answer = send(client, answer="ask")
        assert answer.status_code == 429
        assert "Wait 15 minutes" in text(answer)

    def test_who_holds_no_link_asks_nobody(self, cast: Cast, client: Client) -> None:
        assert client.post("/invitation/", {"answer": "ask", "address": "ivo@else.example"}).status_code == 404

    def test_accepting_twice_is_a_success(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.dan)
        open_link(client, invite(cast, "dan@acme.example", wish=READ).secret)
        for _ in range(2):
            assert send(client, answer="accept").status_code == 302
            assert "You are in" in text(client.get("/invitation/"))
        assert Invitation.objects.get().state == "accepted"

    def test_the_last_second_counts(self, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = invite(cast, at=NOW - WEEK + DAY / 86400)
        assert open_link(client, sent.secret).status_code == 200
        monkeypatch.setattr(clock, "now", lambda: NOW + DAY / 86400)
        assert client.get("/invitation/").status_code == 410


def test_whoever_invited_and_was_deleted_has_no_name_and_is_not_the_operator(cast: Cast, client: Client, signed_in: SignedIn) -> None:
    """Alice gives something as well, so the invitation that Ben made stays."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    sent = invite(cast, by=cast.ben)
    invite(cast, by=cast.alice, on=cast.property)
    person_deletion.delete(by=OPERATOR, user=cast.ben)
    page = text(open_link(client, sent.secret))
    assert "Whoever invited you is not here any more." in page
    assert "Somebody who is gone may not give this any more." in page
    listed = text(signed_in(cast.alice).get("/account/100/users/invitations/"))
    assert ("Somebody who is gone" in listed, "The operator" in listed) == (True, False)


def test_r_inv_9_an_answer_counts_for_the_invitation_that_was_shown(cast: Cast, client: Client) -> None:
    """Two pages are open in one browser; what is declined on the first is not the second one."""
    first, second = invite(cast), invite(cast, "fay@else.example")
    seen = open_link(client, first.secret).context["page"].seen
    open_link(client, second.secret)
    mistaken = client.post("/invitation/", {"answer": "decline", "seen": seen})
    assert (mistaken.status_code, "This is not what was shown before" in text(mistaken)) == (409, True)
    assert client.post("/invitation/", {"answer": "decline"}).status_code == 409
    assert [row(sent).state for sent in (first, second)] == ["pending", "pending"]
    assert send(client, answer="decline").status_code == 302
    assert [row(sent).state for sent in (first, second)] == ["pending", "declined"]
