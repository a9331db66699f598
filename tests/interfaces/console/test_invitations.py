"""The invitations of a node in the console: the tab, and what can be done with each (R103, R104, R107, R-INV-13)."""

from typing import Any

import pytest
from django.test import Client

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Invalid
from keyholder.interfaces.http import clock
from keyholder.services.commands import bindings, invitations, organizations
from keyholder.services.commands.inviting import Wish
from keyholder.services.invitation_links import read
from keyholder.services.queries import invitations as queries
from keyholder.storage.models import Letter, User
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.holding import DAY, until
from tests.services.inviting_people import EVE, WEEK, come, invite, link_of, person_of, row, set_mail_up
from tests.services.refusing import refused
from tests.storage.rows import queries as counted

URL = "/account/100/users/invitations/"
pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the door's clock stand."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


def addresses(answer: Any) -> list[str]:
    return [line.who.shown for line in answer.context["rows"]]


class TestList:
    def test_r107_who_is_invited_is_shown_as_pending(self, cast: Cast, alice: Client) -> None:
        sent = invite(cast, wish=Wish(["edit"], groups=[cast.interns], window=until(NOW + DAY)))
        answer = alice.get(URL)
        (line,) = answer.context["rows"]
        assert (line.who.shown, line.standing, line.inviter, line.letter) == (EVE, "Pending", "Alice", "Handed over by hand")
        assert line.planned == ("Edit at All data until 23 Nov 2026", "the group Interns until 23 Nov 2026")
        assert sent.secret not in answer.content.decode()
        assert [tab.count for tab in answer.context["tabs"]] == [3, 0, 1, 0]
        assert [tab.count for tab in alice.get("/account/100/users/").context["tabs"]] == [3, 0, 1, 0]

    def test_each_state_can_be_asked_for(self, cast: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        old = invite(cast, "old@else.example", at=NOW - WEEK)
        revoked = invite(cast, "gone@else.example")
        invitations.revoke(by=caller(cast.alice), invitation=revoked.invitation)
        invite(cast)
        assert addresses(alice.get(URL)) == [EVE, "old@else.example"]
        assert addresses(alice.get(URL + "?state=expired")) == ["old@else.example"]
        assert addresses(alice.get(URL + "?state=pending")) == [EVE]
        assert addresses(alice.get(URL + "?state=revoked")) == ["gone@else.example"]
        assert addresses(alice.get(URL + "?state=all")) == [EVE, "gone@else.example", "old@else.example"]
        assert alice.get(URL + "?state=lost").status_code == 400
        monkeypatch.setattr(queries, "USUAL", 1)
        first = alice.get(URL)
        assert addresses(alice.get(URL + first.context["next_url"])) == ["old@else.example"]
        assert old.invitation

    def test_it_is_searched_by_address_and_the_other_tabs_count_along(self, cast: Cast, alice: Client) -> None:
        invite(cast)
        invite(cast, "ben@else.example")
        answer = alice.get(URL + "?q=BEN")
        assert addresses(answer) == ["ben@else.example"]
        assert [tab.count for tab in answer.context["tabs"]] == [1, 0, 1, 0]
        assert "1 in Invitations" in text(alice.get("/account/100/users/?q=eve"))
        assert "No invitation matches" in text(alice.get(URL + "?q=zebra"))
        assert "3 in People" in text(alice.get(URL + "?q=a")) or alice.get(URL + "?q=acme").context["rows"] == ()

    def test_r064_below_the_account_only_what_arrives_there(self, cast: Cast, signed_in: SignedIn) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        invite(cast, on=cast.account)
        invite(cast, "view@else.example", on=cast.view)
        ben = signed_in(cast.ben)
        assert ben.get(URL).status_code == 403
        page = ben.get("/property/UA-100-1/users/invitations/")
        assert addresses(page) == [EVE]
        assert page.context["rows"][0].again_url == "", "it is about the account, where he does not manage"

    @pytest.mark.parametrize(
        ("state", "said"),
        [("waiting", "waits to be sent"), ("sent", "Mailed"), ("dead", "Could not be mailed"), ("withdrawn", "by hand")],
    )
    def test_how_the_letter_fares_is_shown(self, cast: Cast, alice: Client, state: str, said: str) -> None:
        set_mail_up()
        invite(cast)
        settled = None if state == "waiting" else NOW
        Letter.objects.update(state=state, settled_at=settled)
        assert said in alice.get(URL).context["rows"][0].letter

    def test_it_costs_about_the_same_for_many(self, cast: Cast, alice: Client) -> None:
        invite(cast)
        one = counted(lambda: alice.get(URL))
        for number in range(5):
            invite(cast, f"somebody{number}@else.example")
        assert counted(lambda: alice.get(URL)) == one


class TestHandling:
    @pytest.mark.parametrize("how", ["again", "link"])
    def test_r103_r104_the_new_link_is_shown_once(self, cast: Cast, alice: Client, how: str) -> None:
        sent = invite(cast)
        old = link_of(sent)
        answer = alice.post(f"{URL}{sent.invitation}/{how}/")
        assert answer.status_code == 200
        secret = answer.context["link"].rstrip("/").rpartition("/")[2]
        new = read(secret)
        assert new is not None
        assert (new.generation, old.generation, row(sent).generation) == (2, 1, 2)
        assert "hand this link over" in text(answer)

    def test_with_a_mail_server_it_goes_by_mail(self, cast: Cast, alice: Client) -> None:
        set_mail_up()
        sent = invite(cast)
        assert "on its way" in text(alice.post(f"{URL}{sent.invitation}/again/"))

    def test_it_is_revoked_after_a_question(self, cast: Cast, alice: Client) -> None:
        sent = invite(cast)
        assert "Every link of it is dead" in text(alice.get(f"{URL}{sent.invitation}/revoke/"))
        assert row(sent).state == "pending"
        answer = alice.post(f"{URL}{sent.invitation}/revoke/", {"reason": "Wrong Eve"})
        assert answer["Location"] == URL
        assert f"of {EVE} was revoked" in toast(alice.get(URL))
        assert alice.post(f"{URL}{sent.invitation}/revoke/", {"reason": ""}).status_code == 409
        assert alice.post(f"{URL}{sent.invitation}/link/").status_code == 409

    def test_it_is_taken_over(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, by=cast.ben)
        assert alice.post(f"{URL}{sent.invitation}/take-over/").status_code == 409
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        assert alice.post(f"{URL}{sent.invitation}/take-over/")["Location"] == URL
        assert "You give from now on" in toast(alice.get(URL))

    def test_r_inv_13_nobody_else_handles_it_and_each_belongs_to_its_account(self, cast: Cast, alice: Client, signed_in: SignedIn) -> None:
        """Route by role: the stranger finds nothing, the reader may not, the manager may."""
        sent = invite(cast)
        for act in ("again", "link", "take-over", "revoke"):
            for who, status in ((cast.dan, 404), (cast.cleo, 404)):
                assert signed_in(who).post(f"{URL}{sent.invitation}/{act}/").status_code == status
            assert alice.post(f"{URL}999/{act}/").status_code == 404
        resource(cast.alice, "account", "200", "Corner")
        assert alice.post(f"/account/200/users/invitations/{sent.invitation}/link/").status_code == 404
        assert row(sent).generation == 1


class TestSeveral:
    """Those that are ticked, or all that match, are sent again in one step, all or none (R104, R053)."""

    def test_all_who_match_get_a_new_link_each_shown_this_once(self, cast: Cast, alice: Client) -> None:
        old = [invite(cast, f"guest{number}@else.example") for number in range(3)]
        invite(cast, "fay@far.example")
        answer = alice.post(f"{URL}again/?q=guest", {"everybody": "1"})
        assert "3 invitations begin anew" in text(answer)
        links = answer.context["links"]
        assert len(set(links)) == 3
        assert [row(sent).generation for sent in old] == [2, 2, 2]
        assert all(link.split("/")[-2] not in alice.get(URL).content.decode() for link in links)

    def test_those_that_are_ticked_and_nobody_elses(self, cast: Cast, alice: Client) -> None:
        one, other = invite(cast), invite(cast, "fay@far.example")
        answer = alice.post(f"{URL}again/", {"selected": [str(one.invitation), "999999"]})
        assert "1 invitation begins anew" in text(answer)
        assert (row(one).generation, row(other).generation) == (2, 1)
        assert "Nobody is selected" in toast(alice.post(f"{URL}again/", {}, follow=True))

    def test_r087_whom_a_rule_keeps_out_is_named_and_the_others_go_on(self, cast: Cast, alice: Client) -> None:
        """Nothing is sent before somebody says to go on without them."""
        inside, outside = invite(cast, "eve@acme.example"), invite(cast, "fay@far.example")
        policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        answer = alice.post(f"{URL}again/", {"everybody": "1"})
        assert answer.status_code == 409
        assert all(words in text(answer) for words in ("Nothing was sent", "A rule keeps one of them out.", "fay@far.example", "Acme"))
        assert row(inside).generation == 1
        answer = alice.post(f"{URL}again/", {"everybody": "1", "without": str(outside.invitation)})
        assert "1 invitation begins anew" in text(answer)
        assert (row(inside).generation, row(outside).generation) == (2, 1)

    def test_one_alone_that_is_refused_says_why(self, cast: Cast, alice: Client) -> None:
        sent = invite(cast, "fay@far.example")
        policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        answer = alice.post(f"{URL}again/", {"selected": str(sent.invitation)})
        assert (answer.status_code, "fay@far.example" in text(answer)) == (409, True)
        assert alice.post(f"{URL}again/?state=nothing", {"everybody": "1"}).status_code == 400

    def test_not_more_at_once_than_can_be_invited(self, cast: Cast) -> None:
        with refused(Invalid, "invitations", "500"):
            invitations.send_all_again(by=caller(cast.alice), invitations=range(1, 502), random=[])


class TestBadge:
    def test_who_came_by_a_copied_link_is_marked_until_proven(self, cast: Cast, alice: Client) -> None:
        """R-INV-4: whoever invited them vouches for the address; a letter proves it."""
        eve = person_of(come(link_of(invite(cast, on=cast.account))))
        assert "Address unproven" in text(alice.get("/account/100/users/?q=eve"))
        User.objects.filter(pk=eve).update(email_verified=True)
        assert "Address unproven" not in text(alice.get("/account/100/users/?q=eve"))
