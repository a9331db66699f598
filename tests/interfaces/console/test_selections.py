"""Bulk commands in the console: all or none, each refused one with the reason, and going on without them (R053, R056, R057)."""

import re
from typing import Any

import pytest
from django.test import Client

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.services.commands import bindings, group_members, requests, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding, Membership
from tests.cast import OPERATOR, Cast, caller, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.holding import ticked
from tests.storage.rows import crowd, queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

WEB, SHOP = "/property/UA-100-1/users/", "/account/100/users/"


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


def send(client: Client, base: str, act: str, who: list[PrincipalId], step: str = "", **more: object) -> Any:
    """Send the form of a bulk command; the ending of the list's address goes along in ``base``."""
    url, _sign, asked = base.partition("?")
    fields = {"act": act, "selected": who, **({"step": step} if step else {}), **more}
    return client.post(f"{url}selection/?{asked}", fields)


def do(client: Client, base: str, act: str, who: list[PrincipalId], **more: object) -> Any:
    """Look at what would happen, then do it."""
    shown = send(client, base, act, who, "review", **more)
    return send(client, base, act, who, "do", **more, reviewed=shown.context["reviewed"])


class TestPermissions:
    def test_r053_several_get_permissions_at_once_after_a_look(self, cast: Cast, alice: Client) -> None:
        who = [cast.ben, cast.cleo]
        asked = send(alice, WEB, "add", who)
        assert all(words in text(asked) for words in ("2 selected", "Ben", "Cleo", "Nothing changes before you have seen"))
        shown = send(alice, WEB, "add", who, "review", permissions=["manage_users"])
        assert text(shown).count("gains Manage Users") == 2
        assert ticked(cast.ben, cast.property) == []
        answer = do(alice, WEB, "add", who, permissions=["manage_users"], ends_on="2030-12-31")
        assert (answer.status_code, answer["Location"]) == (302, WEB)
        assert toast(alice.get(WEB)) == "Permissions were added for 2."
        assert set(Binding.objects.filter(resource=cast.property, ends_at__isnull=False).values_list("principal", flat=True)) == set(who)

    def test_who_has_it_all_already_is_named(self, cast: Cast, alice: Client) -> None:
        shown = text(send(alice, WEB, "add", [cast.ben, cast.cleo], "review", permissions=["edit"], ends_on="2030-12-31"))
        assert all(words in shown for words in ("Ben has all of it at Web already.", "It ends with 31 December 2030."))

    def test_r012_what_comes_from_elsewhere_is_refused_by_name_and_the_others_go_on(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["edit"])
        who = [cast.ben, cast.cleo]
        answer = do(alice, WEB, "take", who, permissions=["edit"])
        assert answer.status_code == 409
        assert [name for name, _why in answer.context["refused"]] == ["Ben"]
        assert "from Shop; take it away there." in text(answer)
        assert ticked(cast.cleo, cast.property) == ["edit"], "all or none"
        assert "Go on without them" in text(answer)
        again = send(alice, WEB, "take", who, "review", permissions=["edit"], without=answer.context["left"])
        assert "1 selected" in text(again)
        left = {"permissions": ["edit"], "without": answer.context["left"]}
        assert do(alice, WEB, "take", who, **left).status_code == 302
        assert ticked(cast.cleo, cast.property) == []

    def test_only_what_was_looked_at_is_done(self, cast: Cast, alice: Client) -> None:
        """Another choice, or somebody more among those who match: it is shown again instead."""
        seal = send(alice, f"{WEB}?q=acme", "add", [], "review", everybody="1", permissions=["edit"]).context["reviewed"]
        person("Eve")
        bindings.grant(by=OPERATOR, to=[person("Finn")], on=cast.property, permissions=["read_analyze"])
        answer = send(alice, f"{WEB}?q=acme", "add", [], "do", everybody="1", permissions=["edit"], reviewed=seal)
        assert (answer.status_code, "Nothing was changed" in text(answer), "4 selected" in text(answer)) == (200, True, True)
        assert ticked(cast.cleo, cast.property) == []

    def test_r089_where_only_roles_are_given_a_role_is_given(self, cast: Cast, alice: Client) -> None:
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        bindings.grant(by=OPERATOR, to=[cast.ben, cast.cleo], on=host, role="view_only")
        who = [cast.ben, cast.cleo]
        assert "Give a role" in text(send(alice, "/host/h/users/", "add", who))
        assert do(alice, "/host/h/users/", "add", who, role="standard").status_code == 302
        assert [ticked(one, host) for one in who] == [["standard"], ["standard"]]


