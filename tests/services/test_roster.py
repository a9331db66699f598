"""The roster: everybody with access at a resource, for who manages there (R040, R047, R059 to R064)."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef, TenantId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Forbidden, Invalid, NotFound, Refusals
from keyholder.domain.roster import Filters, Origin, Sort, Tab
from keyholder.domain.windows import Window
from keyholder.services.caller import Closed
from keyholder.services.commands import bindings, group_members, organizations, people, resources
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries.roster import Roster, everybody, roster
from keyholder.services.queries.selections import selection
from keyholder.services.read_models import Badge
from keyholder.storage.models import Binding, Membership, Organization, OrganizationSuspension, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries

FULL = os.environ.get("KEYHOLDER_SOAK") == "full"
TEN_THOUSAND = 10_000 if FULL else 1_000
GUESTS = 3_055 if FULL else 1_055
PAGE = 200 if FULL else 80
"""Rows on a page, so that either list has a dozen pages."""
BELOW = Filters(origin=Origin.BELOW)


def names(found: Roster) -> list[str]:
    return [row.access.principal.name for row in found.rows]


def matching(cast: Cast, at: ResourceId, tab: Tab = Tab.PEOPLE, **filters: object) -> list[str]:
    """Return the names of whom Alice finds."""
    return names(roster(by=caller(cast.alice), at=at, tab=tab, filters=Filters(**filters)))  # type: ignore[arg-type]  # as the test says


class TestWhoIsListed:
    def test_everybody_with_access_in_whatever_way(self, cast: Cast) -> None:
        """R040: direct, from the account, through a group; and the groups, one of them nested in the other."""
        found = roster(by=caller(cast.alice), at=cast.property)
        assert names(found) == ["Alice", "Ben", "Cleo"]
        assert (found.people, found.groups) == (3, 2)
        assert names(roster(by=caller(cast.alice), at=cast.property, tab=Tab.GROUPS)) == ["Analysts", "Interns"]
        assert names(roster(by=caller(cast.alice), at=cast.account, tab=Tab.GROUPS)) == []

    def test_r016_r017_local_and_inherited_stand_apart_with_their_sources(self, cast: Cast) -> None:
        """R016, R017: Cleo reads from the account and collaborates through the analysts."""
        cleo = roster(by=caller(cast.alice), at=cast.property).rows[2]
        assert cleo.access.local.shown == ("collaborate",)
        assert cleo.access.inherited.names == ()
        assert cleo.access.effective.names == ("collaborate", "read_analyze")
        assert [str(source.label) for source in cleo.access.sources] == ["from Shop", "through Analysts"]
        assert not cleo.is_direct
        ben = roster(by=caller(cast.alice), at=cast.property).rows[1]
        assert (ben.access.local.names, ben.access.inherited.shown) == ((), ("edit",))

    def test_what_ended_or_has_not_begun_is_not_access(self, cast: Cast) -> None:
        for window in (Window(ends_at=NOW), Window(starts_at=NOW + timedelta(seconds=1))):
            bindings.grant(by=caller(None, NOW.replace(year=2025)), to=[cast.dan], on=cast.view, permissions=["edit"], window=window)
        assert "Dan" not in names(roster(by=caller(cast.alice), at=cast.view))

    def test_who_is_suspended_stays_on_the_list_with_nothing_effective(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.ben)
        ben = roster(by=caller(cast.alice), at=cast.account).rows[1]
        assert (ben.access.effective.names, ben.access.local.shown, ben.badges) == ((), ("edit",), frozenset({Badge.SUSPENDED}))

    def test_who_is_suspended_in_the_organization_alone_is_marked_so(self, cast: Cast) -> None:
        OrganizationSuspension.objects.create(organization_id=cast.acme, user_id=cast.ben)
        ben = roster(by=caller(cast.alice), at=cast.account).rows[1]
        assert (ben.badges, bool(ben.access.effective), bool(ben.access.local)) == (frozenset({Badge.SUSPENDED_HERE}), False, True)
        assert matching(cast, cast.account, status=Status.SUSPENDED) == ["Ben"]

    def test_badges_say_who_is_who(self, cast: Cast) -> None:
        """R084: an admin of the organization is recognised."""
        policy = Policy(PolicyMode.ADVISORY, blocked_addresses=("ben@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        shown = {row.access.principal.name: row.badges for row in roster(by=caller(cast.alice), at=cast.account).rows}
        assert shown == {"Alice": {Badge.YOU, Badge.ORGANIZATION_ADMIN}, "Ben": {Badge.OUTSIDE_POLICY}, "Cleo": frozenset()}

    def test_nobody_has_access_to_what_is_in_the_trash(self, cast: Cast) -> None:
        Resource.objects.filter(pk=cast.account).update(trashed_at=NOW)
        assert roster(by=OPERATOR, at=cast.view).rows == ()


class TestWhoMayLook:
    def test_r064_only_who_manages_users_there(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            roster(by=caller(cast.ben), at=cast.account)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        assert names(roster(by=caller(cast.ben), at=cast.view)) == ["Alice", "Ben", "Cleo"]
        with refused(Forbidden, "lacks_permission"):
            roster(by=caller(cast.ben), at=cast.account)

    def test_r_ten_1_for_an_outsider_it_does_not_exist(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            roster(by=caller(cast.dan), at=cast.account)
        with refused(NotFound, "not_found"):
            roster(by=caller(cast.dan), at=ResourceId(999_999))


class TestSearch:
    @pytest.mark.parametrize("text", ["cleo", "LEO", "cleo@acme.example", "Cleo@ACME.example", "@acme", "eo@ac", "  cleo "])
    def test_r059_r060_people_are_found_by_part_of_name_or_address(self, cast: Cast, text: str) -> None:
        assert "Cleo" in matching(cast, cast.account, search=text)

    def test_r060_people_and_groups_are_found_by_part_of_a_groups_name(self, cast: Cast) -> None:
        assert matching(cast, cast.account, search="analys") == ["Cleo"]
        assert matching(cast, cast.property, Tab.GROUPS, search="analys") == ["Analysts"]
        group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben])
        assert matching(cast, cast.account, search="ANALYSTS") == ["Ben", "Cleo"]

    @pytest.mark.parametrize("text", ["%", "_", "!", "\\", "'", "\x00", "\ud800", "nobody", "c%o", "cle_"])
    def test_r_orm_1_wildcards_and_worse_are_plain_text(self, cast: Cast, text: str) -> None:
        assert matching(cast, cast.account, search=text) == []

    def test_the_numbers_of_both_tabs_follow_the_search(self, cast: Cast) -> None:
        found = roster(by=caller(cast.alice), at=cast.property, filters=Filters(search="inter"))
        assert (found.rows, found.people, found.groups) == ((), 0, 1)

    def test_a_group_of_another_organization_finds_nobody(self, cast: Cast) -> None:
        """R081: that Cleo is in somebody else's group is not to be found out here."""
        other = organizations.create(by=caller(cast.dan), name="Bolt")
        secret = group(cast.dan, other, "Secret")
        Membership.objects.create(group_id=secret, member_id=cast.cleo)
        assert matching(cast, cast.account, search="secret") == []
        assert matching(cast, cast.account, group=secret) == []


