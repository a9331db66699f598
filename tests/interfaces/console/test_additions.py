"""Adding people in the console: those who are known, several at once, with what comes of each (R041 to R046)."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.services.commands import bindings, organizations, resources
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding, Invitation, Membership, Organization, PlannedBinding, PlannedMembership
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.holding import ticked
from tests.services.inviting_people import set_mail_up
from tests.storage.rows import crowd, queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

URL = "/property/UA-100-1/users/add/"
NOT_KNOWN = "Gets an invitation"


@pytest.fixture
def alice(cast: Cast, signed_in: SignedIn) -> Client:
    """Sign Alice in."""
    return signed_in(cast.alice)


@pytest.fixture
def eve(cast: Cast) -> PrincipalId:
    """Make Eve, who reads another account of Acme's tenant."""
    eve = person("Eve")
    bindings.grant(by=OPERATOR, to=[eve], on=cast.view, permissions=["read_analyze"])
    return eve


def send(client: Client, step: str, addresses: str, *permissions: str, **more: object) -> Any:
    """Send the form."""
    return client.post(URL, {"addresses": addresses, "permissions": permissions, "step": step, **more})


class TestChecking:
    def test_r041_r042_each_address_is_judged_before_anything_happens(self, cast: Cast, alice: Client, eve: PrincipalId) -> None:
        answer = send(alice, "check", "Eve <eve@acme.example>; BEN@acme.example\nzoe@else.example\nnonsense", "edit")
        assert [(line.who.shown, line.verdict) for line in answer.context["checked"]] == [
            ("Eve", "Will be added"),
            ("Ben", "Already here"),
            ("zoe@else.example", "Not known here"),
            ("nonsense", "No address"),
        ]
        assert not Binding.objects.filter(principal=eve, resource=cast.property).exists()

    def test_r043_the_answer_is_the_same_whether_or_not_a_stranger_has_a_person(self, cast: Cast, alice: Client) -> None:
        """R043: Dan has one, Zoe does not; nothing in the page tells."""
        said = []
        for address, name in (("dan@acme.example", "dan"), ("zoe@acme.example", "zoe")):
            answer = send(alice, "check", address, "edit")
            assert NOT_KNOWN in text(answer)
            said.append(text(answer).replace(name, "X").replace(name[0].upper(), "X"))
        assert said[0] == said[1]
        assert cast.dan

    def test_r087_who_the_policy_keeps_out_is_told_with_the_reason(self, cast: Cast, alice: Client) -> None:
        policy = Policy(mode=PolicyMode.ENFORCED, blocked_addresses=("eve@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        answer = send(alice, "check", "eve@acme.example", "edit")
        assert [line.verdict for line in answer.context["checked"]] == ["Refused by the policy"]
        assert not answer.context["outlook"]

    def test_it_says_in_sentences_what_they_will_be_able_to_do(self, cast: Cast, alice: Client, eve: PrincipalId) -> None:
        said = text(send(alice, "check", "eve@acme.example", "edit", "collaborate", groups=[cast.analysts], ends_on="2030-12-31"))
        assert "Eve will have Edit at Web and everything below it: 1 View." in said
        assert "It ends with 31 December 2030." in said
        assert "They become members of Analysts" in said
        assert "Add Eve" in said
        both = text(send(alice, "check", "eve@acme.example ben@acme.example alice@acme.example", "manage_users"))
        assert "2 people will have Manage Users at Web" in both
        assert "Alice has all of it at Web already." in both
        assert "You give this to yourself" in both
        assert "Add 3 people" in both

    def test_the_picker_says_what_each_means_and_includes(self, alice: Client) -> None:
        page = text(alice.get(URL))
        assert "Add and remove users and grant permissions" in page
        assert "Includes: Collaborate, Read & Analyze" in page
        ticked = [option.name for picker in alice.get(URL).context["pickers"] for option in picker.options if option.checked]
        assert ticked == [], "reading 09"

    def test_it_costs_the_same_for_many_addresses(self, cast: Cast, alice: Client) -> None:
        few = queries(lambda: send(alice, "check", "ben@acme.example cleo@acme.example", "edit"))
        guests = crowd(40)
        rows = [Binding(principal_id=guest, resource_id=cast.view, permissions="read_analyze", mask=1) for guest in guests]
        Binding.objects.bulk_create(rows)
        many = " ".join(f"guest.{guest}@acme.example" for guest in guests)
        assert queries(lambda: send(alice, "check", many, "edit")) <= few + 2


class TestAdding:
    def test_r041_one_is_added_and_a_toast_says_so(self, cast: Cast, alice: Client, eve: PrincipalId) -> None:
        answer = send(alice, "add", "eve@acme.example", "edit", ends_on="2030-12-31", groups=[cast.interns])
        assert (answer.status_code, answer["Location"]) == (302, "/property/UA-100-1/users/")
        assert toast(alice.get(answer["Location"])) == "Eve was added to Web."
        assert holds(eve, cast.property) == {"edit", "collaborate", "read_analyze"}
        assert (
            Membership.objects.get(group=cast.interns, member=eve).ends_at
            == Binding.objects.get(principal=eve, resource=cast.property).ends_at
        )

    def test_r042_r046_of_several_each_has_a_result(self, cast: Cast, alice: Client, eve: PrincipalId) -> None:
        answer = send(alice, "add", "eve@acme.example ben@acme.example cleo@acme.example ?", "collaborate")
        assert answer["Location"] == "/property/UA-100-1/users/add/done/"
        page = alice.get(answer["Location"])
        assert [(line.who.shown, line.verdict) for line in page.context["checked"]] == [
            ("Eve", "Added"),
            ("Ben", "Had it already"),
            ("Cleo", "Had it already"),
            ("?", "Not added"),
        ]
        assert page.context["left_out"] == "?"

    def test_r046_what_is_added_is_united_with_what_was_there(self, cast: Cast, alice: Client) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        send(alice, "add", "cleo@acme.example", "edit")
        assert Binding.objects.get(principal=cast.cleo, resource=cast.property).permissions == "manage_users edit"

    def test_the_results_belong_to_the_node_where_they_came_about(self, alice: Client, eve: PrincipalId) -> None:
        send(alice, "add", "eve@acme.example ben@acme.example", "edit")
        assert alice.get("/account/100/users/add/done/")["Location"] == "/account/100/users/"
        assert eve

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"addresses": "", "permissions": ["edit"]}, "This field is required."),
            ({"addresses": " , ; ", "permissions": ["edit"]}, "Name at least one address."),
            ({"addresses": "eve@acme.example"}, "Choose what they may do."),
            ({"addresses": "eve@acme.example", "permissions": ["fly"]}, "fly"),
            ({"addresses": "eve@acme.example", "permissions": ["edit"], "role": "owner"}, "owner"),
            ({"addresses": "eve@acme.example", "permissions": ["edit"], "groups": ["99"]}, "99"),
            ({"addresses": "eve@acme.example", "permissions": ["edit"], "ends_on": "2020-01-01"}, "This day is over."),
            ({"addresses": "eve@acme.example", "permissions": ["edit"], "ends_on": "soon"}, "Enter a valid date."),
            ({"addresses": " ".join(f"a{n}@b.example" for n in range(501)), "permissions": ["edit"]}, "more than 500"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, cast: Cast, alice: Client, eve: PrincipalId, fields: dict[str, Any], said: str
    ) -> None:
        for step in ("check", "add"):
            answer = alice.post(URL, {**fields, "step": step})
            assert answer.status_code == 422
            assert said in text(answer) or said in {"fly", "owner", "99"}
            assert fields["addresses"].strip()[:20] in answer.content.decode()
        assert not Binding.objects.filter(principal=eve, resource=cast.property).exists()

    def test_while_typing_nothing_is_an_error(self, alice: Client) -> None:
        answer = alice.post(URL, {"addresses": "eve@acme.example", "step": "check"}, headers={"HX-Request": "true"})
        assert answer.status_code == 200

    def test_nobody_is_added_where_nobody_can_be(self, alice: Client) -> None:
        answer = send(alice, "add", "zoe_at_else", "edit")
        assert answer.status_code == 200
        assert "No address" in text(answer)

    def test_a_rule_that_refuses_is_said_on_the_page(self, cast: Cast, alice: Client) -> None:
        """Who administers the account has not the role beside which a pixel is assigned."""
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        client = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.alice)
        resource(cast.alice, "pixel", "p1", "Site", client)
        given = {"addresses": "alice@acme.example", "permissions": ["edit_pixel"], "step": "add"}
        answer = alice.post("/pixel/p1/users/add/", given)
        assert answer.status_code == 409
        assert 'Site can be assigned only to a person who has the role "Standard"' in text(answer)
        assert "alice@acme.example" in answer.content.decode()

    def test_r046_who_has_a_greater_role_keeps_it(self, cast: Cast, alice: Client) -> None:
        """The page says that she has all of it, and so it is, be she the last administrator or not."""
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        given = {"addresses": "alice@acme.example", "role": "standard"}
        assert "Alice has all of it at Agency already." in text(alice.post("/host/h/users/add/", {**given, "step": "check"}))
        assert alice.post("/host/h/users/add/", {**given, "step": "add"}).status_code == 302
        assert ticked(cast.alice, host) == ["administrator"]


