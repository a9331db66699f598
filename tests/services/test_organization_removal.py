"""Removing a person from a whole organization, or from some of its accounts; what its admins noted (semantics 4 and 5)."""

import pytest

from keyholder.domain.identifiers import ResourceId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, Invalid, NotFound
from keyholder.services.commands import (
    bindings,
    group_members,
    groups,
    inviting,
    organization_links,
    organization_notes,
    organization_removal,
    organization_roles,
)
from keyholder.services.queries import organization_notes as notes
from keyholder.services.queries import organization_removal as previews
from keyholder.storage.models import Binding, Event, GroupOwner, Invitation, Membership, OrganizationMember, OrganizationNote
from tests.cast import OPERATOR, Cast, caller, holds, resource
from tests.services.happened import actions, chains_hold, last
from tests.services.refusing import refused, refused_rows_named


@pytest.fixture
def market(cast: Cast) -> ResourceId:
    """Link a second account to Acme, which Cleo reads as well."""
    account = resource(cast.alice, "account", "200", "Market")
    organization_links.link_account(by=caller(cast.alice), organization=cast.acme, account=account)
    bindings.grant(by=caller(cast.alice), to=[cast.cleo], on=account, permissions=["read_analyze"])
    return account


class TestRemoving:
    def test_cleo_is_gone_from_everything_that_is_the_organizations(self, cast: Cast, market: ResourceId) -> None:
        """R052, R078: bindings in every account, memberships, ownership, role, invitations and notes go together."""
        groups.add_owner(by=OPERATOR, group=cast.interns, user=cast.cleo)
        organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text="Leaves in May")
        inviting.invite(by=caller(cast.alice), at=market, addresses=["cleo@acme.example"], random=[bytes(32)])
        outside = resource(cast.cleo, "account", "300", "Own")
        before = last()
        organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        assert (holds(cast.cleo, cast.view), holds(cast.cleo, market)) == (set(), set())
        assert not Membership.objects.filter(member=cast.cleo).exists()
        assert not GroupOwner.objects.filter(user=cast.cleo).exists()
        assert not OrganizationNote.objects.exists()
        assert Invitation.objects.get().state == "revoked"
        assert holds(cast.cleo, outside)
        assert actions(before)[-1] == "organization.person_removed"
        assert actions(before).count("access.removed") == 2
        assert chains_hold()

    def test_from_chosen_accounts_only_what_is_there_goes(self, cast: Cast, market: ResourceId) -> None:
        organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, accounts=[market])
        assert holds(cast.cleo, market) == set()
        assert holds(cast.cleo, cast.view) == {"collaborate", "read_analyze"}
        assert "organization.person_removed" not in actions()

    def test_r056_the_last_manager_stays_and_nothing_goes(self, cast: Cast, market: ResourceId) -> None:
        """All or none: the account that refuses is named."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=market, permissions=["manage_users"])
        count = Binding.objects.count()
        with refused(Conflict, "last_manager", "Shop"):
            organization_removal.remove(by=caller(cast.ben), organization=cast.acme, user=cast.alice)
        assert Binding.objects.count() == count
        organization_removal.remove(by=caller(cast.ben), organization=cast.acme, user=cast.alice, accounts=[market])
        assert holds(cast.alice, market) == {"manage_users"}  # as an admin of the organization

    def test_several_accounts_that_refuse_are_each_named(self, cast: Cast, market: ResourceId) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        with refused_rows_named({"Market": "last_manager", "Shop": "last_manager"}):
            organization_removal.remove(by=caller(cast.ben), organization=cast.acme, user=cast.alice)

    def test_i_mg_2_the_last_admin_stays(self, cast: Cast) -> None:
        """I-MG-2: an organization keeps an admin."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.ADMIN)
        organization_roles.dismiss(by=caller(cast.cleo), organization=cast.acme, user=cast.alice)
        with refused(Conflict, "last_admin", "Acme"):
            organization_removal.remove(by=OPERATOR, organization=cast.acme, user=cast.cleo)

    def test_who_may_not_does_not(self, cast: Cast) -> None:
        for who, kind, code in ((cast.ben, Forbidden, "no_role"), (cast.dan, NotFound, "not_found")):
            with refused(kind, code):
                organization_removal.remove(by=caller(who), organization=cast.acme, user=cast.cleo)
        for whom, accounts in ((cast.dan, None), (cast.cleo, []), (cast.cleo, [cast.property])):
            with refused(NotFound, "not_found"):
                organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=whom, accounts=accounts)

    def test_a_user_admin_removes_nobody_who_has_a_role(self, cast: Cast) -> None:
        """R-PRV-5: of those who have a role only an admin disposes."""
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        with refused(Forbidden, "not_admin", "Acme"):
            organization_removal.remove(by=caller(cast.ben), organization=cast.acme, user=cast.alice)
        organization_removal.remove(by=caller(cast.ben), organization=cast.acme, user=cast.cleo)
        assert holds(cast.cleo, cast.view) == set()

    def test_where_an_admin_does_not_grant_they_do_not_remove(self, cast: Cast) -> None:
        """In MTS an organization's admin holds nothing: each account's own managers decide there."""
        counter = resource(cast.dan, "resource", "m1", "Counter")
        organization_links.link_account(by=OPERATOR, organization=cast.acme, account=counter)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=counter, permissions=["view"])
        with refused(Forbidden, "lacks_permission", "Counter"):
            organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        assert Membership.objects.filter(member=cast.cleo).exists()
        organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, accounts=[cast.account])
        assert holds(cast.cleo, counter) == {"view"}

    def test_the_preview_says_what_the_command_takes(self, cast: Cast, market: ResourceId) -> None:
        shown = previews.preview(by=caller(cast.alice), organization=cast.acme, user=cast.cleo)
        taken = {one.account.name: [row.permissions for row in one.removal.taken] for one in shown.accounts if one.removal}
        assert taken == {"Market": [("read_analyze",)], "Shop": [("read_analyze",)]}
        assert ([group.name for group in shown.groups], shown.owned, shown.role, shown.refusal) == (["Analysts"], (), None, None)
        own = previews.preview(by=caller(cast.alice), organization=cast.acme, user=cast.alice)
        assert {one.account.name: one.refusal.code for one in own.accounts if one.refusal} == {
            "Market": "last_manager",
            "Shop": "last_manager",
        }
        assert (own.role, [group.name for group in own.owned]) == (OrganizationRole.ADMIN, ["Interns"])
        for who, kind, code in ((cast.ben, Forbidden, "no_role"), (cast.dan, NotFound, "not_found")):
            with refused(kind, code):
                previews.preview(by=caller(who), organization=cast.acme, user=cast.cleo)

    def test_members_for_a_time_go_as_well(self, cast: Cast) -> None:
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.ben])
        organization_removal.remove(by=caller(cast.alice), organization=cast.acme, user=cast.ben)
        assert not OrganizationMember.objects.filter(user=cast.ben).exists()
        assert not Membership.objects.filter(member=cast.ben).exists()


