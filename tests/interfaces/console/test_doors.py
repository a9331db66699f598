"""Every door of the console, tried by everybody: who may look, who may send, and what a form may hold."""

import re
from functools import partial
from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from pytest_django.fixtures import Settings

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.interfaces.console.views.signing_in import BACKEND
from keyholder.interfaces.http.authentication import SignInBackend
from keyholder.services.commands import people, requests
from keyholder.services.queries import state
from keyholder.storage import blueprints
from keyholder.storage.models import AccessRequest, Binding, GroupOwner, Membership, OrganizationMember, OrganizationSuspension
from tests.cast import OPERATOR, Cast, caller, person
from tests.interfaces.console.conftest import SignedIn
from tests.interfaces.console.doors import DOORS, Door
from tests.storage.rows import queries

pytestmark = pytest.mark.urls("tests.interfaces.console.urls")

every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.url)
every_form = pytest.mark.parametrize("door", [door for door in DOORS if door.form is not None], ids=lambda door: door.url)


@pytest.fixture(autouse=True)
def with_a_provider(settings: Settings) -> None:
    """Let the environment name an identity provider: its pages are doors as well."""
    settings.OIDC_PROVIDERS = {
        "mts": {"name": "MTS ID", "issuer": "https://id.example", "client": "k", "secret": "s", "scopes": "openid email"}
    }


def filled(door: Door, cast: Cast) -> dict[str, object]:
    return {name: value.format(cast=cast) if isinstance(value, str) else value for name, value in (door.form or {}).items()}


@every_door
def test_who_is_not_signed_in_gets_no_further_than_the_door(door: Door, cast: Cast, client: Client) -> None:
    answer = client.get(door.at(cast))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")


@every_door
def test_r_ten_1_each_reader_gets_what_is_theirs(door: Door, cast: Cast, signed_in: SignedIn) -> None:
    """R-TEN-1: for the stranger nothing of the cast's is there; the reader sees it and may not; the manager may."""
    if door.for_operator:
        people.appoint_operator(by=OPERATOR, user=cast.alice)
    if door.is_form_alone:
        assert {signed_in(somebody).get(door.at(cast)).status_code for somebody in (cast.dan, cast.cleo, cast.alice)} == {405}
        return
    found = [signed_in(somebody).get(door.at(cast)).status_code for somebody in (cast.dan, cast.cleo, cast.alice)]
    assert found == [door.stranger, door.reader, door.manager]


def elsewhere(door: Door) -> str:
    """Return the address of a door in a world that is not there."""
    return re.sub(r"\{cast\.\w+\}", "987654", re.sub(r"\b(?:100|1001|UA-100-1)\b", "987", door.url))


@pytest.mark.usefixtures("time")
def test_r_enu_1_outside_it_takes_as_much_whether_or_not_there_is_such_a_thing(cast: Cast, signed_in: SignedIn) -> None:
    """R-TEN-1: at every door that leads to something of the cast's, the stranger sends as many statements for something of nobody's.

    The clock stands: once in a while a request also notes that its session is used.
    """
    dan, found = signed_in(cast.dan), {}
    requests.ask(by=caller(cast.cleo), at=ResourceRef("view", "1001"))
    requests.ask(by=caller(cast.dan), at=ResourceRef("view", "1001"))
    numbers = AccessRequest.objects.values_list("pk", flat=True)
    for number, action in product(numbers, ("", "withdraw/")):
        send = dan.post if action else dan.get
        here, nowhere = (queries(partial(send, f"/requests/{pk}/{action}")) for pk in (number, 987654))
        found[f"/requests/{number}/{action}"] = (here, nowhere)
    for door in DOORS:
        there, other = door.at(cast), elsewhere(door)
        if there != other and door.stranger in {404, 422}:
            send = dan.post if door.is_form_alone else dan.get
            found[door.url] = (queries(partial(send, there)), queries(partial(send, other)))
    assert len(found) > 90
    assert {url: counts for url, counts in found.items() if counts[0] != counts[1]} == {}


