"""Asking the other side to agree to a link, and answering (R083, semantics 5): both sides agree, nobody learns what there is by asking."""

from dataclasses import replace

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef, TenantId
from keyholder.domain.linking import Side
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.caller import Caller, Closed
from keyholder.services.commands import bindings, link_requests, organization_links, organization_roles, organizations
from keyholder.services.queries import link_outsiders, linking
from keyholder.services.queries import link_requests as queries
from keyholder.storage.models import Event, LinkRequest, Organization, Resource
from tests.cast import OPERATOR, Cast, caller, holds, person, resource
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused

MARKET = ResourceRef("account", "200")


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Make an account of Dan's, who is outside of Acme."""
    return resource(cast.dan, "account", "200", "Market")


def linked(account: ResourceId) -> int | None:
    return Resource.objects.get(pk=account).organization_id


def asked(cast: Cast, market: ResourceId) -> int:
    """Let Dan ask Acme to take his account in."""
    link_requests.ask_organization(by=caller(cast.dan), account=market, organization="acme", reason="We are one company now")
    return LinkRequest.objects.latest("pk").pk


def wanted(cast: Cast) -> int:
    """Let Alice ask for Dan's account, which she can't see."""
    link_requests.ask_account(by=caller(cast.alice), organization=cast.acme, account=MARKET)
    return LinkRequest.objects.latest("pk").pk


class TestAsking:
    def test_the_admins_of_the_organization_find_what_the_account_asks(self, cast: Cast, market: ResourceId) -> None:
        number = asked(cast, market)
        (found,) = queries.requests(by=caller(cast.alice)).to_decide
        assert (found.number, found.side, found.asker and found.asker.name, found.reason) == (
            number,
            Side.ACCOUNT,
            "Dan",
            "We are one company now",
        )
        assert (found.account and found.account.name, found.organization and found.organization.name) == ("Market", "Acme")
        assert queries.waiting(by=caller(cast.alice)) == 1
        assert [queries.waiting(by=caller(who)) for who in (cast.ben, cast.cleo, cast.dan)] == [0, 0, 0]

    def test_who_manages_the_account_finds_what_the_organization_asks(self, cast: Cast, market: ResourceId) -> None:
        wanted(cast)
        (found,) = queries.requests(by=caller(cast.dan)).to_decide
        assert (found.account and found.account.name, found.organization and found.organization.name) == ("Market", "Acme")
        assert queries.requests(by=caller(cast.ben)).to_decide == ()

    def test_nobody_learns_by_asking_whether_there_is_such_a_thing(self, cast: Cast, market: ResourceId) -> None:
        """R-ENU-1, R-TEN-1: what is there and what is not are asked for alike, and look alike to who asked."""
        before = last()
        for name in ("acme", "nobody"):
            link_requests.ask_organization(by=caller(cast.dan), account=market, organization=name)
        assert actions(before) == ["link.asked", "link.asked"]
        own = queries.requests(by=caller(cast.dan)).own
        assert [(one.asked, one.organization) for one in own] == [("acme", None), ("nobody", None)]
        for key in ("200", "999"):
            link_requests.ask_account(by=caller(cast.alice), organization=cast.acme, account=ResourceRef("account", key))
        own = queries.requests(by=caller(cast.alice)).own
        assert [(one.asked, one.account) for one in own] == [("account:200", None), ("account:999", None)]
        told = Event.objects.filter(action="link.asked", details__resource__startswith="account:")
        assert set(told.values_list("details__resource", flat=True)) == {"account:200", "account:999"}

    def test_only_who_speaks_for_a_side_asks(self, cast: Cast, market: ResourceId) -> None:
        with refused(NotFound, "not_found"):
            link_requests.ask_organization(by=caller(cast.ben), account=market, organization="acme")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=market, permissions=["edit"])
        with refused(Forbidden, "account_side", "Market"):
            link_requests.ask_organization(by=caller(cast.ben), account=market, organization="acme")
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        with refused(Forbidden, "not_admin", "Acme"):
            link_requests.ask_account(by=caller(cast.ben), organization=cast.acme, account=MARKET)
        with refused(NotFound, "not_found"):
            link_requests.ask_account(by=caller(cast.dan), organization=cast.acme, account=MARKET)

    def test_what_can_not_be_linked_is_not_asked(self, cast: Cast, market: ResourceId) -> None:
        with refused(Conflict, "linked", "Shop"):
            link_requests.ask_organization(by=caller(cast.alice), account=cast.account, organization="bolt")
        with refused(Invalid, "not_linkable", "Web"):
            link_requests.ask_organization(by=caller(cast.alice), account=cast.property, organization="bolt")
        with refused(Invalid, "not_linkable"):
            link_requests.ask_account(by=caller(cast.alice), organization=cast.acme, account=ResourceRef("view", "1001"))
        with refused(Invalid, "other"):
            link_requests.ask_organization(by=caller(cast.dan), account=market, organization="  ")

    def test_one_asks_once_and_not_without_end(self, cast: Cast, market: ResourceId) -> None:
        asked(cast, market)
        with refused(Conflict, "asked"):
            asked(cast, market)
        for number in range(link_requests.MOST_OPEN - 1):
            link_requests.ask_organization(by=caller(cast.dan), account=market, organization=f"o{number}")
        with refused(Conflict, "too_many_open"):
            link_requests.ask_organization(by=caller(cast.dan), account=market, organization="bolt")