class TestGroupsAndTime:
    def test_r071_several_are_put_into_a_group(self, cast: Cast, alice: Client) -> None:
        who = [cast.alice, cast.ben]
        shown = send(alice, WEB, "group", who, "review", group=cast.interns)
        assert [(row.who.name, row.where, row.gains) for row in shown.context["gains"]] == []
        assert do(alice, WEB, "group", who, group=cast.interns, ends_on="2030-12-31").status_code == 302
        assert set(Membership.objects.filter(group=cast.interns).values_list("member", flat=True)) == set(who)
        assert toast(alice.get(WEB)) == "2 are in the group now."

    def test_r080_only_groups_that_one_fills_are_offered(self, cast: Cast, signed_in: SignedIn) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        page = send(signed_in(cast.ben), WEB, "group", [cast.cleo])
        assert re.findall(r"<option[^>]*>(\w+)</option>", page.content.decode()) == ["Analysts"]

    def test_r056_what_has_no_end_gets_one(self, cast: Cast, alice: Client) -> None:
        shown = text(send(alice, SHOP, "until", [cast.ben, cast.cleo], "review", ends_on="2030-12-31"))
        assert "What was given to them at Shop without an end ends with 31 December 2030." in shown
        assert do(alice, SHOP, "until", [cast.ben, cast.cleo], ends_on="2030-12-31").status_code == 302
        assert Binding.objects.filter(resource=cast.account, ends_at__isnull=False).count() == 2

    def test_r056_not_for_the_last_manager(self, cast: Cast, alice: Client) -> None:
        answer = do(alice, SHOP, "until", [cast.alice, cast.ben], ends_on="2030-12-31")
        assert (answer.status_code, "The last manager stays" in text(answer)) == (409, True)
        assert not Binding.objects.filter(resource=cast.account, ends_at__isnull=False).exists()

    def test_r012_who_has_nothing_of_their_own_here_is_named(self, cast: Cast, alice: Client) -> None:
        answer = do(alice, WEB, "until", [cast.alice, cast.ben], ends_on="2030-12-31")
        assert [(name, "from Shop" in why) for name, why in answer.context["refused"]] == [("Ben", True)]
        alone = do(alice, WEB, "until", [cast.ben], ends_on="2030-12-31")
        assert (alone.status_code, "from Shop" in text(alone)) == (409, True)
        assert "Go on without them" not in text(alone)


