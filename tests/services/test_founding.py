"""Accounts made for their first administrator, who is known or is invited (semantics 4, R093, R100)."""

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceId, ResourceRef
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import bindings, founding, invitations, people, resources
from keyholder.services.commands.founding import Founded
from keyholder.services.commands.invitations import take_over
from keyholder.services.commands.resources import NewResource
from keyholder.services.invitation_links import opened
from keyholder.services.queries import tree
from keyholder.services.queries.home import home
from keyholder.storage.models import Binding, Invitation, PlannedBinding, Resource, Tenant, User
from tests.cast import NOW, OPERATOR, Cast, caller, holds
from tests.services.happened import actions, chains_hold, last
from tests.services.holding import SECOND
from tests.services.inviting_people import EVE, WEEK, accept, come, nobody, person_of, random
from tests.services.refusing import refused

MANAGED = NewResource(ResourceRef("host_account", "7"), "Bakery")


@pytest.fixture
def host(cast: Cast) -> ResourceId:
    """Return a host that Alice administers and Ben looks at."""
    made = resources.create(by=OPERATOR, new=NewResource(ResourceRef("host", "h1"), "Agency"), administrator=cast.alice)
    bindings.grant(by=OPERATOR, to=[cast.ben], on=made, role="view_only")
    return made


def found(
    by: PrincipalId | None, address: str, kind: str = "account", parent: ResourceId | None = None, *, managed: bool = True
) -> Founded:
    """Make an account called Bakery for somebody."""
    new = NewResource(ResourceRef(kind, "7"), "Bakery", parent, managed)
    return founding.found(by=caller(by), new=new, administrator=address, random=random())


def row(made: Founded) -> Resource:
    """Return what was made."""
    return Resource.objects.get(pk=made.resource)


def eve_comes(made: Founded) -> PrincipalId:
    """Let Eve, who has no person here, accept by the link that was shown."""
    assert made.invited is not None
    return person_of(come(opened(by=nobody(), secret=made.invited.secret)))


