"""Adding people with permissions and groups at once, and editing one binding with its end: one transaction each (R041, R042, R048)."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import ALWAYS, Window
from keyholder.services.commands import additions, bindings, editing
from keyholder.services.commands.bindings import Outcome
from keyholder.services.proposals import Proposal, Verb
from keyholder.services.queries.previews import of_bindings
from keyholder.storage.models import Membership
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.services.happened import actions, chains_hold, last
from tests.services.holding import DAY, ticked, until
from tests.services.refusing import refused, refused_rows

TOMORROW = until(NOW + DAY)


@pytest.fixture
def eve(cast: Cast) -> PrincipalId:
    """Make Eve, whom Acme knows: she reads one view."""
    eve = person("Eve")
    bindings.grant(by=OPERATOR, to=[eve], on=cast.view, permissions=["read_analyze"])
    return eve


class TestAdding:
    def test_r042_several_get_permissions_and_groups_at_once(self, cast: Cast, eve: PrincipalId) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        before = last()
        granted = additions.add(
            by=caller(cast.ben), to=[eve, cast.alice], on=cast.property, permissions=["edit"], groups=[cast.analysts], window=TOMORROW
        )
        assert [row.outcome for row in granted] == [Outcome.ADDED, Outcome.ADDED]
        assert ticked(eve, cast.property, TOMORROW) == ["edit"]
        assert set(Membership.objects.filter(group=cast.analysts, ends_at=NOW + DAY).values_list("member", flat=True)) == {eve, cast.alice}
        assert actions(before) == ["access.granted", "access.granted", "group.member_added", "group.member_added"]
        assert chains_hold()

    def test_r046_who_has_a_binding_already_is_merged_and_reported(self, cast: Cast) -> None:
        granted = additions.add(by=caller(cast.alice), to=[cast.ben, cast.cleo], on=cast.account, permissions=["read_analyze"])
        assert [row.outcome for row in granted] == [Outcome.MERGED, Outcome.UNCHANGED]
        assert ticked(cast.ben, cast.account) == ["edit", "read_analyze"]

    def test_who_may_not_fill_the_group_adds_nobody(self, cast: Cast, eve: PrincipalId) -> None:
        """Ben owns the analysts and manages no users; Fay manages users and owns no group: neither half is done."""
        fay = person("Fay")
        bindings.grant(by=OPERATOR, to=[fay], on=cast.account, permissions=["manage_users"])
        for who in (cast.ben, fay):
            with refused(Forbidden, "lacks_permission" if who == cast.ben else "not_owner"):
                additions.add(by=caller(who), to=[eve], on=cast.property, permissions=["edit"], groups=[cast.analysts])
        assert (ticked(eve, cast.property), Membership.objects.filter(member=eve).exists()) == ([], False)

    def test_a_stranger_is_refused_by_name_with_everybody_else(self, cast: Cast, eve: PrincipalId) -> None:
        with refused_rows({cast.dan: "not_known"}):
            additions.add(by=caller(cast.alice), to=[eve, cast.dan], on=cast.property, permissions=["edit"])
        assert ticked(eve, cast.property) == []

    def test_who_sees_nothing_finds_nothing(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            additions.add(by=caller(cast.dan), to=[cast.dan], on=cast.property, permissions=["edit"])


class TestEditing:
    def test_r048_what_is_held_and_until_when_change_together(self, cast: Cast) -> None:
        before = last()
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["collaborate"], to=TOMORROW)
        assert (ticked(cast.ben, cast.account), ticked(cast.ben, cast.account, TOMORROW)) == ([], ["collaborate"])
        assert actions(before) == ["access.changed", "access.window_changed"]
        assert holds(cast.ben, cast.account, NOW + DAY) == set()

    def test_an_end_is_taken_off_again_and_only_that_is_told(self, cast: Cast) -> None:
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["edit"], to=TOMORROW)
        before = last()
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["edit"], since=TOMORROW)
        assert (ticked(cast.ben, cast.account), actions(before)) == (["edit"], ["access.window_changed"])

    def test_it_unites_with_what_stands_in_the_new_window(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=TOMORROW)
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=["edit"], to=TOMORROW)
        assert (ticked(cast.ben, cast.account), ticked(cast.ben, cast.account, TOMORROW)) == ([], ["manage_users", "edit"])

    def test_r049_nothing_given_deletes_the_binding_of_its_window(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=TOMORROW)
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, since=TOMORROW, to=until(NOW + 2 * DAY))
        assert (ticked(cast.ben, cast.account), ticked(cast.ben, cast.account, TOMORROW)) == (["edit"], [])

    def test_who_has_nothing_here_yet_gets_a_binding_of_the_new_window(self, cast: Cast) -> None:
        editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.view, permissions=["manage_users"], to=TOMORROW)
        assert (ticked(cast.ben, cast.view), ticked(cast.ben, cast.view, TOMORROW)) == ([], ["manage_users"])

    @pytest.mark.parametrize(
        ("since", "to", "permissions", "kind", "code"),
        [
            (ALWAYS, until(NOW), ["edit"], Invalid, "over"),
            (ALWAYS, TOMORROW, ["edit"], Conflict, "last_manager"),
            (ALWAYS, ALWAYS, ["edit"], Conflict, "last_manager"),
            (ALWAYS, ALWAYS, [], Conflict, "last_manager"),
            (Window(ends_at=NOW + timedelta(days=9)), ALWAYS, [], NotFound, "not_found"),
            (ALWAYS, ALWAYS, ["fly"], Invalid, "permissions"),
        ],
    )
    def test_the_rules_of_each_half_hold(
        self, cast: Cast, since: Window, to: Window, permissions: list[str], kind: type[Conflict], code: str
    ) -> None:
        with refused(kind, code):
            editing.edit(by=caller(cast.alice), of=cast.alice, on=cast.account, permissions=permissions, since=since, to=to)
        assert "manage_users" in ticked(cast.alice, cast.account)

    def test_who_manages_nothing_edits_nothing(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            editing.edit(by=caller(cast.ben), of=cast.cleo, on=cast.account, permissions=["edit"])


class TestPreviewOfAnEdit:
    def told(self, cast: Cast, proposal: Proposal) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        rows = of_bindings(by=caller(cast.alice), proposal=proposal).rows
        return [(row.principal.name, row.gained.names, row.lost.names) for row in rows]

    @pytest.mark.parametrize("permissions", [("collaborate",), ("edit",), ("manage_users", "edit"), ()])
    @pytest.mark.parametrize("other", [("manage_users",), ()])
    @pytest.mark.parametrize("since", [ALWAYS, TOMORROW, until(NOW + 2 * DAY)])
    def test_it_is_what_the_command_then_does(
        self, cast: Cast, since: Window, permissions: tuple[str, ...], other: tuple[str, ...]
    ) -> None:
        """R048: shown before it is saved, whatever window is edited and whatever stands in the new one."""
        if other:
            bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=list(other), window=TOMORROW)
        proposal = Proposal(Verb.SET, (cast.ben,), cast.account, permissions, window=TOMORROW, since=since)
        before, shown = holds(cast.ben, cast.account), self.told(cast, proposal)
        try:
            editing.edit(by=caller(cast.alice), of=cast.ben, on=cast.account, permissions=permissions, since=since, to=TOMORROW)
        except NotFound:
            assert shown == []
        after = holds(cast.ben, cast.account)
        assert {name for _who, gained, _lost in shown for name in gained} == after - before
        assert {name for _who, _gained, lost in shown for name in lost} == before - after
