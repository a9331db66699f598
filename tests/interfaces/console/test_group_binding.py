"""Giving a group permissions at a node in the console, and the organization that it needs first (R065 to R068, R075)."""

import re

import pytest

from keyholder.domain.identifiers import ResourceRef
from keyholder.services.commands import bindings, organization_links, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding, Event, Group, Organization, Resource
from tests.cast import OPERATOR, Cast, caller, holds, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


class TestBinding:
    URL = "/property/UA-100-1/users/group/"

    def test_r068_r075_a_group_gets_what_was_chosen_after_its_gain_was_shown(self, cast: Cast, signed_in: SignedIn) -> None:
        client, fields = signed_in(cast.alice), {"group": str(cast.analysts), "permissions": ["edit"], "ends_on": ""}
        shown = text(client.post(self.URL, {**fields, "step": "review"}))
        assert all(word in shown for word in ("Cleo", "Edit", "Views below: 1", "Ben, who owns Analysts"))
        assert "edit" not in holds(cast.cleo, cast.property)
        answer = client.post(self.URL, {**fields, "step": "save"})
        assert (answer.status_code, answer["Location"]) == (302, "/property/UA-100-1/users/")
        assert "edit" in holds(cast.cleo, cast.view)

    @pytest.mark.parametrize("place", ["/account/100/users/", "/property/UA-100-1/users/", "/view/1001/users/"])
    def test_r069_a_new_group_is_in_the_list_where_it_was_made_and_in_the_organizations(
        self, cast: Cast, signed_in: SignedIn, place: str
    ) -> None:
        client = signed_in(cast.alice)
        fields = {"group": "new", "name": "Builders", "description": "", "permissions": ["edit"], "ends_on": "", "step": "save"}
        followed(client, f"{place}group/", fields)
        assert "Select Builders" in client.get(f"{place}?tab=groups").content.decode()
        assert "Builders" in text(client.get(f"/groups/?organization={cast.acme}"))

    def test_reading_09_nothing_is_ticked_and_nothing_chosen_is_refused(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.alice)
        page = client.get(self.URL).content.decode()
        assert re.findall(r'name="permissions"[^>]*checked', page) == []
        for step in ("review", "save"):
            answer = client.post(self.URL, {"group": str(cast.interns), "step": step})
            assert answer.status_code == 422
            assert "Name at least one permission." in text(answer)
        assert not Binding.objects.filter(principal=cast.interns).exists()

    def test_r065_r068_reading_10_a_new_group_is_made_in_the_same_picker(self, cast: Cast, signed_in: SignedIn) -> None:
        fields = {"group": "new", "name": "Builders", "description": "Build", "permissions": ["edit"], "ends_on": "2030-01-01"}
        client = signed_in(cast.alice)
        assert "Nobody is in the new group yet" in text(client.post(self.URL, {**fields, "step": "review"}))
        assert not Group.objects.filter(name="Builders").exists()
        assert "Add members to Builders" in followed(client, self.URL, {**fields, "step": "save"})
        row = Binding.objects.get(principal=Group.objects.get(name="Builders").pk)
        assert (row.resource_id, row.permissions, row.ends_at is None) == (cast.property, "edit", False)

    @pytest.mark.parametrize(
        ("fields", "status", "said"),
        [
            ({"permissions": ["edit"]}, 422, "Choose a group"),
            ({"group": "new", "permissions": ["edit"]}, 422, "A name is missing."),
            ({"group": "new", "name": "analysts", "permissions": ["edit"]}, 409, "already"),
            ({"group": "new", "name": "Builders", "permissions": ["fly"]}, 422, "fly"),
            ({"group": "new", "name": "Builders", "permissions": ["edit"], "role": "owner"}, 422, "not both"),
            ({"group": "new", "name": "Builders", "permissions": ["edit"], "ends_on": "2020-01-01"}, 422, "which is over"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_ticked_stays(
        self, cast: Cast, signed_in: SignedIn, fields: dict[str, object], status: int, said: str
    ) -> None:
        answer = signed_in(cast.alice).post(self.URL, {**fields, "step": "save"})
        assert answer.status_code == status
        assert said in text(answer)
        kept = re.findall(r'value="(\w+)"\s+checked', answer.content.decode())
        assert "edit" in kept or fields["permissions"] == ["fly"]

    @pytest.mark.parametrize("number", ["x", "-1", "999999", "99999999999999999999"])
    def test_what_is_no_group_is_not_there(self, cast: Cast, signed_in: SignedIn, number: str) -> None:
        for step in ("review", "save"):
            fields = {"group": number, "permissions": ["edit"], "step": step}
            assert signed_in(cast.alice).post(self.URL, fields).status_code in {404, 409}


class TestGuidedOrganization:
    """R066: without an organization, making a group leads through making one and linking the account, and comes back."""

    URL = "/account/200/users/group/"

    def test_a_new_one_is_made_and_linked_and_the_group_comes_next(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.ben, "account", "200", "Market")
        client = signed_in(cast.ben)
        assert "Market belongs to no organization yet." in text(client.get(self.URL))
        assert "Choose a group or make a new one" in followed(client, self.URL, {"name": "Market Ltd"})
        assert Resource.objects.get(key="200").organization == Organization.objects.get(name="Market Ltd")

    def test_one_of_ones_own_is_chosen(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.alice, "account", "200", "Market")
        followed(signed_in(cast.alice), self.URL, {"organization": str(cast.acme)})
        assert Resource.objects.get(key="200").organization_id == cast.acme

    def test_without_a_name_nothing_is_made(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.ben, "account", "200", "Market")
        answer = signed_in(cast.ben).post(self.URL, {"name": ""})
        assert answer.status_code == 422
        assert "A name is missing." in text(answer)
        assert not Event.objects.filter(action="organization.created", actor=cast.ben).exists()

    def test_another_persons_organization_is_no_choice(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.ben, "account", "200", "Market")
        answer = signed_in(cast.ben).post(self.URL, {"organization": str(cast.acme)})
        assert answer.status_code == 422
        assert Resource.objects.get(key="200").organization is None

    def test_who_may_not_link_is_told_whom_to_ask_and_makes_nothing(self, cast: Cast, signed_in: SignedIn) -> None:
        market = resource(cast.ben, "account", "200", "Market")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=market, permissions=["manage_users"])
        client = signed_in(cast.dan)
        assert "ask them to open this page" in text(client.get(self.URL))
        client.post(self.URL, {"name": "Mine"})
        assert not Organization.objects.filter(name="Mine").exists()

    def test_where_groups_have_no_place_it_is_said(self, cast: Cast, signed_in: SignedIn) -> None:
        host = NewResource(ResourceRef("host", "h1"), "Agency", None)
        resources.create(by=OPERATOR, new=host, administrator=cast.alice)
        client = signed_in(cast.alice)
        assert "permissions are given to people, one by one" in text(client.get("/host/h1/users/group/"))
        assert client.post("/host/h1/users/group/", {"name": "Agency Ltd"}).status_code == 200
        assert not Organization.objects.filter(name="Agency Ltd").exists()


def test_r108_where_there_are_roles_one_of_them_or_permissions_are_given(cast: Cast, signed_in: SignedIn) -> None:
    cinema = resource(cast.alice, "resource", "cinema", "Cinema")
    organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=cinema)
    client, url = signed_in(cast.alice), "/resource/cinema/users/group/"
    assert "No role" in text(client.get(url))
    both = client.post(url, {"group": str(cast.interns), "permissions": ["view"], "role": "administrator", "step": "save"})
    assert (both.status_code, "not both" in text(both)) == (422, True)
    followed(client, url, {"group": str(cast.interns), "role": "administrator", "step": "save"})
    assert Binding.objects.get(principal=cast.interns).role == "administrator"
