"""Filling a group in the console: who is added, until when, who is taken out, who owns it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.windows import Window
from keyholder.services.commands import group_members, groups, nesting
from keyholder.storage.models import GroupOwner, Invitation, Membership
from tests.cast import NOW, OPERATOR, Cast, group, holds
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def members(of: PrincipalId) -> set[int]:
    return set(Membership.objects.filter(group=of).values_list("member_id", flat=True))


class TestMembers:
    def add(self, client: Client, cast: Cast, addresses: str, step: str, **fields: str) -> Any:
        url = f"/groups/{cast.analysts}/members/add/"
        return client.post(url, {"addresses": addresses, "ends_on": "", "step": step, **fields})

    def test_r042_r071_several_are_added_at_once_after_their_gain_was_shown(self, cast: Cast, signed_in: SignedIn) -> None:
        group_members.add(by=OPERATOR, group=group(cast.alice, cast.acme, "Builders"), members=[cast.dan])
        client, pasted = signed_in(cast.alice), "Ben <ben@acme.example>; dan@acme.example"
        shown = text(self.add(client, cast, pasted, "review"))
        assert all(word in shown for word in ("Will be added", "Add 2 people", "Collaborate"))
        assert members(cast.analysts) == {cast.cleo, cast.interns}
        assert self.add(client, cast, pasted, "add").status_code == 302
        assert members(cast.analysts) == {cast.cleo, cast.interns, cast.ben, cast.dan}

    def test_each_bad_address_is_named_and_the_others_can_go_alone(self, cast: Cast, signed_in: SignedIn) -> None:
        client, pasted = signed_in(cast.ben), "alice@acme.example, cleo@acme.example, dan@acme.example, nobody@else.example, nonsense"
        shown = text(self.add(client, cast, pasted, "review"))
        assert all(word in shown for word in ("Already here", "Not known here", "Gets an invitation", "No address", "without the others"))
        assert self.add(client, cast, pasted, "add").status_code == 200, "all or none"
        assert members(cast.analysts) == {cast.cleo, cast.interns}
        done = text(self.add(client, cast, pasted, "rest"))
        assert all(word in done for word in ("Added", "Already here", "Invited", "dan@acme.example", "nobody@else.example", "No address"))
        assert members(cast.analysts) == {cast.cleo, cast.interns, cast.alice}
        assert set(Invitation.objects.values_list("canonical", flat=True)) == {"dan@acme.example", "nobody@else.example"}
        listed = text(client.get(f"/groups/{cast.analysts}/"))
        assert all(word in listed for word in ("Invited", "nobody@else.example", "the group Analysts"))

    def test_a_stranger_and_nobody_look_alike(self, cast: Cast, signed_in: SignedIn) -> None:
        """R-ENU-1: Dan has a person here and is not known at Acme."""
        pages = [text(self.add(signed_in(cast.ben), cast, who, "review")) for who in ("dan@acme.example", "don@acme.example")]
        assert pages[0].replace("dan@", "don@") == pages[1]

    def test_until_a_last_day(self, cast: Cast, signed_in: SignedIn) -> None:
        self.add(signed_in(cast.ben), cast, "alice@acme.example", "add", ends_on="2030-06-30")
        row = Membership.objects.get(group=cast.analysts, member=cast.alice)
        assert row.ends_at is not None
        assert row.ends_at.date() == date(2030, 6, 30)

    @pytest.mark.parametrize(("addresses", "ends_on"), [("", ""), ("ben@acme.example", "31.12.2030"), ("a@b.example " * 501, "")])
    def test_what_cant_be_read_is_said_and_stays(self, cast: Cast, signed_in: SignedIn, addresses: str, ends_on: str) -> None:
        many = " ".join(f"a{number}@b.example" for number in range(501)) if len(addresses) > 500 else addresses
        answer = self.add(signed_in(cast.alice), cast, many, "add", ends_on=ends_on)
        assert answer.status_code == 422
        assert many[:40] in text(answer)

    def test_what_is_over_is_refused(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = self.add(signed_in(cast.alice), cast, "ben@acme.example", "add", ends_on="2020-01-01")
        assert answer.status_code == 422
        assert "which is over" in text(answer)

    def test_r077_r078_a_member_is_taken_out_once_the_loss_is_shown(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.ben), f"/groups/{cast.analysts}/members/{cast.cleo}/remove/"
        asked = text(client.get(url))
        assert "Remove Cleo from Analysts" in asked
        assert "Cleo loses Collaborate at Web." in asked
        assert "no longer in Analysts" in followed(client, url, {"since": "", "until": "", "back": ""})
        assert members(cast.analysts) == {cast.interns}
        assert "read_analyze" in holds(cast.cleo, cast.property), "what is separate stays"

    def test_cleo_leaves_by_herself(self, cast: Cast, signed_in: SignedIn) -> None:
        url = f"/groups/{cast.analysts}/members/{cast.cleo}/remove/"
        assert "Leave Analysts" in text(signed_in(cast.cleo).get(url))
        followed(signed_in(cast.cleo), url, {})
        assert members(cast.analysts) == {cast.interns}

    def test_one_window_is_ended_and_the_other_stays(self, cast: Cast, signed_in: SignedIn) -> None:
        soon = NOW.replace(year=2031)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.cleo], window=Window(ends_at=soon))
        fields = {"since": "", "until": "2031-11-22T12:00:00Z", "back": ""}
        asked = signed_in(cast.ben).get(f"/groups/{cast.analysts}/members/{cast.cleo}/remove/", fields)
        assert "Nobody loses anything by it." in text(asked), "the other one gives the same"
        followed(signed_in(cast.ben), f"/groups/{cast.analysts}/members/{cast.cleo}/remove/", fields)
        assert [row.ends_at for row in Membership.objects.filter(group=cast.analysts, member=cast.cleo)] == [None]

    def test_an_end_is_given_and_taken_away(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.ben), f"/groups/{cast.analysts}/members/{cast.cleo}/until/"
        followed(client, url, {"ends_on": "2030-06-30"})
        row = Membership.objects.get(group=cast.analysts, member=cast.cleo)
        assert row.ends_at is not None
        followed(client, f"{url}?until={row.ends_at.isoformat().replace('+00:00', 'Z')}", {"ends_on": ""})
        assert Membership.objects.get(group=cast.analysts, member=cast.cleo).ends_at is None

    def test_a_last_day_before_it_begins_is_refused_at_the_field(self, cast: Cast, signed_in: SignedIn) -> None:
        begins = datetime(2041, 11, 22, tzinfo=UTC)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.dan], window=Window(starts_at=begins))
        url = f"/groups/{cast.analysts}/members/{cast.dan}/until/?since=2041-11-22T00:00:00Z"
        answer = signed_in(cast.ben).post(url, {"ends_on": "2041-11-20"})
        assert (answer.status_code, "This day is before it begins." in text(answer)) == (422, True)
        assert followed(signed_in(cast.ben), url, {"ends_on": "2041-11-22"})

    @pytest.mark.parametrize("query", ["?until=nonsense", "?since=2031-01-01T00:00:00Z&until=2030-01-01T00:00:00Z"])
    def test_a_window_that_is_none_is_refused(self, cast: Cast, signed_in: SignedIn, query: str) -> None:
        assert signed_in(cast.ben).get(f"/groups/{cast.analysts}/members/{cast.cleo}/until/{query}").status_code in {400, 422}

    def test_r_red_1_back_leads_nowhere_but_here(self, cast: Cast, signed_in: SignedIn) -> None:
        fields = {"since": "", "until": "", "back": "//evil.example"}
        answer = signed_in(cast.ben).post(f"/groups/{cast.analysts}/members/{cast.cleo}/remove/", fields)
        assert answer["Location"] == f"/groups/{cast.analysts}/"


class TestOwners:
    def test_an_owner_who_sees_no_account_is_not_told_that_the_group_has_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        """R080: Interns is in Analysts, which has access where Dan has none; what he can't see is neither named nor denied."""
        groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.dan)
        shown = text(signed_in(cast.dan).get(f"/groups/{cast.interns}/owners/"))
        assert "as far as you can see" in shown
        assert "has no access" not in shown
        assert "Collaborate at Web" in text(signed_in(cast.alice).get(f"/groups/{cast.interns}/owners/"))

    def test_r080_owners_name_and_end_owners(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.ben), f"/groups/{cast.analysts}/owners/"
        assert "owns the group now" in followed(client, url, {"address": "cleo@acme.example"})
        assert client.post(f"{url}{cast.ben}/remove/")["Location"] == f"/groups/{cast.analysts}/", "who gave it up can't change it"
        assert set(GroupOwner.objects.filter(group=cast.analysts).values_list("user_id", flat=True)) == {cast.cleo}

    def test_who_gives_up_all_that_they_had_goes_on_at_home(self, cast: Cast, signed_in: SignedIn) -> None:
        groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.dan)
        assert signed_in(cast.dan).post(f"/groups/{cast.interns}/owners/{cast.dan}/remove/")["Location"] == "/"
        assert not GroupOwner.objects.filter(group=cast.interns, user=cast.dan).exists()

    @pytest.mark.parametrize("address", ["dan@acme.example", "nobody@else.example", "nonsense", ""])
    def test_who_is_not_known_is_not_made_one(self, cast: Cast, signed_in: SignedIn, address: str) -> None:
        answer = signed_in(cast.ben).post(f"/groups/{cast.analysts}/owners/", {"address": address})
        assert answer.status_code == 422
        assert address in answer.content.decode()


def test_a_window_is_told_in_the_list(cast: Cast, signed_in: SignedIn) -> None:
    window = Window(NOW.replace(year=2040), NOW.replace(year=2041))
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.cleo], window=window)
    assert "from 22 Nov 2040 22 Nov 2041" in text(signed_in(cast.alice).get(f"/groups/{cast.interns}/"))
    nesting.nest(by=OPERATOR, group=cast.analysts, into=group(cast.alice, cast.acme, "Everybody"), window=Window(ends_at=window.ends_at))
    assert "until 22 Nov 2041" in text(signed_in(cast.alice).get(f"/groups/{cast.analysts}/?tab=memberships"))