class TestRemoving:
    def test_r053_several_are_removed_together_each_with_what_it_means(self, cast: Cast, alice: Client) -> None:
        shown = text(send(alice, SHOP, "remove", [cast.ben, cast.cleo]))
        assert all(
            words in shown
            for words in (
                "Remove from Shop",
                "Loses what was given at Shop.",
                "Keeps what comes through Analysts.",
                "2 people lose everything given to them here and below.",
                "2 grants are taken away.",
                "1 of them still has access",
            )
        )
        assert do(alice, SHOP, "remove", [cast.ben, cast.cleo]).status_code == 302
        assert not Binding.objects.filter(principal__in=[cast.ben, cast.cleo]).exists()
        assert toast(alice.get(SHOP)) == "2 were removed."

    def test_r_inv_12_what_waits_of_those_who_go_is_said_before(self, cast: Cast, alice: Client) -> None:
        """As for one person; of who stays nothing is said."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["edit"])
        requests.ask(by=caller(cast.dan), at=ResourceRef("view", "1001"), permissions=["read_analyze"])
        told = "Their open requests here are closed"
        assert told not in text(send(alice, SHOP, "remove", [cast.ben, cast.cleo]))
        assert told in text(send(alice, SHOP, "remove", [cast.ben, cast.dan]))

    def test_r057_the_last_manager_among_them_is_said_before_and_the_others_go(self, cast: Cast, alice: Client) -> None:
        who = [cast.alice, cast.ben]
        shown = send(alice, SHOP, "remove", who)
        assert [name for name, _why in shown.context["refused"]] == ["Alice"]
        assert "The last manager stays" in text(shown)
        refused = send(alice, SHOP, "remove", who, "do", reviewed=shown.context["reviewed"])
        assert (refused.status_code, Binding.objects.filter(principal=cast.ben).exists()) == (409, True)
        assert do(alice, SHOP, "remove", who, without=shown.context["left"]).status_code == 302
        assert not Binding.objects.filter(principal=cast.ben).exists()
        assert Binding.objects.filter(principal=cast.alice, resource=cast.account).exists()

    def test_r051_below_the_account_nobody_is_removed(self, cast: Cast, alice: Client) -> None:
        answer = send(alice, WEB, "remove", [cast.ben])
        assert (answer.status_code, "remove them from Shop" in text(answer)) == (409, True)


class TestOnlyBelow:
    """Who has access only below the node is chosen from the list of those, and from no other."""

    LIST = f"{SHOP}?origin=below"

    def test_r050_r053_they_are_removed_together(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        assert do(alice, self.LIST, "remove", [], everybody="1")["Location"] == self.LIST
        assert not Binding.objects.filter(principal=cast.dan).exists()
        assert toast(alice.get(SHOP)) == "1 was removed."

    def test_r012_who_has_it_through_a_group_below_is_refused_with_the_way(self, cast: Cast, alice: Client) -> None:
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.dan])
        shown = send(alice, self.LIST, "remove", [cast.dan])
        assert [(name, "Analysts" in why) for name, why in shown.context["refused"]] == [("Dan", True)]

    def test_they_get_permissions_here_or_a_group(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        assert do(alice, self.LIST, "group", [cast.dan], group=str(cast.interns)).status_code == 302
        assert Membership.objects.filter(group=cast.interns, member=cast.dan).exists()
        assert do(alice, self.LIST, "add", [cast.dan], permissions=["read_analyze"]).status_code == 302
        assert "Dan" in [row.who.name for row in alice.get(SHOP).context["rows"]]


class TestWhoIsSelected:
    def test_r053_everybody_who_matches_on_whatever_page(self, cast: Cast, alice: Client) -> None:
        admit(130, cast)
        page = send(alice, f"{SHOP}?q=guest", "remove", [], everybody="1")
        assert all(words in text(page) for words in ("130 selected", "and 118 more", "130 people lose"))
        assert do(alice, f"{SHOP}?q=guest", "remove", [], everybody="1").status_code == 302
        assert Binding.objects.filter(resource=cast.account).count() == 3

    def test_who_is_not_on_the_list_is_not_in_it(self, cast: Cast, alice: Client) -> None:
        """Dan is nobody here: his number, sent by hand, tells nothing and changes nothing (R-TEN-1)."""
        page = send(alice, WEB, "add", [cast.dan, cast.ben, PrincipalId(10**9)])
        assert ("1 selected" in text(page), "Dan" in text(page)) == (True, False)
        answer = send(alice, WEB, "add", [cast.dan])
        assert answer["Location"] == WEB
        assert "Nobody is selected." in toast(alice.get(WEB))

    @pytest.mark.parametrize("numbers", [["x"], ["-1"], ["9" * 30], [""]])
    def test_what_is_no_number_selects_nobody(self, alice: Client, numbers: list[str]) -> None:
        assert alice.post(f"{WEB}selection/", {"act": "add", "selected": numbers})["Location"] == WEB

    def test_an_unknown_act_leads_back(self, cast: Cast, alice: Client) -> None:
        assert send(alice, f"{WEB}?q=b", "explode", [cast.ben])["Location"] == f"{WEB}?q=b"

    @pytest.mark.parametrize(
        ("act", "fields", "said"),
        [
            ("add", {}, "Choose what they may do."),
            ("take", {}, "Choose what they may no longer do."),
            ("group", {}, "This field is required."),
            ("until", {}, "This field is required."),
            ("until", {"ends_on": "2020-01-01"}, "This day is over."),
        ],
    )
    def test_what_is_missing_is_said_and_who_was_selected_stays(
        self, cast: Cast, alice: Client, act: str, fields: dict[str, str], said: str
    ) -> None:
        answer = send(alice, WEB, act, [cast.ben], "do", **fields)
        assert (answer.status_code, said in text(answer)) == (422, True)
        assert f'name="selected" value="{cast.ben}"' in answer.content.decode()

    def test_it_costs_the_same_for_many(self, cast: Cast, alice: Client) -> None:
        few = queries(lambda: send(alice, f"{SHOP}?q=acme", "add", [], "review", everybody="1", permissions=["edit"]))
        admit(80, cast)
        assert queries(lambda: send(alice, f"{SHOP}?q=acme", "add", [], "review", everybody="1", permissions=["edit"])) <= few + 1


def admit(count: int, cast: Cast) -> None:
    """Let many guests read the account, by rows alone."""
    rows = [Binding(principal_id=guest, resource_id=cast.account, permissions="read_analyze", mask=1) for guest in crowd(count)]
    Binding.objects.bulk_create(rows, batch_size=500)


def test_r_prv_1_nobody_gives_what_they_may_not(cast: Cast, signed_in: SignedIn) -> None:
    """Ben manages the property: the account is not his to give."""
    bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.property, permissions=["manage_users"])
    client = signed_in(cast.ben)
    assert send(client, SHOP, "add", [cast.cleo], "do", permissions=["edit"], reviewed="x").status_code == 403
    assert do(client, WEB, "add", [cast.cleo], permissions=["edit"]).status_code == 302
