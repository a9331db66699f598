"""Linking an account to an organization and unlinking it: both sides, the log, what groups had (R083, semantics 5 and 9)."""

import pytest

from keyholder.domain.identifiers import OrganizationId, PrincipalId, ResourceId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, group_members, organization_links, organization_roles, organizations, removal
from keyholder.services.queries import unlinking
from keyholder.storage.models import Binding, Event, Organization, Resource, Tenant
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.services.happened import actions, chains_hold
from tests.services.refusing import refused

ALL = {"manage_users", "edit", "collaborate", "read_analyze"}


def tenants(*resources: ResourceId) -> set[int]:
    return set(Resource.objects.filter(pk__in=resources).values_list("tenant_id", flat=True))


def home(organization: OrganizationId) -> int:
    return Organization.objects.get(pk=organization).tenant_id


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Make an account of Ben's, with a property, linked to nothing."""
    account = resource(cast.ben, "account", "200", "Market")
    resource(cast.ben, "property", "UA-200-1", "Stall", account)
    return account


class TestLinking:
    def test_the_whole_subtree_moves_and_both_logs_tell(self, cast: Cast) -> None:
        """Shop's own log ends with an event that names the head of Acme's; Acme's goes on (semantics 9)."""
        assert tenants(cast.account, cast.property, cast.view) == {home(cast.acme)}
        closing = Event.objects.exclude(tenant=home(cast.acme)).get(action="organization.account_linked")
        opening = Event.objects.get(action="organization.account_linked", tenant=home(cast.acme))
        assert (closing.details["head"], closing.details["number"]) == (opening.previous, opening.number - 1)
        assert Tenant.objects.get(pk=closing.tenant_id).number == closing.number
        assert closing.changes == []
        assert chains_hold()

    def test_the_admins_of_the_organization_manage_its_users(self, cast: Cast, market: ResourceId) -> None:
        assert holds(cast.alice, market) == set()
        organization_links.link_account(by=OPERATOR, organization=cast.acme, account=market)
        assert holds(cast.alice, market) == {"manage_users"}

    def test_one_side_alone_is_told_that_the_other_has_to(self, cast: Cast, market: ResourceId) -> None:
        with refused(Forbidden, "organization_side", "Acme"):
            organization_links.link_account(by=caller(cast.ben), organization=cast.acme, account=market)
        bindings.grant(by=OPERATOR, to=[cast.alice], on=market, permissions=["edit"])
        with refused(Forbidden, "account_side", "Market"):
            organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        bindings.grant(by=OPERATOR, to=[cast.alice], on=market, permissions=["manage_users"])
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        assert tenants(market) == {home(cast.acme)}

    def test_the_granting_permission_alone_does_not_link(self, cast: Cast, market: ResourceId) -> None:
        bindings.grant(by=OPERATOR, to=[cast.alice], on=market, permissions=["manage_users"])
        with refused(Forbidden, "account_side"):
            organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)

    def test_what_one_can_not_see_is_not_there(self, cast: Cast, market: ResourceId) -> None:
        with refused(NotFound, "not_found"):
            organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        with refused(NotFound, "not_found"):
            organization_links.link_account(by=caller(cast.ben), organization=bolt, account=market)

    def test_r083_an_account_belongs_to_one_organization(self, cast: Cast) -> None:
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        with refused(Conflict, "linked", "Shop"):
            organization_links.link_account(by=caller(cast.alice), organization=bolt, account=cast.account)

    def test_only_accounts_are_linked(self, cast: Cast) -> None:
        with refused(Invalid, "not_linkable", "Web"):
            organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=cast.property)
        host = resource(None, "host", "h1", "Agency")
        with refused(Invalid, "not_linkable", "Agency"):
            organization_links.link_account(by=OPERATOR, organization=cast.acme, account=host)

    def test_mts_links_its_resource_and_its_admins_get_nothing(self, cast: Cast) -> None:
        counter = resource(cast.alice, "resource", "m1", "Counter")
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=counter)
        assert (holds(cast.alice, counter), holds(cast.ben, counter)) == ({"manage", "view"}, set())

    def test_r056_a_manager_whom_the_organization_suspended_is_none(self, cast: Cast, market: ResourceId) -> None:
        organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben)
        with refused(Conflict, "last_manager", "Market"):
            organization_links.link_account(by=OPERATOR, organization=cast.acme, account=market)


