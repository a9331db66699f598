"""Removing people on the other platforms: Meta's *Revoke*, MTS's owners (R094, R096, semantics 4)."""

from dataclasses import dataclass

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict
from keyholder.engine.sources import SourceKind
from keyholder.services.commands import bindings, removal, resources
from keyholder.services.commands.resources import NewResource
from tests.cast import OPERATOR, Cast, caller, holds, resource
from tests.services.refusing import refused


@dataclass(frozen=True)
class Agency:
    """A host of Alice's with an account of Ben's and a pixel."""

    host: ResourceId
    client: ResourceId
    pixel: ResourceId


@pytest.fixture
def agency(cast: Cast) -> Agency:
    """Make the host, its account and a pixel assigned to Cleo."""
    host = resource(None, "host", "h1", "Agency")
    bindings.grant(by=OPERATOR, to=[cast.alice], on=host, role="administrator")
    client = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben)
    pixel = resource(None, "pixel", "p1", "Checkout", client)
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=client, role="standard")
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=pixel, permissions=["edit_pixel"])
    return Agency(host, client, pixel)


class TestOnOtherPlatforms:
    def test_r096_revoking_ends_access_to_that_account_and_its_pixels(self, cast: Cast, agency: Agency) -> None:
        removal.remove(by=caller(cast.ben), who=[cast.cleo], at=agency.client)
        assert [holds(cast.cleo, on) for on in (agency.client, agency.pixel)] == [set(), set()]
        assert holds(cast.cleo, cast.account) == {"read_analyze"}

    def test_r094_the_last_administrator_stays_whatever_the_host_has(self, cast: Cast, agency: Agency) -> None:
        with refused(Conflict, "last_manager", "Client"):
            removal.remove(by=caller(cast.alice), who=[cast.ben], at=agency.client)

    def test_r058_what_comes_from_the_host_is_named(self, cast: Cast, agency: Agency) -> None:
        bindings.grant(by=OPERATOR, to=[cast.alice], on=agency.client, role="view_only")
        (removed,) = removal.remove(by=caller(cast.ben), who=[cast.alice], at=agency.client)
        assert [(r.kind, r.resource_name, r.source_name) for r in removed.remaining] == [(SourceKind.DIRECT, "Agency", "Agency")]
        with refused(Conflict, "inherited", "Alice", "Client", "Agency"):
            removal.remove(by=caller(cast.ben), who=[cast.alice], at=agency.client)

    def test_a_host_is_no_account(self, cast: Cast, agency: Agency) -> None:
        with refused(Conflict, "not_account_level", "Agency"):
            removal.remove(by=caller(cast.alice), who=[cast.alice], at=agency.host)

    def test_mts_keeps_an_owner_whoever_manages(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=counter, role="administrator")
        with refused(Conflict, "last_manager", "Counter", "Owner"):
            removal.remove(by=caller(cast.ben), who=[cast.alice], at=counter)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=counter, role="owner")
        removal.remove(by=caller(cast.ben), who=[cast.alice], at=counter)
        assert holds(cast.alice, counter) == set()
