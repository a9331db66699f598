"""Who is in a group: people for a window or for good, groups within groups (R071 to R078, semantics 4 and 5)."""

from datetime import timedelta
from itertools import pairwise

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import bindings, group_members, groups, nesting, organizations, people, removal
from keyholder.services.commands.bindings import Outcome
from keyholder.storage.models import Event, Membership
from tests.cast import NOW, OPERATOR, Cast, caller, group, holds, person
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused, refused_rows

COLLABORATES = {"collaborate", "read_analyze"}
TOMORROW = NOW + timedelta(days=1)
UNTIL_TOMORROW = Window(ends_at=TOMORROW)


def members(of: PrincipalId) -> list[int]:
    return list(Membership.objects.filter(group=of).order_by("pk").values_list("member_id", flat=True))


class TestAdding:
    def test_r071_r075_several_at_once_get_what_the_group_has(self, cast: Cast) -> None:
        result = group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice, cast.cleo, cast.alice])
        assert [(granted.principal, granted.outcome) for granted in result] == [
            (cast.alice, Outcome.ADDED),
            (cast.cleo, Outcome.UNCHANGED),
        ]
        assert members(cast.analysts) == [cast.cleo, cast.interns, cast.alice]

    def test_r_prv_3_its_owner_confers_whatever_it_gives(self, cast: Cast) -> None:
        """Ben manages no users anywhere; as owner he may give away what the analysts have, and marks it where he gives it to himself."""
        bindings.grant(by=caller(cast.alice), to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben])
        assert "manage_users" in holds(cast.ben, cast.account)
        event = Event.objects.get(action="group.member_added", subject=cast.ben)
        assert event.details["self"] is True

    def test_r_prv_3_nobody_else_confers_it(self, cast: Cast) -> None:
        """Cleo is a member, Ben owns the outer group only, Dan is outside: none of them adds anybody to the interns."""
        for somebody, kind, code in (
            (cast.cleo, Forbidden, "not_owner"),
            (cast.ben, Forbidden, "not_owner"),
            (cast.dan, NotFound, "not_found"),
        ):
            with refused(kind, code):
                group_members.add(by=caller(somebody), group=cast.interns, members=[somebody])
        assert members(cast.interns) == []

    def test_a_window_is_a_membership_of_its_own(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben], window=UNTIL_TOMORROW)
        (again,) = group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben], window=UNTIL_TOMORROW)
        (standing,) = group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben])
        assert (again.outcome, standing.outcome) == (Outcome.UNCHANGED, Outcome.ADDED)
        assert members(cast.analysts).count(cast.ben) == 2

    def test_a_membership_counts_from_its_start_until_its_end(self, cast: Cast) -> None:
        gus = person("Gus")
        window = Window(NOW + timedelta(hours=1), TOMORROW)
        group_members.add(by=OPERATOR, group=cast.analysts, members=[gus], window=window)
        held = [holds(gus, cast.view, at) for at in (NOW, NOW + timedelta(hours=1), TOMORROW - timedelta(seconds=1), TOMORROW)]
        assert held == [set(), COLLABORATES, COLLABORATES, set()]

    def test_all_or_none_and_each_row_says_why(self, cast: Cast) -> None:
        """A stranger and nobody are refused in the same words; groups and machines are no people here (semantics 4, Known)."""
        machine = people.create_service_account(by=OPERATOR, name="reporter")
        bindings.grant(by=OPERATOR, to=[machine], on=cast.view, permissions=["read_analyze"])
        wrong = {cast.dan: "not_known", 9999: "not_known", cast.interns: "not_a_person", machine: "not_a_person"}
        with refused_rows(wrong):
            group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice, *map(PrincipalId, wrong)])
        assert members(cast.analysts) == [cast.cleo, cast.interns]
        for one, kind, code in ((cast.dan, Conflict, "not_known"), (cast.interns, Invalid, "not_a_person")):
            with refused(kind, code):
                group_members.add(by=caller(cast.ben), group=cast.analysts, members=[one])

    def test_the_command_line_knows_everybody_there_is(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.analysts, members=[cast.dan])
        with refused_rows({9999: "not_known", cast.interns: "not_a_person"}):
            group_members.add(by=OPERATOR, group=cast.analysts, members=[PrincipalId(9999), cast.interns])

    def test_r087_the_enforced_policy_refuses_by_row(self, cast: Cast) -> None:
        guests = [person(name, f"{name}@guest.example") for name in ("gus", "gil")]
        bindings.grant(by=OPERATOR, to=guests, on=cast.view, permissions=["read_analyze"])
        organizations.set_policy(by=OPERATOR, organization=cast.acme, policy=Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",)))
        with refused_rows(dict.fromkeys(guests, "policy")):
            group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice, *guests])

    def test_nothing_to_add_is_no_event(self, cast: Cast) -> None:
        before = last()
        assert group_members.add(by=caller(cast.ben), group=cast.analysts, members=[]) == ()
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
        assert actions(before) == []


