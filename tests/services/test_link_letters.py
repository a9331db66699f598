"""Letters about links to organizations: to who may agree, and to who asked (semantics 5); asking tells nothing by them (R-ENU-1)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.windows import Window
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, link_requests, organization_roles, outbox, people
from keyholder.storage.models import Letter, LinkRequest
from tests.cast import NOW, OPERATOR, Cast, caller, person, resource
from tests.services import mailing
from tests.services.test_requests import shape

WORKER = Caller(None, NOW, Channel.SYSTEM)


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Make an account of Dan's, who is outside of Acme, and set up a mail server."""
    mailing.begin()
    return resource(cast.dan, "account", "200", "Market")


def ask_organization(cast: Cast, market: ResourceId, organization: str = "acme") -> int:
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization=organization, reason="One company")
    return LinkRequest.objects.latest("pk").pk


def ask_account(cast: Cast, key: str = "200") -> int:
    link_requests.ask_account(by=caller(cast.alice), organization=cast.acme, account=ResourceRef("account", key))
    return LinkRequest.objects.latest("pk").pk


def told(kind: LetterKind) -> list[str]:
    return [letter.recipient for letter in mailing.letters(kind)]


def test_the_admins_of_the_organization_are_asked_each_in_their_language(cast: Cast, market: ResourceId) -> None:
    """Its user admins can't agree, and whose role sleeps can't either."""
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
    asleep = person("Eve")
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=asleep, role=OrganizationRole.ADMIN)
    people.suspend(by=OPERATOR, user=asleep)
    people.choose_language(by=caller(cast.ben), language="pl")
    ask_organization(cast, market)
    found = mailing.letters(LetterKind.LINK_ASKED)
    assert [(letter.recipient, letter.language) for letter in found] == [("alice@acme.example", ""), ("ben@acme.example", "pl")]
    assert found[0].path == "/requests/"
    assert found[0].details == {
        "account": "Market",
        "key": "account:200",
        "organization": "Acme",
        "side": "account",
        "asker": "Dan",
        "address": "dan@acme.example",
        "reason": "One company",
    }


def test_who_may_link_the_account_is_asked_for_however_long_they_may(cast: Cast, market: ResourceId) -> None:
    """Managing its users alone is not enough to agree."""
    window = Window(ends_at=NOW + timedelta(days=1))
    bindings.grant(by=OPERATOR, to=[cast.ben], on=market, permissions=["manage_users", "edit"], window=window)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=market, permissions=["manage_users"])
    ask_account(cast)
    assert told(LetterKind.LINK_ASKED) == ["ben@acme.example", "dan@acme.example"]


def test_the_command_line_asks_everybody(cast: Cast, market: ResourceId) -> None:
    link_requests.ask_account(by=OPERATOR, organization=cast.acme, account=ResourceRef("account", "200"))
    (letter,) = mailing.letters(LetterKind.LINK_ASKED)
    assert (letter.recipient, letter.details["address"]) == ("dan@acme.example", "")


@pytest.mark.parametrize("is_mailing", [False, True], ids=["without mail", "with mail"])
def test_r_enu_1_the_database_does_the_same_whether_or_not_it_is_there(cast: Cast, is_mailing: bool) -> None:  # noqa: FBT001 - a case
    market = resource(cast.dan, "account", "200", "Market")
    if is_mailing:
        mailing.begin()
    ask_organization(cast, market, "first")
    ask_account(cast, "998")
    assert statements(lambda: ask_organization(cast, market, "nobody")) == statements(lambda: ask_organization(cast, market, "acme"))
    assert statements(lambda: ask_account(cast, "999")) == statements(lambda: ask_account(cast, "200"))


def statements(act: Callable[[], object]) -> list[str]:
    """Return what is asked of the database, the marks within its transactions apart."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return [shape(query["sql"]) for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_what_nobody_may_answer_is_sent_to_nobody(cast: Cast, market: ResourceId) -> None:
    ask_organization(cast, market, "nobody")
    assert told(LetterKind.LINK_ASKED) == ["dan@acme.example"]
    assert outbox.lease(by=WORKER) is None
    assert Letter.objects.get().state == "withdrawn"


def test_who_may_answer_no_more_when_their_letter_is_to_go_gets_none(cast: Cast, market: ResourceId) -> None:
    """I-OB-1: it is judged again at the moment of sending."""
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
    ask_organization(cast, market)
    organization_roles.dismiss(by=OPERATOR, organization=cast.acme, user=cast.alice)
    leased = outbox.lease(by=WORKER)
    assert leased is not None
    assert leased.letter.recipient == "ben@acme.example"


@pytest.mark.parametrize("how", ["accept", "refuse"])
def test_who_asked_is_told_what_became_of_it_and_nobody_is_asked_any_more(cast: Cast, market: ResourceId, how: str) -> None:
    """What is refused is called as it was asked for: the asker learns no more of it (R-TEN-1)."""
    number = ask_organization(cast, market)
    if how == "accept":
        link_requests.accept(by=caller(cast.alice), request=number)
    else:
        link_requests.refuse(by=caller(cast.alice), request=number, reason="Not ours")
    assert told(LetterKind.LINK_ASKED) == []
    (letter,) = mailing.letters(LetterKind.LINK_ANSWERED)
    assert (letter.recipient, letter.path) == ("dan@acme.example", "/requests/")
    expected = (
        {"approved": True, "organization": "Acme", "answer": ""}
        if how == "accept"
        else {"approved": False, "organization": "acme", "answer": "Not ours"}
    )
    assert letter.details == {"account": "Market", **expected}


def test_what_was_taken_back_or_was_asked_by_the_command_line_is_answered_to_nobody(cast: Cast, market: ResourceId) -> None:
    link_requests.withdraw(by=caller(cast.dan), request=ask_organization(cast, market))
    link_requests.ask_account(by=OPERATOR, organization=cast.acme, account=ResourceRef("account", "200"))
    link_requests.refuse(by=caller(cast.dan), request=LinkRequest.objects.latest("pk").pk)
    assert Letter.objects.filter(state="waiting").count() == 0


def test_who_was_suspended_meanwhile_is_not_told(cast: Cast, market: ResourceId) -> None:
    number = ask_organization(cast, market)
    bindings.grant(by=OPERATOR, to=[PrincipalId(cast.ben)], on=market, permissions=["manage_users"])
    people.suspend(by=OPERATOR, user=cast.dan)
    link_requests.refuse(by=caller(cast.alice), request=number)
    assert told(LetterKind.LINK_ANSWERED) == []
