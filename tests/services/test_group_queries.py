"""Groups as pages show them: lists with numbers, members in whatever way, the groups around them, what they have level by level."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Invalid, NotFound
from keyholder.services.commands import (
    bindings,
    group_members,
    groups,
    nesting,
    organization_links,
    organization_roles,
    organizations,
    trashing,
)
from keyholder.services.queries import group_access, group_nesting
from keyholder.services.queries import group_members as membership
from keyholder.services.queries import groups as lists
from keyholder.storage.group_lists import Counts
from tests.cast import OPERATOR, Cast, caller, group, resource
from tests.services.refusing import refused
from tests.storage.rows import queries

DAY = timedelta(days=1)


def named(found: lists.Groups) -> list[str]:
    return [row.group.name for row in found.rows]


class TestList:
    def test_r067_r071_groups_stand_with_their_numbers_places_and_owners(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben])
        found = lists.groups(by=caller(cast.alice))
        assert (found.total, found.can_create, named(found)) == (2, True, ["Analysts", "Interns"])
        analysts, interns = found.rows
        assert analysts.counts == Counts(people=2, direct=1, groups=1)
        assert ([p.name for p in analysts.places], [o.name for o in analysts.owners], analysts.within) == (["Web"], ["Ben"], ())
        assert (interns.counts, [g.name for g in interns.within]) == (Counts(1, 1, 0), ["Analysts"])

    def test_r081_only_the_readers_organizations_are_there(self, cast: Cast) -> None:
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        group(cast.dan, bolt, "Secret")
        assert named(lists.groups(by=caller(cast.dan))) == ["Secret"]
        assert [home.name for home in lists.groups(by=caller(cast.cleo)).organizations] == ["Acme"]
        with refused(NotFound, "not_found"):
            lists.groups(by=caller(cast.cleo), organization=bolt)
        assert [home.name for home in lists.groups(by=OPERATOR).organizations] == ["Acme", "Bolt"]

    def test_who_belongs_to_no_organization_finds_nothing(self, cast: Cast) -> None:
        assert lists.groups(by=caller(cast.dan)) == lists.Groups()

    @pytest.mark.parametrize(("text", "found"), [("ANALY", ["Analysts"]), ("  n", ["Analysts", "Interns"]), ("%", []), ("\x00", [])])
    def test_r060_groups_are_found_by_part_of_their_name(self, cast: Cast, text: str, found: list[str]) -> None:
        page = lists.groups(by=caller(cast.alice), search=text)
        assert (named(page), page.total) == (found, len(found))

    def test_what_lies_below_something_in_the_trash_is_no_place_either(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.alice), resource=cast.account)
        assert {row.places for row in lists.groups(by=caller(cast.alice)).rows} == {()}

    def test_places_that_the_reader_may_not_see_are_not_named(self, cast: Cast) -> None:
        """R-TEN-1: Dan manages groups of the organization and sees its accounts only by name where he has something."""
        other = resource(cast.ben, "account", "200", "Market")
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        organization_links.link_account(by=caller(cast.ben), organization=cast.acme, account=other)
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=other, permissions=["edit"])
        bindings.grant(by=OPERATOR, to=[cast.interns], on=cast.view, permissions=["edit"])
        group_members.add(by=caller(cast.alice), group=(builders := group(cast.alice, cast.acme, "Builders")), members=[cast.cleo])
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        seen = {row.group.name: [place.name for place in row.places] for row in lists.groups(by=caller(cast.dan)).rows}
        assert (seen, builders > 0) == ({"Analysts": ["Web"], "Builders": [], "Interns": ["All data"]}, True)

    def test_pages_follow_each_other(self, cast: Cast) -> None:
        for number in range(5):
            group(cast.alice, cast.acme, f"Team {number}")
        first = lists.groups(by=caller(cast.alice), size=3)
        second = lists.groups(by=caller(cast.alice), size=3, cursor=first.next)
        third = lists.groups(by=caller(cast.alice), size=3, cursor=second.next)
        assert [*named(first), *named(second), *named(third)] == ["Analysts", "Interns", *(f"Team {n}" for n in range(5))]
        assert (first.previous, third.next) == ("", "")
        assert lists.groups(by=caller(cast.alice), size=3, cursor=third.previous).rows == second.rows
        with refused(Invalid, "cursor"):
            lists.groups(by=caller(cast.alice), size=3, search="t", cursor=first.next)

    def test_as_many_queries_for_fifty_groups_as_for_two(self, cast: Cast) -> None:
        few = queries(lambda: lists.groups(by=caller(cast.alice)))
        teams = [group(cast.alice, cast.acme, f"Team {number}") for number in range(48)]
        for team in teams[:10]:
            nesting.nest(by=caller(cast.alice), group=team, into=cast.analysts)
            bindings.grant(by=caller(cast.alice), to=[team], on=cast.view, permissions=["edit"])
        assert queries(lambda: lists.groups(by=caller(cast.alice))) == few
        assert len(lists.groups(by=caller(cast.alice)).rows) == 50


class TestGroup:
    def test_r080_what_the_reader_may_do_with_it(self, cast: Cast) -> None:
        """Alice has a role in the organization, Ben owns it, Cleo is in it."""
        rights = {}
        for name in ("alice", "ben", "cleo"):
            page = lists.group(by=caller(getattr(cast, name)), of=cast.analysts)
            rights[name] = (page.can_manage, page.can_delete, page.sees_members, page.is_member)
        assert rights == {
            "alice": (True, True, True, False),
            "ben": (True, False, True, False),
            "cleo": (False, False, False, True),
        }

    def test_who_grants_at_every_account_where_it_is_bound_may_delete_it(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        assert lists.group(by=caller(cast.ben), of=cast.analysts).can_delete

    def test_it_has_a_name_a_description_owners_and_numbers(self, cast: Cast) -> None:
        groups.change(by=caller(cast.ben), group=cast.analysts, description="Read\neverything")
        page = lists.group(by=caller(cast.cleo), of=cast.analysts)
        assert (page.group.name, page.key, page.description) == ("Analysts", "analysts", "Read\neverything")
        assert (page.organization.name, [o.name for o in page.owners], page.within) == ("Acme", ["Ben"], 0)
        assert page.counts == Counts(people=1, direct=1, groups=1)

    def test_r081_for_strangers_there_is_none(self, cast: Cast) -> None:
        for reader, asked in ((cast.dan, cast.analysts), (cast.alice, PrincipalId(999_999)), (cast.alice, cast.ben)):
            for query in (lists.group, membership.members, group_nesting.containing, group_access.access):
                with refused(NotFound, "not_found"):
                    query(by=caller(reader), of=asked)
