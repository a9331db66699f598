"""What bulk commands, group pickers and giving up show before anybody decides (R053, R055, R061, R080)."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Forbidden, NotFound
from keyholder.domain.roster import Filters, Sort, Tab
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, removal
from keyholder.services.queries.giving_up import giving_up
from keyholder.services.queries.joinable_groups import joinable_groups
from keyholder.services.queries.roster import roster
from keyholder.services.queries.selections import Selection, selection
from keyholder.storage.models import Binding
from tests.cast import NOW, OPERATOR, Cast, caller, group, person, resource
from tests.services.refusing import refused
from tests.storage.rows import crowd, queries


def names(found: Selection) -> list[str]:
    return [row.name for row in found.rows]


def admit(people: list[PrincipalId], cast: Cast) -> None:
    """Let many read the account."""
    rows = [Binding(principal_id=one, resource_id=cast.account, permissions="read_analyze", mask=1) for one in people]
    Binding.objects.bulk_create(rows, batch_size=200)


class TestSelections:
    def test_r053_those_who_were_ticked_by_name(self, cast: Cast) -> None:
        """Who is not on the roster of this tab is not in it, whatever number is sent."""
        ticked = [cast.cleo, cast.alice, cast.dan, cast.analysts, PrincipalId(10**6)]
        found = selection(by=caller(cast.alice), at=cast.property, only=ticked)
        assert (names(found), found.principals, set(found.names)) == (
            ["Alice", "Cleo"],
            (cast.alice, cast.cleo),
            {cast.alice, cast.cleo},
        )
        assert names(selection(by=caller(cast.alice), at=cast.property, tab=Tab.GROUPS, only=ticked)) == ["Analysts"]

    def test_everybody_who_matches_but_those_left_out(self, cast: Cast) -> None:
        assert names(selection(by=caller(cast.alice), at=cast.property)) == ["Alice", "Ben", "Cleo"]
        editors = Filters(permission="edit")
        assert names(selection(by=caller(cast.alice), at=cast.property, filters=editors)) == ["Alice", "Ben"]
        assert names(selection(by=caller(cast.alice), at=cast.property, filters=editors, without=[cast.alice])) == ["Ben"]

    def test_who_was_ticked_stays_so_whatever_the_filter(self, cast: Cast) -> None:
        found = selection(by=caller(cast.alice), at=cast.property, filters=Filters(permission="edit"), only=[cast.cleo])
        assert names(found) == ["Cleo"]

    def test_r064_for_who_manages_there(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            selection(by=caller(cast.ben), at=cast.property)
        with refused(NotFound, "not_found"):
            selection(by=caller(cast.dan), at=cast.property, only=[cast.ben])

    def test_as_many_queries_for_hundreds(self, cast: Cast) -> None:
        few = queries(lambda: selection(by=caller(cast.alice), at=cast.account))
        admit(crowd(300), cast)
        assert queries(lambda: selection(by=caller(cast.alice), at=cast.account)) == few


class TestJoinableGroups:
    def test_r080_groups_of_the_organization_and_which_of_them_the_reader_fills(self, cast: Cast) -> None:
        fay = person("Fay")
        bindings.grant(by=OPERATOR, to=[fay, cast.ben], on=cast.view, permissions=["manage_users"])
        rows = {who: joinable_groups(by=caller(who), at=cast.view) for who in (cast.alice, cast.ben, fay)}
        assert [(row.group.name, row.people) for row in rows[fay]] == [("Analysts", 1), ("Interns", 0)]
        assert {who: [row.group.name for row in found if row.can_fill] for who, found in rows.items()} == {
            cast.alice: ["Analysts", "Interns"],
            cast.ben: ["Analysts"],
            fay: [],
        }
        assert all(row.can_fill for row in joinable_groups(by=OPERATOR, at=cast.view))

    def test_an_account_without_an_organization_has_none(self, cast: Cast) -> None:
        assert joinable_groups(by=caller(cast.dan), at=resource(cast.dan, "account", "7", "Own")) == ()

    def test_r064_for_who_manages_there(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission"):
            joinable_groups(by=caller(cast.ben), at=cast.account)

    def test_as_many_queries_for_many_groups(self, cast: Cast) -> None:
        few = queries(lambda: joinable_groups(by=OPERATOR, at=cast.account))
        for number in range(5):
            group(cast.alice, cast.acme, f"Group {number}")
        assert queries(lambda: joinable_groups(by=OPERATOR, at=cast.account)) == few


class TestGivingUp:
    def test_r055_what_goes_what_stays_and_where_that_comes_from(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["edit"], window=Window(ends_at=NOW + timedelta(days=3)))
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["manage_users"])
        found = giving_up(by=caller(cast.cleo), on=cast.property)
        assert [(t.resource_name, t.permissions) for t in found.taken] == [("Web", ("edit",))]
        assert [(t.resource_name, t.permissions) for t in found.below] == [("All data", ("manage_users",))]
        assert [(r.source_name, r.permissions) for r in found.remaining] == [("Shop", ("read_analyze",)), ("Analysts", ("collaborate",))]
        assert found.refusal is None
        removal.give_up(by=caller(cast.cleo), on=cast.property)
        assert giving_up(by=caller(cast.cleo), on=cast.property).refusal is not None, "nothing of her own is left there"

    def test_r055_the_last_manager_is_told_before(self, cast: Cast) -> None:
        refusal = giving_up(by=caller(cast.alice), on=cast.account).refusal
        assert refusal is not None
        assert (refusal.code, "Shop" in str(refusal.sentence)) == ("last_manager", True)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        assert giving_up(by=caller(cast.alice), on=cast.account).refusal is None

    def test_the_only_manager_of_a_view_may_go(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        assert giving_up(by=caller(cast.ben), on=cast.view).refusal is None

    @pytest.mark.parametrize("who", ["dan", "nobody"])
    def test_who_has_nothing_there_finds_nothing(self, cast: Cast, who: str) -> None:
        by = caller(cast.dan) if who == "dan" else OPERATOR
        with refused(NotFound, "not_found"):
            giving_up(by=by, on=cast.account)

    def test_what_only_leads_somewhere_gives_nothing_up(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        with refused(NotFound, "not_found"):
            giving_up(by=caller(cast.dan), on=cast.account)


def test_r062_the_list_is_sorted_by_source_as_well(cast: Cast) -> None:
    """Who holds something of their own here stands apart from those whose access only arrives."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["read_analyze"])
    found = roster(by=caller(cast.alice), at=cast.property, sort=Sort.SOURCE, descending=True)
    assert found.rows[0].access.principal.name == "Ben"
    first = roster(by=caller(cast.alice), at=cast.property, sort=Sort.SOURCE, size=1)
    rest = roster(by=caller(cast.alice), at=cast.property, sort=Sort.SOURCE, cursor=first.next)
    assert len({row.access.principal.id for row in (*first.rows, *rest.rows)}) == 3
