"""A host and its clients: who is known to whom, who sees whose users (R098, reading 28, semantics 4 and 9)."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.engine.decision import Decision, Question, check
from keyholder.services.commands import additions, bindings, inviting, resources
from keyholder.services.commands import assignments as assigning
from keyholder.services.commands.bindings import Outcome
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import acquaintances, assignments
from keyholder.services.queries import bindings as editors
from keyholder.services.queries.acquaintances import Prospect
from keyholder.services.queries.decisions import Asked
from keyholder.services.queries.delegating import delegating
from keyholder.services.queries.explanations import explanation
from keyholder.services.queries.roster import roster
from keyholder.services.queries.tree import path
from keyholder.storage import blueprints, slices
from tests.cast import NOW, OPERATOR, caller, holds, person, resource
from tests.remembered import remembered
from tests.services.holding import ticked
from tests.services.inviting_people import accept, link_of, random
from tests.services.refusing import refused

STANDARD = {"view", "delete_account"}


@dataclass(frozen=True)
class Agency:
    """Alice administers the host, Ben looks on there. Cleo administers one client, Dan another; Eve views Dan's."""

    alice: PrincipalId
    ben: PrincipalId
    cleo: PrincipalId
    dan: PrincipalId
    eve: PrincipalId
    host: ResourceId
    bakery: ResourceId
    books: ResourceId


@pytest.fixture
def agency(db: None) -> Agency:
    """Return it in a transaction that is rolled back."""
    return remembered(build)


def build() -> Agency:
    """Build it."""
    alice, ben, cleo, dan, eve = (person(name) for name in ("Alice", "Ben", "Cleo", "Dan", "Eve"))
    host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=alice)
    bindings.grant(by=OPERATOR, to=[ben], on=host, role="view_only")
    bakery, books = (
        resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", key), name, host), administrator=administrator)
        for key, name, administrator in (("7", "Bakery", cleo), ("8", "Books", dan))
    )
    bindings.grant(by=OPERATOR, to=[eve], on=books, role="view_only")
    resource(cleo, "pixel", "p1", "Site", bakery)
    return Agency(alice, ben, cleo, dan, eve, host, bakery, books)


class TestKnown:
    """Clients of one host never see each other, though they share a tenant (semantics 9)."""

    def test_r098_of_another_client_cleo_learns_nothing(self, agency: Agency) -> None:
        """Eve, who views the books, is to her what somebody is who has no person here."""
        typed = ["eve@acme.example", "nobody@acme.example"]
        found = acquaintances.recognise(by=caller(agency.cleo), at=agency.bakery, typed=typed)
        assert [(one.prospect, one.principal) for one in found] == [(Prospect.STRANGER, None)] * 2
        with refused(Conflict, "not_known"):
            bindings.grant(by=caller(agency.cleo), to=[agency.eve], on=agency.bakery, role="view_only")
        with refused(NotFound, "not_found"):
            editors.editor(by=caller(agency.cleo), of=agency.eve, at=agency.bakery)

    def test_r098_nor_by_how_much_work_it_makes(self, agency: Agency) -> None:
        """The database is asked as much about Eve as about nobody, where somebody is looked up to be added or to be explained."""

        def asked(address: str) -> list[int]:
            looks = (
                lambda: acquaintances.recognise(by=caller(agency.cleo), at=agency.bakery, typed=[address]),
                lambda: explanation(by=caller(agency.cleo), asked=Asked(address, ResourceRef("host_account", "7"), "view")),
            )
            numbers = []
            for look in looks:
                with CaptureQueriesContext(connection) as queries:
                    look()
                numbers.append(len(queries))
            return numbers

        asked("warm@acme.example")
        assert asked("eve@acme.example") == asked("nobody@acme.example")

    def test_who_comes_from_the_host_is_known_while_it_manages(self, agency: Agency) -> None:
        bindings.grant(by=caller(agency.cleo), to=[agency.ben], on=agency.bakery, role="standard")
        bindings.revoke(by=caller(agency.cleo), of=[agency.ben], on=agency.bakery)
        resources.delegate(by=caller(agency.cleo), account=agency.bakery, managed=False)
        with refused(Conflict, "not_known"):
            bindings.grant(by=caller(agency.cleo), to=[agency.ben], on=agency.bakery, role="standard")

    def test_the_hosts_administrator_knows_the_people_of_all_who_delegate(self, agency: Agency) -> None:
        bindings.grant(by=caller(agency.alice), to=[agency.eve], on=agency.bakery, role="view_only")
        assert holds(agency.eve, agency.bakery) == {"view"}
        resources.delegate(by=caller(agency.dan), account=agency.books, managed=False)
        with refused(Conflict, "not_known"):
            bindings.grant(by=caller(agency.alice), to=[agency.dan], on=agency.bakery, role="view_only")


