"""Roles: exclusive where a platform has them. The gateway's three and its assigned pixels, the owners of MTS Analytics (semantics 1)."""

from dataclasses import dataclass, replace

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import bindings, people, resources
from keyholder.services.commands.bindings import Outcome
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, caller, holds, person, resource
from tests.remembered import remembered
from tests.services.holding import DAY, since, ticked, until
from tests.services.refusing import refused

EVERYTHING = {"manage_users", "manage_pixels", "edit_pixel", "delete_account", "view_all_applications", "view"}
ROLES = {"administrator": EVERYTHING, "standard": {"delete_account", "view"}, "view_only": {"view"}}


@dataclass(frozen=True)
class Agency:
    """Alice administers the client's account at the agency's host and a site of MTS Analytics; Ben, Cleo and Dan have nothing yet."""

    alice: PrincipalId
    ben: PrincipalId
    cleo: PrincipalId
    dan: PrincipalId
    host: ResourceId
    client: ResourceId
    pixel: ResourceId
    other: ResourceId
    site: ResourceId
    stream: ResourceId

    def role(self, who: PrincipalId, role: str, on: ResourceId | None = None) -> None:
        bindings.grant(by=OPERATOR, to=[who], on=on or self.client, role=role)


@pytest.fixture
def agency(db: None) -> Agency:
    """Return it in a transaction that is rolled back."""
    return remembered(build)


def build() -> Agency:
    """Build it."""
    alice, ben, cleo, dan = (person(name) for name in ("Alice", "Ben", "Cleo", "Dan"))
    host = resource(None, "host", "h1", "Agency")
    new = NewResource(ResourceRef("host_account", "7"), "Client", host)
    client = resources.create(by=OPERATOR, new=new, administrator=alice)
    pixel, other = (resource(alice, "pixel", key, f"Pixel {key}", client) for key in ("p1", "p2"))
    site = resource(alice, "resource", "m", "Site")
    stream = resource(alice, "stream", "s", "Stream", site)
    return Agency(alice, ben, cleo, dan, host, client, pixel, other, site, stream)


class TestGateway:
    @pytest.mark.parametrize("role", ROLES)
    def test_r089_exactly_one_of_three(self, agency: Agency, role: str) -> None:
        """R090: an administrator holds everything. Giving another role takes the place of the first."""
        for first in ROLES:
            agency.role(agency.ben, first)
            agency.role(agency.ben, role)
            assert (ticked(agency.ben, agency.client), holds(agency.ben, agency.client)) == ([role], ROLES[role])
        assert Binding.objects.filter(principal=agency.ben).count() == 1

    def test_r095_a_changed_role_is_effective_at_once(self, agency: Agency) -> None:
        agency.role(agency.ben, "view_only")
        bindings.set_permissions(by=caller(agency.alice), of=agency.ben, on=agency.client, role="administrator")
        assert holds(agency.ben, agency.client) == EVERYTHING

    def test_r096_revoked_in_one_account_and_untouched_in_the_others(self, agency: Agency) -> None:
        second = NewResource(ResourceRef("host_account", "8"), "Second", agency.host)
        account = resources.create(by=OPERATOR, new=second, administrator=agency.ben)
        agency.role(agency.ben, "standard")
        bindings.revoke(by=caller(agency.alice), of=[agency.ben], on=agency.client)
        assert (holds(agency.ben, agency.client), holds(agency.ben, account)) == (set(), EVERYTHING)

    @pytest.mark.parametrize("permissions", [["view"], ["manage_users"], ["edit_pixel"]], ids="+".join)
    def test_permissions_are_not_given_one_by_one(self, agency: Agency, permissions: list[str]) -> None:
        for on in (agency.host, agency.client):
            with refused(Invalid, "permissions", "administrator"):
                bindings.grant(
                    by=caller(agency.alice) if on == agency.client else OPERATOR, to=[agency.ben], on=on, permissions=permissions
                )

    @pytest.mark.parametrize(("role", "permissions"), [("owner", ()), ("standard", ("view",)), ("", ())])
    def test_only_its_own_roles_and_nothing_beside(self, agency: Agency, role: str, permissions: tuple[str, ...]) -> None:
        with refused(Invalid, "role" if role else "permissions"):
            bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.client, role=role, permissions=permissions)

    def test_r094_the_last_administrator_stays(self, agency: Agency) -> None:
        for role in ("standard", "view_only"):
            with refused(Conflict, "last_manager", "Client"):
                bindings.set_permissions(by=caller(agency.alice), of=agency.alice, on=agency.client, role=role)
        with refused(Conflict, "last_manager"):
            bindings.revoke(by=OPERATOR, of=[agency.alice], on=agency.client)