class TestNotes:
    def test_admins_write_and_read_them_and_nobody_else(self, cast: Cast) -> None:
        number = organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text=" Leaves in May ")
        (note,) = notes.notes(by=caller(cast.alice), of=cast.acme, about=cast.cleo)
        assert (note.number, note.text, note.writer) == (number, "Leaves in May", "Alice")
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.USER_ADMIN)
        for who, kind, code in ((cast.ben, Forbidden, "not_admin"), (cast.cleo, Forbidden, "not_admin"), (cast.dan, NotFound, "not_found")):
            with refused(kind, code):
                notes.notes(by=caller(who), of=cast.acme, about=cast.cleo)
            with refused(kind, code):
                organization_notes.add(by=caller(who), organization=cast.acme, user=cast.cleo, text="x")
            with refused(kind, code):
                organization_notes.remove(by=caller(who), organization=cast.acme, note=number)

    def test_no_event_holds_the_words_and_the_person_is_not_told(self, cast: Cast) -> None:
        number = organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text="A secret word")
        organization_notes.add(by=OPERATOR, organization=cast.acme, user=cast.cleo, text="Another secret")
        organization_notes.remove(by=caller(cast.alice), organization=cast.acme, note=number)
        told = Event.objects.filter(action__startswith="organization.note_")
        assert set(told.values_list("action", "subject")) == {("organization.note_added", None), ("organization.note_removed", None)}
        assert all("secret" not in f"{event.changes}{event.details}{event.reason}" for event in told)
        assert [note.writer for note in notes.notes(by=caller(cast.alice), of=cast.acme, about=cast.cleo)] == ["operator"]

    def test_a_note_is_a_text_about_somebody_there_and_there_is_an_end(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        with refused(Invalid, "text"):
            organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text="  ")
        with refused(NotFound, "not_found"):
            organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.dan, text="Who is he?")
        with refused(NotFound, "not_found"):
            organization_notes.remove(by=caller(cast.alice), organization=cast.acme, note=1)
        monkeypatch.setattr(organization_notes, "MOST", 1)
        organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text="One")
        with refused(Conflict, "too_many_notes", "Cleo"):
            organization_notes.add(by=caller(cast.alice), organization=cast.acme, user=cast.cleo, text="Two")
