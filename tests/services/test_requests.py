"""Requests for access: asking tells nothing, deciding follows the rules of everybody who gives access (R109, R111, R-ENU-1, R-RAT-1)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keyholder.domain.events import Channel, Event
from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany
from keyholder.domain.state import OrganizationState, State, UserState
from keyholder.domain.windows import Window
from keyholder.services import scopes
from keyholder.services.acting import acting
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, organization_links, organization_roles, organizations, people, removal, requests, state
from keyholder.services.commands import resources as nodes
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import removal as previews
from keyholder.services.queries import requests as queries
from keyholder.services.queries.activity import activity
from keyholder.storage.models import AccessRequest, Binding, Invitation, Letter, MailSettings, SignInAttempt, User
from keyholder.storage.models import Event as EventRow
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused

ALL_DATA = ResourceRef("view", "1001")
NOTHING = ResourceRef("view", "4711")
STRANGER = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
"""Nobody yet, at the console."""
SOON = Window(ends_at=NOW + timedelta(days=7))


def ask(by: Caller, at: ResourceRef | None = ALL_DATA, **wish: object) -> int:
    """Ask, and return the number of the open request that stands now; 0 where none does."""
    requests.ask(by=by, at=at, **wish)  # type: ignore[arg-type]  # whatever a test asks for
    return AccessRequest.objects.filter(state="open").order_by("-pk").values_list("pk", flat=True).first() or 0


def prove(user: PrincipalId) -> None:
    """Let a person have proven the address, as a mailed link does."""
    with acting(OPERATOR, scopes.of_instance) as act:
        act.ledger.change(User.objects.get(pk=user), email_verified=True)
        act.record(Event("user.activated", "user", user, subject=user, details={"subject": "somebody"}))


@pytest.fixture
def mailing(db: None) -> None:
    MailSettings.objects.create(host="127.0.0.1", port=25, security="none", sender="keyholder@acme.example")


def test_r111_dan_asks_for_what_he_cannot_see_and_its_managers_are_told(cast: Cast, mailing: None) -> None:
    """The letter goes to the standing managers of the nearest node that has any, to their stored addresses."""
    ask(caller(cast.dan), permissions=["read_analyze"], reason=" Reports ", days=30)
    row = AccessRequest.objects.get()
    assert (row.resource_id, row.person_id, row.shown, row.state) == (cast.view, cast.dan, "dan@acme.example", "open")
    assert (row.permissions, row.reason, row.days, row.proven) == ("read_analyze", "Reports", 30, False)
    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient, letter.path) == ("request_made", "alice@acme.example", f"/requests/{row.pk}/")
    assert letter.details["place"] == "All data"


def test_r111_who_is_not_signed_in_asks_by_address_and_is_nobody_of_ours(cast: Cast) -> None:
    ask(STRANGER, email="Zoe@Else.example", reason="I work for you")
    row = AccessRequest.objects.get()
    assert (row.canonical, row.shown, row.person_id, row.proven) == ("zoe@else.example", "Zoe@Else.example", None, False)


def test_the_nearest_managers_are_asked_and_never_the_asker(cast: Cast, mailing: None) -> None:
    for place in (cast.view, cast.property):
        bindings.revoke(by=OPERATOR, of=[cast.alice], on=place)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
    ask(caller(cast.dan))
    assert list(Letter.objects.values_list("recipient", flat=True)) == ["ben@acme.example"]
    ask(caller(cast.ben))
    assert set(Letter.objects.values_list("recipient", flat=True)) == {"ben@acme.example", "alice@acme.example"}


def test_where_no_node_has_a_manager_the_organizations_admins_are_asked_else_the_operators(cast: Cast, mailing: None) -> None:
    """An operator decides nothing: their letter leads to where a manager is appointed, who finds the request waiting."""
    people.appoint_operator(by=OPERATOR, user=cast.cleo)
    host = resource(None, "host", "h1", "Agency")
    ask(caller(cast.dan), ResourceRef("host", "h1"))
    letter = Letter.objects.get()
    assert (letter.recipient, letter.path, letter.details["appoints"]) == ("cleo@acme.example", "/host/h1/appoint/", True)
    Letter.objects.all().delete()
    bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="administrator")
    ask(caller(cast.alice), ResourceRef("host", "h1"))
    assert list(Letter.objects.values_list("recipient", flat=True)) == ["ben@acme.example"]


@pytest.mark.parametrize("at", [NOTHING, ResourceRef("nothing", "1"), None], ids=["no such view", "no such type", "no page of ours"])
def test_r_ten_1_for_what_is_not_there_nothing_is_kept_and_nobody_is_told(cast: Cast, mailing: None, at: ResourceRef | None) -> None:
    before = last()
    ask(caller(cast.dan), at, permissions=["read_analyze"], reason="Please")
    ask(STRANGER, at, email="zoe@else.example")
    assert not AccessRequest.objects.exists()
    assert not Letter.objects.exists()
    assert actions(before) == []
    assert chains_hold()


def statements(by: Caller, at: ResourceRef | None, **wish: object) -> list[str]:
    """Return what is asked of the database, the marks within its transactions apart."""
    with CaptureQueriesContext(connection) as caught:
        ask(by, at, **wish)
    return [shape(query["sql"]) for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]]


def shape(statement: str) -> str:
    """Return the beginning of a statement: what it does to which table."""
    return " ".join(statement.split()[:3])


@pytest.mark.parametrize("is_mailing", [False, True], ids=["without mail", "with mail"])
@pytest.mark.parametrize("who", ["dan", "nobody"])
def test_r_enu_1_the_database_does_the_same_whether_or_not_it_is_there(cast: Cast, who: str, is_mailing: bool) -> None:  # noqa: FBT001 - a case
    """Also when it was asked for already."""
    if is_mailing:
        MailSettings.objects.create(host="127.0.0.1", port=25, security="none", sender="keyholder@acme.example")
    by, wish = (caller(cast.dan), {}) if who == "dan" else (STRANGER, {"email": "zoe@else.example"})
    ask(by, NOTHING, **wish)
    absent, present, again = (statements(by, at, **wish) for at in (NOTHING, ALL_DATA, ALL_DATA))
    assert absent == present == again


def test_there_is_one_open_request_for_each_asker_and_resource(cast: Cast) -> None:
    first = ask(caller(cast.dan), reason="First")
    assert ask(caller(cast.dan), reason="Second") == first
    assert ask(STRANGER, email="DAN@acme.example") == first
    requests.refuse(by=caller(cast.alice), request=first)
    assert ask(caller(cast.dan), reason="Second") != first


def test_asked_twice_at_the_same_moment_one_request_is_kept_and_both_hear_the_same(race: Callable[..., list[object]]) -> None:
    from tests.cast import build

    cast = build()
    assert race(*[lambda: requests.ask(by=caller(cast.dan), at=ALL_DATA) for _ in range(4)]) == [None] * 4
    assert AccessRequest.objects.count() == 1
    assert chains_hold()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"email": "nobody"}, "address"),
        ({"email": "zoe@else.example", "days": 0}, "days"),
        ({"email": "zoe@else.example", "days": 367}, "days"),
        ({"email": "zoe@else.example", "reason": "x" * 2001}, "description"),
        ({"email": "zoe@else.example", "permissions": ["view"]}, "permissions"),
    ],
)
@pytest.mark.parametrize("at", [ALL_DATA, NOTHING])
def test_what_is_no_request_is_refused_whether_or_not_it_is_there(cast: Cast, at: ResourceRef, wish: dict[str, object], code: str) -> None:
    with refused(Invalid, code):
        ask(STRANGER, at, **wish)


def test_the_suspended_ask_for_nothing(cast: Cast) -> None:
    people.suspend(by=OPERATOR, user=cast.dan)
    with refused(Forbidden, "suspended"):
        ask(caller(cast.dan))


def test_r_rat_1_requests_are_limited_for_each_asker_each_client_and_altogether(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is signed in has a count of their own: nobody uses it up by giving their address. It passes by itself."""
    for _ in range(requests.FROM_ONE_ASKER):
        ask(STRANGER, NOTHING, email="dan@acme.example")
    with refused(TooMany, "too_many_requests", "15"):
        ask(STRANGER, email=" DAN@acme.example ")
    ask(caller(cast.dan))
    ask(replace(STRANGER, at=NOW + requests.SPAN), email="dan@acme.example")
    for number in range(requests.FROM_ONE_ADDRESS - 1):
        ask(replace(STRANGER, at=NOW + requests.SPAN), NOTHING, email=f"zoe{number}@else.example")
    with refused(TooMany, "too_many_requests"):
        ask(replace(STRANGER, at=NOW + requests.SPAN), email="eve@else.example")
    monkeypatch.setattr(requests, "FROM_EVERYBODY", SignInAttempt.objects.filter(key="ask:everybody").count())
    with refused(TooMany, "too_many_requests"):
        ask(replace(STRANGER, at=NOW + requests.SPAN, address="192.0.2.9"), email="ann@else.example")


