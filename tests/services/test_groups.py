"""Groups: who makes them, names them, owns them and deletes them (semantics 5)."""

import pytest

from keyholder.domain.identifiers import OrganizationId, PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import (
    bindings,
    group_deletion,
    group_members,
    groups,
    organization_links,
    organization_roles,
    organizations,
)
from keyholder.storage.models import Event, Group, GroupOwner
from tests.cast import OPERATOR, Cast, caller, holds, resource
from tests.services.happened import actions, last
from tests.services.refusing import refused


def owners(of: PrincipalId) -> set[int]:
    return set(GroupOwner.objects.filter(group=of).values_list("user_id", flat=True))


class TestMaking:
    def test_r065_r067_r080_a_group_has_a_name_a_description_and_its_creator_for_owner(self, cast: Cast) -> None:
        made = groups.create(by=caller(cast.alice), organization=cast.acme, name=" Night  Shift ", description="Reads at night\r\n")
        row = Group.objects.get(pk=made)
        assert (row.name, row.key, row.description) == ("Night  Shift", "night-shift", "Reads at night")
        assert owners(made) == {cast.alice}

    def test_r065_who_manages_users_anywhere_in_the_organization_makes_one(self, cast: Cast) -> None:
        """At a view is enough, and through a group; editing the whole account is not (semantics 5)."""
        with refused(Forbidden, "may_not_create", "Acme"):
            groups.create(by=caller(cast.ben), organization=cast.acme, name="Builders")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        assert owners(groups.create(by=caller(cast.ben), organization=cast.acme, name="Builders")) == {cast.ben}
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.view, permissions=["manage_users"])
        groups.create(by=caller(cast.cleo), organization=cast.acme, name="Readers")

    def test_a_user_admin_makes_one(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        groups.create(by=caller(cast.ben), organization=cast.acme, name="Builders")

    def test_the_command_line_makes_one_without_an_owner(self, cast: Cast) -> None:
        assert owners(groups.create(by=OPERATOR, organization=cast.acme, name="Builders")) == set()

    def test_r081_for_strangers_there_is_no_organization(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            groups.create(by=caller(cast.dan), organization=cast.acme, name="Builders")
        with refused(NotFound, "not_found"):
            groups.create(by=OPERATOR, organization=OrganizationId(9999), name="Builders")

    @pytest.mark.parametrize("name", ["analysts", "  ANALYSTS ", "Analy\u017fts"])
    def test_r067_a_name_is_unique_in_its_organization_by_its_key(self, cast: Cast, name: str) -> None:
        with refused(Conflict, "name_taken", "Acme"):
            groups.create(by=caller(cast.alice), organization=cast.acme, name=name)
        bolt = organizations.create(by=caller(cast.alice), name="Bolt")
        groups.create(by=caller(cast.alice), organization=bolt, name=name)

    def test_keys_are_unique_and_given_where_wanted(self, cast: Cast) -> None:
        groups.create(by=caller(cast.alice), organization=cast.acme, name="Other", key="an")
        with refused(Conflict, "key_taken", "an"):
            groups.create(by=caller(cast.alice), organization=cast.acme, name="Another", key="an")
        again = groups.create(by=caller(cast.alice), organization=cast.acme, name="Analysts!")
        assert Group.objects.get(pk=again).key == "analysts-2"

    @pytest.mark.parametrize(
        ("name", "key", "description", "code"), [("", "", "", "name"), ("A", "b c", "", "key"), ("A", "", "\x00", "description")]
    )
    def test_bad_texts_are_refused(self, cast: Cast, name: str, key: str, description: str, code: str) -> None:
        with refused(Invalid, code):
            groups.create(by=caller(cast.alice), organization=cast.acme, name=name, key=key, description=description)


class TestMakingAtALevel:
    @pytest.mark.parametrize(
        ("level", "where"), [("view", {"view"}), ("property", {"view", "property"}), ("account", {"view", "property", "account"})]
    )
    def test_r068_r070_it_is_made_and_bound_at_once(self, cast: Cast, level: str, where: set[str]) -> None:
        made = groups.create_at(by=caller(cast.alice), at=getattr(cast, level), name="Builders", permissions=["edit"])
        group_members.add(by=caller(cast.alice), group=made, members=[cast.cleo])
        held = {place for place in ("view", "property", "account") if "edit" in holds(cast.cleo, getattr(cast, place))}
        assert (held, owners(made)) == (where, {cast.alice})

    def test_r066_without_an_organization_it_is_refused_with_the_way_on(self, cast: Cast) -> None:
        market = resource(cast.ben, "account", "200", "Market")
        with refused(Conflict, "no_organization", "Market", "link"):
            groups.create_at(by=caller(cast.ben), at=market, name="Builders", permissions=["edit"])
        assert not Group.objects.filter(name="Builders").exists()

    def test_it_needs_the_granting_permission_there_and_permissions_to_give(self, cast: Cast) -> None:
        """Permissions must be chosen (reading 09); a manager of the view alone makes no group at the account (R-PRV-1)."""
        with refused(Forbidden, "lacks_permission", "Shop"):
            groups.create_at(by=caller(cast.ben), at=cast.account, name="Builders", permissions=["read_analyze"])
        with refused(Invalid, "permissions"):
            groups.create_at(by=caller(cast.alice), at=cast.account, name="Builders")
        with refused(NotFound, "not_found"):
            groups.create_at(by=caller(cast.dan), at=cast.account, name="Builders", permissions=["edit"])


class TestChanging:
    def test_owners_and_the_organization_change_it(self, cast: Cast) -> None:
        groups.change(by=caller(cast.ben), group=cast.analysts, name="Readers")
        groups.change(by=caller(cast.alice), group=cast.analysts, description="Read everything")
        row = Group.objects.get(pk=cast.analysts)
        assert (row.name, row.name_key, row.description) == ("Readers", "readers", "Read everything")

    def test_a_name_may_change_its_case_and_not_take_anothers(self, cast: Cast) -> None:
        groups.change(by=caller(cast.ben), group=cast.analysts, name="ANALYSTS")
        with refused(Conflict, "name_taken"):
            groups.change(by=caller(cast.ben), group=cast.analysts, name="interns")

    def test_what_changes_nothing_is_no_event(self, cast: Cast) -> None:
        before = last()
        groups.change(by=caller(cast.ben), group=cast.analysts, name="Analysts", description="")
        assert actions(before) == []

    def test_nobody_else_changes_it(self, cast: Cast) -> None:
        """Cleo is in it and sees it; for Dan there is none (R081)."""
        with refused(Forbidden, "not_owner", "Analysts"):
            groups.change(by=caller(cast.cleo), group=cast.analysts, name="Mine")
        for nobody, there in ((cast.dan, cast.analysts), (cast.ben, PrincipalId(9999)), (cast.ben, cast.cleo)):
            with refused(NotFound, "not_found"):
                groups.change(by=caller(nobody), group=there, name="Mine")


class TestOwners:
    def test_r080_owners_name_owners(self, cast: Cast) -> None:
        groups.add_owner(by=caller(cast.ben), group=cast.analysts, user=cast.cleo)
        before = last()
        groups.add_owner(by=caller(cast.ben), group=cast.analysts, user=cast.cleo)
        assert (owners(cast.analysts), actions(before)) == ({cast.ben, cast.cleo}, [])
        groups.remove_owner(by=caller(cast.cleo), group=cast.analysts, user=cast.ben)
        assert owners(cast.analysts) == {cast.cleo}
        with refused(Forbidden, "not_owner"):
            groups.add_owner(by=caller(cast.ben), group=cast.analysts, user=cast.ben)

    def test_a_stranger_and_nobody_get_the_same_answer(self, cast: Cast) -> None:
        for somebody in (cast.dan, PrincipalId(9999), cast.interns):
            with refused(Conflict, "not_known"):
                groups.add_owner(by=caller(cast.ben), group=cast.analysts, user=somebody)
        with refused(NotFound, "not_found"):
            groups.remove_owner(by=caller(cast.ben), group=cast.analysts, user=cast.cleo)

    def test_a_group_without_an_owner_is_managed_by_the_organization(self, cast: Cast) -> None:
        groups.remove_owner(by=caller(cast.ben), group=cast.analysts, user=cast.ben)
        with refused(Forbidden, "not_owner"):
            group_members.add(by=caller(cast.ben), group=cast.analysts, members=[cast.ben])
        group_members.add(by=caller(cast.alice), group=cast.analysts, members=[cast.ben])


def test_r081_a_group_has_access_only_within_what_is_linked_to_its_organization(cast: Cast) -> None:
    """Neither at an account linked to nothing, nor at one of another organization (semantics 3)."""
    market = resource(cast.ben, "account", "200", "Market")
    with refused(Conflict, "foreign_group", "Analysts", "Acme", "Market"):
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=market, permissions=["edit"])
    bolt = organizations.create(by=caller(cast.ben), name="Bolt")
    organization_links.link_account(by=caller(cast.ben), organization=bolt, account=market)
    with refused(Conflict, "foreign_group", "Analysts", "Acme", "Market"):
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=market, permissions=["edit"])


def test_events_tell_who_did_what_to_whom(cast: Cast) -> None:
    """The names stay as they were, also of what is gone (R-AUD-1)."""
    group_deletion.delete(by=caller(cast.alice), group=cast.interns)
    event = Event.objects.get(action="group.deleted")
    assert (event.actor_name, event.details["group"], event.subject) == ("Alice", "Interns", cast.interns)
    groups.change(by=caller(cast.ben), group=cast.analysts, name="Readers")
    changed = Event.objects.get(action="group.changed")
    assert (changed.details["before"], changed.details["after"]) == ("Analysts", "Readers")
