"""Links that one side asks for, in the console: asking, agreeing, refusing, taking back; the way through a first group (R066, R083)."""

import re
from typing import Any

import pytest

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.services.commands import bindings, link_requests, organizations
from keyholder.storage.models import Group, LinkRequest, Organization, Resource
from tests.cast import OPERATOR, Cast, caller, person, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.reading import followed, text

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Make an account of Dan's, who is outside of Acme."""
    return resource(cast.dan, "account", "200", "Market")


def asked(cast: Cast, market: ResourceId) -> int:
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme", reason="One company")
    return LinkRequest.objects.get().pk


def linked(account: ResourceId) -> int | None:
    return Resource.objects.get(pk=account).organization_id


def test_r083_the_admin_finds_it_at_home_and_agrees(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    number, alice = asked(cast, market), signed_in(cast.alice)
    assert "1 link to an organization to decide" in text(alice.get("/"))
    listed = text(alice.get("/requests/"))
    assert all(word in listed for word in ("Link Market to Acme", "Dan asked for the account.", "One company"))
    shown = text(alice.get(f"/links/{number}/accept/"))
    assert all(word in shown for word in ("Link Market to Acme", "Account Market, 200", "user policy holds there", "Reason: One company"))
    assert linked(market) is None
    done = followed(alice, f"/links/{number}/accept/", {})
    assert "The link is there." in done
    assert linked(market) == cast.acme


def strict(cast: Cast) -> None:
    """Let Acme take only Alice."""
    policy = Policy(mode=PolicyMode.ENFORCED, allowed_addresses=("alice@acme.example",))
    organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)


def sealed(page: Any) -> dict[str, str]:
    """Return what the form of a question sends along."""
    return dict(re.findall(r'type="hidden" name="(account|organization|reviewed)" value="([^"]+)"', page.content.decode()))