def test_r111_alice_approves_and_dan_who_has_proven_his_address_is_let_in(cast: Cast, mailing: None) -> None:
    """By a binding as everybody gives it, with less than was asked and an end; he is told at the address that is stored."""
    prove(cast.dan)
    number = ask(caller(cast.dan), permissions=["edit"], reason="A project")
    requests.approve(
        random=bytes(32), by=caller(cast.alice), request=number, permissions=["read_analyze"], window=SOON, answer="For a week"
    )
    assert holds(cast.dan, cast.view) == {"read_analyze"}
    assert holds(cast.dan, cast.view, NOW + timedelta(days=7)) == set()
    row = AccessRequest.objects.get(pk=number)
    assert (row.state, row.decided_by, row.decided_at, row.answer) == ("approved", cast.alice, NOW, "For a week")
    made, answered = Letter.objects.order_by("pk")
    assert made.state == "withdrawn"
    assert (answered.kind, answered.recipient, answered.details["place"]) == ("request_answered", "dan@acme.example", "All data")
    assert (answered.details["invited"], answered.path) == (False, "/requests/")
    assert chains_hold()


def test_who_is_known_here_is_let_in_also_when_they_only_gave_their_address(cast: Cast) -> None:
    number = ask(STRANGER, ResourceRef("view", "1001"), email="cleo@acme.example")
    requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["edit"])
    assert "edit" in holds(cast.cleo, cast.view)


