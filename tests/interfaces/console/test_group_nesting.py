"""Groups within groups in the console: who gains what is shown first (R072 to R074, R077)."""

import html
import re
from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.windows import Window
from keyholder.services.commands import group_members, groups, nesting, organizations
from keyholder.storage.models import Membership
from tests.cast import NOW, OPERATOR, Cast, caller, group, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


def members(of: PrincipalId) -> set[int]:
    return set(Membership.objects.filter(group=of).values_list("member_id", flat=True))


class TestNesting:
    def test_r072_r073_a_group_is_put_into_another_after_who_gains_and_who_may_confer(self, cast: Cast, signed_in: SignedIn) -> None:
        inner = group(cast.alice, cast.acme, "Builders")
        group_members.add(by=OPERATOR, group=inner, members=[cast.dan])
        client = signed_in(cast.alice)
        shown = text(client.get(f"/groups/{inner}/nest/?into={cast.analysts}"))
        assert all(word in shown for word in ("Put Builders into Analysts", "Dan", "Collaborate", "Alice, who owns Builders"))
        assert "Builders is in Analysts now." in followed(client, f"/groups/{inner}/nest/", {"into": cast.analysts, "step": "save"})
        assert inner in members(cast.analysts)

    def test_it_is_put_there_for_the_days_that_are_said(self, cast: Cast, signed_in: SignedIn) -> None:
        """Semantics 3: who gains what is judged by the same days, and nothing is written before they are sent to be kept."""
        inner = group(cast.alice, cast.acme, "Builders")
        group_members.add(by=OPERATOR, group=inner, members=[cast.dan], window=Window(ends_at=NOW + timedelta(days=5)))
        group_members.add(by=OPERATOR, group=inner, members=[person("Eve")], window=Window(starts_at=NOW + timedelta(days=5)))
        client, url = signed_in(cast.alice), f"/groups/{cast.analysts}/nest/"
        days = {"group": inner, "starts_on": "2041-11-20", "ends_on": "2041-11-22"}
        asked = client.post(url, {**days, "step": "review"})
        assert (asked.status_code, "Eve" in text(asked), "Dan" in text(asked)) == (200, True, False), "by then"
        assert 'value="2041-11-22"' in asked.content.decode()
        assert inner not in members(cast.analysts)
        assert "Builders is in Analysts now." in followed(client, url, {**days, "step": "save"})
        row = Membership.objects.get(group=cast.analysts, member=inner)
        assert (str(row.starts_at), str(row.ends_at)) == ("2041-11-20 00:00:00+00:00", "2041-11-22 23:59:59+00:00")
        shown = text(client.get(f"/groups/{inner}/?tab=memberships"))
        assert "from 20 Nov 2041" in shown
        assert "until 22 Nov 2041" in shown

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            ({"starts_on": "2041-11-23", "ends_on": "2041-11-22"}, "This day is before it begins."),
            ({"ends_on": "2001-01-01"}, "2001"),
            ({"starts_on": "soon"}, "Enter a valid date."),
        ],
    )
    def test_days_that_are_none_are_refused(self, cast: Cast, signed_in: SignedIn, days: dict[str, str], said: str) -> None:
        inner = group(cast.alice, cast.acme, "Builders")
        answer = signed_in(cast.alice).post(f"/groups/{cast.analysts}/nest/", {"group": inner, **days, "step": "save"})
        assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
        assert inner not in members(cast.analysts)

    def test_r074_a_cycle_is_refused_with_its_path(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post(f"/groups/{cast.interns}/nest/", {"group": cast.analysts, "step": "save"})
        assert answer.status_code == 409
        assert "Analysts > Interns > Analysts" in text(answer) or "Interns > Analysts > Interns" in text(answer)

    def test_r077_a_group_is_taken_out_and_the_reader_goes_back_to_where_they_were(self, cast: Cast, signed_in: SignedIn) -> None:
        back = f"/groups/{cast.interns}/?tab=memberships"
        page = signed_in(cast.alice).get(back).content.decode()
        url = html.unescape(re.findall(r'href="([^"]*/remove/[^"]*)"', page)[0])
        assert url.startswith(f"/groups/{cast.analysts}/members/{cast.interns}/remove/")
        answer = signed_in(cast.alice).post(url.partition("?")[0], {"since": "", "until": "", "back": back})
        assert answer["Location"] == back
        assert members(cast.analysts) == {cast.cleo}

    def test_a_group_is_taken_out_of_one_window_and_stays_in_the_other(self, cast: Cast, signed_in: SignedIn) -> None:
        later = Window(NOW + timedelta(days=1), NOW + timedelta(days=2))
        nesting.nest(by=OPERATOR, group=cast.interns, into=cast.analysts, window=later)
        fields = {"since": "2026-11-23T12:00:00Z", "until": "2026-11-24T12:00:00Z", "back": ""}
        followed(signed_in(cast.alice), f"/groups/{cast.analysts}/members/{cast.interns}/remove/", fields)
        assert [row.starts_at for row in Membership.objects.filter(group=cast.analysts, member=cast.interns)] == [None]

    def test_the_owner_of_the_inner_group_may_take_it_out(self, cast: Cast, signed_in: SignedIn) -> None:
        groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.cleo)
        url = f"/groups/{cast.analysts}/members/{cast.interns}/remove/"
        assert signed_in(cast.cleo).get(url).status_code == 200
        followed(signed_in(cast.cleo), url, {})
        assert members(cast.analysts) == {cast.cleo}

    @pytest.mark.parametrize("query", ["", "?group=x", "?into=-1", "?group=999999999999999999999", "?group=999999"])
    def test_what_names_no_group_is_not_there(self, cast: Cast, signed_in: SignedIn, query: str) -> None:
        assert signed_in(cast.alice).get(f"/groups/{cast.analysts}/nest/{query}").status_code == 404

    def test_a_group_of_another_organization_is_not_there(self, cast: Cast, signed_in: SignedIn) -> None:
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        secret = group(cast.dan, bolt, "Secret")
        assert signed_in(cast.alice).get(f"/groups/{cast.analysts}/nest/?group={secret}").status_code == 404
