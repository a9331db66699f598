"""Who is in a group as a reader may know it, which groups it is in, and who may confer what it gives."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Forbidden, Invalid, NotFound
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import bindings, group_members, groups, nesting, organization_roles, organizations
from keyholder.services.queries.acquaintances import Prospect
from keyholder.services.queries.group_members import Member, Members, member, members
from keyholder.services.queries.group_nesting import containing
from keyholder.services.queries.group_owners import conferrers
from keyholder.services.queries.prospects import of_leaders, of_members, of_owners
from keyholder.services.read_models import Badge
from keyholder.storage.models import Membership
from tests.cast import NOW, OPERATOR, Cast, caller, group, person
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries

DAY = timedelta(days=1)
PAST = caller(None, NOW.replace(year=2025))


def names(found: Members) -> list[str]:
    return [row.principal.name for row in found.rows]


def ways(rows: tuple[Member, ...]) -> dict[str, tuple[list[str], object]]:
    """Return how each is in it: the groups between, and until when."""
    return {row.principal.name: ([step.name for step in row.via], row.window.ends_at) for row in rows}


class TestDirect:
    def test_people_and_groups_with_their_windows_stand_in_one_list(self, cast: Cast) -> None:
        """R071, R072: one row for each window that is not over; what has ended is history."""
        window = Window(NOW + DAY, NOW + 2 * DAY)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.ben], window=window)
        group_members.add(by=PAST, group=cast.analysts, members=[cast.dan], window=Window(ends_at=NOW))
        found = members(by=caller(cast.alice), of=cast.analysts)
        assert [(row.principal.name, row.window) for row in found.rows] == [("Ben", window), ("Cleo", ALWAYS), ("Interns", ALWAYS)]
        assert (found.total, found.is_partial) == (3, False)

    @pytest.mark.parametrize(("text", "found"), [("cleo@acme", ["Cleo"]), ("INT", ["Interns"]), ("%", []), ("_", [])])
    def test_they_are_found_by_part_of_name_and_address(self, cast: Cast, text: str, found: list[str]) -> None:
        page = members(by=caller(cast.alice), of=cast.analysts, search=text)
        assert (names(page), page.total) == (found, len(found))

    def test_badges_say_who_is_who(self, cast: Cast) -> None:
        policy = Policy(PolicyMode.ADVISORY, blocked_addresses=("cleo@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.alice])
        shown = {row.principal.name: row.badges for row in members(by=caller(cast.alice), of=cast.analysts).rows}
        you = {Badge.YOU, Badge.ORGANIZATION_ADMIN}
        assert shown == {"Alice": you, "Cleo": {Badge.OUTSIDE_POLICY}, "Interns": frozenset()}

    def test_r047_pages_follow_each_other_in_both_directions(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.analysts, members=crowd(7))
        everything = names(members(by=OPERATOR, of=cast.analysts))
        for everybody, whole in ((False, everything), (True, [name for name in everything if name != "Interns"])):
            first = members(by=OPERATOR, of=cast.analysts, everybody=everybody, size=4)
            second = members(by=OPERATOR, of=cast.analysts, everybody=everybody, size=4, cursor=first.next)
            third = members(by=OPERATOR, of=cast.analysts, everybody=everybody, size=4, cursor=second.next) if second.next else None
            assert [*names(first), *names(second), *(names(third) if third else [])] == whole
            assert members(by=OPERATOR, of=cast.analysts, everybody=everybody, size=4, cursor=second.previous).rows == first.rows
            with refused(Invalid, "cursor"):
                members(by=OPERATOR, of=cast.analysts, everybody=not everybody, size=4, cursor=first.next)


class TestEverybody:
    def test_each_comes_by_the_shortest_way(self, cast: Cast) -> None:
        """R072, R075: directly before through groups, and until the longest way ends."""
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.cleo, cast.ben], window=Window(ends_at=NOW + DAY))
        found = members(by=caller(cast.alice), of=cast.analysts, everybody=True)
        assert ways(found.rows) == {"Ben": (["Interns"], NOW + DAY), "Cleo": ([], None)}
        assert found.total == 2

    def test_what_is_not_in_force_counts_nobody_in(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.ben], window=Window(NOW + DAY))
        assert names(members(by=caller(cast.alice), of=cast.analysts, everybody=True)) == ["Cleo"]

    def test_as_many_queries_for_ten_thousand_as_for_two(self, cast: Cast) -> None:
        """R047: a page costs what a page costs."""
        few = [queries(lambda a=a: members(by=caller(cast.alice), of=cast.analysts, everybody=a)) for a in (False, True)]  # type: ignore[misc]  # one default each
        guests = crowd(10_000)
        rows = [Membership(group_id=cast.interns if guest % 2 else cast.analysts, member_id=guest) for guest in guests]
        Membership.objects.bulk_create(rows, batch_size=500)
        again = [queries(lambda a=a: members(by=caller(cast.alice), of=cast.analysts, everybody=a)) for a in (False, True)]  # type: ignore[misc]  # the same
        assert again == few
        assert members(by=caller(cast.alice), of=cast.analysts, everybody=True).total == 10_001


class TestWhoMayKnow:
    def test_r064_owners_leaders_and_managers_see_members_others_only_themselves(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.ben])
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        seen = {}
        for name in ("alice", "ben", "cleo", "dan"):
            found = members(by=caller(getattr(cast, name)), of=cast.analysts)
            seen[name] = (names(found), found.total, found.is_partial)
        whole = (["Ben", "Cleo", "Interns"], 3, False)
        assert seen == {"alice": whole, "ben": whole, "cleo": (["Cleo"], 1, True), "dan": ([], 0, True)}
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["manage_users"])
        assert not members(by=caller(cast.dan), of=cast.analysts).is_partial

    def test_a_page_of_a_person_is_open_to_who_manages_them(self, cast: Cast) -> None:
        opened = {}
        for name in ("alice", "ben"):
            rows = members(by=caller(getattr(cast, name)), of=cast.analysts).rows
            opened[name] = {row.principal.name: row.can_open for row in rows}
        assert opened == {"alice": {"Cleo": True, "Interns": True}, "ben": {"Cleo": False, "Interns": True}}

    def test_one_member_is_there_for_who_may_see_them(self, cast: Cast) -> None:
        assert member(by=caller(cast.ben), of=cast.analysts, member=cast.cleo).principal.name == "Cleo"
        assert member(by=caller(cast.cleo), of=cast.analysts, member=cast.cleo).window == ALWAYS
        assert member(by=caller(cast.cleo), of=cast.analysts, member=cast.interns).principal.name == "Interns"
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.ben])
        for reader, asked in ((cast.cleo, cast.ben), (cast.alice, cast.dan), (cast.dan, cast.cleo), (cast.alice, PrincipalId(999_999))):
            with refused(NotFound, "not_found"):
                member(by=caller(reader), of=cast.analysts, member=asked)


class TestContaining:
    def test_r073_direct_ones_come_first_then_those_by_way_of_others(self, cast: Cast) -> None:
        top = group(cast.alice, cast.acme, "Everybody")
        nesting.nest(by=caller(cast.alice), group=cast.analysts, into=top, window=Window(ends_at=NOW + DAY))
        found = containing(by=caller(cast.alice), of=cast.interns)
        rows = [(row.group.name, [step.name for step in row.via], row.window.ends_at, row.can_end) for row in found.rows]
        assert rows == [("Analysts", [], None, True), ("Everybody", ["Analysts"], NOW + DAY, False)]
        assert [candidate.name for candidate in found.candidates] == ["Everybody"]

    def test_a_group_that_is_there_by_way_of_others_and_later_directly_stands_once(self, cast: Cast) -> None:
        top = group(cast.alice, cast.acme, "Everybody")
        nesting.nest(by=caller(cast.alice), group=cast.analysts, into=top)
        nesting.nest(by=caller(cast.alice), group=cast.interns, into=top, window=Window(NOW + DAY))
        found = containing(by=caller(cast.alice), of=cast.interns)
        assert [(row.group.name, row.window.starts_at) for row in found.rows] == [("Analysts", None), ("Everybody", NOW + DAY)]

    def test_what_the_reader_may_do_there(self, cast: Cast) -> None:
        """Owners of either may take it out; only owners of the outer one put it in."""
        groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.cleo)
        group(cast.alice, cast.acme, "Builders")
        shown = {}
        for name in ("alice", "ben", "cleo"):
            found = containing(by=caller(getattr(cast, name)), of=cast.interns)
            shown[name] = ([row.can_end for row in found.rows], [view.name for view in found.candidates])
        assert shown == {"alice": ([True], ["Builders"]), "ben": ([True], []), "cleo": ([True], [])}
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        with refused(NotFound, "not_found"):
            containing(by=caller(cast.ben), of=cast.interns)


def test_owners_of_a_group_and_of_those_within_it_may_confer_what_it_gives(cast: Cast) -> None:
    groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.cleo)
    found = conferrers(by=caller(cast.alice), of=cast.analysts)
    assert [(each.person.name, each.group.name) for each in found] == [("Ben", "Analysts"), ("Alice", "Interns"), ("Cleo", "Interns")]
    with refused(NotFound, "not_found"):
        conferrers(by=caller(cast.dan), of=cast.analysts)


def test_who_owns_a_group_that_is_in_it_only_from_tomorrow_is_named_as_well(cast: Cast) -> None:
    """Whoever reads the dialog hands it to them today; who is in it no more is not named."""
    nesting.unnest(by=OPERATOR, group=cast.interns, out_of=cast.analysts)
    nesting.nest(by=caller(None, NOW - DAY), group=cast.interns, into=cast.analysts, window=Window(ends_at=NOW))
    assert [each.group.name for each in conferrers(by=caller(cast.alice), of=cast.analysts)] == ["Analysts"]
    nesting.nest(by=OPERATOR, group=cast.interns, into=cast.analysts, window=Window(starts_at=NOW + DAY))
    assert [each.group.name for each in conferrers(by=caller(cast.alice), of=cast.analysts)] == ["Analysts", "Interns"]


class TestProspects:
    TYPED = ("CLEO@acme.example", "ben@acme.example", "dan@acme.example", "nobody@else.example", "nonsense")

    def judged(self, cast: Cast) -> list[Prospect]:
        return [found.prospect for found in of_members(by=caller(cast.ben), group=cast.analysts, typed=self.TYPED)]

    def test_r071_each_address_is_judged_and_a_stranger_is_like_nobody(self, cast: Cast) -> None:
        strangers = [Prospect.STRANGER, Prospect.STRANGER, Prospect.WRONG]
        assert self.judged(cast) == [Prospect.HERE, Prospect.KNOWN, *strangers]
        found = of_members(by=caller(cast.ben), group=cast.analysts, typed=self.TYPED)
        assert [view.principal.name if view.principal else "" for view in found] == ["Cleo", "Ben", "", "", ""]

    def test_r087_an_enforced_policy_refuses(self, cast: Cast) -> None:
        policy = Policy(PolicyMode.ENFORCED, allowed_addresses=("cleo@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        assert self.judged(cast) == [Prospect.HERE, *[Prospect.REFUSED] * 3, Prospect.WRONG]

    def test_to_an_operator_everybody_is_known(self, cast: Cast) -> None:
        assert [found.prospect for found in of_owners(by=OPERATOR, group=cast.analysts, typed=self.TYPED[:3])] == [
            Prospect.KNOWN,
            Prospect.HERE,
            Prospect.KNOWN,
        ]

    def test_who_has_a_role_is_there_already(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        found = of_leaders(by=caller(cast.alice), organization=cast.acme, typed=self.TYPED[:2])
        assert [each.prospect for each in found] == [Prospect.KNOWN, Prospect.HERE]

    def test_only_who_may_add_asks(self, cast: Cast) -> None:
        for ask in (of_members, of_owners):
            with refused(Forbidden, "not_owner"):
                ask(by=caller(cast.cleo), group=cast.analysts, typed=self.TYPED)
            with refused(NotFound, "not_found"):
                ask(by=caller(cast.dan), group=cast.analysts, typed=self.TYPED)
        with refused(Forbidden, "not_admin"):
            of_leaders(by=caller(cast.cleo), organization=cast.acme, typed=self.TYPED)

    def test_as_many_queries_for_a_hundred_as_for_one(self, cast: Cast) -> None:
        many = [person(f"Guest {number}", f"guest{number}@acme.example") for number in range(60)]
        group_members.add(by=OPERATOR, group=cast.interns, members=many)
        typed = [f"guest{number}@acme.example" for number in range(100)]
        one = queries(lambda: of_members(by=caller(cast.ben), group=cast.analysts, typed=typed[:1]))
        assert queries(lambda: of_members(by=caller(cast.ben), group=cast.analysts, typed=typed)) == one
