"""The pages about organizations: making one, its people and their roles, its policy, its accounts."""

import re

import pytest
from django.test import Client

from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.services.commands import bindings, organization_roles, organizations
from keyholder.storage.models import Membership, Organization, OrganizationMember, OrganizationSuspension, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text
from tests.services.inviting_people import WEEK, invite
from tests.storage.rows import crowd, queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
NASTY = "<svg onload=alert(1)>\"'{{7*7}}"


def role_of(cast: Cast, person: int) -> str:
    return OrganizationMember.objects.filter(organization=cast.acme, user=person).values_list("role", flat=True).first() or ""


class TestLooking:
    def test_who_leads_it_what_is_linked_and_whom_it_takes(self, cast: Cast, signed_in: SignedIn) -> None:
        page = text(signed_in(cast.alice).get(f"/organizations/{cast.acme}/"))
        assert all(word in page for word in ("Acme", "Shop", "Alice", "Admin", "Anybody can be added", "Groups 2", "Appoint somebody"))

    def test_who_has_no_role_sees_whom_to_ask_and_no_list_of_people(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.cleo).get(f"/organizations/{cast.acme}/")
        page = answer.content.decode()
        assert "alice@acme.example" in text(answer)
        assert all(word not in page for word in ("/people/", "/policy/", "/unlink/", "Appoint somebody"))

    def test_one_organization_is_led_to_and_several_are_listed(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.alice)
        assert client.get("/organizations/")["Location"] == f"/organizations/{cast.acme}/"
        organizations.create(by=caller(cast.alice), name="Bolt")
        assert "Bolt" in text(client.get("/organizations/"))
        assert "You belong to no organization yet." in text(signed_in(cast.dan).get("/organizations/"))

    def test_r_xss_1_names_are_text(self, cast: Cast, signed_in: SignedIn) -> None:
        nasty = organizations.create(by=caller(cast.alice), name=NASTY)
        client = signed_in(cast.alice)
        for page in ("", "people/", "change/", "policy/", "people/appoint/", "link/", f"people/{cast.alice}/role/"):
            content = client.get(f"/organizations/{nasty}/{page}").content.decode()
            assert NASTY not in content
            assert "<svg onload" not in content


class TestMaking:
    def test_dan_makes_one_and_is_its_admin(self, cast: Cast, signed_in: SignedIn) -> None:
        assert "The organization Bolt is there." in followed(signed_in(cast.dan), "/organizations/new/", {"name": "Bolt"})
        assert OrganizationMember.objects.get(organization__name="Bolt").user_id == cast.dan

    def test_a_bad_name_stands_at_its_field(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.dan).post("/organizations/new/", {"name": "a\u202eb"})
        assert answer.status_code == 422
        assert "invisible character" in text(answer)

    def test_its_name_and_its_source_of_people_are_changed(self, cast: Cast, signed_in: SignedIn) -> None:
        fields = {"name": "Zenith", "identity_source": "directory"}
        followed(signed_in(cast.alice), f"/organizations/{cast.acme}/change/", fields)
        row = Organization.objects.get(pk=cast.acme)
        assert (row.name, row.identity_source) == ("Zenith", "directory")