class TestAnswering:
    def test_r083_the_organization_agrees_and_the_account_is_linked(self, cast: Cast, market: ResourceId) -> None:
        number, before = asked(cast, market), last()
        link_requests.accept(by=caller(cast.alice), request=number)
        assert (linked(market), holds(cast.alice, market)) == (cast.acme, {"manage_users"})
        assert set(actions(before)) == {"link.accepted", "organization.account_linked"}
        assert queries.requests(by=caller(cast.alice)).to_decide == ()
        assert chains_hold()

    def test_r083_the_account_agrees_and_is_linked(self, cast: Cast, market: ResourceId) -> None:
        link_requests.accept(by=caller(cast.dan), request=wanted(cast))
        assert linked(market) == cast.acme

    def test_who_asked_can_not_answer(self, cast: Cast, market: ResourceId) -> None:
        """I-AZ-9: one side alone never links."""
        for number, asker in ((asked(cast, market), cast.dan), (wanted(cast), cast.alice)):
            for answer in (link_requests.accept, link_requests.refuse):
                with refused(NotFound, "not_found"):
                    answer(by=caller(asker), request=number)
        assert linked(market) is None

    def test_nobody_else_answers_or_withdraws(self, cast: Cast, market: ResourceId) -> None:
        number = asked(cast, market)
        for who in (cast.ben, cast.cleo):
            for act in (link_requests.accept, link_requests.refuse, link_requests.withdraw):
                with refused(NotFound, "not_found"):
                    act(by=caller(who), request=number)
        with refused(NotFound, "not_found"):
            link_requests.accept(by=caller(cast.alice), request=number + 1)

    def test_who_asked_has_to_speak_for_their_side_still(self, cast: Cast, market: ResourceId) -> None:
        """Both sides agree at the moment of the link, not once upon a time."""
        number = asked(cast, market)
        bindings.grant(by=OPERATOR, to=[person("Eve")], on=market, permissions=["manage_users"])
        bindings.revoke(by=OPERATOR, of=[cast.dan], on=market)
        with refused(Conflict, "asker_may_not", "Dan"):
            link_requests.accept(by=caller(cast.alice), request=number)
        assert linked(market) is None

    def test_an_admin_who_is_none_any_more_has_asked_for_nothing(self, cast: Cast, market: ResourceId) -> None:
        number = wanted(cast)
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        organization_roles.dismiss(by=caller(cast.alice), organization=cast.acme, user=cast.alice)
        with refused(Conflict, "asker_may_not", "Alice"):
            link_requests.accept(by=caller(cast.dan), request=number)

    def test_the_command_line_asks_for_whom_it_likes(self, cast: Cast, market: ResourceId) -> None:
        link_requests.ask_account(by=OPERATOR, organization=cast.acme, account=MARKET)
        link_requests.accept(by=caller(cast.dan), request=LinkRequest.objects.latest("pk").pk)
        assert linked(market) == cast.acme

    def test_refused_or_withdrawn_it_is_settled(self, cast: Cast, market: ResourceId) -> None:
        number, before = asked(cast, market), last()
        link_requests.refuse(by=caller(cast.alice), request=number, reason="Not ours")
        assert set(actions(before)) == {"link.refused"}
        with refused(Conflict, "not_open"):
            link_requests.accept(by=caller(cast.alice), request=number)
        again = asked(cast, market)
        link_requests.withdraw(by=caller(cast.dan), request=again)
        with refused(Conflict, "not_open"):
            link_requests.refuse(by=caller(cast.alice), request=again)
        assert linked(market) is None

    def test_what_was_linked_otherwise_waits_for_nobody(self, cast: Cast, market: ResourceId) -> None:
        number, other = asked(cast, market), wanted(cast)
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        organization_links.link_account(by=caller(cast.dan), organization=bolt, account=market)
        assert LinkRequest.objects.get(pk=number).state == "withdrawn"
        assert queries.requests(by=caller(cast.alice)).to_decide == ()
        assert queries.requests(by=caller(cast.dan)).to_decide == ()
        with refused(Conflict, "linked", "Market"):
            link_requests.accept(by=caller(cast.dan), request=other)

    def test_one_request_is_there_for_who_may_answer_it_alone(self, cast: Cast, market: ResourceId) -> None:
        number = asked(cast, market)
        assert queries.request(by=caller(cast.alice), number=number).account is not None
        for who in (cast.dan, cast.ben):
            with refused(NotFound, "not_found"):
                queries.request(by=caller(who), number=number)


class TestThroughOneProvider:
    """An organization that lets people in only through one provider is spoken for by nobody who came otherwise (semantics 5)."""

    def shut(self, cast: Cast) -> Caller:
        home = Organization.objects.get(pk=cast.acme)
        closed = Closed(cast.acme, TenantId(home.tenant_id), home.name, "MTS ID", "mts")
        return replace(caller(cast.alice), closed=(closed,))

    def test_who_came_otherwise_answers_nothing_for_it(self, cast: Cast, market: ResourceId) -> None:
        number, by = asked(cast, market), self.shut(cast)
        assert queries.requests(by=by).to_decide == ()
        for act in (link_requests.accept, link_requests.refuse, link_outsiders.of_request):
            with refused(Forbidden, "through_provider", "MTS ID"):
                act(by=by, request=number)
        with refused(Forbidden, "through_provider", "Acme"):
            queries.request(by=by, number=number)
        assert linked(market) is None

    def test_nor_asks_and_withdraws_nor_is_offered_it(self, cast: Cast, market: ResourceId) -> None:
        number, by = wanted(cast), self.shut(cast)
        with refused(Forbidden, "through_provider"):
            link_requests.withdraw(by=by, request=number)
        mine = resource(cast.alice, "account", "300", "Blog")
        assert linking.linking(by=by, at=mine).own == ()

    def test_the_other_side_answers_however_they_came(self, cast: Cast, market: ResourceId) -> None:
        number = wanted(cast)
        link_requests.accept(by=replace(self.shut(cast), principal=cast.dan), request=number)
        assert linked(market) == cast.acme