def test_r088_who_would_be_outside_is_named_before_anybody_agrees(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    number, alice = asked(cast, market), signed_in(cast.alice)
    strict(cast)
    url = f"/links/{number}/accept/"
    shown = alice.get(url)
    assert "1 person of the account is outside" in text(shown)
    assert "Dan: The policy allows neither the address dan@acme.example" in text(shown)
    unsaid = alice.post(url, {})
    assert (linked(market), "1 person of the account is outside" in text(unsaid)) == (None, True)
    bindings.grant(by=OPERATOR, to=[person("Eve")], on=market, permissions=["edit"])
    stale = alice.post(url, sealed(shown))
    assert (stale.status_code, linked(market), "2 people of the account are outside" in text(stale)) == (409, None, True)
    assert "something is different since you looked" in text(stale)
    assert alice.post(url, sealed(stale)).status_code == 302
    assert linked(market) == cast.acme


@pytest.mark.parametrize("page", ["/organizations/{}/link/", "/account/200/link/", "/account/200/users/group/?name=Sellers"])
def test_r088_who_links_at_once_is_told_first_as_well(cast: Cast, signed_in: SignedIn, page: str) -> None:
    account = resource(cast.alice, "account", "200", "Market")
    bindings.grant(by=OPERATOR, to=[cast.dan], on=account, permissions=["edit"])
    strict(cast)
    alice, url = signed_in(cast.alice), page.format(cast.acme)
    typed = (
        {"account": "account:200"} if "organizations" in page else {"organization": str(cast.acme), "name": "", "other": "", "reason": ""}
    )
    question = alice.post(url, typed)
    assert (linked(account), "Dan: The policy allows neither the address dan@acme.example" in text(question)) == (None, True)
    done = alice.post(url, sealed(question))
    assert (done.status_code, linked(account)) == (302, cast.acme)
    if "?" in page:
        assert f'action="{page}"' in question.content.decode()
        assert done["Location"] == page, "what was typed about the group is not lost"


def test_who_asked_sees_it_wait_and_takes_it_back(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    dan = signed_in(cast.dan)
    sent = dan.post("/account/200/link/", {"organization": "other", "name": "", "other": "acme", "reason": ""})
    assert (sent.status_code, sent["Location"]) == (302, "/account/200/link/")
    number = LinkRequest.objects.get().pk
    for page in ("/account/200/link/", "/requests/"):
        assert "Link Market to acme" in text(dan.get(page))
    assert {dan.get(f"/links/{number}/accept/").status_code, dan.post(f"/links/{number}/accept/", {}).status_code} == {404}
    assert linked(market) is None
    assert "The request was withdrawn." in followed(dan, f"/links/{number}/withdraw/", {})
    assert signed_in(cast.alice).get(f"/links/{number}/accept/").status_code == 404


def test_refused_with_a_reason_nothing_is_linked(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    number, alice = asked(cast, market), signed_in(cast.alice)
    assert "The link was refused." in followed(alice, f"/links/{number}/refuse/", {"reason": "Not ours"})
    assert (LinkRequest.objects.get().state, linked(market)) == ("refused", None)


def test_what_stands_in_the_way_is_said(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    dan, alice = signed_in(cast.dan), signed_in(cast.alice)
    asked(cast, market)
    again = dan.post("/account/200/link/", {"organization": "other", "name": "", "other": "acme", "reason": ""})
    assert (again.status_code, "asked already" in text(again)) == (409, True)
    missing = dan.post("/account/200/link/", {"organization": "other", "name": "", "other": "", "reason": ""})
    assert (missing.status_code, "An id is missing." in text(missing)) == (422, True)
    nowhere = dan.post(f"/links/{LinkRequest.objects.get().pk + 1}/withdraw/", {})
    assert nowhere.status_code == 404
    assert alice.get("/account/100/link/").status_code == 302, "linked already"


def test_an_admin_asks_for_an_account_and_learns_nothing(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    """R-ENU-1: the same answer for what is there and for what is not."""
    alice, pages = signed_in(cast.alice), []
    for key in ("200", "999"):
        form = {"type": "account", "key": key, "reason": ""}
        pages.append(followed(alice, f"/organizations/{cast.acme}/ask/", form).replace(key, "ID"))
    assert "If there is such an account" in pages[0]
    assert "Market" not in pages[1]
    assert "Link Market to Acme" in text(signed_in(cast.dan).get("/requests/"))


def test_r066_what_was_typed_about_the_group_is_there_after_the_organization(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    dan, url = signed_in(cast.dan), "/account/200/users/group/"
    typed = {"group": "new", "name": "Sellers", "description": "Sell", "permissions": ["edit"], "ends_on": "", "step": "review"}
    kept = dan.post(url, typed)["Location"]
    assert "no organization yet" in text(dan.get(kept))
    led = dan.post(kept, {"organization": "new", "name": "Stalls", "other": "", "reason": ""})
    assert led["Location"] == kept
    page = dan.get(kept).content.decode()
    assert all(word in page for word in ('value="Sellers"', ">\nSell<", 'value="edit" checked')) or "Sellers" in page
    assert dan.post(kept, {**typed, "step": "save"}).status_code == 302
    assert Group.objects.get(name="Sellers").organization == Organization.objects.get(name="Stalls")


def test_r066_from_the_list_of_groups_one_is_led_to_an_organization_and_back(cast: Cast, signed_in: SignedIn) -> None:
    dan = signed_in(cast.dan)
    step = dan.get("/groups/new/")["Location"]
    assert step.startswith("/organizations/new/?")
    back = dan.post(step, {"name": "Stalls"})["Location"]
    assert back == "/groups/new/"
    assert "Create a group" in text(dan.get(back))
    assert Organization.objects.filter(name="Stalls").exists()


def test_the_settings_of_an_account_lead_to_its_organization(cast: Cast, market: ResourceId, signed_in: SignedIn) -> None:
    assert "belongs to no organization" in text(signed_in(cast.dan).get("/account/200/settings/"))
    assert "Shop belongs to Acme." in text(signed_in(cast.alice).get("/account/100/settings/"))
    assert "Shop belongs to" not in text(signed_in(cast.alice).get("/property/UA-100-1/settings/"))