class TestRemoving:
    def test_r078_what_the_group_gave_goes_and_the_rest_stays(self, cast: Cast) -> None:
        group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
        assert holds(cast.cleo, cast.view) == {"read_analyze"}
        assert chains_hold()

    def test_of_every_window_or_of_one(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo], window=UNTIL_TOMORROW)
        group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo], window=ALWAYS)
        assert holds(cast.cleo, cast.view) == COLLABORATES
        with refused(NotFound, "not_found"):
            group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo], window=ALWAYS)
        group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
        assert holds(cast.cleo, cast.view) == {"read_analyze"}

    def test_who_is_in_it_through_another_group_is_told_which(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.alice), group=cast.interns, members=[cast.ben])
        with refused(Conflict, "through_group", "Ben", "Analysts", "Interns"):
            group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.ben])
        with refused(Conflict, "through_group", "Interns"):
            group_members.leave(by=caller(cast.ben), group=cast.analysts)
        with refused_rows({cast.ben: "through_group", cast.dan: "not_found"}):
            group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo, cast.ben, cast.dan])
        assert cast.cleo in members(cast.analysts)

    def test_only_who_manages_the_members_may(self, cast: Cast) -> None:
        with refused(Forbidden, "not_owner"):
            group_members.remove(by=caller(cast.cleo), group=cast.analysts, members=[cast.cleo])

    def test_everybody_leaves_by_themselves(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo], window=UNTIL_TOMORROW)
        group_members.leave(by=caller(cast.cleo), group=cast.analysts)
        assert members(cast.analysts) == [cast.interns]
        for nobody in (cast.cleo, cast.dan, None):
            with refused(NotFound, "not_found"):
                group_members.leave(by=caller(nobody), group=cast.analysts)

    def test_r056_the_last_manager_neither_leaves_nor_is_taken_out(self, cast: Cast) -> None:
        """Alice manages through the analysts alone: leaving, being taken out and getting an end are refused alike."""
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice])
        removal.give_up(by=caller(cast.alice), on=cast.account)
        with refused(Conflict, "last_manager", "Shop"):
            group_members.leave(by=caller(cast.alice), group=cast.analysts)
        with refused(Conflict, "last_manager", "Shop"):
            group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.alice])
        with refused(Conflict, "last_manager", "Shop"):
            group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.alice, to=UNTIL_TOMORROW)


class TestMovingAWindow:
    def test_a_membership_gets_an_end(self, cast: Cast) -> None:
        group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.cleo, to=UNTIL_TOMORROW)
        assert (holds(cast.cleo, cast.view), holds(cast.cleo, cast.view, TOMORROW)) == (COLLABORATES, {"read_analyze"})
        event = Event.objects.get(action="group.member_changed")
        assert (event.details["before"], event.details["until"]) == ("", TOMORROW.isoformat())

    def test_it_never_makes_a_second_one_of_the_same_window(self, cast: Cast) -> None:
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo], window=UNTIL_TOMORROW)
        group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.cleo, to=UNTIL_TOMORROW)
        assert members(cast.analysts).count(cast.cleo) == 1

    def test_nothing_to_move(self, cast: Cast) -> None:
        before = last()
        group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.cleo, to=ALWAYS)
        assert actions(before) == []
        with refused(NotFound, "not_found"):
            group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.cleo, since=UNTIL_TOMORROW, to=ALWAYS)
        with refused(Forbidden, "not_owner"):
            group_members.move_window(by=caller(cast.cleo), group=cast.analysts, member=cast.cleo, to=UNTIL_TOMORROW)


