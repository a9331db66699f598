"""A host and its clients: who is known to whom, who sees whose users (R098, reading 28, semantics 4 and 9)."""

from dataclasses import dataclass

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, NotFound
from keyholder.services.commands import bindings, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import acquaintances
from keyholder.services.queries import bindings as editors
from keyholder.services.queries.acquaintances import Prospect
from tests.cast import OPERATOR, caller, holds, person, resource
from tests.remembered import remembered
from tests.services.refusing import refused


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
