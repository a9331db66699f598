"""The state file: what is applied is what is exported, through the rules of everybody, all or nothing (contract 3)."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalId, PrincipalKind, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Refusal, Refusals
from keyholder.domain.state import AccessState, GroupState, OrganizationState, ResourceState, State, UserState, group_ref, user_ref
from keyholder.domain.state_changes import Counts, plan
from keyholder.domain.state_reading import read_state
from keyholder.domain.state_writing import state_tree
from keyholder.services.commands import bindings, people, resources, state
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import state as reading
from keyholder.storage import audit
from keyholder.storage.models import Binding, Event, Principal, Resource, User
from keyholder.storage.replay import discrepancies
from tests.accepted import accepted
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.every_command import ENFORCED
from tests.services.happened import actions, last
from tests.services.refusing import refused
from tests.tables import contents
from tests.undone import undone
from tests.world import vectors

SHOP, WEB = ResourceRef("account", "100"), ResourceRef("property", "UA-100-1")
drawn = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(12, settings().max_examples // 3))


@cache
def filed(name: str, story: str = "") -> State:
    """Read a state of the vectors."""
    return read_state(vectors(name)["state"], builtin())


def current() -> State:
    """Export."""
    return reading.current(by=OPERATOR)


def sound() -> None:
    """Hold log and tables to each other."""
    assert list(audit.verify()) == []
    assert list(discrepancies()) == []


class TestIdentity:
    @drawn
    @given(accepted())
    def test_an_export_applied_to_an_empty_database_is_the_same_state(self, db: None, made: State) -> None:
        with undone():
            state.apply(by=OPERATOR, state=made)
            exported = current()
            sound()
        assert without_marks(exported) == without_marks(made)
        with undone():
            state.apply(by=OPERATOR, state=exported)
            assert current() == exported

    @drawn
    @given(accepted())
    def test_applied_a_second_time_it_changes_nothing(self, db: None, made: State) -> None:
        with undone():
            state.apply(by=OPERATOR, state=made)
            before = contents()
            for again in (current(), honest(made)):
                for prune in (False, True):
                    applied = state.apply(by=OPERATOR, state=again, prune=prune)
                    assert set(applied.counts.values()) == {Counts()}
            assert contents() == before

    @drawn
    @given(accepted(), accepted())
    def test_pruning_leaves_what_the_file_says(self, db: None, first: State, second: State) -> None:
        """Where the rules let it: nothing of the file is missing, and nothing else is left to be ended.

        An account that the file itself gives a manager awaits none afterwards, whatever it was marked with.
        """
        with undone():
            state.apply(by=OPERATOR, state=first)
            before, wanted = contents(), honest(second)
            try:
                state.apply(by=OPERATOR, state=wanted, prune=True)
            except Refusal:
                assert contents() == before
                return
            assert plan(current(), honest(wanted), prune=True).is_empty
            sound()

    @pytest.mark.parametrize("name", [f"world-{number}.yaml" for number in (101, 102)])
    def test_a_world_of_the_vectors(self, db: None, name: str) -> None:
        made = filed(name)
        with undone():
            state.apply(by=OPERATOR, state=made)
            exported = current()
            sound()
        state.apply(by=OPERATOR, state=exported)
        assert (current(), without_marks(exported)) == (exported, without_marks(made))


def honest(made: State) -> State:
    """Return a state in which nothing that is there and has a manager is said to await one."""
    managed = {row.ref for row in current().resources if not row.awaiting_manager}
    nodes = tuple(replace(row, awaiting_manager=row.awaiting_manager and row.ref not in managed) for row in made.resources)
    return replace(made, resources=nodes)


def without_marks(made: State) -> State:
    """Return a state without the two marks that are judged and not declared: awaiting a manager, outside a policy."""
    users = tuple(replace(row, outside_policy=False) for row in made.users)
    nodes = tuple(replace(row, awaiting_manager=False) for row in made.resources)
    return replace(made, users=users, resources=nodes)


def variants() -> dict[str, Any]:
    """Return the states that only rules refuse, by the reason."""
    return {row["reason"]: row["state"] for row in vectors("refused.yaml")["refused"] if row["kind"] == "rule"}


class TestRefused:
    @pytest.mark.parametrize("reason", variants())
    def test_nothing_is_written(self, db: None, reason: str) -> None:
        """No row of any table differs."""
        before = contents()
        with pytest.raises(Refusal):
            state.apply(by=OPERATOR, state=read_state(variants()[reason], builtin()))
        assert contents() == before

    def test_every_reason_is_given_at_once(self, cast: Cast) -> None:
        nodes = tuple(ResourceState(ResourceRef("account", key), f"Account {key}") for key in ("1", "2"))
        with pytest.raises(Refusal) as caught:
            state.apply(by=OPERATOR, state=State(resources=nodes))
        assert ("Account 1" in str(caught.value), "Account 2" in str(caught.value)) == (True, True)

    def test_r_dos_6_never_a_part_of_it(self, db: None) -> None:
        """R-DOS-6: thousands of rows whose very last one is refused leave nothing; without it all of them are there."""
        people_ = tuple(UserState(f"u{n}@acme.example", f"u{n}@acme.example", f"U{n}") for n in range(1201))
        shop = ResourceState(ResourceRef("account", "1"), "Shop")
        access = tuple(AccessState(user_ref(row.canonical), shop.ref, ("manage_users",)) for row in people_)
        lonely = ResourceState(ResourceRef("account", "2"), "Lonely")
        whole = State(users=people_, resources=(shop,), access=access)
        with refused(Conflict, "no_manager", "Lonely"):
            state.apply(by=OPERATOR, state=replace(whole, resources=(shop, lonely)))
        assert (User.objects.count(), Principal.objects.count(), Event.objects.count()) == (0, 0, 0)
        state.apply(by=OPERATOR, state=whole)
        assert (User.objects.count(), Binding.objects.count(), Resource.objects.count()) == (1201, 1201, 1)
        sound()

    def test_only_an_operator_applies_and_exports(self, cast: Cast) -> None:
        with refused(Forbidden, "not_operator"):
            state.apply(by=caller(cast.alice), state=State())
        with refused(Forbidden, "not_operator"):
            reading.current(by=caller(cast.alice))

    def test_r_prv_1_an_operator_gives_nothing_by_a_file_that_they_may_not_give(self, cast: Cast) -> None:
        """R-PRV-1: no door has a rule of its own; a person who operates the instance holds no permission by it (semantics 2)."""
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        before = contents(without=("event", "tenant"))
        with refused(Forbidden, "unwarranted"):
            state.apply(by=caller(cast.dan), state=State(access=(AccessState(user_ref("dan@acme.example"), SHOP, ("edit",)),)))
        assert contents(without=("event", "tenant")) == before


class TestMarks:
    def test_awaiting_a_manager_is_for_what_the_file_makes_or_what_awaits_one(self, cast: Cast) -> None:
        with refused(Refusals, "not_awaiting", "account:100"):
            state.apply(by=OPERATOR, state=State(resources=(ResourceState(SHOP, "Shop", None, "acme", awaiting_manager=True),)))
        new = ResourceState(ResourceRef("account", "9"), "Orphan", awaiting_manager=True)
        (warning,) = state.apply(by=OPERATOR, state=State(resources=(new,))).warnings
        assert "Orphan" in str(warning)
        again = state.apply(by=OPERATOR, state=State(resources=(replace(new, name="Foundling"),)))
        assert (again.warnings, Resource.objects.get(key="9").name) == ((), "Foundling")

    def test_it_is_exported_for_accounts_only_and_while_it_is_so(self, db: None) -> None:
        host = ResourceState(ResourceRef("host", "h"), "Host")
        account = ResourceState(ResourceRef("host_account", "7"), "Client", host.ref, awaiting_manager=True)
        state.apply(by=OPERATOR, state=State(resources=(host, account)))
        assert [row.awaiting_manager for row in current().resources] == [False, True]
        eve = UserState("eve@acme.example", "eve@acme.example", "Eve")
        access = (AccessState(user_ref(eve.canonical), account.ref, role="administrator"),)
        state.apply(by=OPERATOR, state=State(users=(eve,), access=access))
        assert [row.awaiting_manager for row in current().resources] == [False, False]

    def test_who_is_outside_a_policy_is_let_in_when_marked(self, cast: Cast) -> None:
        (acme,) = current().organizations
        state.apply(by=OPERATOR, state=State(organizations=(replace(acme, policy=ENFORCED),)))
        eve = UserState("eve@else.example", "eve@else.example", "Eve")
        access = (AccessState(user_ref(eve.canonical), SHOP, ("edit",)),)
        with refused(Conflict, "policy", "eve@else.example", "Acme"):
            state.apply(by=OPERATOR, state=State(users=(eve,), access=access))
        (warning,) = state.apply(by=OPERATOR, state=State(users=(replace(eve, outside_policy=True),), access=access)).warnings
        assert "eve@else.example" in str(warning)
        assert [row.email for row in current().users if row.outside_policy] == ["eve@else.example"]

    @pytest.mark.parametrize("role", ["view_only", ""])
    def test_what_is_assigned_and_does_not_count_comes_back_asleep_when_marked(self, db: None, role: str) -> None:
        """R091: Cleo lost the role beside which her pixel counts; applied to an empty database the export gives the same (contract 2)."""
        with undone():
            alice, cleo = person("Alice"), person("Cleo")
            host = resource(None, "host", "h1", "Agency")
            client = NewResource(ResourceRef("host_account", "7"), "Client", host)
            account = resources.create(by=OPERATOR, new=client, administrator=alice)
            pixel = resource(alice, "pixel", "p1", "Site", account)
            bindings.grant(by=OPERATOR, to=[cleo], on=account, role="standard")
            bindings.grant(by=OPERATOR, to=[cleo], on=pixel, permissions=["edit_pixel"])
            awake = current()
            bindings.set_permissions(by=OPERATOR, of=cleo, on=account, role=role)
            asleep = current()
        assert [row.without_role for state in (awake, asleep) for row in state.access if row.resource.type == "pixel"] == [False, True]
        unmarked = tuple(replace(row, without_role=False) for row in asleep.access)
        with refused(Conflict, "unassignable", "Site"):
            state.apply(by=OPERATOR, state=replace(asleep, access=unmarked))
        (warning,) = state.apply(by=OPERATOR, state=read_state(state_tree(asleep), builtin())).warnings
        assert "pixel:p1" in str(warning)
        assert current() == asleep
        there, where = User.objects.get(name="Cleo"), Resource.objects.get(key="p1")
        assert holds(PrincipalId(there.pk), ResourceId(where.pk)) == ({"view"} if role else set())
        sound()

    def test_the_trash_is_filled_and_emptied(self, cast: Cast) -> None:
        """Nothing is effective meanwhile; bindings stay and come back."""
        shop = next(row for row in current().resources if row.ref == SHOP)
        state.apply(by=OPERATOR, state=State(resources=(replace(shop, trashed=NOW),)))
        assert (holds(cast.ben, cast.view), Binding.objects.filter(principal=cast.ben).count()) == (set(), 1)
        assert next(row for row in current().resources if row.ref == SHOP).trashed == NOW
        seen = last()
        state.apply(by=OPERATOR, state=State(resources=(shop,)))
        assert ("edit" in holds(cast.ben, cast.view), actions(seen)) == (True, ["resource.restored"])

    def test_r100_the_edge_of_an_account_that_awaits_a_manager_is_closed_by_no_file(self, db: None) -> None:
        """Nobody could help it then: as where the switch is moved by hand."""
        agency = ResourceState(ResourceRef("host", "h1"), "Agency")
        client = ResourceState(ResourceRef("host_account", "7"), "Client", agency.ref, awaiting_manager=True)
        state.apply(by=OPERATOR, state=State(resources=(agency, client)))
        with refused(Conflict, "last_manager", "Client"):
            state.apply(by=OPERATOR, state=State(resources=(replace(client, managed=False),)))

    def test_a_host_with_accounts_is_deleted_by_no_file(self, db: None) -> None:
        """Unless its accounts go into the trash by themselves, as a pruning file lets them: each is restored by itself then."""
        agency = ResourceState(ResourceRef("host", "h1"), "Agency")
        client = ResourceState(ResourceRef("host_account", "7"), "Client", agency.ref, awaiting_manager=True)
        gone = replace(agency, trashed=NOW)
        with refused(Conflict, "holds_accounts", "Agency"):
            state.apply(by=OPERATOR, state=State(resources=(gone, client)))
        state.apply(by=OPERATOR, state=State(resources=(agency, client)))
        with refused(Conflict, "holds_accounts", "Agency"):
            state.apply(by=OPERATOR, state=State(resources=(gone,)))
        state.apply(by=OPERATOR, state=State(), prune=True)
        assert {str(row.ref): row.trashed for row in current().resources} == {"host:h1": NOW, "host_account:7": NOW}
        with refused(Conflict, "holds_accounts", "Agency"):
            state.apply(by=OPERATOR, state=State(resources=(client,)))
        state.apply(by=OPERATOR, state=State(resources=(agency,)))
        assert {str(row.ref): row.trashed for row in current().resources} == {"host:h1": None, "host_account:7": NOW}
        sound()


class TestChanging:
    def test_what_is_left_out_has_its_default_and_stays(self, cast: Cast) -> None:
        """A suspended person is active again where the entry says nothing; who is not in the file at all stays as they are."""
        people.suspend(by=OPERATOR, user=cast.cleo)
        people.suspend(by=OPERATOR, user=cast.dan)
        state.apply(by=OPERATOR, state=State(users=(UserState("cleo@acme.example", "cleo@acme.example", "Cleo Q"),)))
        rows = dict(User.objects.values_list("name", "status"))
        assert (rows["Cleo Q"], rows["Dan"]) == ("active", "suspended")

    def test_nothing_is_moved(self, cast: Cast) -> None:
        other = ResourceState(ResourceRef("account", "200"), "Market", awaiting_manager=True)
        moved = ResourceState(ResourceRef("property", "UA-100-1"), "Web", other.ref)
        with refused(Refusals, "moved", "property:UA-100-1"):
            state.apply(by=OPERATOR, state=State(resources=(other, moved)))

    def test_an_account_is_linked_elsewhere_and_its_groups_lose_it(self, cast: Cast) -> None:
        """What the former organization's groups had there goes; what the file gives to the new one's is there, and so is a new name."""
        bolt = OrganizationState("bolt", "Bolt", groups=(GroupState("crew", "Crew"),))
        crew = AccessState(group_ref("bolt", "crew"), WEB, ("edit",))
        shop, web, _view = nodes = tuple(replace(row, name=f"{row.name}!") for row in current().resources)
        moved = State(organizations=(bolt,), resources=(replace(shop, organization="bolt"), *nodes[1:]), access=(crew,))
        state.apply(by=OPERATOR, state=moved)
        bound = Binding.objects.filter(principal__kind="group").values_list("principal__group__name", "resource__name")
        assert list(bound) == [("Crew", "Web!")]
        assert set(Resource.objects.values_list("tenant__organization__key", flat=True)) == {"bolt"}
        sound()
        with refused(Conflict, "foreign_group", "Crew", "Bolt"):
            state.apply(by=OPERATOR, state=State(resources=(replace(shop, organization=None),), access=(crew,)))
        state.apply(by=OPERATOR, state=State(resources=(replace(shop, organization=None), web)), prune=False)
        assert Resource.objects.get(pk=cast.account).organization_id is None
        assert not Binding.objects.filter(principal__kind="group").exists()
        sound()

    @pytest.mark.parametrize("permissions", [("collaborate",), ("edit",)])
    def test_what_would_be_lost_by_it_is_not_silently_left_out(self, cast: Cast, permissions: tuple[str, ...]) -> None:
        """The file says that Acme's analysts keep or change what they have, and links the account to nobody: it is refused."""
        shop = current().resources[0]
        analysts = AccessState(group_ref("acme", "analysts"), WEB, permissions)
        before = contents()
        with refused(Conflict, "foreign_group", "Analysts", "Acme"):
            state.apply(by=OPERATOR, state=State(resources=(replace(shop, organization=None),), access=(analysts,)))
        assert contents() == before

    def test_what_ends_with_the_link_is_ended_once(self, cast: Cast) -> None:
        """Pruned and unlinked at once: the analysts' binding goes."""
        now = current()
        nodes = (replace(now.resources[0], organization=None), *now.resources[1:])
        kept = tuple(row for row in now.access if row.principal.kind is not PrincipalKind.GROUP)
        state.apply(by=OPERATOR, state=replace(now, resources=nodes, access=kept), prune=True)
        assert not Binding.objects.filter(principal__kind="group").exists()
        sound()
