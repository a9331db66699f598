"""Organizations: who makes and changes them, whom their policy takes (semantics 2 and 5)."""

import pytest

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.domain.state import IdentitySource
from keyholder.services.commands import bindings, group_members, organization_roles, organizations, people
from keyholder.services.queries import policies
from keyholder.storage.models import Event, Organization, OrganizationMember
from tests.cast import OPERATOR, Cast, caller, holds, person
from tests.services.happened import actions, last
from tests.services.refusing import refused

ADMIN, USER_ADMIN = OrganizationRole.ADMIN, OrganizationRole.USER_ADMIN
ACME_ONLY = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))


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

    def test_the_same_policy_again_is_no_event(self, cast: Cast) -> None:
        organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=ACME_ONLY)
        before = last()
        assert organizations.set_policy(by=caller(cast.alice), organization=cast.acme, policy=ACME_ONLY) == 0
        assert actions(before) == []

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