class TestFilters:
    def test_r061_every_filter_alone(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["read_analyze"])
        assert matching(cast, cast.view, name="ale") == []
        assert matching(cast, cast.view, name="le") == ["Cleo"]
        assert matching(cast, cast.view, address="BEN@acme") == ["Ben"]
        assert matching(cast, cast.view, organization_admin=True) == ["Alice"]
        assert matching(cast, cast.view, organization_admin=False) == ["Ben", "Cleo"]
        assert matching(cast, cast.view, group=cast.analysts) == ["Cleo"]
        assert matching(cast, cast.view, Tab.GROUPS, group=cast.analysts) == ["Interns"]
        assert matching(cast, cast.view, permission="collaborate") == ["Alice", "Ben", "Cleo"]
        assert matching(cast, cast.view, permission="edit") == ["Alice", "Ben"]
        assert matching(cast, cast.view, origin=Origin.DIRECT) == ["Alice", "Ben"]
        assert matching(cast, cast.view, origin=Origin.INHERITED) == ["Cleo"]

    def test_r061_filters_combine(self, cast: Cast) -> None:
        assert matching(cast, cast.property, permission="edit", organization_admin=False) == ["Ben"]
        assert matching(cast, cast.property, permission="edit", group=cast.analysts) == []

    def test_by_status(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.cleo)
        assert matching(cast, cast.account, status=Status.SUSPENDED) == ["Cleo"]
        assert matching(cast, cast.account, status=Status.ACTIVE) == ["Alice", "Ben"]

    def test_by_what_ends_soon(self, cast: Cast) -> None:
        soon = Window(ends_at=NOW + timedelta(days=14))
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"], window=soon)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"], window=soon)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["edit"], window=soon)
        assert matching(cast, cast.view, expiring_days=13) == []
        assert matching(cast, cast.view, expiring_days=14) == ["Cleo", "Dan"], "Ben keeps edit from the account"
        assert matching(cast, cast.view, expiring_days=10**9) == ["Cleo", "Dan"]

    def test_an_unknown_permission_is_refused(self, cast: Cast) -> None:
        with refused(Invalid, "permission"):
            matching(cast, cast.account, permission="fly")

    def test_everybody_who_matches_can_be_taken_at_once(self, cast: Cast) -> None:
        found = everybody(by=caller(cast.alice), at=cast.property, filters=Filters(permission="edit"))
        assert set(found) == {cast.alice, cast.ben}


