"""Home: what needs somebody, and the way to what is theirs."""

from datetime import timedelta

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Forbidden
from keyholder.domain.windows import Window
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members, organization_roles, organizations, people, resources
from keyholder.services.queries.home import FEW, Home, home
from keyholder.storage.models import Binding, OrganizationSuspension, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries

SOON = Window(ends_at=NOW + timedelta(days=3))


def hosted(host: ResourceId, key: str, name: str, administrator: PrincipalId) -> ResourceId:
    """Make a hosted account with its administrator."""
    new = resources.NewResource(ResourceRef("host_account", key), name, host)
    return resources.create(by=OPERATOR, new=new, administrator=administrator)


def of(principal: PrincipalId) -> Home:
    return home(by=caller(principal))


def lacking(found: Home) -> list[tuple[str, int]]:
    return [(account.resource.name, account.managers) for account in found.lacking.first]


def ending(found: Home) -> list[tuple[str, str, str]]:
    """Return who, where (a resource or a group), and what."""
    rows = found.ending.first
    places = [row.resource.name if row.resource is not None else row.group.name if row.group is not None else "" for row in rows]
    return [(row.principal.name, place, str(row.held or "")) for row, place in zip(rows, places, strict=True)]


class TestAccountsWithoutASecondManager:
    def test_r055_an_account_with_one_manager_is_named(self, cast: Cast) -> None:
        """Its organization's admins hold the permission too, and are no standing managers for it."""
        assert lacking(of(cast.alice)) == [("Shop", 1)]
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=SOON)
        assert lacking(of(cast.alice)) == lacking(of(cast.ben)) == [("Shop", 1)]
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        assert lacking(of(cast.alice)) == []

    def test_members_of_a_group_that_manages_count(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        assert lacking(of(cast.alice)) == []
        people.suspend(by=OPERATOR, user=cast.cleo)
        assert lacking(of(cast.alice)) == [("Shop", 1)]

    def test_who_is_suspended_within_the_organization_does_not_count(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=cast.ben)
        assert lacking(of(cast.alice)) == [("Shop", 1)]

    def test_i_mg_3_an_account_that_awaits_a_manager_stands_first_for_who_can_appoint_one(self, cast: Cast) -> None:
        """I-MG-3: its organization's admins, and an operator, who has no permission there."""
        other = resource(cast.dan, "resource", "m1", "Counter")
        Resource.objects.filter(pk=other).update(awaiting_manager=True, organization=cast.acme)
        Binding.objects.filter(resource=other).delete()
        assert lacking(of(cast.alice)) == [("Counter", 0), ("Shop", 1)]
        found = of(cast.alice).lacking
        assert (found.none, found.one, found.first[0].is_awaiting) == (1, 1, True)
        assert lacking(of(cast.dan)) == []
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        assert lacking(of(cast.dan)) == [("Counter", 0)]

    def test_many_are_counted_and_the_first_few_named(self, cast: Cast) -> None:
        for number in range(7):
            resource(cast.dan, "account", f"d{number}", f"Shop {number}")
        found = of(cast.dan)
        assert (found.lacking.one, found.lacking.none, len(found.lacking.first)) == (7, 0, FEW)
        assert lacking(found)[0] == ("Shop 0", 1)

    def test_who_manages_a_property_only_is_not_troubled_with_the_account(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        assert lacking(of(cast.ben)) == []

    def test_r098_a_host_is_not_asked_about_accounts_that_do_not_delegate(self, cast: Cast) -> None:
        host = resource(None, "host", "h1", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="administrator")
        client = hosted(host, "7", "Client", cast.cleo)
        assert lacking(of(cast.dan)) == [("Agency", 1), ("Client", 1)]
        Resource.objects.filter(pk=client).update(managed=False)
        assert lacking(of(cast.dan)) == [("Agency", 1)]
        assert [platform.platform for platform in of(cast.dan).platforms] == []
        assert [platform.platform for platform in of(cast.cleo).platforms] == ["conversions_gateway", "google_analytics"]


class TestWhatEnds:
    def test_within_fourteen_days_soonest_first(self, cast: Cast) -> None:
        for days, permission in ((15, "edit"), (14, "collaborate"), (2, "read_analyze")):
            window = Window(ends_at=NOW + timedelta(days=days))
            bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=[permission], window=window)
        assert ending(of(cast.alice)) == [("Dan", "All data", "Read & Analyze"), ("Dan", "All data", "Collaborate")]
        assert of(cast.alice).ending.total == 2
        assert ending(home(by=caller(cast.alice, NOW + timedelta(days=2)))) == [
            ("Dan", "All data", "Collaborate"),
            ("Dan", "All data", "Edit"),
        ]

    def test_only_where_they_manage(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["edit"], window=SOON)
        assert ending(of(cast.ben)) == []
        assert ending(of(cast.dan)) == []
        assert ending(of(cast.alice)) == [("Dan", "Shop", "Edit")]

    def test_memberships_end_too(self, cast: Cast) -> None:
        """For the admins, the owner of a group, and who manages where the group, or one that it is in, has access."""
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan], window=SOON)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        for somebody in (cast.alice, cast.cleo):
            assert ending(of(somebody)) == [("Dan", "Interns", "")]
        assert ending(of(cast.ben)) == [("Dan", "Interns", "")], "he owns the analysts, and the interns are in there"
        assert ending(of(cast.dan)) == []

    def test_an_owner_who_is_suspended_within_sees_no_members(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan], window=SOON)
        OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=cast.ben)
        assert ending(of(cast.ben)) == []

    def test_nothing_of_what_is_in_the_trash(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=SOON)
        Resource.objects.filter(pk=cast.property).update(trashed_at=NOW)
        assert ending(of(cast.alice)) == []


