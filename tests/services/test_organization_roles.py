"""Who is what in an organization, and whom it has suspended within itself (semantics 2 and 5)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.services.commands import bindings, group_members, organization_roles, organizations, people
from keyholder.storage.models import OrganizationMember, OrganizationSuspension, Session
from tests.cast import OPERATOR, Cast, caller, holds
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused

ADMIN, USER_ADMIN = OrganizationRole.ADMIN, OrganizationRole.USER_ADMIN


def roles(cast: Cast) -> dict[int, str]:
    return dict(OrganizationMember.objects.filter(organization=cast.acme).values_list("user_id", "role"))


def appoint(cast: Cast, user: PrincipalId, role: OrganizationRole) -> None:
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=user, role=role)


class TestRoles:
    def test_an_admin_appoints_who_is_known(self, cast: Cast) -> None:
        organization_roles.appoint(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, role=USER_ADMIN)
        assert roles(cast) == {cast.alice: "admin", cast.cleo: "user_admin"}
        assert holds(cast.cleo, cast.account) == {"manage_users", "read_analyze"}

    def test_a_stranger_and_nobody_get_the_same_answer(self, cast: Cast) -> None:
        """Dan has a person here, number 9999 has none: the admin of Acme can't tell which (semantics 4, Known)."""
        for somebody in (cast.dan, PrincipalId(9999)):
            with refused(Conflict, "not_known"):
                organization_roles.appoint(by=caller(cast.alice), organization=cast.acme, user=somebody, role=ADMIN)

    def test_an_admin_becomes_a_user_admin(self, cast: Cast) -> None:
        appoint(cast, cast.ben, ADMIN)
        organization_roles.appoint(by=caller(cast.ben), organization=cast.acme, user=cast.alice, role=USER_ADMIN)
        assert roles(cast) == {cast.alice: "user_admin", cast.ben: "admin"}

    def test_the_same_role_again_is_no_event(self, cast: Cast) -> None:
        before = last()
        appoint(cast, cast.alice, ADMIN)
        assert actions(before) == []

    def test_i_mg_2_the_last_admin_stays(self, cast: Cast) -> None:
        """Neither dismissed, nor made less, nor suspended within or everywhere, nor by giving it up."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        with refused(Conflict, "last_admin", "Acme"):
            organization_roles.dismiss(by=caller(cast.alice), organization=cast.acme, user=cast.alice)
        with refused(Conflict, "last_admin"):
            appoint(cast, cast.alice, USER_ADMIN)
        with refused(Conflict, "last_admin"):
            organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.alice)
        with refused(Conflict, "last_admin"):
            people.suspend(by=OPERATOR, user=cast.alice)

    def test_i_mg_2_a_suspended_admin_is_none(self, cast: Cast) -> None:
        """Ben is an admin whom Acme has suspended: he does not count beside Alice, and his own role can be taken."""
        appoint(cast, cast.ben, ADMIN)
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        with refused(Conflict, "last_admin"):
            organization_roles.dismiss(by=OPERATOR, organization=cast.acme, user=cast.alice)
        with refused(NotFound, "not_found"):
            organizations.change(by=caller(cast.ben), organization=cast.acme, name="Ben's")
        with refused(NotFound, "not_found"):
            group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben])
        organization_roles.dismiss(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        assert roles(cast) == {cast.alice: "admin"}

    def test_everybody_gives_up_their_own_role(self, cast: Cast) -> None:
        appoint(cast, cast.ben, USER_ADMIN)
        organization_roles.dismiss(by=caller(cast.ben), organization=cast.acme, user=cast.ben)
        assert roles(cast) == {cast.alice: "admin"}
        with refused(NotFound, "not_found"):
            organization_roles.dismiss(by=caller(cast.ben), organization=cast.acme, user=cast.ben)
        with refused(Forbidden, "not_admin"):
            organization_roles.dismiss(by=caller(cast.ben), organization=cast.acme, user=cast.alice)


class TestSuspensionWithin:
    def test_nothing_is_effective_and_nothing_is_lost(self, cast: Cast) -> None:
        Session.objects.create(session_key="s", session_data="", expire_date=caller(None).at, user=cast.ben)
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben, reason="on leave")
        assert holds(cast.ben, cast.view) == set()
        assert not Session.objects.filter(user=cast.ben).exists()
        organization_roles.activate_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        assert holds(cast.ben, cast.account) == {"edit", "collaborate", "read_analyze"}
        assert actions(last() - 2)[-1] == "organization.person_activated"
        assert chains_hold()

    def test_again_is_no_event_and_no_suspension_is_not_found(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            organization_roles.activate_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        before = last()
        organization_roles.suspend_person(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        assert actions(before) == []

    def test_r_prv_5_who_is_outside_or_above_can_not_be_suspended(self, cast: Cast) -> None:
        """A user admin reaches neither an admin nor somebody whom Acme does not know."""
        appoint(cast, cast.ben, USER_ADMIN)
        with refused(NotFound, "not_found"):
            organization_roles.suspend_person(by=caller(cast.ben), organization=cast.acme, user=cast.dan)
        with refused(Forbidden, "not_admin"):
            organization_roles.suspend_person(by=caller(cast.ben), organization=cast.acme, user=cast.alice)
        with refused(Forbidden, "no_role"):
            organization_roles.suspend_person(by=caller(cast.cleo), organization=cast.acme, user=cast.ben)
        assert not OrganizationSuspension.objects.exists()

    def test_r056_the_last_standing_manager_is_not_suspended(self, cast: Cast) -> None:
        appoint(cast, cast.ben, ADMIN)
        with refused(Conflict, "last_manager", "Shop"):
            organization_roles.suspend_person(by=caller(cast.ben), organization=cast.acme, user=cast.alice)
