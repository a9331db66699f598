"""Organizations: who makes them, who is what in them, whom their policy takes (semantics 2 and 5)."""

import pytest

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.state import IdentitySource
from keyholder.services.commands import bindings, group_members, organization_roles, organizations, people
from keyholder.services.queries import policies
from keyholder.storage.models import Event, Organization, OrganizationMember, OrganizationSuspension, Session
from tests.cast import OPERATOR, Cast, caller, holds, person
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused

ADMIN, USER_ADMIN = OrganizationRole.ADMIN, OrganizationRole.USER_ADMIN
ACME_ONLY = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))


def roles(cast: Cast) -> dict[int, str]:
    return dict(OrganizationMember.objects.filter(organization=cast.acme).values_list("user_id", "role"))


def appoint(cast: Cast, user: PrincipalId, role: OrganizationRole) -> None:
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=user, role=role)


class TestMaking:
    def test_anybody_signed_in_makes_one_and_is_its_first_admin(self, cast: Cast) -> None:
        made = organizations.create(by=caller(cast.dan), name="  Dan's Pâtés & Söhne ")
        row = Organization.objects.get(pk=made)
        assert (row.name, row.key) == ("Dan's Pâtés & Söhne", "dan-s-pâtés-söhne")
        assert list(OrganizationMember.objects.filter(organization=made).values_list("user_id", "role")) == [(cast.dan, "admin")]
        assert actions(tenant=row.tenant_id) == ["organization.created", "organization.role_given"]

    def test_the_command_line_names_the_admins(self, cast: Cast) -> None:
        made = organizations.create(by=OPERATOR, name="Bolt", key="bolt", admins=[cast.ben, cast.cleo, cast.ben])
        assert set(OrganizationMember.objects.filter(organization=made).values_list("user_id", flat=True)) == {cast.ben, cast.cleo}

    def test_a_key_is_made_of_the_name_and_numbered(self, cast: Cast) -> None:
        made = [organizations.create(by=OPERATOR, name=name, admins=[cast.dan]) for name in ("Acme", "ACME!", "*")]
        assert [Organization.objects.get(pk=pk).key for pk in made] == ["acme-2", "acme-3", "x"]

    def test_it_begins_with_an_active_admin(self, cast: Cast) -> None:
        with refused(Conflict, "no_admin", "Bolt"):
            organizations.create(by=OPERATOR, name="Bolt")
        people.suspend(by=OPERATOR, user=cast.dan)
        with refused(Conflict, "no_admin"):
            organizations.create(by=OPERATOR, name="Bolt", admins=[cast.dan])

    def test_only_an_operator_names_others(self, cast: Cast) -> None:
        with refused(Forbidden, "not_operator"):
            organizations.create(by=caller(cast.dan), name="Bolt", admins=[cast.ben])

    @pytest.mark.parametrize(
        ("name", "key", "code"), [("", "", "name"), ("A\u202eB", "", "name"), ("A", "a b", "key"), ("A", "a/b", "key")]
    )
    def test_bad_names_and_keys_are_refused(self, cast: Cast, name: str, key: str, code: str) -> None:
        with refused(Invalid, code):
            organizations.create(by=caller(cast.dan), name=name, key=key)

    def test_a_taken_key_is_refused(self, cast: Cast) -> None:
        with refused(Conflict, "key_taken", "acme"):
            organizations.create(by=caller(cast.dan), name="Other", key="acme")