class TestTheOperator:
    @pytest.mark.parametrize(
        ("kind", "held"), [("account", {"manage_users"}), ("host", {"manage_users"}), ("resource", {"manage", "view"})]
    )
    def test_somebody_known_administers_at_once(self, cast: Cast, kind: str, held: set[str]) -> None:
        """To an operator everybody is known who exists."""
        made = found(None, "DAN@acme.example", kind)
        assert (made.invited, row(made).awaiting_manager) == (None, False)
        assert held <= holds(cast.dan, made.resource)

    @pytest.mark.parametrize("kind", ["account", "host", "resource"])
    def test_somebody_unknown_is_invited_and_the_account_awaits_them(self, cast: Cast, kind: str) -> None:
        """Accepting ends the mark; it is one tenant, one transaction, and what it says is kept in the log."""
        before = last()
        made = found(None, EVE, kind)
        assert made.invited is not None
        assert (made.invited.address, bool(made.invited.secret)) == (EVE, True)
        assert row(made).awaiting_manager
        assert actions(before) == ["resource.created", "invitation.sent"]
        eve = eve_comes(made)
        assert not row(made).awaiting_manager
        assert holds(eve, made.resource) & {"manage_users", "manage"}
        assert chains_hold()
        with refused(Conflict, "last_manager", "Bakery"):
            people.suspend(by=OPERATOR, user=eve)

    @pytest.mark.parametrize("kind", ["account", "resource"])
    def test_an_operator_in_the_console_gets_nothing_and_may_appoint_somebody_else(self, cast: Cast, kind: str) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        made = found(cast.dan, EVE, kind)
        assert (holds(cast.dan, made.resource), row(made).awaiting_manager) == (set(), True)
        assert Invitation.objects.get().invited_by_id == cast.dan
        assert [a.resource.name for a in home(by=caller(cast.dan)).lacking.first if a.is_awaiting] == ["Bakery"]
        eve = eve_comes(made)
        assert holds(eve, made.resource)

    def test_an_operator_who_names_themselves_creates_like_everybody(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        made = found(cast.dan, "dan@acme.example")
        assert holds(cast.dan, made.resource) == {"manage_users", "edit", "collaborate", "read_analyze"}

    def test_somebody_suspended_can_not_be_the_first(self, cast: Cast) -> None:
        people.suspend(by=OPERATOR, user=cast.dan)
        tenants = Tenant.objects.count()
        with refused(Conflict, "no_manager", "Bakery"):
            found(None, "dan@acme.example")
        assert (Tenant.objects.count(), Resource.objects.filter(name="Bakery").exists()) == (tenants, False)

    def test_who_never_comes_is_replaced_by_appointing(self, cast: Cast) -> None:
        """The invitation that is left gives nothing any more, and its managers may take it over."""
        people.appoint_operator(by=OPERATOR, user=cast.dan)
        made = found(cast.dan, EVE)
        bindings.grant(by=caller(cast.dan), to=[cast.cleo], on=made.resource, permissions=["manage_users"])
        assert not row(made).awaiting_manager
        assert made.invited is not None
        take_over(by=caller(cast.cleo), invitation=made.invited.invitation)
        assert holds(eve_comes(made), made.resource) == {"manage_users"}

    def test_a_declined_or_revoked_invitation_leaves_it_awaiting(self, cast: Cast) -> None:
        made = found(None, EVE)
        assert made.invited is not None
        invitations.revoke(by=OPERATOR, invitation=made.invited.invitation)
        assert row(made).awaiting_manager

    def test_r104_the_invitation_is_one_like_every_other(self, cast: Cast) -> None:
        """R104: good for seven days, to the second."""
        made = found(None, EVE)
        assert made.invited is not None
        link = opened(by=nobody(), secret=made.invited.secret)
        with refused(Conflict, "expired"):
            come(link, NOW + WEEK)
        come(link, NOW + WEEK - SECOND)

    def test_what_has_no_administrator_is_refused(self, cast: Cast) -> None:
        with refused(Invalid, "no_administrator", "property"):
            found(None, EVE, "property", cast.account)
        with refused(Invalid, "address"):
            found(None, "nobody", "account")


class TestTheHost:
    def test_r093_somebody_known_there_administers_at_once(self, cast: Cast, host: ResourceId) -> None:
        """R093: the host's administrator gets nothing of their own, the named one everything."""
        made = found(cast.alice, "ben@acme.example", "host_account", host)
        assert (made.invited, row(made).awaiting_manager) == (None, False)
        assert [b.principal_id for b in Binding.objects.filter(resource=made.resource)] == [cast.ben]

    @pytest.mark.parametrize("address", ["eve@else.example", "dan@acme.example"])
    def test_everybody_else_is_invited_whether_or_not_they_have_a_person_here(self, cast: Cast, host: ResourceId, address: str) -> None:
        made = found(cast.alice, address, "host_account", host)
        assert made.invited is not None
        assert (row(made).awaiting_manager, Binding.objects.filter(resource=made.resource).exists()) == (True, False)
        planned = PlannedBinding.objects.get()
        assert (planned.role, planned.giver_id) == ("administrator", cast.alice)

    def test_r100_an_unmanaged_account_is_managed_until_its_administrator_accepts(self, cast: Cast, host: ResourceId) -> None:
        """R100: Alice sees it and can help until Eve comes; from then on nobody of the host does."""
        made = found(cast.alice, EVE, "host_account", host, managed=False)
        ref = ResourceRef("host_account", "7")
        assert (row(made).managed, tree.node(by=caller(cast.alice), ref=ref).name) == (True, "Bakery")
        before = last()
        eve = eve_comes(made)
        assert (row(made).managed, row(made).awaiting_manager) == (False, False)
        assert "resource.delegation_closed" in actions(before)
        assert "manage_users" in holds(eve, made.resource)
        assert holds(cast.alice, made.resource) == set()
        with refused(NotFound, "not_found"):
            tree.node(by=caller(cast.alice), ref=ref)
        assert chains_hold()

    def test_r100_a_managed_one_stays_managed(self, cast: Cast, host: ResourceId) -> None:
        made = found(cast.alice, EVE, "host_account", host)
        eve_comes(made)
        assert row(made).managed

    def test_it_stays_managed_where_nothing_could_be_given(self, cast: Cast, host: ResourceId) -> None:
        """Alice may not give it any more: Eve waits, and somebody of the host takes it over."""
        made = found(cast.alice, EVE, "host_account", host, managed=False)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=host, role="administrator")
        bindings.set_permissions(by=OPERATOR, of=cast.alice, on=host, role="view_only")
        assert made.invited is not None
        assert come(opened(by=nobody(), secret=made.invited.secret)).person is None
        assert (row(made).managed, row(made).awaiting_manager) == (True, True)
        take_over(by=caller(cast.cleo), invitation=made.invited.invitation)
        eve_comes(made)
        assert not row(made).managed

    def test_a_known_administrator_closes_it_at_once(self, cast: Cast, host: ResourceId) -> None:
        assert row(found(cast.alice, "ben@acme.example", "host_account", host, managed=False)).managed is False

    def test_who_only_looks_at_the_host_founds_nothing(self, cast: Cast, host: ResourceId) -> None:
        with refused(Forbidden, "lacks_permission"):
            found(cast.ben, EVE, "host_account", host)
        with refused(NotFound, "not_found"):
            found(cast.dan, EVE, "host_account", host)

    def test_somebody_with_a_person_here_accepts_as_themselves(self, cast: Cast, host: ResourceId) -> None:
        User.objects.filter(pk=cast.dan).update(email_verified=True)
        made = found(cast.alice, "dan@acme.example", "host_account", host, managed=False)
        assert made.invited is not None
        accept(opened(by=nobody(), secret=made.invited.secret), cast.dan)
        assert (row(made).managed, "manage_users" in holds(cast.dan, made.resource)) == (False, True)


class TestEverybodyElse:
    def test_who_makes_a_host_can_not_begin_it_for_a_stranger(self, cast: Cast) -> None:
        """They would hold nothing there, and could give nothing of it; in the same words whether or not there is such a person."""
        for address in (EVE, "cleo@acme.example"):
            with refused(Conflict, "not_known"):
                found(cast.dan, address, "host")
        assert holds(cast.dan, found(cast.dan, "dan@acme.example", "host").resource)

    def test_r035_who_makes_an_account_holds_it_and_whom_they_name_is_invited(self, cast: Cast) -> None:
        """R035: the creator gets everything, whomever else they name; it has a manager as soon as it is there."""
        made = found(cast.dan, EVE)
        assert (holds(cast.dan, made.resource), row(made).awaiting_manager) == (
            {"manage_users", "edit", "collaborate", "read_analyze"},
            False,
        )
        assert "manage_users" in holds(eve_comes(made), made.resource)

    def test_where_accounts_are_by_the_operator_nobody_else_founds_one(self, cast: Cast) -> None:
        new = NewResource(ResourceRef("account", "7"), "Bakery")
        with refused(Forbidden, "not_operator"):
            founding.found(by=caller(cast.dan), new=new, administrator=EVE, random=random(), accounts_by_operator=True)


def test_two_who_found_the_same_account_make_one(cast: Cast) -> None:
    found(None, EVE)
    with refused(Conflict, "id_taken", "7"):
        found(None, "somebody@else.example")
    assert Invitation.objects.count() == 1
