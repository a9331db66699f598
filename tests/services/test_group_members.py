"""Who is in a group: people for a window or for good, groups within groups (R071 to R078, semantics 4 and 5)."""

from datetime import timedelta

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import bindings, group_members, nesting, organizations, people, removal
from keyholder.services.commands.bindings import Outcome
from keyholder.storage.models import Event, Membership
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
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

    def test_nothing_is_written_into_the_past(self, cast: Cast) -> None:
        """What has ended is history, never revived (semantics 3)."""
        over = Window(ends_at=NOW)
        with refused(Invalid, "over"):
            group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice], window=over)
        with refused(Invalid, "over"):
            nesting.nest(by=caller(cast.alice), group=cast.interns, into=cast.analysts, window=over)
        with refused(Invalid, "over"):
            group_members.move_window(by=caller(cast.ben), group=cast.analysts, member=cast.cleo, to=over)
        group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.alice], window=UNTIL_TOMORROW)
        with refused(Invalid, "over"):
            group_members.move_window(
                by=caller(cast.ben, TOMORROW), group=cast.analysts, member=cast.alice, since=UNTIL_TOMORROW, to=ALWAYS
            )

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


def test_r079_changing_what_a_group_has_changes_all_members(cast: Cast) -> None:
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
    bindings.set_permissions(by=caller(cast.alice), of=cast.analysts, on=cast.property, permissions=["edit"])
    assert [holds(who, cast.view) >= {"edit"} for who in (cast.cleo, cast.dan)] == [True, True]
    bindings.set_permissions(by=caller(cast.alice), of=cast.analysts, on=cast.property, permissions=["read_analyze"])
    assert [holds(who, cast.view) for who in (cast.cleo, cast.dan)] == [{"read_analyze"}, {"read_analyze"}]
