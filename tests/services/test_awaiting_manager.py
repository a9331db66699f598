"""Accounts that await a manager: they take writes like any other, and lose the mark as soon as somebody stands (semantics 4, I-MG-3)."""

import pytest

from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.principals import OrganizationRole, Status
from keyholder.domain.refusals import Conflict
from keyholder.domain.state import ResourceState, State, UserState
from keyholder.services.commands import bindings, group_members, organization_roles, people, resources, state
from keyholder.services.commands.resources import NewResource
from keyholder.storage.models import Resource
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.services.happened import chains_hold
from tests.services.holding import DAY, SECOND, since, until
from tests.services.refusing import refused

MANAGE = ["manage_users"]


@pytest.fixture
def orphan(cast: Cast) -> ResourceId:
    """Return an account of Acme that awaits a manager; Ben edits it."""
    new = ResourceState(ResourceRef("account", "9"), "Orphan", organization="acme", awaiting_manager=True)
    state.apply(by=OPERATOR, state=State(resources=(new,)))
    on = ResourceId(Resource.objects.get(key="9").pk)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=on, permissions=["edit"])
    return on


def awaits(on: ResourceId) -> bool:
    """Say whether a resource is marked."""
    return Resource.objects.get(pk=on).awaiting_manager


def test_it_takes_writes_like_any_other(cast: Cast, orphan: ResourceId) -> None:
    bindings.set_permissions(by=OPERATOR, of=cast.ben, on=orphan, permissions=["read_analyze"])
    bindings.grant(by=OPERATOR, to=[cast.cleo], on=orphan, permissions=MANAGE, window=until(NOW + DAY))
    bindings.revoke(by=OPERATOR, of=[cast.ben, cast.cleo], on=orphan)
    people.suspend(by=OPERATOR, user=cast.ben)
    assert awaits(orphan)


def test_the_mark_goes_with_the_first_manager_and_does_not_come_back(cast: Cast, orphan: ResourceId) -> None:
    bindings.grant(by=OPERATOR, to=[cast.ben], on=orphan, permissions=MANAGE)
    assert not awaits(orphan)
    with refused(Conflict, "last_manager", "Orphan"):
        bindings.revoke(by=OPERATOR, of=[cast.ben], on=orphan)
    assert not awaits(orphan)
    assert chains_hold()


def test_by_a_member_of_a_group_as_well(cast: Cast, orphan: ResourceId) -> None:
    bindings.grant(by=OPERATOR, to=[cast.interns], on=orphan, permissions=MANAGE)
    assert awaits(orphan)
    group_members.add(by=OPERATOR, group=cast.interns, members=[cast.dan])
    assert not awaits(orphan)


def test_by_a_manager_who_is_active_again(cast: Cast, orphan: ResourceId) -> None:
    people.suspend(by=OPERATOR, user=cast.dan)
    bindings.grant(by=OPERATOR, to=[cast.dan], on=orphan, permissions=MANAGE)
    assert awaits(orphan)
    people.activate(by=OPERATOR, user=cast.dan)
    assert not awaits(orphan)
    assert chains_hold()


def test_who_begins_tomorrow_manages_from_tomorrow_on(cast: Cast, orphan: ResourceId) -> None:
    """Until then the account awaits a manager; from then on it has one and keeps one, though nothing was written in between (I-MG-1)."""
    bindings.grant(by=OPERATOR, to=[cast.dan], on=orphan, permissions=MANAGE, window=since(NOW + DAY))
    for moment in (NOW, NOW + DAY - SECOND):
        bindings.revoke(by=caller(None, moment), of=[cast.dan], on=orphan)
        bindings.grant(by=caller(None, moment), to=[cast.dan], on=orphan, permissions=MANAGE, window=since(NOW + DAY))
    assert awaits(orphan)
    with refused(Conflict, "last_manager", "Orphan"):
        bindings.revoke(by=caller(None, NOW + DAY), of=[cast.dan], on=orphan)
    with refused(Conflict, "last_manager"):
        people.suspend(by=caller(None, NOW + DAY), user=cast.dan)
    bindings.revoke(by=caller(None, NOW + DAY), of=[cast.ben], on=orphan)
    assert not awaits(orphan)


class TestHosts:
    """The same holds, from the first on, for a host's administrator."""

    def test_a_host_begins_without_and_keeps_its_first(self, cast: Cast) -> None:
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"))
        assert awaits(host)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="standard")
        assert awaits(host)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="administrator")
        assert not awaits(host)
        for role in ("standard", ""):
            with refused(Conflict, "last_manager", "Agency"):
                bindings.set_permissions(by=OPERATOR, of=cast.ben, on=host, role=role)
        with refused(Conflict, "last_manager"):
            people.suspend(by=OPERATOR, user=cast.ben)

    def test_the_hosts_administrator_is_none_of_its_accounts(self, cast: Cast) -> None:
        """R094, R100: what comes from above does not count."""
        host = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=cast.ben)
        client = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.cleo)
        assert "manage_users" in holds(cast.ben, client)
        with refused(Conflict, "last_manager", "Client"):
            bindings.revoke(by=caller(cast.ben), of=[cast.cleo], on=client)
        bindings.grant(by=caller(cast.ben), to=[cast.ben], on=client, role="administrator")
        bindings.revoke(by=caller(cast.ben), of=[cast.cleo], on=client)


class TestLeaders:
    """And for an organization's admin and the instance's operator (I-MG-2)."""

    def test_i_mg_2_the_last_operator_stays(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        dan = UserState("dan@acme.example", "dan@acme.example", "Dan", Status.SUSPENDED)
        for path in (
            lambda: people.dismiss_operator(by=caller(cast.dan), user=cast.dan),
            lambda: people.suspend(by=OPERATOR, user=cast.dan),
            lambda: state.apply(by=OPERATOR, state=State(users=(dan,))),
        ):
            with refused(Conflict, "last_operator", "last operator"):
                path()
        people.appoint_operator(by=OPERATOR, user=cast.ben)
        people.suspend(by=OPERATOR, user=cast.ben)
        with refused(Conflict, "last_operator"):
            people.dismiss_operator(by=OPERATOR, user=cast.dan)
        people.activate(by=OPERATOR, user=cast.ben)
        people.dismiss_operator(by=caller(cast.dan), user=cast.dan)

    def test_i_mg_2_an_instance_begins_without_an_operator(self, db: None) -> None:
        eve = person("Eve")
        people.suspend(by=OPERATOR, user=eve)

    def test_an_admin_of_an_organization_stays(self, cast: Cast) -> None:
        """By a file as well; a user admin is none."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.USER_ADMIN)
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=MANAGE)
        alice = UserState("alice@acme.example", "alice@acme.example", "Alice", Status.SUSPENDED)
        with refused(Conflict, "last_admin", "Acme"):
            state.apply(by=OPERATOR, state=State(users=(alice,)))