class TestPolicy:
    def test_r087_violators_are_counted_for_who_administers(self, cast: Cast) -> None:
        policy = Policy(PolicyMode.ADVISORY, allowed_domains=("acme.example",), blocked_addresses=("ben@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        bindings.grant(by=OPERATOR, to=[person("Eve", "eve@else.example")], on=cast.view, permissions=["edit"])
        person("Finn", "finn@else.example")
        found = of(cast.alice).violations
        assert [(v.organization.name, v.mode, v.people) for v in found] == [("Acme", PolicyMode.ADVISORY, 2)]
        assert of(cast.ben).violations == ()

    def test_without_a_policy_nobody_is_outside(self, cast: Cast) -> None:
        assert of(cast.alice).violations == ()


class TestFirstSteps:
    def test_a_new_account_asks_for_a_second_manager_and_an_organization(self, cast: Cast) -> None:
        resource(cast.dan, "account", "d", "Corner")
        steps = of(cast.dan).steps
        assert [(step.code, step.is_done) for step in steps] == [("second_manager", False), ("organization", False)]
        assert "Corner" in str(steps[0].how)
        assert steps[0].account is not None
        assert steps[0].account.name == "Corner"

    def test_it_goes_once_all_is_done(self, cast: Cast) -> None:
        assert [(step.code, step.is_done) for step in of(cast.alice).steps] == [
            ("second_manager", False),
            ("policy", False),
            ("groups", True),
        ]
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(PolicyMode.ADVISORY))
        assert of(cast.alice).steps == ()

    def test_every_organization_counts(self, cast: Cast) -> None:
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        step = of(cast.alice).steps[2]
        assert (step.code, step.is_done, step.organization and step.organization.id) == ("groups", False, bolt)

    def test_who_manages_nothing_has_nothing_to_do(self, cast: Cast) -> None:
        assert of(cast.dan).steps == ()
        assert of(cast.ben).steps == ()


class TestOwnAccounts:
    def test_r063_by_platform_and_name(self, cast: Cast) -> None:
        """R063: also where something below is held, or something above that reaches it."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        counter = resource(cast.dan, "resource", "m1", "Counter")
        host = resource(None, "host", "h1", "Agency")
        hosted(host, "7", "Client", cast.cleo)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=host, role="view_only")
        found = {platform.platform: [account.name for account in platform.accounts] for platform in of(cast.dan).platforms}
        assert found == {"google_analytics": ["Shop"], "conversions_gateway": ["Client"], "mts_analytics": ["Counter"]}
        Resource.objects.filter(pk=counter).update(trashed_at=NOW)
        assert "mts_analytics" not in {platform.platform for platform in of(cast.dan).platforms}

    def test_an_outsider_has_none(self, cast: Cast) -> None:
        assert of(cast.dan).platforms == ()


class TestWhoMayLook:
    def test_i_az_10_only_who_is_signed_in(self, cast: Cast) -> None:
        for nobody in (Caller(None, NOW, Channel.CONSOLE), OPERATOR):
            with refused(Forbidden, "not_signed_in"):
                home(by=nobody)

    def test_i_az_4_nobody_who_is_suspended(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.ben)
        with refused(Forbidden, "suspended"):
            of(cast.ben)

    def test_the_role_of_who_is_suspended_within_sleeps(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.ADMIN)
        assert of(cast.dan).steps
        OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=cast.dan)
        assert of(cast.dan).steps == ()


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=Policy(PolicyMode.ADVISORY, allowed_domains=("a.org",)))
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=SOON)
    before = queries(lambda: of(cast.alice))
    for number in range(12):
        account = resource(cast.alice, "account", f"a{number}", f"Shop {number}")
        bindings.grant(by=OPERATOR, to=crowd(3), on=account, permissions=["edit"], window=SOON)
        bolt = organizations.create(by=caller(cast.alice), name=f"Bolt {number}")
        organizations.set_policy(by=caller(cast.alice), organization=bolt, policy=Policy(PolicyMode.ADVISORY, allowed_domains=("a.org",)))
        group_members.add(by=OPERATOR, group=group(cast.alice, bolt, "Team"), members=[cast.ben], window=SOON)
    assert queries(lambda: of(cast.alice)) == before
    assert before < 20