class TestRoles:
    def test_r108_where_only_roles_are_given_one_is_chosen(self, cast: Cast, alice: Client) -> None:
        resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.alice)
        page = alice.get("/host/h/users/add/")
        assert [picker.exclusive for picker in page.context["pickers"]] == [True]
        assert "Manages all users and permissions" in text(page)
        answer = alice.post("/host/h/users/add/", {"addresses": "alice@acme.example", "step": "add"})
        assert (answer.status_code, "Choose what they may do." in text(answer)) == (422, True)

    def test_r108_where_both_are_given_either_is_chosen(self, cast: Cast, alice: Client) -> None:
        mine = resource(cast.alice, "resource", "r1", "Analytics")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=mine, permissions=["view"])
        url = "/resource/r1/users/add/"
        assert [picker.exclusive for picker in alice.get(url).context["pickers"]] == [False, True]
        both = alice.post(url, {"addresses": "ben@acme.example", "permissions": ["view"], "role": "owner", "step": "check"})
        assert (both.status_code, "not both" in text(both)) == (422, True)
        alice.post(url, {"addresses": "ben@acme.example", "role": "administrator", "step": "add"})
        assert Binding.objects.get(principal=cast.ben, resource=mine).role == "administrator"


class TestSuggestions:
    def test_people_whom_one_knows_here_are_suggested(self, alice: Client) -> None:
        found = alice.get(f"{URL}known/?find=be").content.decode()
        assert 'data-adds="ben@acme.example"' in found
        assert "Nobody you know here matches." in alice.get(f"{URL}known/?find=dan").content.decode()

    def test_groups_are_added_elsewhere(self, alice: Client) -> None:
        assert "Analysts" not in alice.get(f"{URL}known/?find=analysts").content.decode()


