"""Moving a property to another account, with or without the access that people have there (R020, semantics 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from keyholder.domain.blueprint import Catalogue, Grants
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.moving import Way
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import (
    applied_assets,
    bindings,
    group_members,
    moving,
    organization_links,
    organization_roles,
    organizations,
    people,
    trashing,
)
from keyholder.services.queries import moving as previewing
from keyholder.storage import blueprints
from keyholder.storage.models import AppliedAsset, Asset, Binding, Event, Invitation, PlannedBinding, Resource, Tenant
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.services.assets_made import made
from tests.services.happened import actions, last
from tests.services.holding import ALL, ticked, until
from tests.services.inviting_people import invite
from tests.services.refusing import refused
from tests.sound import faults

DAY = timedelta(days=1)
WEB = ResourceRef("property", "UA-100-1")
EDITS = {"edit", "collaborate", "read_analyze"}


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Let Alice have another account, linked to nothing, where Dan reads."""
    made = resource(cast.alice, "account", "200", "Market")
    bindings.grant(by=OPERATOR, to=[cast.dan], on=made, permissions=["read_analyze"])
    return made


def move(cast: Cast, to: ResourceId, way: Way, *, by: PrincipalId | None = None, shown: str = "") -> None:
    moving.move(by=caller(by or cast.alice), resource=cast.property, to=to, way=way, shown=shown)


class TestReplacing:
    def test_r020_who_has_access_is_whoever_has_it_at_the_new_place(self, cast: Cast, market: ResourceId) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
        move(cast, market, Way.REPLACE)
        assert [holds(who, cast.view) for who in (cast.ben, cast.cleo)] == [set(), set()]
        assert (holds(cast.dan, cast.view), holds(cast.alice, cast.view)) == ({"read_analyze"}, set(ALL))
        assert not Binding.objects.filter(resource__in=[cast.property, cast.view]).exists()
        rows = Resource.objects.in_bulk([cast.property, cast.view])
        assert [rows[pk].path for pk in (cast.property, cast.view)] == [
            f"/{market}/{cast.property}/",
            f"/{market}/{cast.property}/{cast.view}/",
        ]
        assert {row.tenant_id for row in rows.values()} == {Resource.objects.get(pk=market).tenant_id}
        assert faults() == []


class TestAssets:
    def test_filters_of_the_old_account_are_applied_no_longer_and_all_else_comes_along(self, cast: Cast, market: ResourceId) -> None:
        own = made(cast.alice, "filter", cast.account, "No robots")
        goal = made(cast.alice, "goal", cast.view, "Paid")
        applied_assets.apply(by=caller(cast.alice), asset=own, to=cast.view)
        move(cast, market, Way.KEEP)
        assert not AppliedAsset.objects.exists()
        assert {row.pk: row.resource_id for row in Asset.objects.all()} == {own: cast.account, goal: cast.view}
        assert faults() == []