class TestOnlyBelow:
    """Who holds nothing at a node but something below it: a list of their own, and their number under the other one (R040, R069)."""

    def test_r040_a_group_bound_at_a_view_and_its_people_are_counted_and_listed_above(self, cast: Cast) -> None:
        helpers = group(cast.alice, cast.acme, "Helpers")
        group_members.add(by=OPERATOR, group=helpers, members=[cast.dan, cast.ben])
        bindings.grant(by=OPERATOR, to=[helpers], on=cast.view, permissions=["edit"])
        found = roster(by=caller(cast.alice), at=cast.account)
        assert (names(found), found.only_below) == (["Alice", "Ben", "Cleo"], {Tab.PEOPLE: 1, Tab.GROUPS: 3})
        dan = roster(by=caller(cast.alice), at=cast.account, filters=BELOW).rows[0]
        assert (dan.access.principal.name, bool(dan.access.effective), dan.access.sources, dan.is_direct) == ("Dan", False, (), False)
        assert ([place.name for place in dan.below], dan.more_below) == (["All data"], 0)
        assert matching(cast, cast.account, Tab.GROUPS, origin=Origin.BELOW) == ["Analysts", "Helpers", "Interns"]
        assert matching(cast, cast.property, Tab.GROUPS, origin=Origin.BELOW) == ["Helpers"]
        assert roster(by=caller(cast.alice), at=cast.view).only_below == {}

    def test_two_places_are_named_and_the_others_counted(self, cast: Cast) -> None:
        for number in range(3):
            view = resource(cast.alice, "view", f"200{number}", f"View {number}", cast.property)
            bindings.grant(by=OPERATOR, to=[cast.dan], on=view, permissions=["edit"])
        dan = roster(by=caller(cast.alice), at=cast.account, filters=BELOW).rows[0]
        assert ([place.name for place in dan.below], dan.more_below) == (["View 0", "View 1"], 1)

    def test_other_filters_combine_with_it(self, cast: Cast) -> None:
        """R061, R088: also who is outside the policy; the number under the list follows the same filters."""
        policy = Policy(PolicyMode.ADVISORY, blocked_addresses=("dan@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=policy)
        bindings.grant(by=OPERATOR, to=[cast.dan, person("Eve")], on=cast.view, permissions=["edit"])
        assert matching(cast, cast.account, origin=Origin.BELOW) == ["Dan", "Eve"]
        assert matching(cast, cast.account, origin=Origin.BELOW, violation=True) == ["Dan"]
        assert matching(cast, cast.account, origin=Origin.BELOW, permission="collaborate") == ["Dan", "Eve"], "what they hold there"
        assert matching(cast, cast.account, origin=Origin.BELOW, permission="manage_users") == []
        outside = roster(by=caller(cast.alice), at=cast.account, filters=Filters(violation=True))
        assert (names(outside), outside.only_below[Tab.PEOPLE]) == ([], 1)

    def test_what_ended_and_what_is_in_the_trash_counts_for_nothing(self, cast: Cast) -> None:
        ended = Window(ends_at=NOW)
        bindings.grant(by=caller(None, NOW.replace(year=2025)), to=[cast.dan], on=cast.view, permissions=["edit"], window=ended)
        bindings.grant(by=OPERATOR, to=[person("Eve")], on=cast.view, permissions=["edit"])
        assert matching(cast, cast.account, origin=Origin.BELOW) == ["Eve"]
        Resource.objects.filter(pk=cast.property).update(trashed_at=NOW)
        assert matching(cast, cast.account, origin=Origin.BELOW) == []

    def test_who_is_suspended_is_marked(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        people.suspend(by=OPERATOR, user=cast.dan)
        assert roster(by=caller(cast.alice), at=cast.account, filters=BELOW).rows[0].badges == {Badge.SUSPENDED}
        assert matching(cast, cast.account, origin=Origin.BELOW, status=Status.ACTIVE) == []

    def test_r098_over_a_closed_edge_nobody_is_seen(self, cast: Cast) -> None:
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h"), "Agency", None), administrator=cast.ben)
        client = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.dan)
        assert names(roster(by=caller(cast.ben), at=host, filters=BELOW)) == ["Dan"]
        Resource.objects.filter(pk=client).update(managed=False)
        closed = roster(by=caller(cast.ben), at=host)
        assert (closed.only_below, roster(by=caller(cast.ben), at=host, filters=BELOW).rows) == ({Tab.PEOPLE: 0, Tab.GROUPS: 0}, ())

    def test_what_a_session_does_not_open_is_left_out(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        tenant = Organization.objects.get(pk=bolt).tenant_id
        Resource.objects.filter(pk=cast.view).update(tenant=tenant)
        assert matching(cast, cast.account, origin=Origin.BELOW) == ["Dan"]
        shut = replace(caller(cast.alice), closed=(Closed(bolt, TenantId(tenant), "Bolt", "MTS ID", "mts"),))
        assert roster(by=shut, at=cast.account).only_below[Tab.PEOPLE] == 0
        assert roster(by=shut, at=cast.account, filters=BELOW).rows == ()

    def test_pages_follow_each_other_and_all_of_them_are_selected(self, cast: Cast) -> None:
        """R047, R053: ticked ones too; who is on the node's own list is not among them."""
        guests = crowd(7)
        admit(guests, cast.view)
        first = roster(by=caller(cast.alice), at=cast.account, filters=BELOW, size=4)
        second = roster(by=caller(cast.alice), at=cast.account, filters=BELOW, size=4, cursor=first.next)
        assert {row.access.principal.id for row in (*first.rows, *second.rows)} == set(guests)
        assert set(selection(by=caller(cast.alice), at=cast.account, filters=BELOW).principals) == set(guests)
        ticked = selection(by=caller(cast.alice), at=cast.account, filters=BELOW, only=[guests[0], cast.ben])
        assert ticked.principals == (guests[0],)

    def test_it_costs_the_same_for_many(self, cast: Cast) -> None:
        admit(crowd(3), cast.view)
        few = queries(lambda: roster(by=caller(cast.alice), at=cast.account, filters=BELOW))
        admit(crowd(60), cast.view)
        assert queries(lambda: roster(by=caller(cast.alice), at=cast.account, filters=BELOW)) == few


class TestOrder:
    RANK = (
        ("manage_users", "edit"),
        ("manage_users", "collaborate"),
        ("manage_users", "read_analyze"),
        ("manage_users",),
        ("edit",),
        ("collaborate",),
        ("read_analyze",),
    )

    def test_r062_permissions_rank_as_reading_15_says(self, cast: Cast) -> None:
        """R062: by the closed sets, ties by address; the second click turns the whole order round."""
        account = resource(cast.alice, "account", "500", "Rank")
        for place, permissions in enumerate(self.RANK):
            for twin in ("b", "a"):
                guest = person(f"Guest {place} {twin}", f"{twin}{place}@acme.example")
                bindings.grant(by=OPERATOR, to=[guest], on=account, permissions=permissions)
        falling = self._addresses(cast, account, descending=True)
        ranked = [f"{twin}{place}" for place in range(len(self.RANK)) for twin in ("b", "a")]
        assert falling == [f"{name}@acme.example" for name in ("b0", "alice", *ranked[1:])], "Alice holds everything, as Guest 0"
        assert self._addresses(cast, account, descending=False) == falling[::-1]

    def _addresses(self, cast: Cast, account: ResourceId, *, descending: bool) -> list[str]:
        found = roster(by=caller(cast.alice), at=account, sort=Sort.PERMISSIONS, descending=descending)
        return [row.access.principal.address for row in found.rows]

    def test_pages_follow_each_other_in_both_directions(self, cast: Cast) -> None:
        """R047: after the last row of the page before, whatever was added meanwhile."""
        admit(crowd(7), cast.account)
        first = roster(by=caller(cast.alice), at=cast.account, size=4)
        second = roster(by=caller(cast.alice), at=cast.account, size=4, cursor=first.next)
        third = roster(by=caller(cast.alice), at=cast.account, size=4, cursor=second.next)
        assert [len(page.rows) for page in (first, second, third)] == [4, 4, 2]
        assert (first.previous, third.next, first.people) == ("", "", 10)
        back = roster(by=caller(cast.alice), at=cast.account, size=4, cursor=third.previous)
        assert back.rows == second.rows
        start = roster(by=caller(cast.alice), at=cast.account, size=4, cursor=back.previous)
        assert (start.rows, start.previous, bool(start.next)) == (first.rows, "", True)

    def test_r_orm_1_a_changed_cursor_is_refused(self, cast: Cast) -> None:
        cursor = roster(by=caller(cast.alice), at=cast.account, size=1).next
        for place in range(len(cursor)):
            changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
            with refused(Invalid, "cursor"):
                roster(by=caller(cast.alice), at=cast.account, size=1, cursor=changed)
        for other in ({"sort": Sort.ADDRESS}, {"descending": True}, {"tab": Tab.GROUPS}):
            with refused(Invalid, "cursor"):
                roster(by=caller(cast.alice), at=cast.account, cursor=cursor, **other)

    @pytest.mark.parametrize(("size", "shown"), [(10**9, 200), (-1, 1), (0, 1), (50, 50)])
    def test_r_dos_3_a_page_has_its_bounds(self, cast: Cast, size: int, shown: int) -> None:
        admit(crowd(210), cast.account)
        assert len(roster(by=caller(cast.alice), at=cast.account, size=size).rows) == shown


class TestCost:
    @pytest.mark.soak
    def test_r047_as_many_queries_for_ten_thousand_as_for_ten(self, cast: Cast) -> None:
        """R047: the list stays usable with ten thousand users; a page costs what a page costs."""
        admit(crowd(10), cast.account)
        few = queries(lambda: roster(by=caller(cast.alice), at=cast.property))
        guests = crowd(TEN_THOUSAND)
        half = TEN_THOUSAND // 2
        admit(guests[:half], cast.account)
        Membership.objects.bulk_create([Membership(group_id=cast.analysts, member_id=g) for g in guests[half - 100 :]], batch_size=500)
        assert queries(lambda: roster(by=caller(cast.alice), at=cast.property)) == few
        assert roster(by=caller(cast.alice), at=cast.property).people == TEN_THOUSAND + 13


class TestThreeThousand:
    """A list of 3,058: paged, ordered and changed as a whole (R047, R053, R062)."""

    @pytest.mark.soak
    def test_r062_every_order_is_total_and_the_same_over_all_pages(self, cast: Cast) -> None:
        """Nobody twice, nobody missing, and the second click turns the whole of it round."""
        admit(crowd(GUESTS), cast.account)
        for sort in (Sort.PERMISSIONS, Sort.LAST_SEEN):
            rising, falling = (self._walk(cast, sort, descending=descending) for descending in (False, True))
            assert len(set(rising)) == len(rising) == GUESTS + 3
            assert rising == falling[::-1]

    @pytest.mark.soak
    def test_r053_all_of_them_are_meant_by_the_filter_and_nothing_is_done_by_halves(self, cast: Cast) -> None:
        """With one among them whom nobody knows, nobody gets anything, and it is said of whom."""
        chosen = self._all(cast)
        assert len(chosen) == GUESTS
        with pytest.raises(Refusals) as caught:
            bindings.grant(by=caller(cast.alice), to=[*chosen, cast.dan], on=cast.account, permissions=["edit"])
        assert [(int(row.row), row.refusal.code) for row in caught.value.rows] == [(cast.dan, "not_known")]
        assert Binding.objects.filter(resource=cast.account, permissions="read_analyze").count() == GUESTS + 1

    @pytest.mark.soak
    def test_r053_all_of_them_are_changed_in_one_transaction(self, cast: Cast) -> None:
        bindings.grant(by=caller(cast.alice), to=self._all(cast), on=cast.account, permissions=["edit"])
        assert roster(by=caller(cast.alice), at=cast.view, filters=Filters(search="guest", permission="edit")).people == GUESTS

    def _all(self, cast: Cast) -> Sequence[PrincipalId]:
        admit(crowd(GUESTS), cast.account)
        return selection(by=caller(cast.alice), at=cast.account, filters=Filters(search="guest")).principals

    def _walk(self, cast: Cast, sort: Sort, *, descending: bool) -> list[PrincipalId]:
        found, cursor = list[PrincipalId](), ""
        while True:
            page = roster(by=caller(cast.alice), at=cast.account, sort=sort, descending=descending, size=PAGE, cursor=cursor)
            found += [row.access.principal.id for row in page.rows]
            cursor = page.next
            if not cursor:
                return found


def admit(guests: Sequence[PrincipalId], account: ResourceId) -> None:
    """Let guests read, by rows alone."""
    rows = [Binding(principal_id=guest, resource_id=account, permissions="read_analyze", mask=1) for guest in guests]
    Binding.objects.bulk_create(rows, batch_size=500)