class TestNesting:
    def test_r072_r073_members_of_the_inner_get_what_the_outer_has(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
        assert holds(cast.dan, cast.view) == COLLABORATES
        nesting.unnest(by=caller(cast.alice), group=cast.interns, out_of=cast.analysts)
        assert holds(cast.dan, cast.view) == set()
        assert actions(last() - 1) == ["group.unnested"]

    def test_it_needs_ownership_of_the_outer_group(self, cast: Cast) -> None:
        mine = group(cast.alice, cast.acme, "Builders")
        groups.add_owner(by=caller(cast.alice), group=mine, user=cast.cleo)
        with refused(Forbidden, "not_owner", "Analysts"):
            nesting.nest(by=caller(cast.cleo), group=mine, into=cast.analysts)
        assert nesting.nest(by=caller(cast.ben), group=mine, into=cast.analysts) is Outcome.ADDED
        assert nesting.nest(by=caller(cast.ben), group=mine, into=cast.analysts) is Outcome.UNCHANGED

    def test_r081_groups_of_others_are_not_there_and_foreign_ones_stay_out(self, cast: Cast) -> None:
        bolt = organizations.create(by=caller(cast.dan), name="Bolt")
        foreign = group(cast.dan, bolt, "Foreigners")
        for inner, outer in ((foreign, cast.analysts), (cast.analysts, foreign), (PrincipalId(9999), cast.analysts)):
            with refused(NotFound, "not_found"):
                nesting.nest(by=caller(cast.ben), group=inner, into=outer)
        with refused(Conflict, "foreign_group", "Foreigners", "Analysts"):
            nesting.nest(by=OPERATOR, group=foreign, into=cast.analysts)

    def test_r074_a_cycle_is_refused_with_its_path(self, cast: Cast) -> None:
        pupils = group(cast.alice, cast.acme, "Pupils")
        nesting.nest(by=caller(cast.alice), group=pupils, into=cast.interns)
        with pytest.raises(Conflict) as caught:
            nesting.nest(by=caller(cast.alice), group=cast.analysts, into=pupils)
        path = str(caught.value.sentence).removeprefix("A group can't contain itself: ").removesuffix(".").split(" > ")
        ring = ["Analysts", "Interns", "Pupils"]
        start = ring.index(path[0])
        assert path == [*ring[start:], *ring[:start], ring[start]]
        with refused(Conflict, "cycle", "Pupils > Pupils"):
            nesting.nest(by=OPERATOR, group=pupils, into=pupils)

    def test_r_prv_4_a_diamond_is_allowed(self, cast: Cast) -> None:
        left, right, bottom = (group(cast.alice, cast.acme, name) for name in ("Left", "Right", "Bottom"))
        for inner, outer in ((left, cast.analysts), (right, cast.analysts), (bottom, left), (bottom, right)):
            nesting.nest(by=caller(cast.alice), group=inner, into=outer)
        group_members.add(by=OPERATOR, group=bottom, members=[cast.dan])
        nesting.unnest(by=caller(cast.alice), group=bottom, out_of=left)
        assert holds(cast.dan, cast.view) == COLLABORATES

    def test_r_prv_4_a_chain_holds_twenty_groups(self, cast: Cast) -> None:
        """Whatever end it grows at, and with windows that are over."""
        chain = [group(cast.alice, cast.acme, f"Group {number}") for number in range(20)]
        for outer, inner in pairwise(chain[:10]):
            nesting.nest(by=OPERATOR, group=inner, into=outer, window=Window(ends_at=NOW))
        for outer, inner in pairwise(chain[10:]):
            nesting.nest(by=OPERATOR, group=inner, into=outer)
        nesting.nest(by=OPERATOR, group=chain[10], into=chain[9])
        extra = group(cast.alice, cast.acme, "Extra")
        for inner, outer in ((extra, chain[19]), (chain[0], extra)):
            with refused(Conflict, "chain", "20", "21"):
                nesting.nest(by=OPERATOR, group=inner, into=outer)

    def test_owners_of_either_take_it_out(self, cast: Cast) -> None:
        groups.add_owner(by=caller(cast.alice), group=cast.interns, user=cast.cleo)
        nesting.unnest(by=caller(cast.cleo), group=cast.interns, out_of=cast.analysts)
        with refused(NotFound, "not_found"):
            nesting.unnest(by=caller(cast.ben), group=cast.interns, out_of=cast.analysts)
        nesting.nest(by=caller(cast.ben), group=cast.interns, into=cast.analysts)
        groups.remove_owner(by=caller(cast.alice), group=cast.interns, user=cast.cleo)
        with refused(Forbidden, "not_owner", "Analysts"):
            nesting.unnest(by=caller(cast.cleo), group=cast.interns, out_of=cast.analysts)
        with refused(NotFound, "not_found"):
            nesting.unnest(by=caller(cast.dan), group=cast.interns, out_of=cast.analysts)
        nesting.unnest(by=caller(cast.ben), group=cast.interns, out_of=cast.analysts)

    def test_what_is_in_there_through_another_is_named(self, cast: Cast) -> None:
        pupils = group(cast.alice, cast.acme, "Pupils")
        nesting.nest(by=caller(cast.alice), group=pupils, into=cast.interns)
        with refused(Conflict, "through_group", "Pupils", "Analysts", "Interns"):
            nesting.unnest(by=caller(cast.alice), group=pupils, out_of=cast.analysts)


def test_r079_changing_what_a_group_has_changes_all_members(cast: Cast) -> None:
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
    bindings.set_permissions(by=caller(cast.alice), of=cast.analysts, on=cast.property, permissions=["edit"])
    assert [holds(who, cast.view) >= {"edit"} for who in (cast.cleo, cast.dan)] == [True, True]
    bindings.set_permissions(by=caller(cast.alice), of=cast.analysts, on=cast.property, permissions=["read_analyze"])
    assert [holds(who, cast.view) for who in (cast.cleo, cast.dan)] == [{"read_analyze"}, {"read_analyze"}]
