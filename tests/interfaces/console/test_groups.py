"""The pages about groups: looking at them, making, renaming and deleting them; nothing is gone before it is shown."""

import pytest

from keyholder.services.commands import bindings, group_members, groups
from keyholder.storage.models import Group, Membership, Organization, Resource
from tests.cast import OPERATOR, Cast, caller, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text
from tests.storage.rows import crowd, queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
NASTY = "<img src=x onerror=alert(1)>\"'{{7*7}}"


class TestLooking:
    def test_the_list_names_groups_with_numbers_places_and_owners(self, cast: Cast, signed_in: SignedIn) -> None:
        page = text(signed_in(cast.alice).get("/groups/"))
        assert all(word in page for word in ("Analysts", "Interns", "Web", "nowhere", "Create a group", "2 groups"))
        assert "Create a group" not in text(signed_in(cast.cleo).get("/groups/"))

    def test_r060_a_search_that_finds_nothing_says_so(self, cast: Cast, signed_in: SignedIn) -> None:
        assert "No group matches “zebra”." in text(signed_in(cast.alice).get("/groups/?q=zebra"))

    def test_members_are_shown_directly_and_altogether(self, cast: Cast, signed_in: SignedIn) -> None:
        """R071, R072: who is in a nested group is in this one through it."""
        group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben])
        client = signed_in(cast.alice)
        direct, everybody = (text(client.get(f"/groups/{cast.analysts}/{query}")) for query in ("", "?all=1"))
        assert "ben@acme.example" not in direct.partition("Owners")[0]
        assert "through Interns" in everybody

    def test_r064_who_manages_nobody_sees_only_themselves(self, cast: Cast, signed_in: SignedIn) -> None:
        group_members.add(by=caller(cast.alice), group=cast.analysts, members=[cast.ben])
        page = text(signed_in(cast.cleo).get(f"/groups/{cast.analysts}/"))
        assert "here you see yourself" in page
        assert "ben@acme.example" not in page.partition("Owners")[0]
        assert "Leave" in page

    def test_r076_the_hierarchy_has_a_pencil_where_the_reader_may_change_it(self, cast: Cast, signed_in: SignedIn) -> None:
        page = signed_in(cast.alice).get(f"/groups/{cast.analysts}/?tab=access").content.decode()
        assert [f"/{ref}/users/{cast.analysts}/" in page for ref in ("account/100", "property/UA-100-1", "view/1001")] == [True] * 3
        assert page.count("Collaborate") >= 2, "at the property, and below it"
        reader = signed_in(cast.cleo).get(f"/groups/{cast.analysts}/?tab=access").content.decode()
        assert f"/users/{cast.analysts}/" not in reader

    def test_a_row_names_three_places_and_how_many_more(self, cast: Cast, signed_in: SignedIn) -> None:
        for number in range(4):
            view = resource(cast.alice, "view", f"v{number}", f"View {number}", cast.property)
            bindings.grant(by=OPERATOR, to=[cast.interns], on=view, permissions=["edit"])
        assert "View 0 View 1 View 2 1 more" in text(signed_in(cast.alice).get("/groups/"))

    def test_r_xss_1_names_are_text_on_every_page(self, cast: Cast, signed_in: SignedIn) -> None:
        nasty = groups.create(by=caller(cast.alice), organization=cast.acme, name=NASTY, description=NASTY)
        group_members.add(by=caller(cast.alice), group=nasty, members=[cast.cleo])
        client = signed_in(cast.alice)
        pages = ["", "?tab=memberships", "?tab=access", "change/", "delete/", "members/add/", "owners/", f"nest/?group={cast.interns}"]
        for url in ("/groups/", "/account/100/users/group/", *(f"/groups/{nasty}/{page}" for page in pages)):
            content = client.get(url).content.decode()
            assert NASTY not in content
            assert "<img" not in content

    def test_no_page_asks_more_of_a_large_group(self, cast: Cast, signed_in: SignedIn) -> None:
        """R047: as many queries for five thousand members as for one."""
        client, urls = signed_in(cast.alice), [f"/groups/{cast.analysts}/{query}" for query in ("", "?all=1", "?tab=access", "delete/")]
        for url in (urls := [*urls, "/groups/"]):
            client.get(url)
        few = [queries(lambda url=url: client.get(url)) for url in urls]  # type: ignore[misc]  # one default for each
        rows = [Membership(group_id=cast.analysts, member_id=guest) for guest in crowd(2_000)]
        Membership.objects.bulk_create(rows, batch_size=500)
        assert [queries(lambda url=url: client.get(url)) for url in urls] == few  # type: ignore[misc]  # the same


class TestMaking:
    def test_r066_who_belongs_to_no_organization_makes_one_first(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.dan)
        assert "you belong to none yet" in text(client.get("/groups/"))
        assert client.get("/groups/new/")["Location"] == "/organizations/new/?next=%2Fgroups%2Fnew%2F"

    def test_r065_r067_alice_makes_a_group_and_is_led_on_to_its_members(self, cast: Cast, signed_in: SignedIn) -> None:
        page = followed(signed_in(cast.alice), f"/groups/new/?organization={cast.acme}", {"name": "Builders", "description": "Build"})
        assert "Add members to Builders" in page
        assert Group.objects.get(name="Builders").description == "Build"

    @pytest.mark.parametrize(("name", "said"), [("", "This field is required."), ("analysts", "already")])
    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
        self, cast: Cast, signed_in: SignedIn, name: str, said: str
    ) -> None:
        answer = signed_in(cast.alice).post("/groups/new/", {"name": name, "description": "Stays here"})
        assert answer.status_code in {409, 422}
        assert said in text(answer)
        assert "Stays here" in text(answer)

    def test_it_is_renamed_and_deleted_with_what_everybody_loses(self, cast: Cast, signed_in: SignedIn) -> None:
        """R082: who loses what is said before anything is gone."""
        client = signed_in(cast.alice)
        assert "Saved." in followed(client, f"/groups/{cast.analysts}/change/", {"name": "Readers", "description": ""})
        asked = text(client.get(f"/groups/{cast.analysts}/delete/"))
        assert "Cleo loses Collaborate at Web. Keeps Read & Analyze." in asked
        assert Group.objects.filter(pk=cast.analysts).exists()
        assert "is deleted" in followed(client, f"/groups/{cast.analysts}/delete/", {})
        assert not Group.objects.filter(pk=cast.analysts).exists()

    def test_r056_a_refusal_says_the_rule_and_nothing_is_gone(self, cast: Cast, signed_in: SignedIn) -> None:
        market = resource(cast.alice, "account", "200", "Market")
        Resource.objects.filter(pk=market).update(organization=cast.acme, tenant=Organization.objects.get(pk=cast.acme).tenant)
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=market, permissions=["manage_users"])
        bindings.revoke(by=OPERATOR, of=[cast.alice], on=market)
        answer = signed_in(cast.alice).post(f"/groups/{cast.analysts}/delete/")
        assert answer.status_code == 409
        assert "Nothing was changed." in text(answer)
        assert "Market" in text(answer)
