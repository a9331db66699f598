"""From when until when: what has an end is a binding of its own, and what has ended is history (semantics 3)."""

import pytest

from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import bindings
from keyholder.services.commands.bindings import Outcome
from keyholder.storage.models import Binding, Event
from tests.cast import NOW, OPERATOR, Cast, caller, holds
from tests.services.happened import actions, last
from tests.services.holding import DAY, SECOND, since, ticked, until
from tests.services.refusing import refused, refused_rows

TOMORROW, YESTERDAY = NOW + DAY, NOW - DAY
EDITS = {"edit", "collaborate", "read_analyze"}


def windows(cast: Cast) -> list[tuple[Window, str]]:
    """Return Dan's bindings at the view, with their windows, in the order in which they were made."""
    rows = Binding.objects.filter(principal=cast.dan, resource=cast.view).order_by("pk")
    return [(Window(row.starts_at, row.ends_at), row.permissions) for row in rows]


def test_what_has_an_end_stands_beside_what_has_none(cast: Cast) -> None:
    """Neither lengthens nor shortens the other; all in force are united."""
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
    (given,) = bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=until(TOMORROW))
    assert given.outcome is Outcome.ADDED
    assert windows(cast) == [(ALWAYS, "read_analyze"), (until(TOMORROW), "edit")]
    assert (holds(cast.dan, cast.view, TOMORROW - SECOND), holds(cast.dan, cast.view, TOMORROW)) == (EDITS, {"read_analyze"})


def test_each_window_is_united_with_itself_only(cast: Cast) -> None:
    for window in (until(TOMORROW), since(TOMORROW), until(TOMORROW), ALWAYS):
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["collaborate"], window=window)
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=since(TOMORROW))
    assert windows(cast) == [(until(TOMORROW), "collaborate"), (since(TOMORROW), "edit collaborate"), (ALWAYS, "collaborate")]


def test_setting_and_ending_mean_that_very_window(cast: Cast) -> None:
    for window in (ALWAYS, until(TOMORROW)):
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=window)
    bindings.set_permissions(by=OPERATOR, of=cast.dan, on=cast.view, permissions=["read_analyze"], window=until(TOMORROW))
    assert windows(cast) == [(ALWAYS, "edit"), (until(TOMORROW), "read_analyze")]
    bindings.set_permissions(by=OPERATOR, of=cast.dan, on=cast.view)
    assert windows(cast) == [(until(TOMORROW), "read_analyze")]


def test_nothing_is_given_for_a_time_that_is_over(cast: Cast) -> None:
    for over in (until(NOW), Window(YESTERDAY, NOW - SECOND)):
        with refused(Invalid, "over"):
            bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=over)
        with refused(Invalid, "over"):
            bindings.set_permissions(by=OPERATOR, of=cast.dan, on=cast.view, permissions=["edit"], window=over)
    bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"], window=until(NOW + SECOND))


class TestHistory:
    @pytest.fixture(autouse=True)
    def _over(self, cast: Cast) -> None:
        """Let Dan have edited until yesterday."""
        bindings.grant(by=caller(None, YESTERDAY - DAY), to=[cast.dan], on=cast.view, permissions=["edit"], window=until(YESTERDAY))

    def test_it_is_never_merged_with(self, cast: Cast) -> None:
        with refused(Invalid, "over"):
            bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["manage_users"], window=until(YESTERDAY))
        with refused(Invalid, "over"):
            bindings.set_permissions(by=OPERATOR, of=cast.dan, on=cast.view, permissions=["read_analyze"], window=until(YESTERDAY))
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["read_analyze"])
        assert windows(cast) == [(until(YESTERDAY), "edit"), (ALWAYS, "read_analyze")]

    @pytest.mark.parametrize("to", [ALWAYS, until(TOMORROW), since(TOMORROW)], ids=str)
    def test_it_is_never_revived(self, cast: Cast, to: Window) -> None:
        with refused(Invalid, "over"):
            bindings.move_window(by=OPERATOR, of=[cast.dan], on=cast.view, since=until(YESTERDAY), to=to)

    def test_it_gives_nothing_and_can_be_cleared_away(self, cast: Cast) -> None:
        assert holds(cast.dan, cast.view) == set()
        bindings.revoke(by=caller(cast.alice), of=[cast.dan], on=cast.view, window=until(YESTERDAY))
        assert windows(cast) == []


class TestMoving:
    def test_an_end_is_set_and_taken_off_again(self, cast: Cast) -> None:
        bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, to=until(TOMORROW), reason="leaves")
        assert (ticked(cast.ben, cast.account), ticked(cast.ben, cast.account, until(TOMORROW))) == ([], ["edit"])
        event = Event.objects.get(action="access.window_changed")
        assert (event.details["before"], event.details["until"], event.reason) == ("", TOMORROW.isoformat(), "leaves")
        bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, since=until(TOMORROW), to=ALWAYS)
        assert ticked(cast.ben, cast.account) == ["edit"]

    def test_it_unites_with_what_stands_in_that_window(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=until(TOMORROW))
        bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, to=until(TOMORROW))
        assert ticked(cast.ben, cast.account, until(TOMORROW)) == ["manage_users", "edit"]
        assert Binding.objects.filter(principal=cast.ben).count() == 1

    def test_where_all_of_it_stands_there_already_the_old_one_goes(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["edit", "manage_users"], window=until(TOMORROW))
        before = last()
        bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, to=until(TOMORROW))
        assert (ticked(cast.ben, cast.account), actions(before)) == ([], ["access.window_changed"])

    def test_the_same_window_is_no_event(self, cast: Cast) -> None:
        before = last()
        bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, to=ALWAYS)
        assert actions(before) == []

    def test_not_into_the_past(self, cast: Cast) -> None:
        with refused(Invalid, "over"):
            bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, to=until(NOW))

    def test_who_has_nothing_in_that_window_is_named(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            bindings.move_window(by=caller(cast.alice), of=[cast.ben], on=cast.account, since=until(TOMORROW), to=ALWAYS)
        with refused_rows({cast.dan: "not_found"}):
            bindings.move_window(by=caller(cast.alice), of=[cast.ben, cast.dan], on=cast.account, to=until(TOMORROW))

    def test_who_manages_until_tomorrow_does_not_manage_for_good(self, cast: Cast) -> None:
        """By no command of their own after that day, whatever they wrote before."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["manage_users"], window=until(TOMORROW))
        with refused(NotFound, "not_found"):
            bindings.move_window(by=caller(cast.dan, TOMORROW), of=[cast.dan], on=cast.view, since=until(TOMORROW), to=ALWAYS)

    def test_the_last_manager_gets_no_end(self, cast: Cast) -> None:
        with refused(Conflict, "last_manager", "Shop"):
            bindings.move_window(by=caller(cast.alice), of=[cast.alice], on=cast.account, to=until(TOMORROW))

    def test_nobody_else_moves_them(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            bindings.move_window(by=caller(cast.ben), of=[cast.cleo], on=cast.account, to=until(TOMORROW))