@pytest.mark.parametrize("who", ["unproven", "address of a person", "unknown"])
def test_an_address_that_nobody_known_here_has_proven_is_to_be_invited(cast: Cast, who: str, mailing: None) -> None:
    """An account made with somebody else's address must not get what was meant for them. Who has none is led to no page of persons."""
    if who == "address of a person":
        prove(cast.dan)
    by = caller(cast.dan) if who == "unproven" else STRANGER
    number = ask(by, email="" if who == "unproven" else "zoe@else.example" if who == "unknown" else "dan@acme.example")
    address = AccessRequest.objects.get(pk=number).shown
    invited = requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["read_analyze"])
    assert invited is not None
    assert (invited.address, Invitation.objects.get().canonical, bool(invited.secret)) == (address, address, True)
    answered = Letter.objects.get(kind="request_answered")
    assert (answered.details["invited"], answered.path) == (True, "/requests/" if who == "unproven" else "")
    assert holds(cast.dan, cast.view) == set()
    assert AccessRequest.objects.get(pk=number).state == "approved"


def test_alice_refuses_with_a_reason_and_the_letter_does_not_name_what_dan_cannot_see(cast: Cast, mailing: None) -> None:
    number = ask(caller(cast.dan))
    requests.refuse(by=caller(cast.alice), request=number, answer="Ask your own agency")
    answered = Letter.objects.order_by("pk").last()
    assert answered is not None
    assert (answered.details["place"], answered.details["answer"]) == ("view:1001", "Ask your own agency")
    assert EventRow.objects.get(action="request.refused").subject is None, "what happened to oneself one is shown, with names"
    shown = [entry.action for entry in activity(by=caller(cast.dan)).entries]
    assert shown == ["user.created"], "nor that there was something to ask for"
    assert [entry.action for entry in activity(by=caller(cast.alice)).entries][:2] == ["request.refused", "request.made"]


def test_the_one_who_asked_without_an_account_is_answered_at_the_address_they_gave(cast: Cast, mailing: None) -> None:
    number = ask(STRANGER, email="zoe@else.example", language="lv")
    requests.refuse(by=caller(cast.alice), request=number)
    answered = Letter.objects.order_by("pk").last()
    assert answered is not None
    assert (answered.recipient, answered.language) == ("zoe@else.example", "lv")


