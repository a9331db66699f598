"""Groups within groups in the console: who gains what is shown first (R072 to R074, R077)."""

import html
import re

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.services.commands import group_members, groups, organizations
from keyholder.storage.models import Membership
from tests.cast import OPERATOR, Cast, caller, group
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
        assert "Builders is in Analysts now." in followed(client, f"/groups/{inner}/nest/", {"into": cast.analysts})
        assert inner in members(cast.analysts)

    def test_r074_a_cycle_is_refused_with_its_path(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post(f"/groups/{cast.interns}/nest/", {"group": cast.analysts})
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