class TestPixels:
    def test_r091_standard_changes_the_assigned_pixels_only(self, agency: Agency) -> None:
        agency.role(agency.ben, "standard")
        bindings.grant(by=caller(agency.alice), to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])
        assert (holds(agency.ben, agency.pixel), holds(agency.ben, agency.other)) == (
            {"edit_pixel", "delete_account", "view"},
            {"delete_account", "view"},
        )
        resources.rename(by=caller(agency.ben), resource=agency.pixel, name="Mine")
        with refused(Forbidden, "lacks_permission"):
            resources.rename(by=caller(agency.ben), resource=agency.other, name="Mine")
        with refused(Forbidden, "lacks_permission"):
            bindings.grant(by=caller(agency.ben), to=[agency.alice], on=agency.pixel, permissions=["edit_pixel"])

    @pytest.mark.parametrize("role", ["", "view_only", "administrator"])
    def test_r091_only_who_has_the_standard_role_is_assigned(self, agency: Agency, role: str) -> None:
        if role:
            agency.role(agency.ben, role)
        with refused(Conflict, "unassignable", "Pixel p1", "Standard"):
            bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])

    def test_r091_nor_is_who_had_it_once(self, agency: Agency) -> None:
        """A role that is over is none; one that is to begin is, and the assignment waits for it."""
        over, coming = until(NOW + DAY), since(NOW + 3 * DAY)
        bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.client, role="standard", window=over)
        late = replace(OPERATOR, at=NOW + 2 * DAY)
        with refused(Conflict, "unassignable", "Pixel p1", "Standard"):
            bindings.grant(by=late, to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])
        bindings.grant(by=late, to=[agency.ben], on=agency.client, role="standard", window=coming)
        bindings.grant(by=late, to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])
        assert [holds(agency.ben, agency.pixel, NOW + days * DAY) for days in (2, 3)] == [set(), {"edit_pixel", "delete_account", "view"}]

    def test_a_standard_role_at_the_host_is_another_one(self, agency: Agency) -> None:
        agency.role(agency.ben, "standard", agency.host)
        with refused(Conflict, "unassignable"):
            bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])

    def test_machines_are_not_assigned(self, agency: Agency) -> None:
        robot = people.create_service_account(by=OPERATOR, name="Robot")
        agency.role(robot, "standard")
        with refused(Conflict, "unassignable"):
            bindings.grant(by=OPERATOR, to=[robot], on=agency.pixel, permissions=["edit_pixel"])

    def test_an_assignment_counts_while_the_role_is_in_force(self, agency: Agency) -> None:
        agency.role(agency.ben, "standard")
        bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.pixel, permissions=["edit_pixel"])
        agency.role(agency.ben, "view_only")
        assert holds(agency.ben, agency.pixel) == {"view"}
        agency.role(agency.ben, "standard")
        assert "edit_pixel" in holds(agency.ben, agency.pixel)

    def test_no_role_at_a_pixel(self, agency: Agency) -> None:
        with refused(Invalid, "role"):
            bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.pixel, role="standard")


class TestOwners:
    def test_there_are_one_or_more(self, agency: Agency) -> None:
        """MTS keeps at least one standing owner of each resource; an administrator is none (semantics 1)."""
        agency.role(agency.ben, "administrator", agency.site)
        for less in ("administrator", ""):
            with refused(Conflict, "last_manager", "Site", "Owner"):
                bindings.set_permissions(by=caller(agency.alice), of=agency.alice, on=agency.site, role=less)
        agency.role(agency.ben, "owner", agency.site)
        bindings.set_permissions(by=caller(agency.ben), of=agency.alice, on=agency.site, role="administrator")
        assert ticked(agency.ben, agency.site) == ["owner"]

    def test_r108_who_manages_a_stream_grants_there(self, agency: Agency) -> None:
        bindings.grant(by=caller(agency.alice), to=[agency.alice], on=agency.stream, permissions=["view"])
        bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.stream, permissions=["manage"])
        bindings.grant(by=caller(agency.ben), to=[agency.alice], on=agency.stream, permissions=["manage"])
        with refused(Forbidden, "lacks_permission", "Manage"):
            bindings.grant(by=caller(agency.ben), to=[agency.ben], on=agency.site, role="owner")
        agency.role(agency.cleo, "administrator", agency.site)
        bindings.grant(by=caller(agency.cleo), to=[agency.ben], on=agency.site, permissions=["view"])
        with refused(NotFound, "not_found"):
            bindings.grant(by=caller(agency.dan), to=[agency.ben], on=agency.stream, permissions=["view"])

    def test_permissions_never_take_the_place_of_a_role(self, agency: Agency) -> None:
        """Whoever adds an owner as a viewer takes nothing from them: an owner views already."""
        agency.role(agency.ben, "owner", agency.site)
        (given,) = bindings.grant(by=caller(agency.alice), to=[agency.ben], on=agency.site, permissions=["view"])
        assert (given.outcome, ticked(agency.ben, agency.site)) == (Outcome.UNCHANGED, ["owner"])

    def test_a_role_takes_the_place_of_permissions(self, agency: Agency) -> None:
        bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.site, permissions=["view"])
        (given,) = bindings.grant(by=caller(agency.alice), to=[agency.ben], on=agency.site, role="administrator")
        assert (given.outcome, ticked(agency.ben, agency.site)) == (Outcome.MERGED, ["administrator"])

    def test_a_role_is_taken_as_a_whole(self, agency: Agency) -> None:
        agency.role(agency.ben, "administrator", agency.site)
        with refused(Conflict, "has_role", "Ben", "Administrator", "Site"):
            bindings.take(by=caller(agency.alice), of=[agency.ben], on=agency.site, permissions=["view"])
        bindings.revoke(by=caller(agency.alice), of=[agency.ben], on=agency.site)

    def test_a_role_for_a_time_stands_beside_one_without(self, agency: Agency) -> None:
        """Roles exclude each other within one binding, and a window makes a binding of its own (semantics 3)."""
        agency.role(agency.ben, "view_only")
        bindings.grant(by=OPERATOR, to=[agency.ben], on=agency.client, role="administrator", window=until(NOW + DAY))
        assert (holds(agency.ben, agency.client), holds(agency.ben, agency.client, NOW + DAY)) == (EVERYTHING, {"view"})
        with refused(Conflict, "has_role", "Ben", "Administrator"):
            bindings.move_window(by=caller(agency.alice), of=[agency.ben], on=agency.client, to=until(NOW + DAY))