def test_r108_404_before_403_and_only_who_may_grant_decides(cast: Cast) -> None:
    eve = person("Eve", "eve@else.example")
    number = ask(caller(cast.dan))

    def decisions(by: PrincipalId, request: int) -> Iterator[Callable[[], object]]:
        yield lambda: requests.approve(random=bytes(32), by=caller(by), request=request, permissions=["read_analyze"])
        yield lambda: requests.refuse(by=caller(by), request=request)

    for who, asked, kind, code in (
        (eve, number, NotFound, "not_found"),
        (cast.ben, number, Forbidden, "lacks_permission"),
        (cast.alice, number + 1, NotFound, "not_found"),
    ):
        for decide in decisions(who, asked):
            with refused(kind, code):
                decide()


def test_nobody_decides_their_own(cast: Cast) -> None:
    """Whether they were signed in when they asked or gave their address; nor by a right that a group gives them."""
    signed_in = ask(caller(cast.alice))
    by_address = ask(STRANGER, ResourceRef("property", "UA-100-1"), email="Alice@acme.example")
    for number in (signed_in, by_address):
        with refused(Forbidden, "own_request"):
            requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["read_analyze"])
        with refused(Forbidden, "own_request"):
            requests.refuse(by=caller(cast.alice), request=number)
    bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=cast.view, permissions=["manage_users"])
    of_cleo = ask(caller(cast.cleo))
    with refused(Forbidden, "own_request"):
        requests.approve(random=bytes(32), by=caller(cast.cleo), request=of_cleo, permissions=["edit"])
    requests.approve(random=bytes(32), by=caller(cast.alice), request=of_cleo, permissions=["edit"])
    requests.refuse(by=OPERATOR, request=signed_in)


def test_what_is_settled_is_settled(cast: Cast) -> None:
    number = ask(caller(cast.dan))
    requests.refuse(by=caller(cast.alice), request=number)
    with refused(Conflict, "not_open", "refused"):
        requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["read_analyze"])
    with refused(Conflict, "not_open"):
        requests.refuse(by=OPERATOR, request=number)


def test_an_enforced_policy_refuses_the_asker_as_everybody(cast: Cast) -> None:
    organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(PolicyMode.ENFORCED, ("other.example",)))
    prove(cast.dan)
    number = ask(caller(cast.dan))
    with refused(Conflict, "policy"):
        requests.approve(random=bytes(32), by=caller(cast.alice), request=number, permissions=["read_analyze"])


def test_cleo_withdraws_her_own_and_nobody_elses(cast: Cast) -> None:
    number = ask(caller(cast.cleo))
    with refused(NotFound, "not_found"):
        requests.withdraw(by=caller(cast.alice), request=number)
    requests.withdraw(by=caller(cast.cleo), request=number)
    with refused(Conflict, "not_open", "withdrawn"):
        requests.withdraw(by=caller(cast.cleo), request=number)
    assert EventRow.objects.order_by("-pk").filter(action="request.withdrawn").count() == 1


def test_dan_cannot_find_out_by_withdrawing(cast: Cast) -> None:
    number = ask(caller(cast.dan))
    for guess in (number, number + 1):
        with refused(NotFound, "not_found"):
            requests.withdraw(by=caller(cast.dan), request=guess)
    anonymous = ask(STRANGER, email="zoe@else.example")
    with refused(NotFound, "not_found"):
        requests.withdraw(by=OPERATOR, request=anonymous)


