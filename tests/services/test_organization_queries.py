"""Organizations as pages show them: who leads them, what is linked, whom they take, their people."""

import pytest

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Forbidden, Invalid, NotFound
from keyholder.domain.state import IdentitySource
from keyholder.services.commands import bindings, group_members, organization_links, organization_roles, organizations, people
from keyholder.services.queries import organization_people, policies
from keyholder.services.queries import organizations as queried
from keyholder.services.queries.linking import linking
from keyholder.services.queries.organization_people import Kind, People
from keyholder.services.read_models import Badge
from keyholder.storage.models import Membership
from tests.cast import OPERATOR, Cast, caller, person, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries


def names(found: People) -> list[str]:
    return [row.person.name for row in found.rows]


def of_kind(cast: Cast, kind: Kind) -> list[str]:
    return names(organization_people.people(by=caller(cast.alice), of=cast.acme, kind=kind))


class TestOne:
    def test_everybody_in_it_sees_who_leads_it_and_whom_it_takes(self, cast: Cast) -> None:
        page = queried.organization(by=caller(cast.cleo), of=cast.acme)
        assert (page.organization.name, page.identity_source, page.policy.mode) == ("Acme", IdentitySource.OPEN, PolicyMode.ANYBODY)
        assert [(leader.person.name, leader.role) for leader in page.leaders] == [("Alice", OrganizationRole.ADMIN)]
        assert (page.groups, page.is_admin, page.manages_people, page.can_create_groups) == (2, False, False, False)
        assert [(account.resource.name, account.can_unlink) for account in page.accounts] == [("Shop", False)]

    def test_what_its_leaders_may_do(self, cast: Cast) -> None:
        """Ben edits the account: as a user admin he manages its users as well, and so may speak for its side of the link."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        rights = {}
        for name in ("alice", "ben"):
            page = queried.organization(by=caller(getattr(cast, name)), of=cast.acme)
            rights[name] = (page.is_admin, page.manages_people, page.can_create_groups, [a.can_unlink for a in page.accounts])
        assert rights == {"alice": (True, True, True, [True]), "ben": (False, True, True, [True])}

    def test_r083_the_accounts_side_may_unlink_as_well(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users", "edit"])
        assert queried.organization(by=caller(cast.ben), of=cast.acme).accounts[0].can_unlink

    def test_an_admin_links_what_they_may_link_and_is_free_and_an_operator_whatever_is(self, cast: Cast) -> None:
        resource(cast.alice, "account", "200", "Market")
        resource(cast.ben, "account", "300", "Fair")
        half = resource(cast.ben, "account", "400", "Half")
        bindings.grant(by=OPERATOR, to=[cast.alice], on=half, permissions=["manage_users"])
        assert [view.name for view in queried.organization(by=caller(cast.alice), of=cast.acme).linkable] == ["Market"]
        assert [view.name for view in queried.organization(by=OPERATOR, of=cast.acme).linkable] == ["Fair", "Half", "Market"]

    def test_r_ten_1_strangers_find_none_and_readers_do_not_administer(self, cast: Cast) -> None:
        for reader, asked in ((cast.dan, cast.acme), (cast.alice, OrganizationId(999_999))):
            with refused(NotFound, "not_found"):
                queried.organization(by=caller(reader), of=asked)
        with refused(Forbidden, "not_admin"):
            queried.organization(by=caller(cast.cleo), of=cast.acme, administering=True)

    def test_accounts_that_do_not_exist_for_the_reader_are_not_named(self, cast: Cast) -> None:
        market = resource(cast.alice, "account", "200", "Market")
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        assert [account.resource.name for account in queried.organization(by=caller(cast.cleo), of=cast.acme).accounts] == ["Shop"]

    def test_the_readers_organizations_by_name(self, cast: Cast) -> None:
        organizations.create(by=caller(cast.alice), name="A first one")
        assert [home.name for home in queried.organizations(by=caller(cast.alice))] == ["A first one", "Acme"]
        assert queried.organizations(by=caller(cast.dan)) == ()
        assert len(queried.organizations(by=OPERATOR)) == 2

    def test_as_many_queries_for_many_accounts_as_for_one(self, cast: Cast) -> None:
        few = queries(lambda: queried.organization(by=caller(cast.alice), of=cast.acme))
        for number in range(5):
            linked = resource(cast.alice, "account", f"l{number}", f"Linked {number}")
            organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=linked)
            resource(cast.alice, "account", f"f{number}", f"Free {number}")
        assert queries(lambda: queried.organization(by=caller(cast.alice), of=cast.acme)) == few


class TestHomeOfNewGroup:
    def test_r065_it_is_where_the_reader_may_make_one(self, cast: Cast) -> None:
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        organization_roles.appoint(by=OPERATOR, organization=bolt, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
        found = queried.home_of_new_group(by=caller(cast.cleo))
        assert (found.name if found else "") == "Bolt", "at Acme she may make none"
        with refused(Forbidden, "may_not_create", "Acme"):
            queried.home_of_new_group(by=caller(cast.cleo), asked=cast.acme)
        with refused(NotFound, "not_found"):
            queried.home_of_new_group(by=caller(cast.alice), asked=bolt)

    def test_who_belongs_to_none_has_none(self, cast: Cast) -> None:
        assert queried.home_of_new_group(by=caller(cast.dan)) is None

    def test_who_may_nowhere_is_told_who_may(self, cast: Cast) -> None:
        with refused(Forbidden, "may_not_create", "Acme", "admins"):
            queried.home_of_new_group(by=caller(cast.cleo))


class TestPeople:
    def test_everybody_with_access_a_group_or_a_role_is_of_it(self, cast: Cast) -> None:
        assert of_kind(cast, Kind.EVERYBODY) == ["Alice", "Ben", "Cleo"]
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
        assert of_kind(cast, Kind.EVERYBODY) == ["Alice", "Ben", "Cleo", "Dan"]

    def test_r084_admins_are_recognised_and_filtered(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        found = organization_people.people(by=caller(cast.alice), of=cast.acme, kind=Kind.ADMINS)
        assert [(row.person.name, row.role) for row in found.rows] == [
            ("Alice", OrganizationRole.ADMIN),
            ("Ben", OrganizationRole.USER_ADMIN),
        ]
        assert found.totals == {Kind.EVERYBODY: 3, Kind.ADMINS: 2, Kind.SUSPENDED: 0, Kind.OUTSIDE: 0}

    def test_who_is_suspended_here_or_everywhere_is_found(self, cast: Cast) -> None:
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        people.suspend(by=OPERATOR, user=cast.ben)
        found = organization_people.people(by=caller(cast.alice), of=cast.acme, kind=Kind.SUSPENDED)
        assert {row.person.name: row.badges for row in found.rows} == {"Ben": {Badge.SUSPENDED}, "Cleo": {Badge.SUSPENDED_HERE}}

    def test_who_was_suspended_and_holds_nothing_any_more_can_still_be_made_active(self, cast: Cast) -> None:
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        group_members.remove(by=OPERATOR, group=cast.analysts, members=[cast.cleo])
        bindings.revoke(by=OPERATOR, of=[cast.cleo], on=cast.account)
        assert of_kind(cast, Kind.SUSPENDED) == ["Cleo"]

    @pytest.mark.parametrize(
        "policy",
        [
            Policy(PolicyMode.ADVISORY, allowed_domains=("acme.example",)),
            Policy(PolicyMode.ENFORCED, allowed_domains=("*.example",)),
            Policy(PolicyMode.ADVISORY, allowed_addresses=("alice@acme.example",)),
            Policy(PolicyMode.ENFORCED, blocked_addresses=("cleo@acme.example",)),
            Policy(PolicyMode.ADVISORY, verified_only=True),
            Policy(PolicyMode.ANYBODY, blocked_addresses=("cleo@acme.example",)),
        ],
    )
    def test_r088_the_filter_finds_whom_the_rule_calls_outside(self, cast: Cast, policy: Policy) -> None:
        guest = person("Guest", "guest@sub.acme.example")
        group_members.add(by=OPERATOR, group=cast.interns, members=[guest])
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        outside = {outsider.name for outsider in policies.outside(by=caller(cast.alice), organization=cast.acme)}
        assert set(of_kind(cast, Kind.OUTSIDE)) == outside

    @pytest.mark.parametrize(("text", "found"), [("cleo@", ["Cleo"]), ("LIC", ["Alice"]), ("%", []), ("\x00", [])])
    def test_people_are_found_by_part_of_name_and_address(self, cast: Cast, text: str, found: list[str]) -> None:
        page = organization_people.people(by=caller(cast.alice), of=cast.acme, search=text)
        assert (names(page), page.totals[Kind.EVERYBODY]) == (found, len(found))

    def test_r047_pages_follow_each_other_at_a_fixed_cost(self, cast: Cast) -> None:
        few = queries(lambda: organization_people.people(by=caller(cast.alice), of=cast.acme))
        Membership.objects.bulk_create([Membership(group_id=cast.interns, member_id=g) for g in crowd(3_000)], batch_size=500)
        assert queries(lambda: organization_people.people(by=caller(cast.alice), of=cast.acme)) == few
        first = organization_people.people(by=caller(cast.alice), of=cast.acme, size=2)
        second = organization_people.people(by=caller(cast.alice), of=cast.acme, size=2, cursor=first.next)
        assert (names(first), names(second)[0], first.totals[Kind.EVERYBODY]) == (["Alice", "Ben"], "Cleo", 3_003)
        back = organization_people.people(by=caller(cast.alice), of=cast.acme, size=2, cursor=second.previous)
        assert back.rows == first.rows
        with refused(Invalid, "cursor"):
            organization_people.people(by=caller(cast.alice), of=cast.acme, kind=Kind.ADMINS, cursor=first.next)

    def test_only_its_leaders_look(self, cast: Cast) -> None:
        with refused(Forbidden, "no_role", "Acme"):
            organization_people.people(by=caller(cast.cleo), of=cast.acme)
        with refused(NotFound, "not_found"):
            organization_people.people(by=caller(cast.dan), of=cast.acme)

    def test_one_person_of_it(self, cast: Cast) -> None:
        found = organization_people.person(by=caller(cast.alice), of=cast.acme, number=cast.alice)
        assert (found.person.name, found.role, found.badges) == (
            "Alice",
            OrganizationRole.ADMIN,
            frozenset({Badge.YOU, Badge.ORGANIZATION_ADMIN}),
        )
        for nobody in (cast.dan, cast.analysts, PrincipalId(999_999)):
            with refused(NotFound, "not_found"):
                organization_people.person(by=caller(cast.alice), of=cast.acme, number=nobody)


class TestLinking:
    def test_the_account_of_a_node_is_what_is_linked(self, cast: Cast) -> None:
        found = linking(by=caller(cast.alice), at=cast.view)
        assert (found.account.name, found.organization.name if found.organization else "", found.may_link) == ("Shop", "Acme", True)
        assert [home.name for home in found.own] == ["Acme"]

    def test_the_role_of_who_is_suspended_there_sleeps(self, cast: Cast) -> None:
        bolt = organizations.create(by=OPERATOR, name="Bolt", admins=[cast.alice, cast.ben])
        organization_roles.suspend_person(by=caller(cast.alice), organization=bolt, user=cast.ben)
        market = resource(cast.ben, "account", "200", "Market")
        assert linking(by=caller(cast.ben), at=market).own == ()

    def test_the_command_line_may_link_anything(self, cast: Cast) -> None:
        found = linking(by=OPERATOR, at=cast.account)
        assert (found.may_link, [home.name for home in found.own]) == (True, ["Acme"])