class TestPeople:
    def test_r084_admins_are_recognised_found_and_filtered(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/people/"
        everybody = text(client.get(url))
        assert all(word in everybody for word in ("Alice", "Ben", "Cleo", "Everybody 3", "With a role 1", "Suspended 0"))
        admins = text(client.get(f"{url}?kind=admins")).partition("Last seen")[2]
        assert "Alice" in admins
        assert "Cleo" not in admins
        assert "No one matches “zebra”." in text(client.get(f"{url}?q=zebra"))

    def test_alice_appoints_and_dismisses(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.alice)
        followed(client, f"/organizations/{cast.acme}/people/appoint/", {"address": "BEN@acme.example", "role": "user_admin"})
        assert role_of(cast, cast.ben) == "user_admin"
        followed(client, f"/organizations/{cast.acme}/people/{cast.ben}/role/", {"role": "admin"})
        assert role_of(cast, cast.ben) == "admin"
        followed(client, f"/organizations/{cast.acme}/people/{cast.ben}/role/", {"role": ""})
        assert role_of(cast, cast.ben) == ""

    @pytest.mark.parametrize("address", ["dan@acme.example", "nobody@else.example", "nonsense"])
    def test_who_is_not_known_is_refused_and_the_address_stays(self, cast: Cast, signed_in: SignedIn, address: str) -> None:
        fields = {"address": address, "role": "admin"}
        answer = signed_in(cast.alice).post(f"/organizations/{cast.acme}/people/appoint/", fields)
        assert answer.status_code == 422
        assert f'value="{address}"' in answer.content.decode()

    def test_the_last_admin_stays_and_is_told_why(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.alice).post(f"/organizations/{cast.acme}/people/{cast.alice}/role/", {"role": ""})
        assert answer.status_code == 409
        assert "Nothing was changed." in text(answer)
        assert role_of(cast, cast.alice) == "admin"

    def test_a_user_admin_gives_up_the_role_and_appoints_nobody(self, cast: Cast, signed_in: SignedIn) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        client, url = signed_in(cast.ben), f"/organizations/{cast.acme}/people/"
        assert client.post(f"{url}{cast.cleo}/role/", {"role": "admin"}).status_code == 403
        assert client.get(f"{url}appoint/").status_code == 403
        client.post(f"{url}{cast.ben}/role/", {"role": ""})
        assert role_of(cast, cast.ben) == ""

    def test_somebody_is_suspended_within_and_made_active_again(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/people/{cast.cleo}/"
        assert "Nothing is deleted" in text(client.get(f"{url}suspend/"))
        assert "is suspended in Acme" in followed(client, f"{url}suspend/", {})
        assert OrganizationSuspension.objects.filter(user=cast.cleo).exists()
        assert "Make Cleo active again" in text(client.get(f"/organizations/{cast.acme}/people/?kind=suspended"))
        assert "is active in Acme again" in followed(client, f"{url}activate/", {})
        assert not OrganizationSuspension.objects.filter(user=cast.cleo).exists()

    def test_who_is_not_of_it_is_not_there(self, cast: Cast, signed_in: SignedIn) -> None:
        for page in ("role", "suspend", "activate"):
            assert signed_in(cast.alice).get(f"/organizations/{cast.acme}/people/{cast.dan}/{page}/").status_code == 404

    def test_r047_as_many_queries_for_two_thousand_people_as_for_three(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/people/"
        client.get(url)
        few = queries(lambda: client.get(url))
        Membership.objects.bulk_create([Membership(group_id=cast.interns, member_id=guest) for guest in crowd(2_000)], batch_size=500)
        assert queries(lambda: client.get(url)) == few
        assert "Everybody 2,003" in text(client.get(url))


FIELDS = {"mode": "enforced", "allowed_domains": "else.example", "allowed_addresses": "alice@acme.example\nBEN@acme.example"}


def reviewed(client: Client, url: str, **others: str) -> dict[str, str]:
    """Return what the form sends once who would be outside was shown."""
    shown = client.post(url, {**FIELDS, **others, "step": "review"}).content.decode()
    seal = re.findall(r'name="reviewed" value="(\w+)"', shown)[0]
    return {**FIELDS, **others, "step": "save", "reviewed": seal}


class TestPolicy:
    def test_r087_invitations_that_would_be_outside_are_counted_before_it_is_enforced(self, cast: Cast, signed_in: SignedIn) -> None:
        """Open ones: one that has expired, or was answered, can't be accepted any more."""
        for address in ("eve@far.example", "fay@far.example", "gil@else.example"):
            invite(cast, address)
        invite(cast, "old@far.example", at=NOW - WEEK)
        shown = text(signed_in(cast.alice).post(f"/organizations/{cast.acme}/policy/", {**FIELDS, "step": "review"}))
        assert "2 open invitations would be outside." in shown
        assert "1 person would be outside." in shown

    def test_r087_nothing_is_saved_but_what_was_shown(self, cast: Cast, signed_in: SignedIn) -> None:
        """Somebody else came in meanwhile, or the form was sent without looking: it is shown first."""
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/policy/"
        fields = reviewed(client, url)
        invite(cast, "eve@far.example")
        shown = text(client.post(url, fields))
        assert "something is different since you looked" in shown
        assert "1 open invitation would be outside." in shown
        assert Organization.objects.get(pk=cast.acme).policy_mode == "anybody"

    def test_r088_who_is_outside_is_led_to_where_they_are_removed_together(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/policy/"
        client.post(url, reviewed(client, url))
        page = client.get(f"/organizations/{cast.acme}/people/?kind=outside").content.decode()
        assert 'href="/account/100/users/?outside=yes"' in page
        assert "Cleo" in text(client.get("/account/100/users/?outside=yes"))

    def test_r088_who_would_be_outside_is_said_before_it_is_saved(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/policy/"
        shown = text(client.post(url, {**FIELDS, "step": "review"}))
        assert "1 person would be outside." in shown
        assert "Cleo cleo@acme.example The policy allows neither the address" in shown
        assert Organization.objects.get(pk=cast.acme).policy_mode == "anybody"
        assert "1 person is outside it." in followed(client, url, reviewed(client, url))
        page = text(client.get(f"/organizations/{cast.acme}/"))
        assert all(word in page for word in ("Enforced", "addresses at else.example", "2 single addresses"))
        assert "Outside the policy 1" in text(client.get(f"/organizations/{cast.acme}/people/?kind=outside"))

    @pytest.mark.parametrize(
        ("field", "value"), [("allowed_domains", "ex ample"), ("allowed_addresses", "nonsense"), ("blocked_addresses", "a@b@c.example")]
    )
    def test_what_is_no_domain_and_no_address_stands_at_its_field(self, cast: Cast, signed_in: SignedIn, field: str, value: str) -> None:
        for step in ("review", "save"):
            fields = {**FIELDS, field: value, "step": step}
            answer = signed_in(cast.alice).post(f"/organizations/{cast.acme}/policy/", fields)
            assert answer.status_code == 422
            assert re.search(r"errorlist", answer.content.decode())
            assert value in text(answer)

    def test_every_rule_of_a_policy_is_said(self, cast: Cast, signed_in: SignedIn) -> None:
        blocked = tuple(f"blocked{number}@acme.example" for number in range(4))
        policy = Policy(PolicyMode.ADVISORY, blocked_addresses=blocked, verified_only=True)
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        page = text(signed_in(cast.alice).get(f"/organizations/{cast.acme}/"))
        assert all(word in page for word in ("4 addresses are blocked: blocked0@acme.example", "…", "proven are inside"))
        assert "blocked3@" not in page


class TestLinks:
    def test_an_account_of_ones_own_is_linked(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.alice, "account", "200", "Market")
        client = signed_in(cast.alice)
        assert "Market (200)" in text(client.get(f"/organizations/{cast.acme}/link/"))
        followed(client, f"/organizations/{cast.acme}/link/", {"account": "account:200"})
        assert Resource.objects.get(key="200").organization_id == cast.acme

    def test_nobody_elses_account_is_a_choice(self, cast: Cast, signed_in: SignedIn) -> None:
        resource(cast.ben, "account", "200", "Market")
        client = signed_in(cast.alice)
        assert "Market" not in text(client.get(f"/organizations/{cast.acme}/link/"))
        assert client.post(f"/organizations/{cast.acme}/link/", {"account": "account:200"}).status_code == 422

    def test_r083_unlinking_names_the_bindings_of_groups_that_go_and_takes_no_others(self, cast: Cast, signed_in: SignedIn) -> None:
        client, url = signed_in(cast.alice), f"/organizations/{cast.acme}/accounts/account/100/unlink/"
        answer = client.get(url)
        assert "The group Analysts loses its access to Web." in text(answer)
        told = re.findall(r'name="bindings" value="([\d,]+)"', answer.content.decode())[0]
        bindings.grant(by=OPERATOR, to=[cast.interns], on=cast.view, permissions=["edit"])
        late = client.post(url, {"bindings": told})
        assert late.status_code == 409
        assert "look again" in text(late)
        now = re.findall(r'name="bindings" value="([\d,]+)"', late.content.decode())[0]
        assert client.post(url, {"bindings": now}).status_code == 302
        assert Resource.objects.get(pk=cast.account).organization is None

    def test_another_organizations_account_is_not_there(self, cast: Cast, signed_in: SignedIn) -> None:
        """R-TEN-2: what an address names belongs together."""
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        assert signed_in(cast.alice).get(f"/organizations/{bolt}/accounts/account/100/unlink/").status_code == 404

    def test_what_are_no_numbers_is_refused(self, cast: Cast, signed_in: SignedIn) -> None:
        url = f"/organizations/{cast.acme}/accounts/account/100/unlink/"
        assert signed_in(cast.alice).post(url, {"bindings": "1,x"}).status_code == 400