class TestKeeping:
    def test_r020_what_was_inherited_becomes_ones_own_at_the_property(self, cast: Cast, market: ResourceId) -> None:
        """Ben edited and Cleo read by the account; as it was ticked, and nothing at the account changes."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["edit"])
        move(cast, market, Way.KEEP)
        assert (ticked(cast.ben, cast.property), ticked(cast.cleo, cast.property), ticked(cast.cleo, cast.view)) == (
            ["edit"],
            ["read_analyze"],
            ["edit"],
        )
        assert (holds(cast.ben, cast.view), holds(cast.cleo, cast.view), holds(cast.dan, cast.view)) == (EDITS, EDITS, {"read_analyze"})
        assert (holds(cast.ben, cast.account), holds(cast.ben, market)) == (EDITS, set())
        assert faults() == []

    def test_windows_come_along_and_what_is_over_does_not(self, cast: Cast, market: ResourceId) -> None:
        ends, begins = until(NOW + DAY), Window(starts_at=NOW + DAY)
        for window in (ends, begins):
            bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["edit"], window=window)
        over = until(NOW - DAY)
        bindings.grant(by=replace(OPERATOR, at=NOW - 2 * DAY), to=[cast.cleo], on=cast.account, permissions=["manage_users"], window=over)
        move(cast, market, Way.KEEP)
        found = {
            (row.starts_at, row.ends_at): row.permissions for row in Binding.objects.filter(principal=cast.cleo, resource=cast.property)
        }
        assert found == {(None, None): "read_analyze", (None, NOW + DAY): "edit", (NOW + DAY, None): "edit"}

    def test_it_unites_with_what_one_has_there(self, cast: Cast, market: ResourceId) -> None:
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        move(cast, market, Way.KEEP)
        assert ticked(cast.cleo, cast.property) == ["manage_users", "read_analyze"]

    def test_groups_of_another_organization_and_its_roles_do_not_come_along(self, cast: Cast, market: ResourceId) -> None:
        """Cleo collaborated as an analyst; Alice managed as Acme's admin as well, which she still does at what is hers."""
        interns = person("Ivo")
        group_members.add(by=OPERATOR, group=cast.interns, members=[interns])
        bindings.grant(by=caller(cast.alice), to=[cast.interns], on=cast.account, permissions=["edit"])
        move(cast, market, Way.KEEP)
        assert (holds(cast.cleo, cast.property), holds(interns, cast.property)) == ({"read_analyze"}, set())
        assert not Binding.objects.filter(resource=cast.property, principal__in=[cast.analysts, cast.interns]).exists()
        assert holds(interns, cast.account) == EDITS
        assert faults() == []

    def test_who_is_suspended_within_what_is_left_gets_nothing_new_by_it(self, cast: Cast, market: ResourceId) -> None:
        """Cleo inherits nothing while she is suspended within Acme; what she was given there is kept, and both are said before."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["read_analyze"])
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["edit"])
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        found = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP)
        assert ([each.name for each in found.asleep], found.own) == (["Cleo"], 1)
        gained = {(row.resource.name, row.gained.shown) for row in found.preview.rows if row.principal.id == cast.cleo}
        assert gained == {("All data", ("read_analyze",))}
        move(cast, market, Way.KEEP)
        assert (holds(cast.cleo, cast.property), holds(cast.cleo, cast.view)) == (set(), {"read_analyze"})
        assert faults() == []

    def test_within_one_organization_what_sleeps_goes_on_sleeping(self, cast: Cast, market: ResourceId) -> None:
        """It comes along, and counts once Cleo is active there again."""
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        assert previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP).asleep == ()
        move(cast, market, Way.KEEP)
        assert holds(cast.cleo, cast.property) == set()
        organization_roles.activate_person(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        assert "read_analyze" in holds(cast.cleo, cast.property)

    def test_groups_of_the_same_organization_come_along(self, cast: Cast, market: ResourceId) -> None:
        organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=market)
        bindings.grant(by=caller(cast.alice), to=[cast.interns], on=cast.account, permissions=["edit"])
        before = last()
        move(cast, market, Way.KEEP)
        assert (ticked(cast.analysts, cast.property), ticked(cast.interns, cast.property)) == (["collaborate"], ["edit"])
        assert actions(before).count("resource.moved") == 1
        assert faults() == []

    def test_a_pending_invitation_gives_nothing_of_it_any_more(self, cast: Cast, market: ResourceId) -> None:
        gone = invite(cast, on=cast.view)
        kept = invite(cast, "fay@else.example", on=cast.view)
        invite(cast, "fay@else.example", on=cast.account)
        move(cast, market, Way.KEEP)
        states = dict(Invitation.objects.values_list("pk", "state"))
        assert (states[gone.invitation], states[kept.invitation]) == ("revoked", "pending")
        assert set(PlannedBinding.objects.filter(invitation__state="pending").values_list("resource", flat=True)) == {cast.account}
        assert faults() == []

    def test_whom_the_policy_there_keeps_out_is_not_brought_in(self, cast: Cast) -> None:
        """R-EML-6: by every path that adds somebody; replaced, the property may come."""
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        there = resource(cast.alice, "account", "300", "Kiosk")
        organization_links.link_account(by=caller(cast.alice), organization=bolt, account=there)
        policy = Policy(PolicyMode.ENFORCED, allowed_addresses=("alice@acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=bolt, policy=policy)
        organization_links.unlink_account(by=caller(cast.alice), account=cast.account)
        bindings.revoke(by=OPERATOR, of=[cast.ben, cast.cleo], on=cast.account)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.view, permissions=["read_analyze"])
        with refused(Conflict, "policy", "cleo@acme.example", "Bolt"):
            move(cast, there, Way.KEEP)
        move(cast, there, Way.REPLACE)
        assert Resource.objects.get(pk=cast.property).parent_id == there


class TestRights:
    @pytest.mark.parametrize("place", ["account", "market"])
    @pytest.mark.parametrize("lacking", ["manage_users", "edit"])
    def test_both_permissions_are_needed_at_both_accounts(self, cast: Cast, market: ResourceId, place: str, lacking: str) -> None:
        eve = person("Eve")
        both = ["manage_users", "edit"]
        for name, on in (("account", cast.account), ("market", market)):
            given = [each for each in both if name != place or each != lacking]
            bindings.grant(by=OPERATOR, to=[eve], on=on, permissions=given)
        with refused(Forbidden, "lacks_permission"):
            move(cast, market, Way.KEEP, by=eve)
        bindings.grant(by=OPERATOR, to=[eve], on=cast.account, permissions=both)
        bindings.grant(by=OPERATOR, to=[eve], on=market, permissions=both)
        move(cast, market, Way.KEEP, by=eve)

    def test_what_is_not_ones_own_to_see_is_not_there(self, cast: Cast, market: ResourceId) -> None:
        with refused(NotFound, "not_found"):
            move(cast, market, Way.KEEP, by=cast.ben)
        with refused(NotFound, "not_found"):
            move(cast, market, Way.KEEP, by=cast.dan)

    def test_only_where_it_fits(self, cast: Cast, market: ResourceId) -> None:
        with refused(Invalid, "wrong_target"):
            moving.move(by=caller(cast.alice), resource=cast.property, to=cast.property, way=Way.KEEP)
        for on in (cast.account, cast.view):
            with refused(Invalid, "not_movable"):
                moving.move(by=caller(cast.alice), resource=on, to=market, way=Way.KEEP)
        with refused(Conflict, "same_place"):
            move(cast, cast.account, Way.KEEP)
        trashing.trash(by=caller(cast.alice), resource=cast.property)
        with refused(Conflict, "in_trash"):
            move(cast, market, Way.KEEP)
        trashing.restore(by=caller(cast.alice), resource=cast.property)
        trashing.trash(by=caller(cast.alice), resource=market)
        with refused(Conflict, "in_trash", "Market"):
            move(cast, market, Way.KEEP)

    def test_what_was_shown_is_done_or_nothing(self, cast: Cast, market: ResourceId) -> None:
        shown = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP).fingerprint
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["edit"])
        with refused(Conflict, "changed", "Web"):
            move(cast, market, Way.KEEP, shown=shown)
        move(cast, market, Way.KEEP, shown=previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP).fingerprint)


@pytest.mark.parametrize("grants", [Grants.HELD, Grants.ANY])
def test_r_prv_1_nobody_gains_what_the_mover_may_not_give(
    cast: Cast, market: ResourceId, grants: Grants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where reading is enough to move, and nobody gives what they lack: Dan would edit at the property, which Eve does not."""
    shipped = builtin().blueprints
    analytics = shipped["google_analytics"]
    moves = replace(analytics.actions["property.move"], permission="read_analyze")
    changed = replace(analytics, grants=grants, actions={**analytics.actions, "property.move": moves})
    monkeypatch.setattr(blueprints, "catalogue", lambda: Catalogue({**shipped, "google_analytics": changed}))
    eve = person("Eve")
    for on in (cast.account, market):
        bindings.grant(by=OPERATOR, to=[eve], on=on, permissions=["manage_users", "read_analyze"])
    bindings.grant(by=OPERATOR, to=[cast.dan], on=market, permissions=["edit"])
    if grants is Grants.HELD:
        with refused(Forbidden, "not_held", "Web", "Edit"):
            move(cast, market, Way.KEEP, by=eve)
        bindings.set_permissions(by=OPERATOR, of=cast.dan, on=market, permissions=["read_analyze"])
    move(cast, market, Way.KEEP, by=eve)
    assert Resource.objects.get(pk=cast.property).parent_id == market