class TestInviting:
    def test_r101_who_is_not_known_is_invited_in_the_same_step(self, cast: Cast, alice: Client, eve: PrincipalId) -> None:
        """The links are shown this once, to be handed over: no mail server is set up (R102)."""
        addresses = "eve@acme.example zoe@else.example, dan@acme.example; nonsense"
        checked = send(alice, "check", addresses, "edit")
        assert checked.context["add_label"] == "Add 1 and invite 2"
        assert "You will get links to share" in text(checked)
        answer = send(alice, "add", addresses, "edit", message="Welcome", language="lv", ends_on="2030-12-31", groups=[cast.interns])
        assert [(line.who.shown, line.verdict) for line in answer.context["checked"]] == [
            ("zoe@else.example", "Invited"),
            ("dan@acme.example", "Invited"),
            ("Eve", "Added"),
            ("nonsense", "Not added"),
        ]
        assert [line.startswith("zoe@else.example http://127.0.0.1:8000/invitation/c") for line in answer.context["links"]] == [True, False]
        assert holds(eve, cast.property) == {"edit", "collaborate", "read_analyze"}
        assert not Binding.objects.filter(principal=cast.dan).exists()
        sent = Invitation.objects.get(canonical="zoe@else.example")
        assert (sent.message, sent.language, sent.account_id) == ("Welcome", "lv", cast.account)
        planned = PlannedBinding.objects.get(invitation=sent)
        assert (planned.permissions, planned.ends_at) == ("edit", PlannedMembership.objects.get(invitation=sent).ends_at)
        assert answer.context["links"][0].partition(" ")[2] not in str(dict(alice.session)), "kept nowhere"

    def test_r_hst_1_the_link_is_made_from_the_public_address(self, alice: Client) -> None:
        """Whatever a request says of where it goes."""
        hostile = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example", "HTTP_HOST": "localhost"}
        fields = {"addresses": "zoe@else.example", "permissions": "edit", "step": "add"}
        answer = alice.post(URL, fields, **hostile)  # type: ignore[arg-type]  # headers, as the environment of a request has them
        assert answer.context["links"][0].startswith("zoe@else.example http://127.0.0.1:8000/invitation/")
        assert "evil" not in answer.content.decode()

    def test_who_is_invited_already_is_marked_and_gets_more(self, alice: Client) -> None:
        send(alice, "add", "zoe@else.example", "edit")
        (line,) = send(alice, "check", "Zoe@else.example", "manage_users").context["checked"]
        assert (line.verdict, line.detail) == ("Invited already", "This is added to the invitation, and there is one more link for it.")
        answer = send(alice, "add", "Zoe@else.example", "manage_users")
        assert [line.verdict for line in answer.context["checked"]] == ["Added to the invitation"]
        assert Invitation.objects.count() == 1

    def test_r102_with_a_mail_server_it_is_mailed_and_the_link_shown_all_the_same(self, alice: Client) -> None:
        set_mail_up()
        assert "It is mailed" in text(send(alice, "check", "zoe@else.example", "edit"))
        answer = send(alice, "add", "zoe@else.example", "edit")
        assert "on its way" in text(answer)
        assert len(answer.context["links"]) == 1

    def test_r109_without_permissions_the_sender_is_warned(self, alice: Client) -> None:
        checked = send(alice, "check", "zoe@else.example ben@acme.example", bare="on")
        assert "They will have no permissions" in text(checked)
        answer = send(alice, "add", "zoe@else.example ben@acme.example", bare="on")
        assert [(line.who.shown, line.verdict) for line in answer.context["checked"]] == [
            ("zoe@else.example", "Invited"),
            ("Ben", "Not added"),
        ]
        assert not PlannedBinding.objects.exists()

    def test_r043_a_directory_takes_nobody_else(self, cast: Cast, alice: Client) -> None:
        Organization.objects.filter(pk=cast.acme).update(identity_source="directory")
        (line,) = send(alice, "check", "zoe@else.example", "edit").context["checked"]
        assert line.detail.startswith("zoe@else.example is not in the directory of Acme")

    def test_what_refuses_is_said_on_the_page(self, alice: Client, settings: Settings) -> None:
        settings.COPIED_LINKS = False
        answer = send(alice, "add", "zoe@else.example", "edit")
        assert answer.status_code == 409
        assert "nobody can be invited" in text(answer)