@every_form
def test_r_csrf_1_nothing_is_sent_from_elsewhere(door: Door, cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(SignInBackend().get_user(cast.alice), BACKEND)
    assert strict.post(door.at(cast), filled(door, cast)).status_code == 403


@every_form
def test_r_mas_1_a_form_holds_its_own_fields_and_no_other(door: Door, cast: Cast, signed_in: SignedIn) -> None:
    if door.for_operator:
        people.appoint_operator(by=OPERATOR, user=cast.alice)
    before = state.current(by=OPERATOR)
    for strange in ("is_operator", "id", "tenant", "organization_id", "status"):
        assert signed_in(cast.alice).post(door.at(cast), {**filled(door, cast), strange: "1"}).status_code == 400
    assert state.current(by=OPERATOR) == before


@every_form
def test_who_may_not_look_may_not_send_either(door: Door, cast: Cast, signed_in: SignedIn) -> None:
    before = state.current(by=OPERATOR)
    for somebody, status in ((cast.dan, door.stranger), (cast.cleo, door.reader)):
        if status >= 400:
            assert signed_in(somebody).post(door.at(cast), filled(door, cast)).status_code == status
    assert state.current(by=OPERATOR) == before


NAMES = ("Shop", "All data", "Analysts", "Interns", "Acme", "Cleo", "Ben ")
"""What only who is inside Acme reads."""


@pytest.fixture
def kept_out(cast: Cast) -> PrincipalId:
    """Return Eve: an admin of Acme with everything at its account, an owner and a member of its groups, and suspended within it."""
    eve = person("Eve", "eve@else.example")
    blueprint = blueprints.catalogue().of("account")
    Binding.objects.create(principal_id=eve, resource_id=cast.account, permissions="edit manage_users", mask=blueprint.everything)
    OrganizationMember.objects.create(organization_id=cast.acme, user_id=eve, role=OrganizationRole.ADMIN.value)
    GroupOwner.objects.create(group_id=cast.analysts, user_id=eve)
    Membership.objects.create(group_id=cast.interns, member_id=eve)
    OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=eve)
    return eve


def test_i_az_4_who_is_suspended_within_an_organization_is_a_stranger_at_every_door(
    cast: Cast, kept_out: PrincipalId, signed_in: SignedIn
) -> None:
    """I-AZ-4, R-TEN-1: nothing of it is effective for them, so nothing of it exists: no page, no name in a list, no form that acts."""
    client, before, wrong = signed_in(kept_out), state.current(by=OPERATOR), []
    more = (Door("/people/{cast.alice}/", 404, 404), Door("/people/{cast.cleo}/", 404, 404), Door(f"/people/{kept_out}/", 200, 404))
    found = (Door(f"/search/?q={name}", 200, 200) for name in ("a", "e"))
    for door in (*more, *found, *(door for door in DOORS if not door.is_form_alone and "/me/" not in door.url)):
        answer = client.get(door.at(cast))
        named = [name for name in NAMES if name in answer.getvalue().decode()]
        wrong += [(door.url, answer.status_code, named)] if answer.status_code != door.stranger or named else []
    for door in (door for door in DOORS if door.form is not None and door.stranger >= 400):
        status = client.post(door.at(cast), filled(door, cast)).status_code
        wrong += [(door.url, status, [])] if status != door.stranger else []
    assert wrong == []
    assert state.current(by=OPERATOR) == before


ELSEWHERE = {
    "invitation",
    "invitation-link",
    "sign-in",
    "sign-out",
    "set-language",
    "set-theme",
    "ask",
    "ask-sent",
    "what-went-wrong",
    "help-access",
    "start",
    "callback",
    "reset",
    "reset-choose",
    "reset-open",
    "sign-in-enrol",
    "sign-in-passkey",
    "sign-in-second",
    "verify-confirm",
    "verify-open",
}
"""Open to who is not signed in; they have tests of their own."""


def test_every_address_is_in_the_table(cast: Cast) -> None:
    resolver = get_resolver("tests.interfaces.console.urls")
    tried = {resolver.resolve(door.at(cast).partition("?")[0]).url_name for door in DOORS}
    names = {p.name for r in resolver.url_patterns for p in r.url_patterns if isinstance(p, URLPattern) and p.name}  # type: ignore[union-attr]  # one include
    assert names - tried - ELSEWHERE == set()
