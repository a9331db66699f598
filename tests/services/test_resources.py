"""Making and changing nodes of the tree: what a creator gets, whose the switch of delegation is (semantics 1, 3 and 4)."""

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.state import AccessState, ResourceState, State, UserState, user_ref
from keyholder.services.commands import bindings, people, resources, state
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Binding, Event, Resource, Tenant
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.services.happened import actions, last
from tests.services.holding import ALL, DAY, ticked, until
from tests.services.refusing import refused


def new(kind: str, key: str, parent: ResourceId | None = None, name: str = "New") -> NewResource:
    """Describe a node that is to be made."""
    return NewResource(ResourceRef(kind, key), name, parent)


class TestCreating:
    def test_r035_the_creator_of_an_account_gets_everything_on_it(self, cast: Cast) -> None:
        """Anybody signed in (reading 19); also Dan, who is outside of all."""
        made = resource(cast.dan, "account", "200", "Market")
        assert (ticked(cast.dan, made), holds(cast.dan, cast.account)) == (list(ALL), set())

    def test_r035_who_edits_gets_everything_on_what_they_add_and_nothing_above(self, cast: Cast) -> None:
        """Also Manage Users, on the new object (reading 20)."""
        web = resource(cast.ben, "property", "UA-100-2", "App", cast.account)
        page = resource(cast.ben, "view", "1002", "Page", cast.property)
        assert ("manage_users" in holds(cast.ben, web), "manage_users" in holds(cast.ben, page)) == (True, True)
        assert {"manage_users" in holds(cast.ben, node) for node in (cast.account, cast.property, cast.view)} == {False}

    def test_r019_what_is_new_inherits_at_once(self, cast: Cast) -> None:
        made = resource(cast.alice, "property", "UA-100-2", "App", cast.account)
        assert ("edit" in holds(cast.ben, made), holds(cast.cleo, made), holds(cast.dan, made)) == (True, {"read_analyze"}, set())

    def test_who_only_reads_adds_nothing(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission", "Edit", "Shop"):
            resource(cast.cleo, "property", "UA-100-2", "App", cast.account)
        with refused(NotFound, "not_found"):
            resource(cast.dan, "property", "UA-100-2", "App", cast.account)

    def test_a_new_root_is_a_tenant_and_what_is_below_belongs_to_it(self, cast: Cast) -> None:
        made = resource(cast.dan, "account", "200", "Market")
        below = resource(cast.dan, "property", "UA-200-1", "Web", made)
        rows = Resource.objects.filter(pk__in=[made, below]).order_by("pk")
        assert len({row.tenant_id for row in rows}) == 1
        assert Tenant.objects.get(pk=rows[0].tenant_id).kind == "root"
        assert [row.path for row in rows] == [f"/{made}/", f"/{made}/{below}/"]

    def test_r_prv_8_ids_are_taken_for_ever(self, cast: Cast) -> None:
        with refused(Conflict, "id_taken", "100"):
            resource(cast.dan, "account", "100", "Mine")
        trashed = ResourceState(ResourceRef("account", "300"), "Gone", awaiting_manager=True, trashed=NOW)
        state.apply(by=OPERATOR, state=State(resources=(trashed,)))
        with refused(Conflict, "id_taken"):
            resource(cast.dan, "account", "300", "Mine")

    @pytest.mark.parametrize(
        ("kind", "key", "below", "name", "code"),
        [
            ("planet", "1", None, "X", "unknown_type"),
            ("property", "1", None, "X", "wrong_parent"),
            ("account", "1", "account", "X", "wrong_parent"),
            ("view", "1", "account", "X", "wrong_parent"),
            ("stream", "1", "account", "X", "wrong_parent"),
            ("account", "a b", None, "X", "key"),
            ("account", "1", None, " ", "name"),
        ],
    )
    def test_what_can_t_be_there_is_refused(self, cast: Cast, kind: str, key: str, below: str | None, name: str, code: str) -> None:
        with refused(Invalid, code):
            resource(cast.alice, kind, key, name, cast.account if below else None)

    def test_where_accounts_are_by_the_operator_nobody_else_makes_one(self, cast: Cast) -> None:
        with refused(Forbidden, "not_operator"):
            resources.create(by=caller(cast.alice), new=new("account", "200"), accounts_by_operator=True)
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        resources.create(by=caller(cast.dan), new=new("account", "200"), accounts_by_operator=True)
        resources.create(by=OPERATOR, new=new("account", "300"), administrator=cast.ben, accounts_by_operator=True)
        resources.create(by=caller(cast.alice), new=new("property", "p", cast.account), accounts_by_operator=True)

    def test_a_machine_begins_no_account(self, cast: Cast) -> None:
        """It would have no manager (semantics 4)."""
        robot = people.create_service_account(by=OPERATOR, name="Robot")
        with refused(Conflict, "no_manager", "New"):
            resources.create(by=caller(robot), new=new("account", "200"))

    def test_what_is_refused_leaves_no_tenant(self, cast: Cast) -> None:
        before = Tenant.objects.count()
        with refused(Conflict, "no_administrator"):
            resources.create(by=OPERATOR, new=new("account", "200"))
        assert Tenant.objects.count() == before


class TestNaming:
    def test_every_type_can_be_made_and_named_by_somebody(self) -> None:
        """The commands ask for an action of that name: no blueprint may lack it."""
        for blueprint in builtin():
            asked = {f"{kind.name}.update" for kind in blueprint.types.values()}
            asked |= {f"{kind.name}.create" for kind in blueprint.types.values() if kind.parent}
            assert asked <= set(blueprint.actions)

    def test_who_edits_renames(self, cast: Cast) -> None:
        resources.rename(by=caller(cast.ben), resource=cast.view, name="  Everything ")
        row = Resource.objects.get(pk=cast.view)
        assert (row.name, row.name_key) == ("Everything", "everything")
        with refused(Forbidden, "lacks_permission"):
            resources.rename(by=caller(cast.cleo), resource=cast.account, name="Mine")
        with refused(NotFound, "not_found"):
            resources.rename(by=caller(cast.dan), resource=cast.account, name="Mine")

    def test_the_same_name_again_is_no_event(self, cast: Cast) -> None:
        before = last()
        resources.rename(by=caller(cast.ben), resource=cast.view, name="All data")
        assert actions(before) == []


class TestAdministrators:
    @pytest.fixture
    def host(self, cast: Cast) -> ResourceId:
        """Return a host that Alice administers; Ben views it."""
        host = resources.create(by=OPERATOR, new=new("host", "h1", name="Agency"), administrator=cast.alice)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="view_only")
        return host

    def test_r093_an_account_begins_with_an_administrator(self, cast: Cast, host: ResourceId) -> None:
        with refused(Conflict, "no_administrator"):
            resources.create(by=caller(cast.alice), new=new("host_account", "7", host))
        made = resources.create(by=caller(cast.alice), new=new("host_account", "7", host), administrator=cast.ben)
        rows = Binding.objects.filter(resource=made).values_list("principal", "role")
        assert list(rows) == [(cast.ben, "administrator")]

    def test_the_administrator_is_known_there(self, cast: Cast, host: ResourceId) -> None:
        for stranger in (cast.dan, PrincipalId(9999)):
            with refused(Conflict, "not_known"):
                resources.create(by=caller(cast.alice), new=new("host_account", "7", host), administrator=stranger)
        with refused(NotFound, "not_found"):
            resources.create(by=OPERATOR, new=new("host_account", "7", host), administrator=PrincipalId(9999))

    def test_the_administrator_is_an_active_person(self, cast: Cast, host: ResourceId) -> None:
        robot = people.create_service_account(by=OPERATOR, name="Robot")
        people.suspend(by=OPERATOR, user=cast.ben)
        for nobody in (robot, cast.ben):
            with refused(Conflict, "no_manager"):
                resources.create(by=caller(cast.alice), new=new("host_account", "7", host), administrator=nobody)

    def test_who_is_named_administers_beside_the_creator(self, cast: Cast) -> None:
        made = resources.create(by=OPERATOR, new=new("account", "200"), administrator=cast.ben)
        assert ticked(cast.ben, made) == ["manage_users"]
        beside = resources.create(by=caller(cast.alice), new=new("property", "p", cast.account), administrator=cast.ben)
        assert (ticked(cast.alice, beside), ticked(cast.ben, beside)) == (list(ALL), ["manage_users"])

    def test_where_owners_stand_an_owner_is_named(self, cast: Cast) -> None:
        made = resources.create(by=OPERATOR, new=new("resource", "m"), administrator=cast.ben)
        assert ticked(cast.ben, made) == ["owner"]

    def test_only_who_manages_the_host_makes_accounts(self, cast: Cast, host: ResourceId) -> None:
        with refused(Forbidden, "lacks_permission", "Agency"):
            resources.create(by=caller(cast.ben), new=new("host_account", "7", host), administrator=cast.ben)


