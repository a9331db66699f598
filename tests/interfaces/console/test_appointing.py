"""Appointing a manager in the console, where none stands (semantics 4)."""

import re

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.state import ResourceState, State
from keyholder.services.commands import people, state
from keyholder.services.invitation_links import opened
from keyholder.storage.models import Resource
from tests.cast import OPERATOR, Cast, holds
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.pages import text, toast
from tests.services.inviting_people import come, nobody

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

URL = "/account/9/appoint/"


@pytest.fixture
def orphan(cast: Cast) -> ResourceId:
    """Make an account that awaits a manager, and Dan an operator."""
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    state.apply(by=OPERATOR, state=State(resources=(ResourceState(ResourceRef("account", "9"), "Orphan", awaiting_manager=True),)))
    return ResourceId(Resource.objects.get(key="9").pk)


def test_an_operator_appoints_somebody_once(cast: Cast, orphan: ResourceId, signed_in: SignedIn) -> None:
    client = signed_in(cast.dan)
    assert client.get("/account/9/users/add/")["Location"] == URL
    page = text(client.get(URL))
    assert all(words in page for words in ("Appoint a manager of Orphan", "They get Manage Users there."))
    answer = client.post(URL, {"address": "ben@acme.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert toast(client.get("/")) == "ben@acme.example manages Orphan now."
    assert holds(cast.ben, orphan) == {"manage_users"}
    assert client.get(URL).status_code == 404, "from then on it is Ben's"


@pytest.mark.parametrize(("typed", "said"), [("", "required"), ("nonsense", "No address.")])
def test_who_cannot_be_appointed_is_told_at_the_field(cast: Cast, orphan: ResourceId, signed_in: SignedIn, typed: str, said: str) -> None:
    answer = signed_in(cast.dan).post(URL, {"address": typed})
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert holds(cast.ben, orphan) == set()


def test_a_stranger_is_invited_and_the_account_awaits_them(cast: Cast, orphan: ResourceId, signed_in: SignedIn) -> None:
    """The link is shown once; inviting the same address again makes another."""
    client = signed_in(cast.dan)
    links = [re.findall(r'value="(http[^"]+)"', client.post(URL, {"address": "zoe@else.example"}).content.decode()) for _again in (1, 2)]
    assert [len(found) for found in links] == [1, 1]
    assert links[0] != links[1]
    assert Resource.objects.get(pk=orphan).awaiting_manager
    come(opened(by=nobody(), secret=links[1][0].rstrip("/").rpartition("/")[2]), name="Zoe")
    assert not Resource.objects.get(pk=orphan).awaiting_manager


def test_nobody_else_appoints(cast: Cast, orphan: ResourceId, signed_in: SignedIn) -> None:
    assert signed_in(cast.alice).get(URL).status_code == 404
    assert signed_in(cast.ben).get("/account/100/appoint/").status_code == 403
    assert orphan
