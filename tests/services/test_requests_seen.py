"""Requests for access as those see them who decide them, and as those who asked do (R111, R-TEN-1)."""

from dataclasses import replace
from datetime import timedelta

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.requests import RequestState
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, organizations, requests
from keyholder.services.commands import resources as nodes
from keyholder.services.commands.resources import NewResource
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries import requests as queries
from keyholder.services.queries.frames import holds_anything
from keyholder.services.queries.newcomers import contacts
from tests.cast import NOW, OPERATOR, Cast, caller, person, resource
from tests.services.refusing import refused
from tests.services.test_requests import ALL_DATA, NOTHING, STRANGER, ask, prove
from tests.storage.rows import queries as counted


def test_alice_sees_what_there_is_to_decide_and_what_to_judge_it_by(cast: Cast) -> None:
    ask(caller(cast.cleo), permissions=["edit"], reason="Goals", days=30)
    ask(STRANGER, email="zoe@else.example")
    first, second = queries.to_decide(by=caller(cast.alice))
    assert (first.resource.name, first.address, first.reason, first.days) == ("All data", "cleo@acme.example", "Goals", 30)
    assert first.person is not None
    assert (first.person.id, first.signed_in, first.known, first.proven) == (cast.cleo, True, True, False)
    assert (first.permissions.shown, first.held.shown) == (("edit",), ("collaborate",))
    assert (second.person, second.signed_in, second.known, second.proven, second.held.names) == (None, False, False, False, ())
    assert queries.waiting(by=caller(cast.alice)) == 2


def test_a_queue_takes_as_many_queries_for_one_as_for_many(cast: Cast) -> None:
    """Whoever floods it by addresses that are nobody's, or by people, does not keep Alice from deciding."""
    ask(STRANGER, email="zoe@else.example")
    ask(caller(cast.cleo))
    few = counted(lambda: queries.to_decide(by=caller(cast.alice)))
    for number in range(30):
        ask(replace(STRANGER, at=NOW + number * requests.SPAN), email=f"zoe{number}@else.example")
    for name in ("Eve", "Fay", "Gus"):
        ask(caller(person(name)))
    assert len(queries.to_decide(by=caller(cast.alice))) == 35
    assert counted(lambda: queries.to_decide(by=caller(cast.alice))) == few


def test_r064_nobody_else_sees_them(cast: Cast) -> None:
    number = ask(caller(cast.dan))
    for who in (cast.ben, cast.dan):
        assert queries.to_decide(by=caller(who)) == ()
        assert queries.waiting(by=caller(who)) == 0
    with refused(Forbidden, "lacks_permission"):
        queries.request(by=caller(cast.ben), number=number)
    for who, asked in ((cast.dan, number), (cast.alice, number + 1)):
        with refused(NotFound, "not_found"):
            queries.request(by=caller(who), number=asked)
    with refused(Forbidden, "lacks_permission"):
        queries.at_node(by=caller(cast.ben), at=cast.account)
    assert [seen.number for seen in queries.to_decide(by=OPERATOR)] == [number]


def test_a_node_has_the_requests_at_it_and_below(cast: Cast) -> None:
    number = ask(caller(cast.dan))
    assert [seen.number for seen in queries.at_node(by=caller(cast.alice), at=cast.account)] == [number]
    assert queries.count_at(by=caller(cast.alice), at=cast.view) == 1
    other = resource(cast.alice, "property", "UA-100-2", "App", cast.account)
    assert queries.at_node(by=caller(cast.alice), at=other) == ()


def test_r098_a_hosts_administrator_has_none_of_an_account_that_does_not_delegate(cast: Cast) -> None:
    host = resource(None, "host", "h1", "Agency")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="administrator")
    client = nodes.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.cleo)
    ask(caller(cast.dan), ResourceRef("host_account", "7"))
    assert queries.count_at(by=caller(cast.ben), at=host) == 1
    nodes.delegate(by=caller(cast.cleo), account=client, managed=False)
    assert queries.count_at(by=caller(cast.ben), at=host) == 0
    assert queries.to_decide(by=caller(cast.ben)) == ()
    assert len(queries.to_decide(by=caller(cast.cleo))) == 1


def test_a_person_who_is_not_known_here_is_not_told_of_by_their_address(cast: Cast) -> None:
    """Somebody gave Dan's address: Alice is not told that there is a person; signed in, he shows himself."""
    ask(STRANGER, email="dan@acme.example")
    (seen,) = queries.to_decide(by=caller(cast.alice))
    assert (seen.person, seen.known) == (None, False)
    requests.refuse(by=caller(cast.alice), request=seen.number)
    prove(cast.dan)
    ask(caller(cast.dan))
    (seen,) = queries.to_decide(by=caller(cast.alice))
    assert seen.person is not None
    assert (seen.person.name, seen.known, seen.proven) == ("Dan", True, True)


def test_the_card_says_whom_the_policy_would_not_take(cast: Cast) -> None:
    ask(STRANGER, email="zoe@else.example")
    policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
    organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
    (seen,) = queries.to_decide(by=caller(cast.alice))
    assert seen.outside is not None
    assert seen.refuses


def test_ones_own_request_is_seen_at_the_node_and_not_counted_among_what_waits(cast: Cast) -> None:
    number = ask(caller(cast.alice))
    assert queries.waiting(by=caller(cast.alice)) == 0
    (seen,) = queries.at_node(by=caller(cast.alice), at=cast.view)
    assert (seen.number, seen.is_own) == (number, True)


def test_a_preview_says_who_gains_what(cast: Cast) -> None:
    prove(cast.dan)
    number = ask(caller(cast.dan))
    week = Window(ends_at=NOW + timedelta(days=7))
    proposal = Proposal(Verb.GRANT, (cast.dan,), cast.view, ("read_analyze",), window=week)
    (row,) = queries.preview(by=caller(cast.alice), number=number, proposal=proposal).rows
    assert (row.principal.name, row.gained.shown) == ("Dan", ("read_analyze",))
    requests.refuse(by=caller(cast.alice), request=number)
    assert queries.preview(by=caller(cast.alice), number=number, proposal=proposal).rows == ()


def test_dan_sees_of_his_own_only_what_was_answered_or_is_his_to_see(cast: Cast) -> None:
    """An open request for what he can't see would tell him that it is there (R-ENU-1)."""
    number = ask(caller(cast.dan))
    ask(caller(cast.dan), NOTHING)
    assert queries.own(by=caller(cast.dan)) == ()
    requests.refuse(by=caller(cast.alice), request=number, answer="No")
    (mine,) = queries.own(by=caller(cast.dan))
    assert (mine.ref, mine.resource, mine.state, mine.answer, mine.can_withdraw) == (ALL_DATA, None, RequestState.REFUSED, "No", False)


def test_cleo_sees_her_open_request_for_what_she_can_see(cast: Cast) -> None:
    number = ask(caller(cast.cleo))
    (mine,) = queries.own(by=caller(cast.cleo))
    assert mine.resource is not None
    assert (mine.number, mine.resource.name, mine.can_withdraw) == (number, "All data", True)
    with refused(NotFound, "not_found"):
        queries.own(by=OPERATOR)
    assert person("Eve")


def test_who_is_not_signed_in_holds_nothing_and_has_nobody_to_ask(cast: Cast) -> None:
    assert not holds_anything(by=STRANGER)
    assert contacts(by=STRANGER) == ()
    assert contacts(by=caller(cast.dan)) == (), "the command line is nobody to write to"
    assert holds_anything(by=caller(cast.cleo))