class TestUnlinking:
    def test_r083_the_bindings_of_groups_go_with_it(self, cast: Cast) -> None:
        shown = unlinking.preview(by=caller(cast.alice), account=cast.account)
        assert [(b.group_name, b.resource_name, b.permissions) for b in shown.bindings] == [("Analysts", "Web", ("collaborate",))]
        assert [(loss.name, loss.resource_name, loss.lost, loss.kept) for loss in shown.losses] == [
            ("Cleo", "Web", ("collaborate",), ("read_analyze",))
        ]
        organization_links.unlink_account(by=caller(cast.alice), account=cast.account, shown=[b.binding for b in shown.bindings])
        assert not Binding.objects.filter(principal=cast.analysts).exists()
        assert holds(cast.cleo, cast.view) == {"read_analyze"}
        assert Event.objects.filter(action="access.revoked", subject=cast.analysts, resource=cast.property).count() == 1

    def test_the_log_goes_on_where_the_link_closed_it(self, cast: Cast) -> None:
        closed = Event.objects.exclude(tenant=home(cast.acme)).get(action="organization.account_linked")
        organization_links.unlink_account(by=caller(cast.alice), account=cast.account)
        assert tenants(cast.account, cast.property, cast.view) == {closed.tenant_id}
        going_on = Event.objects.get(tenant=closed.tenant_id, number=closed.number + 1)
        assert (going_on.action, going_on.previous) == ("organization.account_unlinked", closed.hash)
        assert actions(tenant=home(cast.acme))[-1] == "organization.account_unlinked"
        assert chains_hold()

    def test_an_account_can_be_linked_again_and_again(self, cast: Cast) -> None:
        before = Tenant.objects.count()
        for _ in range(2):
            organization_links.unlink_account(by=OPERATOR, account=cast.account)
            organization_links.link_account(by=OPERATOR, organization=cast.acme, account=cast.account)
        assert Tenant.objects.count() == before
        assert tenants(cast.account, cast.view) == {home(cast.acme)}
        assert chains_hold()

    def test_what_was_not_shown_does_not_go(self, cast: Cast) -> None:
        shown = [b.binding for b in unlinking.preview(by=caller(cast.alice), account=cast.account).bindings]
        bindings.grant(by=caller(cast.alice), to=[cast.interns], on=cast.view, permissions=["read_analyze"])
        with refused(Conflict, "changed", "Shop"):
            organization_links.unlink_account(by=caller(cast.alice), account=cast.account, shown=shown)
        assert Binding.objects.filter(principal__kind="group").count() == 2

    def test_either_side_ends_it_and_nobody_else(self, cast: Cast) -> None:
        for stranger, kind, code in ((cast.ben, Forbidden, "neither_side"), (cast.dan, NotFound, "not_found")):
            with refused(kind, code):
                organization_links.unlink_account(by=caller(stranger), account=cast.account)
            with refused(kind, code):
                unlinking.preview(by=caller(stranger), account=cast.account)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        organization_links.unlink_account(by=caller(cast.ben), account=cast.account)
        organization_links.link_account(by=OPERATOR, organization=cast.acme, account=cast.account)
        removal.give_up(by=caller(cast.alice), on=cast.account)
        organization_links.unlink_account(by=caller(cast.alice), account=cast.account)

    def test_what_is_not_linked(self, cast: Cast, market: ResourceId) -> None:
        for nothing in (market, cast.property):
            with refused(Conflict, "not_linked"):
                organization_links.unlink_account(by=OPERATOR, account=nothing)
            with refused(Conflict, "not_linked"):
                unlinking.preview(by=OPERATOR, account=nothing)
        with refused(NotFound, "not_found"):
            unlinking.preview(by=OPERATOR, account=ResourceId(9999))

    def test_r056_the_last_manager_through_a_group_stays(self, cast: Cast) -> None:
        """Alice has given her own access to the analysts; unlinking would take it from all of them."""
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.alice])
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        removal.give_up(by=caller(cast.alice), on=cast.account)
        with refused(Conflict, "last_manager", "Shop", "Manage Users"):
            organization_links.unlink_account(by=caller(cast.alice), account=cast.account)
        assert tenants(cast.account) == {home(cast.acme)}

    def test_bindings_with_an_end_go_as_well(self, cast: Cast) -> None:
        for window in (Window(ends_at=NOW), Window(starts_at=NOW.replace(year=2030))):
            bindings.grant(by=caller(None, NOW.replace(year=2025)), to=[cast.interns], on=cast.view, permissions=["edit"], window=window)
        organization_links.unlink_account(by=OPERATOR, account=cast.account)
        assert not Binding.objects.filter(principal__kind="group").exists()

    def test_who_was_suspended_by_the_organization_is_back(self, cast: Cast) -> None:
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        organization_links.unlink_account(by=caller(cast.alice), account=cast.account)
        assert holds(cast.ben, cast.account) == ALL - {"manage_users"}


def test_an_account_made_by_a_stranger_stays_a_stranger(cast: Cast) -> None:
    """Linking Eve's account shows Acme's admin no more of Eve's than that account, and makes her known there (semantics 4)."""
    eve: PrincipalId = person("Eve", "eve@else.example")
    shop = resource(eve, "account", "300", "Eve's")
    other = resource(eve, "account", "301", "Eve's other")
    organization_links.link_account(by=OPERATOR, organization=cast.acme, account=shop)
    group_members.add(by=caller(cast.alice), group=cast.interns, members=[eve])
    assert holds(cast.alice, other) == set()
    assert chains_hold()