class TestChanging:
    def test_an_admin_changes_name_and_identity_source(self, cast: Cast) -> None:
        organizations.change(by=caller(cast.alice), organization=cast.acme, name="Acme & Co", identity_source=IdentitySource.DIRECTORY)
        row = Organization.objects.get(pk=cast.acme)
        assert (row.name, row.name_key, row.identity_source) == ("Acme & Co", "acme & co", "directory")

    def test_what_changes_nothing_is_no_event(self, cast: Cast) -> None:
        before = last()
        organizations.change(by=caller(cast.alice), organization=cast.acme, name="Acme")
        assert actions(before) == []

    @pytest.mark.parametrize(("who", "kind", "code"), [("ben", Forbidden, "not_admin"), ("dan", NotFound, "not_found")])
    def test_nobody_else_does(self, cast: Cast, who: str, kind: type, code: str) -> None:
        """Ben has access in Acme's account and sees the organization; for Dan there is none."""
        by = caller(getattr(cast, who))
        with refused(kind, code):
            organizations.change(by=by, organization=cast.acme, name="Mine")
        with refused(kind, code):
            organizations.set_policy(by=by, organization=cast.acme, policy=ACME_ONLY)
        with refused(kind, code):
            organization_roles.appoint(by=by, organization=cast.acme, user=cast.ben, role=ADMIN)

    def test_a_user_admin_does_not_either(self, cast: Cast) -> None:
        appoint(cast, cast.ben, USER_ADMIN)
        with refused(Forbidden, "not_admin", "Acme"):
            organizations.set_policy(by=caller(cast.ben), organization=cast.acme, policy=ACME_ONLY)
        with refused(Forbidden, "not_admin"):
            organization_roles.appoint(by=caller(cast.ben), organization=cast.acme, user=cast.ben, role=ADMIN)

    def test_an_organization_that_is_not_there(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            organizations.change(by=OPERATOR, organization=OrganizationId(9999), name="Nobody")


class TestPolicy:
    def test_r088_who_is_outside_stays_and_is_counted(self, cast: Cast) -> None:
        guest = person("Gus", "gus@guest.example")
        bindings.grant(by=OPERATOR, to=[guest], on=cast.view, permissions=["read_analyze"])
        assert [o.principal for o in policies.outside(by=caller(cast.alice), organization=cast.acme, policy=ACME_ONLY)] == [guest]
        assert policies.outside(by=caller(cast.alice), organization=cast.acme) == ()
        assert organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=ACME_ONLY) == 1
        event = Event.objects.get(action="organization.policy_changed")
        assert (event.details["before"], event.details["mode"], event.details["outside"]) == ("anybody", "enforced", 1)
        assert holds(guest, cast.view) == {"read_analyze"}
        (outsider,) = policies.outside(by=caller(cast.alice), organization=cast.acme)
        assert (outsider.email, outsider.name) == ("gus@guest.example", "Gus")
        assert "guest.example" in str(outsider.why)

    def test_r087_enforced_refuses_and_advisory_marks(self, cast: Cast) -> None:
        guest = person("Gus", "gus@guest.example")
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=ACME_ONLY)
        with refused(Conflict, "policy", "gus@guest.example", "Acme"):
            bindings.grant(by=OPERATOR, to=[guest], on=cast.account, permissions=["read_analyze"])
        with refused(Conflict, "policy", "gus@guest.example"):
            appoint(cast, guest, USER_ADMIN)
        with refused(Conflict, "policy", "gus@guest.example"):
            group_members.add(by=OPERATOR, group=cast.analysts, members=[guest])
        advisory = Policy(PolicyMode.ADVISORY, allowed_domains=("acme.example",))
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=advisory)
        bindings.grant(by=OPERATOR, to=[guest], on=cast.account, permissions=["read_analyze"])
        assert [o.principal for o in policies.outside(by=caller(cast.alice), organization=cast.acme)] == [guest]

    def test_who_may_look_beforehand(self, cast: Cast) -> None:
        appoint(cast, cast.ben, USER_ADMIN)
        assert policies.outside(by=caller(cast.ben), organization=cast.acme) == ()
        with refused(Forbidden, "no_role"):
            policies.outside(by=caller(cast.cleo), organization=cast.acme)
        with refused(NotFound, "not_found"):
            policies.outside(by=caller(cast.dan), organization=cast.acme)


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
        with refused(Forbidden, "not_admin"):
            organizations.change(by=caller(cast.ben), organization=cast.acme, name="Ben's")
        with refused(Forbidden, "not_owner"):
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
