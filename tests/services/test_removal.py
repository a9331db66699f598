"""Removing people from an account, and giving up what one has (R050 to R058, semantics 4)."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.domain.windows import Window
from keyholder.engine.sources import SourceKind
from keyholder.services.commands import bindings, group_members, organization_roles, organizations, people, removal, requests
from keyholder.services.queries import removal as previewing
from keyholder.services.removals import Removal
from keyholder.storage.models import Binding, Event
from tests.cast import NOW, OPERATOR, Cast, caller, holds, resource
from tests.services.happened import actions, chains_hold, last
from tests.services.inviting_people import invite
from tests.services.refusing import refused, refused_rows

EDITS = {"edit", "collaborate", "read_analyze"}
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)


def bound(who: PrincipalId) -> set[int]:
    return set(Binding.objects.filter(principal=who).values_list("resource_id", flat=True))


def remaining(removed: Removal) -> list[tuple[SourceKind, str, tuple[str, ...], str]]:
    return [(r.kind, r.resource_name, r.permissions, r.source_name) for r in removed.remaining]


def manage(cast: Cast, who: PrincipalId, on: ResourceId) -> None:
    bindings.grant(by=OPERATOR, to=[who], on=on, permissions=["manage_users"])


class TestRemoving:
    def test_r052_everything_direct_in_the_whole_account_goes(self, cast: Cast) -> None:
        """At the account, the property and the view; what is over and what begins later as well; what is elsewhere stays."""
        market = resource(cast.alice, "account", "200", "Market")
        for on in (cast.property, cast.view, market):
            bindings.grant(by=OPERATOR, to=[cast.ben], on=on, permissions=["manage_users"])
        for window in (Window(ends_at=YESTERDAY), Window(starts_at=TOMORROW)):
            bindings.grant(by=caller(None, YESTERDAY.replace(year=2025)), to=[cast.ben], on=cast.view, permissions=["edit"], window=window)
        (removed,) = removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account, reason="left")
        assert (removed.name, len(removed.taken), removed.remaining) == ("Ben", 5, ())
        assert (bound(cast.ben), holds(cast.ben, cast.view, TOMORROW)) == ({market}, set())
        assert chains_hold()

    def test_it_is_one_event_for_each_person(self, cast: Cast) -> None:
        before = last()
        removal.remove(by=caller(cast.alice), who=[cast.ben, cast.cleo, cast.ben], at=cast.account, reason="left")
        assert actions(before) == ["access.removed", "access.removed"]
        event = Event.objects.get(action="access.removed", subject=cast.ben)
        assert (event.resource, event.reason, event.details["resource"], len(event.changes)) == (cast.account, "left", "Shop", 1)

    def test_r058_what_remains_is_named_with_the_place_to_change_it(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
        (removed,) = removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        assert remaining(removed) == [
            (SourceKind.ORGANIZATION, "Shop", ("manage_users",), "Acme"),
            (SourceKind.GROUP, "Web", ("collaborate",), "Analysts"),
        ]
        assert holds(cast.cleo, cast.property) == {"manage_users", "collaborate", "read_analyze"}

    def test_r058_through_nested_groups_it_names_the_one_the_person_is_in(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.ben])
        (removed,) = removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
        assert remaining(removed) == [(SourceKind.GROUP, "Web", ("collaborate",), "Interns")]
        assert removed.remaining[0].groups == (cast.interns, cast.analysts)

    def test_r058_who_has_nothing_of_their_own_is_explained(self, cast: Cast) -> None:
        removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        with refused(Conflict, "inherited", "Cleo", "Web", "Analysts"):
            removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.USER_ADMIN)
        with refused(Conflict, "inherited", "Dan", "Shop", "Acme"):
            removal.remove(by=caller(cast.alice), who=[cast.dan], at=cast.account)

    def test_r058_somebody_suspended_is_explained_as_well(self, cast: Cast) -> None:
        removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        people.suspend(by=OPERATOR, user=cast.cleo)
        with refused(Conflict, "inherited", "Analysts"):
            removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)

    def test_r_prv_6_removed_and_out_of_the_groups_nothing_is_left(self, cast: Cast) -> None:
        removal.remove(by=caller(cast.alice), who=[cast.cleo], at=cast.account)
        group_members.remove(by=caller(cast.ben), group=cast.analysts, members=[cast.cleo])
        assert [holds(cast.cleo, on, at) for on in (cast.account, cast.property, cast.view) for at in (NOW, TOMORROW)] == [set()] * 6

    def test_reading_13_a_group_is_removed_from_the_account_too(self, cast: Cast) -> None:
        (removed, cleo) = removal.remove(by=caller(cast.alice), who=[cast.analysts, cast.cleo], at=cast.account)
        assert (removed.name, [taken.resource_name for taken in removed.taken], cleo.remaining) == ("Analysts", ["Web"], ())

    def test_r054_any_manager_removes_any_other(self, cast: Cast) -> None:
        manage(cast, cast.ben, cast.account)
        removal.remove(by=caller(cast.ben), who=[cast.alice], at=cast.account)
        assert bound(cast.alice) == set()

    def test_r050_it_needs_the_granting_permission_at_the_account(self, cast: Cast) -> None:
        for somebody, kind, code in ((cast.ben, Forbidden, "lacks_permission"), (cast.dan, NotFound, "not_found")):
            with refused(kind, code):
                removal.remove(by=caller(somebody), who=[cast.cleo], at=cast.account)
            with refused(kind, code):
                previewing.preview(by=caller(somebody), who=[cast.cleo], at=cast.account)

    @pytest.mark.parametrize("level", ["property", "view"])
    def test_r051_below_the_account_nobody_is_removed_and_permissions_are_edited(self, cast: Cast, level: str) -> None:
        """Who manages a property only is told where removal happens; changing what somebody holds there works (reading 02)."""
        on: ResourceId = getattr(cast, level)
        manage(cast, cast.ben, on)
        bindings.grant(by=caller(cast.ben), to=[cast.cleo], on=on, permissions=["edit"])
        for somebody in (cast.ben, cast.alice, None):
            with refused(Conflict, "not_account_level", "Shop"):
                removal.remove(by=caller(somebody), who=[cast.cleo], at=on)
            with refused(Conflict, "not_account_level", "Shop"):
                previewing.preview(by=caller(somebody), who=[cast.cleo], at=on)
        bindings.set_permissions(by=caller(cast.ben), of=cast.cleo, on=on)
        assert holds(cast.cleo, cast.view) == {"collaborate", "read_analyze"}

    def test_what_is_not_there(self, cast: Cast) -> None:
        for nothing in (cast.dan, PrincipalId(9999)):
            with refused(NotFound, "not_found"):
                removal.remove(by=caller(cast.alice), who=[nothing], at=cast.account)
        for door in (removal.remove, previewing.preview):
            with refused(NotFound, "not_found"):
                door(by=OPERATOR, who=[cast.ben], at=ResourceId(9999))


class TestInBulk:
    def test_r053_all_or_none_and_each_refused_row_says_why(self, cast: Cast) -> None:
        asked = [cast.ben, cast.dan, cast.alice, PrincipalId(9999)]
        why = {cast.dan: "not_found", cast.alice: "last_manager", 9999: "not_found"}
        with refused_rows(why):
            removal.remove(by=caller(cast.alice), who=asked, at=cast.account)
        assert holds(cast.ben, cast.account) == EDITS
        shown = previewing.preview(by=caller(cast.alice), who=asked, at=cast.account)
        assert {row.principal: row.refusal.code for row in shown if row.refusal} == why
        (done,) = removal.remove(by=caller(cast.alice), who=asked, at=cast.account, skipping=[PrincipalId(pk) for pk in why])
        assert (done.principal, bound(cast.ben)) == (cast.ben, set())

    def test_r057_all_managers_at_once_are_refused(self, cast: Cast) -> None:
        manage(cast, cast.ben, cast.account)
        with refused_rows({cast.alice: "last_manager", cast.ben: "last_manager"}):
            removal.remove(by=caller(cast.alice), who=[cast.alice, cast.ben, cast.cleo], at=cast.account)
        removal.remove(by=caller(cast.alice), who=[cast.alice, cast.ben, cast.cleo], at=cast.account, skipping=[cast.ben])
        assert [holds(who, cast.account) for who in (cast.ben, cast.cleo)] == [EDITS | {"manage_users"}, set()]

    def test_r057_also_a_group_through_which_somebody_manages(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        with refused_rows({cast.alice: "last_manager", cast.analysts: "last_manager"}):
            removal.remove(by=OPERATOR, who=[cast.alice, cast.analysts, cast.ben], at=cast.account)

    def test_what_the_preview_shows_is_what_happens(self, cast: Cast) -> None:
        shown = previewing.preview(by=caller(cast.alice), who=[cast.ben, cast.cleo], at=cast.account)
        assert removal.remove(by=caller(cast.alice), who=[cast.ben, cast.cleo], at=cast.account) == shown

    @pytest.mark.parametrize("waits", ["a request of his", "an invitation to him", "an invitation by him", "nothing"])
    def test_r_inv_12_the_preview_says_whether_something_waits_for_an_answer(self, cast: Cast, waits: str) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        if waits == "a request of his":
            requests.ask(by=caller(cast.ben), at=ResourceRef("view", "1001"), permissions=["edit"])
        elif waits == "an invitation to him":
            invite(cast, "ben@acme.example", on=cast.property)
        elif waits == "an invitation by him":
            invite(cast, by=cast.ben)
        found = previewing.waiting(by=caller(cast.alice), at=cast.account)
        assert (cast.ben in found, cast.cleo in found) == (waits != "nothing", False)
        with pytest.raises(Forbidden):
            previewing.waiting(by=caller(cast.cleo), at=cast.account)

    def test_nobody_left_to_remove(self, cast: Cast) -> None:
        before = last()
        assert removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account, skipping=[cast.ben]) == ()
        assert actions(before) == []


def test_two_organizations_do_not_mix(cast: Cast) -> None:
    """Removing Ben from Acme's account leaves what he has at Bolt's; an admin of Bolt can't remove him from Acme's (R-PRV-5)."""
    market = resource(cast.dan, "account", "200", "Market")
    bindings.grant(by=OPERATOR, to=[cast.ben], on=market, permissions=["edit"])
    organizations.create(by=caller(cast.dan), name="Bolt")
    with refused(NotFound, "not_found"):
        removal.remove(by=caller(cast.dan), who=[cast.ben], at=cast.account)
    removal.remove(by=caller(cast.alice), who=[cast.ben], at=cast.account)
    assert holds(cast.ben, market) == EDITS
