"""Owners in the settings of a resource: who they are, handing it over, stepping down."""

import re

import pytest

from keyholder.domain.identifiers import ResourceId
from keyholder.services.commands import bindings
from tests.cast import OPERATOR, Cast, resource
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.holding import ticked

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")
SITE = "/resource/m/"


@pytest.fixture
def site(cast: Cast) -> ResourceId:
    """Make a resource that Alice owns and Ben administers."""
    at = resource(cast.alice, "resource", "m", "Site")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=at, role="administrator")
    return at


def test_alice_hands_it_over_and_sees_the_link_this_once(cast: Cast, site: ResourceId, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    owners = browser.get(SITE + "settings/").context["ownership"]
    assert ([who.name for who in owners.people], owners.hand_over_url, owners.step_down_url) == (["Alice"], SITE + "hand-over/", "")
    assert 'Who accepts has the role "Owner" at Site, beside you.' in text(browser.get(SITE + "hand-over/"))
    page = text(browser.post(SITE + "hand-over/", {"address": "dan@acme.example", "message": "It is yours"}))
    assert ("Invited" in page, "Copy link" in page) == (True, True)
    assert browser.post(SITE + "hand-over/", {"address": "nobody", "message": ""}).status_code == 422


def test_she_says_in_the_same_form_that_she_steps_down(cast: Cast, site: ResourceId, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert "I step down when it is accepted" in text(browser.get(SITE + "hand-over/"))
    page = browser.post(SITE + "hand-over/", {"address": "dan@acme.example", "message": "", "step_down": "on"})
    (link,) = set(re.findall(r"/invitation/[^/\"]+/", page.content.decode()))
    found = text(signed_in(cast.dan).get(link, follow=True))
    assert "Owner at Site (Resource), in the place of Alice, who steps down" in found
    assert "in the place of Alice, who steps down" in text(browser.get(SITE + "users/invitations/"))


def test_she_steps_down_once_another_one_owns_it(cast: Cast, site: ResourceId, signed_in: SignedIn) -> None:
    browser = signed_in(cast.alice)
    assert 'The last manager stays: Site would be left without an active person who holds "Owner"' in text(browser.get(SITE + "settings/"))
    assert browser.post(SITE + "step-down/").status_code == 409
    bindings.grant(by=OPERATOR, to=[cast.dan], on=site, role="owner")
    assert "The last manager stays" not in text(browser.get(SITE + "settings/"))
    assert 'the role "Administrator" there instead of "Owner"' in text(browser.get(SITE + "step-down/"))
    assert toast(browser.post(SITE + "step-down/", follow=True)) == "You stepped down at Site."
    assert ticked(cast.alice, site) == ["administrator"]


def test_ben_sees_who_owns_it_and_hands_nothing_over(cast: Cast, site: ResourceId, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ben)
    owners = browser.get(SITE + "settings/").context["ownership"]
    assert ([who.name for who in owners.people], owners.hand_over_url, owners.step_down_url) == (["Alice"], "", "")
    assert {browser.get(SITE + page).status_code for page in ("hand-over/", "step-down/")} == {403}
    assert signed_in(cast.dan).get(SITE + "hand-over/").status_code == 404