@pytest.mark.parametrize(("invited", "held"), [("view_only", "administrator"), ("administrator", "standard")])
def test_who_accepts_a_role_loses_none_that_gives_as_much(agency: Agency, invited: str, held: str) -> None:
    """Fay was invited and then given a role: the invitation gives what she lacks, and takes nothing."""
    fay = person("Fay")
    (sent,) = inviting.invite(
        by=caller(agency.cleo), at=agency.bakery, addresses=["fay@acme.example"], random=[random()], wish=Wish(role=invited)
    )
    bindings.grant(by=OPERATOR, to=[fay], on=agency.bakery, role=held)
    accept(link_of(sent), fay)
    assert ticked(fay, agency.bakery) == ["administrator"]


def test_r046_nor_does_who_is_added_once_more(agency: Agency) -> None:
    """Fay and Dan are added to view; Fay administers the account already, and the page says that she has all of it."""
    fay = person("Fay")
    bindings.grant(by=OPERATOR, to=[fay], on=agency.bakery, role="administrator")
    added = additions.add(by=caller(agency.alice), to=[fay, agency.dan], on=agency.bakery, role="view_only")
    assert [(row.principal, row.outcome) for row in added] == [(fay, Outcome.UNCHANGED), (agency.dan, Outcome.ADDED)]
    assert (ticked(fay, agency.bakery), ticked(agency.dan, agency.bakery)) == (["administrator"], ["view_only"])


class TestAssigning:
    """What counts only beside a role is given to people one by one (reading 22, R091)."""

    @pytest.fixture
    def second(self, agency: Agency) -> ResourceId:
        """Make a second pixel of the bakery; Eve, whom the host knows, has the standard role there."""
        bindings.grant(by=OPERATOR, to=[agency.eve], on=agency.bakery, role="standard")
        return resource(agency.cleo, "pixel", "p2", "Shop", agency.bakery)

    def test_r091_what_is_new_is_nobodys_until_cleo_assigns_it(self, agency: Agency, second: ResourceId) -> None:
        found = assignments.of_person(by=caller(agency.cleo), of=agency.eve, at=agency.bakery)
        assert [(one.resource.name, one.is_assigned, one.counts) for one in found] == [("Shop", False, True), ("Site", False, True)]
        assigning.assign(by=caller(agency.cleo), at=agency.bakery, give_to=[(agency.eve, second)])
        first = next(one.resource.id for one in found if one.resource.id != second)
        assert (holds(agency.eve, second), holds(agency.eve, first)) == (
            {"edit_pixel", "view", "delete_account"},
            {"view", "delete_account"},
        )
        assigning.assign(by=caller(agency.cleo), at=agency.bakery, give_to=[(agency.eve, first)], take_from=[(agency.eve, second)])
        assert ("edit_pixel" in holds(agency.eve, second), "edit_pixel" in holds(agency.eve, first)) == (False, True)

    def test_r_ten_1_who_lost_the_role_sees_nothing_by_what_sleeps(self, agency: Agency, second: ResourceId) -> None:
        """The assignment is kept for the day when they have the role again; until then the account does not exist for them."""
        assigning.assign(by=caller(agency.cleo), at=second, give_to=[(agency.eve, second)])
        bindings.revoke(by=caller(agency.cleo), of=[agency.eve], on=agency.bakery)
        for ref in (ResourceRef("host_account", "7"), ResourceRef("pixel", "p2")):
            with refused(NotFound, "not_found"):
                path(by=caller(agency.eve), ref=ref)
        bindings.grant(by=OPERATOR, to=[agency.eve], on=agency.bakery, role="standard")
        assert [node.name for node in path(by=caller(agency.eve), ref=ResourceRef("pixel", "p2"))] == ["Agency", "Bakery", "Shop"]

    def test_it_counts_only_while_the_role_does(self, agency: Agency, second: ResourceId) -> None:
        assigning.assign(by=caller(agency.cleo), at=second, give_to=[(agency.eve, second)])
        bindings.set_permissions(by=caller(agency.cleo), of=agency.eve, on=agency.bakery, role="view_only")
        assert holds(agency.eve, second) == {"view"}
        (one,) = assignments.of_node(by=caller(agency.cleo), at=second)
        assert (one.principal.id, one.is_assigned, one.counts) == (agency.eve, True, False)
        bindings.set_permissions(by=caller(agency.cleo), of=agency.eve, on=agency.bakery, role="standard")
        assert "edit_pixel" in holds(agency.eve, second)

    def test_not_to_who_lacks_the_role_and_not_elsewhere(self, agency: Agency, second: ResourceId) -> None:
        bindings.grant(by=OPERATOR, to=[agency.dan], on=agency.bakery, role="view_only")
        with refused(Conflict, "unassignable", "Shop", "Standard"):
            assigning.assign(by=caller(agency.cleo), at=agency.bakery, give_to=[(agency.dan, second)])
        with refused(NotFound, "not_found"):
            assigning.assign(by=caller(agency.dan), at=agency.books, give_to=[(agency.eve, second)])
        with refused(Invalid, "not_assigned"):
            assigning.assign(by=caller(agency.cleo), at=agency.bakery, give_to=[(agency.eve, agency.bakery)])
        with refused(Forbidden, "lacks_permission"):
            assigning.assign(by=caller(agency.eve), at=second, give_to=[(agency.eve, second)])