class TestLog:
    def test_both_tenants_read_of_it_under_one_request(self, cast: Cast, market: ResourceId) -> None:
        """Each tenant's revision goes up by one; what was taken is told at the old place, what was given at the new one."""
        tenants = [Resource.objects.get(pk=pk).tenant_id for pk in (cast.account, market)]
        before = dict(Tenant.objects.values_list("pk", "revision"))
        since = last()
        moving.move(by=replace(caller(cast.alice), request_id="one"), resource=cast.property, to=market, way=Way.KEEP)
        old, new = (Event.objects.filter(pk__gt=since, tenant=tenant).order_by("number") for tenant in tenants)
        assert [event.action for event in old] == ["access.revoked", "resource.moved"]
        assert [event.action for event in new] == ["resource.moved", "access.granted", "access.granted"]
        assert {event.request_id for event in Event.objects.filter(pk__gt=since)} == {"one"}
        after = dict(Tenant.objects.values_list("pk", "revision"))
        assert [after[tenant] - before[tenant] for tenant in tenants] == [1, 1]


class TestPreview:
    def test_it_says_who_gains_and_loses_and_what_does_not_come_along(self, cast: Cast, market: ResourceId) -> None:
        found = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP)
        assert (found.source.name, found.target.name, found.gone, found.own) == ("Shop", "Market", 1, 2)
        assert ([each.name for each in found.foreign], found.left.name if found.left else "") == (["Analysts"], "Acme")
        changed = {row.principal.name: (row.gained.shown, row.lost.shown) for row in found.preview.rows}
        assert changed == {"Cleo": ((), ("collaborate",)), "Dan": (("read_analyze",), ())}
        assert (found.preview.gaining, found.preview.losing) == (1, 1)

    def test_what_it_says_is_what_happens(self, cast: Cast, market: ResourceId) -> None:
        people = {"Alice": cast.alice, "Ben": cast.ben, "Cleo": cast.cleo, "Dan": cast.dan}
        before = {name: holds(who, cast.property) for name, who in people.items()}
        found = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.REPLACE)
        losing = {row.principal.name for row in found.preview.rows if row.lost}
        gaining = {row.principal.name for row in found.preview.rows if row.gained}
        move(cast, market, Way.REPLACE)
        after = {name: holds(who, cast.property) for name, who in people.items()}
        assert losing == {name for name in people if before[name] - after[name]}
        assert gaining == {name for name in people if after[name] - before[name]}

    def test_it_names_also_who_would_gain_or_lose_later(self, cast: Cast, market: ResourceId) -> None:
        """Eve's access begins tomorrow; Dan's at the new place, which makes up for what he has here, ends then; Fay is suspended."""
        eve, fay = person("Eve"), person("Fay")
        bindings.grant(by=OPERATOR, to=[eve], on=cast.account, permissions=["edit"], window=Window(NOW + DAY))
        bindings.grant(by=OPERATOR, to=[fay, cast.dan], on=cast.property, permissions=["read_analyze"])
        bindings.move_window(by=OPERATOR, of=[cast.dan], on=market, to=until(NOW + DAY))
        people.suspend(by=OPERATOR, user=fay)
        found = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.REPLACE)
        losing = {row.principal.name: row.lost.shown for row in found.preview.rows if row.lost.shown}
        assert {name: losing.get(name) for name in ("Eve", "Dan", "Fay")} == {
            "Eve": ("edit",),
            "Dan": ("read_analyze",),
            "Fay": ("read_analyze",),
        }
        kept = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP)
        assert {"Eve", "Dan", "Fay"} & {row.principal.name for row in kept.preview.rows} == set()

    def test_it_counts_what_is_applied_and_what_is_invited_there_no_longer(self, cast: Cast, market: ResourceId) -> None:
        """Of one asset every use ends, of an invitation what it gives there; whichever comes while it is read, it is shown anew."""
        own = made(cast.alice, "filter", cast.account, "No robots")
        for view in (cast.view, resource(cast.alice, "view", "1002", "Test", cast.property)):
            applied_assets.apply(by=caller(cast.alice), asset=own, to=view)
        invite(cast, on=cast.account)
        before = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP)
        invite(cast, on=cast.view)
        after = previewing.preview(by=caller(cast.alice), ref=WEB, to=market, way=Way.KEEP)
        assert [(found.assets, found.invitations) for found in (before, after)] == [(1, 0), (1, 1)]
        with refused(Conflict, "changed", "Web"):
            move(cast, market, Way.KEEP, shown=before.fingerprint)

    def test_only_who_may_move_it_is_shown_where_to(self, cast: Cast, market: ResourceId) -> None:
        assert [view.name for view in previewing.targets(by=caller(cast.alice), ref=WEB)] == ["Market"]
        assert previewing.targets(by=caller(cast.ben), ref=WEB) == ()
        assert previewing.targets(by=caller(cast.alice), ref=ResourceRef("view", "1001")) == ()
        with refused(NotFound, "not_found"):
            previewing.preview(by=caller(cast.ben), ref=WEB, to=market, way=Way.KEEP)
