"""Giving and setting access: what is written and what is told (semantics 3). Alice administers *Shop*, Ben edits, Cleo reads."""

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.services.commands import bindings
from keyholder.services.commands.bindings import Outcome
from keyholder.storage.models import Binding, Event
from tests.cast import NOW, OPERATOR, Cast, caller, holds
from tests.services.happened import actions, last
from tests.services.holding import ALL, DAY, NODES, ticked, until
from tests.services.refusing import refused, refused_rows


class TestGranting:
    @pytest.mark.parametrize("node", NODES)
    @pytest.mark.parametrize("permissions", [("edit",), ("manage_users", "read_analyze"), ALL], ids="+".join)
    def test_r001_r002_any_set_at_any_level(self, cast: Cast, node: str, permissions: tuple[str, ...]) -> None:
        on = getattr(cast, node)
        (ben,) = bindings.grant(by=caller(cast.alice), to=[cast.interns], on=on, permissions=permissions)
        assert (ben.outcome, ticked(cast.interns, on)) == (Outcome.ADDED, [name for name in ALL if name in permissions])

    def test_r002_nothing_is_no_set(self, cast: Cast) -> None:
        with refused(Invalid, "permissions"):
            bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=[])

    @pytest.mark.parametrize("permissions", [["rule"], ["manage_pixels"], ["edit", "edit"], ["Edit"]], ids="+".join)
    def test_what_the_platform_does_not_know_is_refused(self, cast: Cast, permissions: list[str]) -> None:
        with refused(Invalid, "permissions", permissions[0]):
            bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=permissions)

    def test_what_was_ticked_is_stored_and_what_it_includes_is_effective(self, cast: Cast) -> None:
        """Reading 40."""
        bindings.grant(by=caller(cast.alice), to=[cast.cleo], on=cast.view, permissions=["edit"])
        assert (ticked(cast.cleo, cast.view), holds(cast.cleo, cast.view)) == (["edit"], {"edit", "collaborate", "read_analyze"})

    def test_r046_what_stands_is_united_with_and_reported(self, cast: Cast) -> None:
        (first,) = bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["read_analyze"])
        (second,) = bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["manage_users"])
        before = last()
        (third,) = bindings.grant(by=caller(cast.alice), to=[cast.ben], on=cast.view, permissions=["read_analyze"])
        assert (first.outcome, second.outcome, third.outcome) == (Outcome.ADDED, Outcome.MERGED, Outcome.UNCHANGED)
        assert (ticked(cast.ben, cast.view), actions(before)) == (["manage_users", "read_analyze"], [])
        assert Binding.objects.filter(principal=cast.ben, resource=cast.view).count() == 1

    def test_everybody_named_gets_it_once(self, cast: Cast) -> None:
        given = bindings.grant(by=caller(cast.alice), to=[cast.cleo, cast.ben, cast.cleo], on=cast.view, permissions=["edit"])
        assert [row.principal for row in given] == [cast.cleo, cast.ben]

    def test_nobody_named_is_no_event(self, cast: Cast) -> None:
        before = last()
        assert bindings.grant(by=caller(cast.alice), to=[], on=cast.view, permissions=["edit"]) == ()
        assert actions(before) == []

    def test_it_is_told_with_its_reason(self, cast: Cast) -> None:
        bindings.grant(by=caller(cast.alice), to=[cast.cleo], on=cast.view, permissions=["edit"], reason="summer")
        event = Event.objects.get(action="access.granted", subject=cast.cleo, resource=cast.view)
        assert (event.actor, event.reason, event.details["permissions"]) == (cast.alice, "summer", ["edit"])
        assert "self" not in event.details


class TestSetting:
    @pytest.mark.parametrize("node", NODES)
    def test_r018_r048_any_set_at_any_level_takes_the_place_of_what_stood(self, cast: Cast, node: str) -> None:
        on = getattr(cast, node)
        bindings.grant(by=OPERATOR, to=[cast.interns], on=on, permissions=["edit", "manage_users"])
        bindings.set_permissions(by=caller(cast.alice), of=cast.interns, on=on, permissions=["read_analyze", "collaborate"])
        assert ticked(cast.interns, on) == ["collaborate", "read_analyze"]

    def test_r049_the_empty_set_ends_it(self, cast: Cast) -> None:
        bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.account)
        assert (ticked(cast.ben, cast.account), holds(cast.ben, cast.view)) == ([], set())

    def test_r016_only_what_is_local_is_written(self, cast: Cast) -> None:
        """R011: a smaller set below a larger one changes nothing in what is effective."""
        bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.view, permissions=["read_analyze"])
        assert (ticked(cast.ben, cast.view), "edit" in holds(cast.ben, cast.view)) == (["read_analyze"], True)

    def test_before_and_after_are_told(self, cast: Cast) -> None:
        bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["read_analyze"])
        details = Event.objects.get(action="access.changed").details
        assert (details["before"], details["after"]) == (["edit"], ["read_analyze"])

    def test_the_same_set_again_is_no_event(self, cast: Cast) -> None:
        before = last()
        bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["edit"])
        assert actions(before) == []

    def test_r012_the_empty_set_where_everything_is_inherited(self, cast: Cast) -> None:
        with refused(Conflict, "inherited", "Ben", "All data", "Shop"):
            bindings.set_permissions(by=caller(cast.alice), of=cast.ben, on=cast.view)


class TestBulk:
    """All or none, each refused row with its reason; the same rules as one by one (R-PRV-12, semantics 4)."""

    def test_r_prv_12_granting_to_many(self, cast: Cast) -> None:
        before = last()
        with refused_rows({cast.dan: "not_known", 9999: "not_known"}):
            bindings.grant(by=caller(cast.alice), to=[cast.ben, cast.dan, PrincipalId(9999)], on=cast.view, permissions=["edit"])
        assert (ticked(cast.ben, cast.view), "access.granted" in actions(before)) == ([], False)

    def test_r_prv_12_taking_from_many(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
        with refused_rows({cast.ben: "inherited"}):
            bindings.take(by=caller(cast.alice), of=[cast.cleo, cast.ben], on=cast.view, permissions=["edit"])
        with refused_rows({cast.ben: "inherited", cast.dan: "not_found"}):
            bindings.revoke(by=caller(cast.alice), of=[cast.cleo, cast.ben, cast.dan], on=cast.view)
        with refused_rows({cast.ben: "inherited", cast.dan: "not_found"}):
            bindings.move_window(by=caller(cast.alice), of=[cast.cleo, cast.ben, cast.dan], on=cast.view, to=until(NOW + DAY))
        assert ticked(cast.cleo, cast.view) == ["edit"]
        bindings.revoke(by=caller(cast.alice), of=[cast.cleo], on=cast.view)

    def test_many_at_once_is_each_by_itself(self, cast: Cast) -> None:
        bindings.grant(by=caller(cast.alice), to=[cast.ben, cast.cleo], on=cast.view, permissions=["edit"])
        together = {who: ticked(who, cast.view) for who in (cast.ben, cast.cleo)}
        bindings.revoke(by=caller(cast.alice), of=[cast.ben, cast.cleo], on=cast.view)
        for who in (cast.ben, cast.cleo):
            bindings.grant(by=caller(cast.alice), to=[who], on=cast.view, permissions=["edit"])
        assert {who: ticked(who, cast.view) for who in (cast.ben, cast.cleo)} == together