class TestSeeing:
    """S001-20, reading 28: host users see the users of accounts that delegate, its administrators change them."""

    def seen(self, who: PrincipalId, at: ResourceId) -> set[str]:
        """Return whom somebody sees at a node."""
        return {row.access.principal.name for row in roster(by=caller(who), at=at).rows}

    def test_r098_ben_who_only_views_sees_the_users_of_who_delegates(self, agency: Agency) -> None:
        assert self.seen(agency.ben, agency.bakery) == self.seen(agency.alice, agency.bakery) == {"Alice", "Ben", "Cleo"}
        assert checked(agency.ben, agency.bakery).allowed
        with refused(Forbidden, "lacks_permission"):
            bindings.grant(by=caller(agency.ben), to=[agency.ben], on=agency.bakery, role="administrator")
        resources.delegate(by=caller(agency.cleo), account=agency.bakery, managed=False)
        assert not checked(agency.ben, agency.bakery).allowed
        for somebody in (agency.ben, agency.alice):
            with refused(NotFound, "not_found"):
                self.seen(somebody, agency.bakery)

    def test_r098_who_only_views_an_account_sees_no_users_and_no_client_sees_another(self, agency: Agency) -> None:
        with refused(Forbidden, "lacks_permission"):
            self.seen(agency.eve, agency.books)
        with refused(NotFound, "not_found"):
            self.seen(agency.cleo, agency.books)
        with refused(Forbidden, "lacks_permission"):
            self.seen(agency.ben, agency.host)

    def test_r099_the_list_holds_exactly_who_delegates_at_every_request(self, agency: Agency) -> None:
        def listed(who: PrincipalId) -> list[str]:
            return [one.name for one in delegating(by=caller(who), path=path(by=caller(who), ref=ResourceRef("host", "h1")))]

        assert (listed(agency.alice), listed(agency.ben)) == (["Bakery", "Books"], ["Bakery", "Books"])
        assert (listed(agency.cleo), listed(agency.dan)) == ([], [])
        bindings.grant(by=caller(agency.dan), to=[agency.ben], on=agency.books, role="view_only")
        resources.delegate(by=caller(agency.dan), account=agency.books, managed=False)
        assert (listed(agency.alice), listed(agency.ben)) == (["Bakery"], ["Bakery"])
        resources.delegate(by=caller(agency.dan), account=agency.books, managed=True)
        assert listed(agency.ben) == ["Bakery", "Books"]


def checked(who: PrincipalId, at: ResourceId) -> Decision:
    """Ask the engine whether somebody may see the users of a node."""
    return check(slices.of([who], [at]), blueprints.catalogue(), Question(who, at, action="user.view"), NOW)