class TestDelegation:
    @pytest.fixture
    def client(self, cast: Cast) -> ResourceId:
        """Return a client's account that Ben administers, at a host that Alice administers."""
        host = resources.create(by=OPERATOR, new=new("host", "h1", name="Agency"), administrator=cast.alice)
        return resources.create(by=OPERATOR, new=new("host_account", "7", host, name="Client"), administrator=cast.ben)

    def test_r100_it_is_on_from_the_beginning_and_off_at_once(self, cast: Cast, client: ResourceId) -> None:
        """R-PRV-9: the client ends it alone, at any time."""
        assert "manage_users" in holds(cast.alice, client)
        resources.delegate(by=caller(cast.ben), account=client, managed=False)
        assert (holds(cast.alice, client), "manage_users" in holds(cast.ben, client)) == (set(), True)
        assert Event.objects.filter(action="resource.delegation_closed", resource=client).count() == 1

    def test_r100_the_host_does_not_switch_it_on_again(self, cast: Cast, client: ResourceId) -> None:
        """Reading 30, R098: once it is off, the account does not exist for the host's people."""
        with refused(Forbidden, "lacks_permission", "Client"):
            resources.delegate(by=caller(cast.alice), account=client, managed=False)
        resources.delegate(by=caller(cast.ben), account=client, managed=False)
        with refused(NotFound, "not_found"):
            resources.delegate(by=caller(cast.alice), account=client, managed=True)
        with refused(NotFound, "not_found"):
            bindings.grant(by=caller(cast.alice), to=[cast.alice], on=client, role="administrator")
        resources.delegate(by=caller(cast.ben), account=client, managed=True)
        assert "manage_users" in holds(cast.alice, client)

    def test_r100_not_where_no_administrator_of_its_own_would_remain(self, cast: Cast, db: None) -> None:
        """Neither one until tomorrow, nor where the account awaits one."""
        people_ = tuple(UserState(f"{name}@b.example", f"{name}@b.example", name) for name in ("eve", "fay"))
        host, account = ResourceRef("host", "h2"), ResourceRef("host_account", "8")
        access = (
            AccessState(user_ref("eve@b.example"), host, role="administrator"),
            AccessState(user_ref("fay@b.example"), account, role="administrator", window=until(NOW + DAY)),
        )
        tree = (ResourceState(host, "Host"), ResourceState(account, "Eight", parent=host, awaiting_manager=True))
        state.apply(by=OPERATOR, state=State(users=people_, resources=tree, access=access))
        on, fay = ResourceId(Resource.objects.get(key="8").pk), PrincipalId(Binding.objects.get(resource__key="8").principal_id)
        for by in (caller(fay), OPERATOR):
            with refused(Conflict, "last_manager", "Eight"):
                resources.delegate(by=by, account=on, managed=False)
        assert Resource.objects.get(pk=on).managed is True

    def test_only_such_an_account_has_the_switch(self, cast: Cast, client: ResourceId) -> None:
        with refused(Invalid, "not_closable"):
            resources.delegate(by=caller(cast.alice), account=cast.account, managed=False)

    def test_moving_it_where_it_is_is_no_event(self, cast: Cast, client: ResourceId) -> None:
        before = last()
        resources.delegate(by=caller(cast.ben), account=client, managed=True)
        assert actions(before) == []

    def test_who_only_views_does_not_move_it(self, cast: Cast, client: ResourceId) -> None:
        eve = person("Eve")
        bindings.grant(by=OPERATOR, to=[eve], on=client, role="view_only")
        with refused(Forbidden, "lacks_permission"):
            resources.delegate(by=caller(eve), account=client, managed=False)
