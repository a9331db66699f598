"""Who may give and take access, to whom, and how much (semantics 4). Alice administers *Shop*, Ben edits, Cleo reads, Dan is outside."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from keyholder.domain.blueprint import Catalogue, Grants
from keyholder.domain.blueprint_files import builtin
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, group_members, invitations, organization_roles, people
from keyholder.services.commands.bindings import Outcome
from keyholder.services.commands.inviting import Wish
from keyholder.services.queries import state as reading
from keyholder.storage import blueprints
from keyholder.storage.models import Event, PlannedBinding
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person, resource
from tests.services.holding import DAY, NODES, SECOND, every_command, until
from tests.services.inviting_people import invite
from tests.services.refusing import refused

MANAGE, EDIT = "Manage Users", "Edit"
"""What people call the permissions."""


@pytest.fixture
def held_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Google Analytics be a platform where nobody gives what they lack (``grants = "held"``)."""
    shipped = builtin().blueprints
    strict = Catalogue({**shipped, "google_analytics": replace(shipped["google_analytics"], grants=Grants.HELD)})
    monkeypatch.setattr(blueprints, "catalogue", lambda: strict)
    return iter(())


class TestWhoMayGrant:
    def test_r036_who_manages_users_may(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        bindings.grant(by=caller(cast.ben), to=[cast.cleo], on=cast.view, permissions=["edit"])
        assert "edit" in holds(cast.cleo, cast.view)

    def test_r037_also_what_they_lack_and_to_themselves_and_it_is_marked(self, cast: Cast) -> None:
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=["manage_users"])
        bindings.grant(by=caller(cast.cleo), to=[cast.cleo], on=cast.property, permissions=["edit"])
        event = Event.objects.get(action="access.granted", subject=cast.cleo, resource=cast.property)
        assert event.details["self"] is True
        assert "edit" in holds(cast.cleo, cast.view)

    def test_r031_who_edits_may_not(self, cast: Cast) -> None:
        for command in every_command(cast):
            with refused(Forbidden, "lacks_permission", MANAGE, "Shop"):
                command(cast.ben, cast.account)

    def test_r038_who_manages_a_property_may_not_elsewhere(self, cast: Cast) -> None:
        """Neither above it nor beside it, though the account and the sibling exist for Ben, who edits both."""
        beside = resource(cast.alice, "property", "UA-100-2", "App", cast.account)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        for on in (cast.account, beside):
            for command in every_command(cast):
                with refused(Forbidden, "lacks_permission", MANAGE):
                    command(cast.ben, on)

    def test_what_one_does_not_see_does_not_exist(self, cast: Cast) -> None:
        for command in every_command(cast):
            for nowhere in (cast.account, ResourceId(9999)):
                with refused(NotFound, "not_found"):
                    command(cast.dan, nowhere)

    def test_a_suspended_manager_may_nothing(self, cast: Cast) -> None:
        """I-AZ-4: also where the door let them in before."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        people.suspend(by=OPERATOR, user=cast.ben)
        for command in every_command(cast):
            with refused(Forbidden, "suspended"):
                command(cast.ben, cast.account)

    @pytest.mark.parametrize("door", [Channel.CONSOLE, Channel.API, Channel.SCIM])
    def test_i_az_10_who_is_not_signed_in_may_nothing(self, cast: Cast, door: Channel) -> None:
        """Only the command line and the system are the instance; without a principal nobody else is (I-AZ-10)."""
        with refused(Forbidden, "not_signed_in"):
            bindings.grant(by=Caller(None, NOW, door), to=[cast.dan], on=cast.account, permissions=["edit"])
        with refused(Forbidden, "not_signed_in"):
            reading.current(by=Caller(None, NOW, door))

    def test_a_manager_whose_time_is_over_may_not(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["manage_users"], window=until(NOW + DAY))
        bindings.grant(by=caller(cast.dan, NOW + DAY - SECOND), to=[cast.cleo], on=cast.view, permissions=["edit"])
        with refused(NotFound, "not_found"):
            bindings.grant(by=caller(cast.dan, NOW + DAY), to=[cast.cleo], on=cast.view, permissions=["edit"])

    def test_a_user_admin_of_the_organization_may(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        bindings.grant(by=caller(cast.ben), to=[cast.cleo], on=cast.account, permissions=["edit"])
        assert "edit" in holds(cast.cleo, cast.account)

    def test_the_members_of_a_managing_group_may(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.view, permissions=["manage_users"])
        bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=cast.view, permissions=["manage_users"])


class TestKnown:
    """Who is known is added at once; a stranger is refused in the same words, whether or not they have a person here (semantics 4)."""

    def test_a_person_and_nobody_get_the_same_answer(self, cast: Cast) -> None:
        answers = []
        for stranger in (cast.dan, PrincipalId(9999)):
            with pytest.raises(Conflict) as refusal:
                bindings.grant(by=caller(cast.alice), to=[stranger], on=cast.view, permissions=["edit"])
            answers.append((refusal.value.code, str(refusal.value)))
        assert answers[0] == answers[1]
        with refused(Conflict, "not_known"):
            bindings.set_permissions(by=caller(cast.alice), of=cast.dan, on=cast.view, permissions=["edit"])

    def test_access_a_membership_or_a_role_make_known(self, cast: Cast) -> None:
        eve, fay, gus = person("Eve"), person("Fay"), person("Gus")
        bindings.grant(by=OPERATOR, to=[eve], on=cast.view, permissions=["read_analyze"])
        group_members.add(by=OPERATOR, group=cast.interns, members=[fay])
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=gus, role=OrganizationRole.USER_ADMIN)
        given = bindings.grant(by=caller(cast.alice), to=[eve, fay, gus], on=cast.account, permissions=["edit"])
        assert {row.outcome for row in given} == {Outcome.ADDED}

    def test_who_is_known_elsewhere_is_not_known_here(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.dan], on=resource(cast.dan, "account", "200", "Market"), permissions=["edit"])
        with refused(Conflict, "not_known"):
            bindings.grant(by=caller(cast.alice), to=[cast.dan], on=cast.account, permissions=["edit"])

    def test_the_operators_know_everybody_who_exists(self, cast: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=cast.alice)
        bindings.grant(by=caller(cast.alice), to=[cast.dan], on=cast.view, permissions=["edit"])
        with refused(NotFound, "not_found"):
            bindings.grant(by=OPERATOR, to=[PrincipalId(9999)], on=cast.view, permissions=["edit"])

    def test_machines_are_known_to_everybody(self, cast: Cast) -> None:
        robot = people.create_service_account(by=OPERATOR, name="Reporter")
        bindings.grant(by=caller(cast.alice), to=[robot], on=cast.view, permissions=["read_analyze"])
        assert holds(robot, cast.view) == {"read_analyze"}


class TestHeldOnly:
    """A blueprint may say that nobody gives what they do not hold: ``grants = "held"`` (R-PRV-1)."""

    def test_r_prv_1_what_one_lacks_is_not_given(self, cast: Cast, held_only: None) -> None:
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=["manage_users", "read_analyze"])
        bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=cast.account, permissions=["read_analyze", "manage_users"])
        for given in ("collaborate", "edit"):
            with refused(Forbidden, "not_held", "Shop"):
                bindings.grant(by=caller(cast.cleo), to=[cast.cleo], on=cast.account, permissions=[given])
            with refused(Forbidden, "not_held"):
                bindings.set_permissions(by=caller(cast.cleo), of=cast.interns, on=cast.account, permissions=[given])

    def test_what_includes_more_than_one_holds_is_not_given(self, cast: Cast, held_only: None) -> None:
        """Edit includes Collaborate: who holds Edit by its own binding holds both, who holds only Collaborate can't give Edit."""
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=["manage_users", "collaborate"])
        with refused(Forbidden, "not_held", EDIT):
            bindings.grant(by=caller(cast.cleo), to=[cast.ben], on=cast.view, permissions=["edit"])

    def test_taking_and_leaving_give_nothing(self, cast: Cast, held_only: None) -> None:
        """Ben keeps what Cleo lacks: less of it, for a shorter time, or none."""
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=["manage_users"])
        bindings.set_permissions(by=caller(cast.cleo), of=cast.ben, on=cast.account, permissions=["collaborate"])
        bindings.move_window(by=caller(cast.cleo), of=[cast.ben], on=cast.account, to=until(NOW + DAY))
        with refused(Forbidden, "not_held"):
            bindings.move_window(by=caller(cast.cleo), of=[cast.ben], on=cast.account, since=until(NOW + DAY), to=until(NOW + 2 * DAY))
        bindings.revoke(by=caller(cast.cleo), of=[cast.ben], on=cast.account)

    @pytest.mark.usefixtures("held_only")
    def test_r_inv_10_what_one_could_give_only_beside_what_one_lacks_is_not_lost_by_taking_over(self, cast: Cast) -> None:
        """Cleo has planned Edit, which she lacks by now: what Ben planned at the same place stays his; elsewhere she takes his over."""
        everything = ["manage_users", "edit"]
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=everything)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=everything)
        invite(cast, by=cast.cleo, wish=Wish(["edit"]))
        invite(cast, by=cast.ben, wish=Wish(["read_analyze"]))
        sent = invite(cast, by=cast.ben, on=cast.property, wish=Wish(["read_analyze"]))
        bindings.set_permissions(by=OPERATOR, of=cast.cleo, on=cast.account, permissions=["manage_users", "read_analyze"])
        people.suspend(by=OPERATOR, user=cast.ben)
        assert invitations.take_over(by=caller(cast.cleo), invitation=sent.invitation) == 1
        planned = PlannedBinding.objects.order_by("pk").values_list("resource", "giver", "permissions")
        assert set(planned) == {
            (cast.view, cast.cleo, "edit"),
            (cast.view, cast.ben, "read_analyze"),
            (cast.property, cast.cleo, "read_analyze"),
        }

    @pytest.mark.usefixtures("held_only")
    def test_r_prv_2_nobody_raises_themselves(self, cast: Cast) -> None:
        """By no command on their own binding, their own window or their own group."""
        bindings.set_permissions(by=OPERATOR, of=cast.ben, on=cast.account, permissions=["manage_users", "read_analyze"])
        before = {node: holds(cast.ben, getattr(cast, node)) for node in NODES}
        tries: tuple[Callable[[], object], ...] = (
            lambda: bindings.grant(by=caller(cast.ben), to=[cast.ben], on=cast.view, permissions=["edit"]),
            lambda: bindings.set_permissions(by=caller(cast.ben), of=cast.ben, on=cast.view, permissions=["edit"]),
            lambda: bindings.set_permissions(by=caller(cast.ben), of=cast.ben, on=cast.account, permissions=["edit", "manage_users"]),
            lambda: bindings.grant(by=caller(cast.ben), to=[cast.analysts], on=cast.property, permissions=["edit"]),
            lambda: bindings.grant(by=caller(cast.ben), to=[cast.interns], on=cast.account, permissions=["collaborate"]),
        )
        for attempt in tries:
            with refused(Forbidden, "not_held"):
                attempt()
        assert {node: holds(cast.ben, getattr(cast, node)) for node in NODES} == before