@pytest.mark.parametrize(
    "how", ["suspended", "suspended by a file", "suspended within", "suspended within by a file", "removed", "leaving"]
)
def test_the_requests_of_who_is_suspended_or_removed_close(cast: Cast, how: str) -> None:
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["read_analyze"])
    number = ask(caller(cast.dan), permissions=["edit"])
    resource(cast.alice, "account", "200", "Elsewhere")
    elsewhere = ask(caller(cast.dan), ResourceRef("account", "200"))
    if how == "suspended":
        people.suspend(by=OPERATOR, user=cast.dan)
    elif how == "suspended by a file":
        file = State(users=(UserState("dan@acme.example", "dan@acme.example", "Dan", Status.SUSPENDED),))
        state.apply(by=OPERATOR, state=file)
    elif how == "suspended within by a file":
        state.apply(by=OPERATOR, state=State(organizations=(OrganizationState("acme", "Acme", suspended=("dan@acme.example",)),)))
    elif how == "leaving":
        removal.give_up(by=caller(cast.dan), on=cast.account)
    elif how == "suspended within":
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.dan)
    else:
        removal.remove(by=caller(cast.alice), who=[cast.dan], at=cast.account)
    states = dict(AccessRequest.objects.values_list("pk", "state"))
    assert states == {number: "withdrawn", elsewhere: "withdrawn" if how in {"suspended", "suspended by a file"} else "open"}
    assert chains_hold()


def by_dan_at(address: str, cast: Cast) -> int:
    """Let Dan have asked, signed in, when he had another address; it belongs to somebody else by now."""
    number = ask(caller(cast.dan))
    AccessRequest.objects.filter(pk=number).update(canonical=address, shown=address)
    return number


@pytest.mark.parametrize("how", ["suspended", "suspended within", "removed"])
def test_a_request_of_somebody_elses_stays_open_though_the_address_is_who_leaves_s(cast: Cast, how: str) -> None:
    """Who asked signed in stays who asked; the address has another owner by now."""
    by_dan_at("cleo@acme.example", cast)
    if how == "suspended":
        people.suspend(by=OPERATOR, user=cast.cleo)
    elif how == "suspended within":
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
    else:
        assert cast.cleo not in previews.waiting(by=caller(cast.alice), at=cast.account)
        removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
    assert AccessRequest.objects.get().state == "open"


def test_alice_decides_what_dan_asked_at_an_address_that_is_hers_by_now(cast: Cast) -> None:
    """It is not her own, and the list and the decision agree about that."""
    number = by_dan_at("alice@acme.example", cast)
    assert [(view.number, view.is_own) for view in queries.to_decide(by=caller(cast.alice))] == [(number, False)]
    requests.refuse(by=caller(cast.alice), request=number)


def test_r098_nobody_is_asked_beyond_an_edge_that_is_closed(cast: Cast, mailing: None) -> None:
    host = resource(None, "host", "h1", "Agency")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="administrator")
    client = nodes.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.cleo)
    nodes.delegate(by=caller(cast.cleo), account=client, managed=False)
    ask(caller(cast.cleo), ResourceRef("host_account", "7"))
    assert not Letter.objects.exists(), "only Cleo manages it, and nobody is told of their own request"
    ask(STRANGER, ResourceRef("host_account", "7"), email="CLEO@acme.example")
    assert not Letter.objects.exists()
    ask(caller(cast.dan), ResourceRef("host_account", "7"))
    assert list(Letter.objects.values_list("recipient", flat=True)) == ["cleo@acme.example"]


def test_an_organizations_admins_are_not_asked_where_they_could_not_grant(cast: Cast, mailing: None) -> None:
    """On MTS they hold nothing by their role."""
    people.appoint_operator(by=OPERATOR, user=cast.ben)
    cinema = resource(cast.cleo, "resource", "cinema", "Cinema")
    bindings.grant(by=OPERATOR, to=[cast.alice], on=cinema, role="owner")
    organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=cinema)
    Binding.objects.filter(resource=cinema).delete()
    ask(caller(cast.dan), ResourceRef("resource", "cinema"))
    assert list(Letter.objects.values_list("recipient", flat=True)) == ["ben@acme.example"]


def test_an_organizations_admin_without_a_manager_near_is_told(cast: Cast, mailing: None) -> None:
    """An account that has lost its manager still has its organization."""
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
    people.appoint_operator(by=OPERATOR, user=cast.dan)
    Binding.objects.filter(principal=cast.alice).delete()
    ask(caller(cast.cleo))
    assert set(Letter.objects.values_list("recipient", flat=True)) == {"alice@acme.example", "ben@acme.example"}
    assert {letter.path for letter in Letter.objects.all()} == {f"/requests/{AccessRequest.objects.get().pk}/"}, "by their role they decide"
