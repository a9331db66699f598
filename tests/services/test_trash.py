"""Deleting puts things into the trash, restoring brings everything back, after their days they go for good (semantics 4, reading 41)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from keyholder.domain.blueprint_files import builtin
from keyholder.domain.events import Channel
from keyholder.domain.identifiers import ResourceId, ResourceRef
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Conflict, Forbidden, NotFound
from keyholder.services.caller import Caller
from keyholder.services.commands import (
    applied_assets,
    bindings,
    link_requests,
    organization_roles,
    people,
    purging,
    removal,
    requests,
    resources,
    trashing,
)
from keyholder.services.commands.inviting import Wish
from keyholder.services.commands.resources import NewResource
from keyholder.services.queries import trash as seeing
from keyholder.services.queries.activity import activity
from keyholder.services.queries.home import home
from keyholder.storage.models import (
    AccessRequest,
    AppliedAsset,
    Asset,
    Binding,
    Event,
    Invitation,
    Letter,
    LinkRequest,
    PlannedBinding,
    Resource,
    Session,
)
from tests.cast import NOW, OPERATOR, Cast, caller, holds, resource
from tests.services import mailing
from tests.services.assets_made import made
from tests.services.happened import actions, last
from tests.services.inviting_people import accept, invite, link_of, seen
from tests.services.refusing import refused
from tests.sound import faults

DAYS = timedelta(days=35)
SECOND = timedelta(seconds=1)
EDITS = {"edit", "collaborate", "read_analyze"}
APPROVED = Wish(["read_analyze"])


def system(at: timedelta = DAYS) -> Caller:
    """Return the instance itself, so long after the cast's moment."""
    return Caller(None, NOW + at, Channel.SYSTEM)


def in_trash(resource: ResourceId) -> bool:
    return Resource.objects.get(pk=resource).trashed_at is not None


class TestDeleting:
    def test_every_type_can_be_deleted_by_somebody(self) -> None:
        """The command asks for an action of that name: no blueprint may lack it."""
        for blueprint in builtin():
            assert {f"{kind.name}.delete" for kind in blueprint.types.values()} <= set(blueprint.actions)

    def test_who_edits_the_account_deletes_it_and_nobody_has_anything_there(self, cast: Cast) -> None:
        """Reading 41: edit may; also what comes from an organization's role is nothing in the trash, there and below."""
        trashing.trash(by=caller(cast.ben), resource=cast.account, reason="closed")
        assert {frozenset(holds(who, on)) for who in (cast.alice, cast.ben, cast.cleo) for on in (cast.account, cast.view)} == {frozenset()}
        event = Event.objects.get(action="resource.trashed")
        assert (event.actor, event.resource, event.reason) == (cast.ben, cast.account, "closed")
        assert faults() == []

    def test_who_does_not_edit_deletes_nothing(self, cast: Cast) -> None:
        with refused(Forbidden, "lacks_permission", "Edit", "Shop"):
            trashing.trash(by=caller(cast.cleo), resource=cast.account)
        with refused(NotFound, "not_found"):
            trashing.trash(by=caller(cast.dan), resource=cast.account)
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.account, permissions=["manage_users"])
        with refused(Forbidden, "lacks_permission"):
            trashing.trash(by=caller(cast.cleo), resource=cast.property)
        assert not in_trash(cast.account)

    def test_what_is_in_the_trash_is_not_put_there_again(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        for on in (cast.property, cast.view):
            with refused(Conflict, "in_trash"):
                trashing.trash(by=caller(cast.ben), resource=on)

    def test_a_host_with_accounts_can_t_be_deleted(self, cast: Cast) -> None:
        """Also R097: a hosted account is deleted by who holds that permission, and the host's administrators do not by being that."""
        host = resource(None, "host", "h1", "Agency")
        bindings.grant(by=OPERATOR, to=[cast.ben], on=host, role="administrator")
        new = NewResource(ResourceRef("host_account", "7"), "Client", host)
        client = resources.create(by=OPERATOR, new=new, administrator=cast.cleo)
        with refused(Conflict, "holds_accounts", "Agency"):
            trashing.trash(by=caller(cast.ben), resource=host)
        with refused(Forbidden, "lacks_permission", "Client"):
            trashing.trash(by=caller(cast.ben), resource=client)
        trashing.trash(by=caller(cast.cleo), resource=client)
        trashing.trash(by=caller(cast.ben), resource=host)
        assert in_trash(host)
        with refused(Conflict, "in_trash", "Agency"):
            resources.create(by=OPERATOR, new=replace(new, ref=ResourceRef("host_account", "8")), administrator=cast.cleo)

    def test_every_manager_is_told_once_and_who_did_it_is_not(self, cast: Cast) -> None:
        """Also a manager by a role of the organization; no letter goes once it is restored."""
        mailing.begin()
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.cleo, role=OrganizationRole.USER_ADMIN)
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.property, permissions=["manage_users"])
        trashing.trash(by=caller(cast.ben), resource=cast.property, reason="old")
        letters = mailing.letters(LetterKind.RESOURCE_TRASHED)
        assert [letter.recipient for letter in letters] == ["alice@acme.example", "cleo@acme.example"]
        by = {"by": "Ben", "by_address": "ben@acme.example"}
        assert letters[0].details == {**by, "place": "Web", "reason": "old", "until": (NOW + DAYS).isoformat()}
        assert {letter.path for letter in letters} == {"/trash/"}
        trashing.restore(by=caller(cast.alice), resource=cast.property)
        assert set(Letter.objects.filter(kind="resource_trashed").values_list("state", flat=True)) == {"withdrawn"}

    def test_managers_read_of_it_in_their_activity(self, cast: Cast) -> None:
        """Who manages by a binding there sees it although nothing is effective there any more."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        assert activity(by=caller(cast.cleo)).entries[0].action == "resource.trashed"
        assert all(entry.action != "resource.trashed" for entry in activity(by=caller(cast.dan)).entries)

    def test_open_requests_are_closed_and_nobodys_session_ends(self, cast: Cast) -> None:
        requests.ask(by=caller(cast.cleo), at=ResourceRef("view", "1001"), permissions=["edit"])
        Session.objects.create(session_key="elsewhere", session_data="", expire_date=NOW, user=cast.cleo, is_open=True)
        before = last()
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        assert actions(before) == ["resource.trashed", "request.closed"]
        assert AccessRequest.objects.get().state == "withdrawn"
        assert Session.objects.filter(user=cast.cleo).exists()
        requests.ask(by=caller(cast.cleo, NOW + DAYS), at=ResourceRef("view", "1001"))
        assert AccessRequest.objects.count() == 1

    def test_an_invitation_can_t_be_accepted_meanwhile_and_is_good_again_afterwards(self, cast: Cast) -> None:
        """What it gives is judged again; nobody is asked to take anything over, and the link is not used up."""
        for wish in (Wish(), Wish(groups=[cast.interns]), APPROVED):
            link = link_of(invite(cast, "dan@acme.example", wish=wish))
            trashing.trash(by=caller(cast.ben), resource=cast.account)
            with refused(Conflict, "in_trash", "Shop"):
                accept(link, cast.dan)
            assert not Invitation.objects.filter(awaiting=True).exists()
            trashing.restore(by=caller(cast.ben), resource=cast.account)
            assert seen(link, cast.dan)
        accept(link_of(invite(cast, "dan@acme.example", wish=APPROVED)), cast.dan)
        assert holds(cast.dan, cast.view) == {"collaborate", "read_analyze"}

    def test_ids_stay_taken(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        with refused(Conflict, "id_taken"):
            resource(cast.dan, "account", "100", "Mine")


class TestRestoring:
    def test_bindings_come_back_as_they_were(self, cast: Cast) -> None:
        before = {(who, on): holds(who, on) for who in (cast.alice, cast.ben, cast.cleo) for on in (cast.account, cast.property, cast.view)}
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        trashing.restore(by=caller(cast.alice), resource=cast.account)
        assert {(who, on): holds(who, on) for who, on in before} == before
        assert faults() == []

    def test_who_manages_restores_and_so_does_who_may_delete(self, cast: Cast) -> None:
        """Judged on what would be effective without the trash."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.account, permissions=["manage_users"])
        for who in (cast.ben, cast.dan):
            trashing.trash(by=caller(cast.ben), resource=cast.account)
            with refused(Forbidden, "may_not_restore", "Shop"):
                trashing.restore(by=caller(cast.cleo), resource=cast.account)
            trashing.restore(by=caller(who), resource=cast.account)
        with refused(Conflict, "not_in_trash"):
            trashing.restore(by=caller(cast.ben), resource=cast.account)

    def test_what_was_put_there_by_itself_stays_there(self, cast: Cast) -> None:
        """And it comes back only once what is above it is there again."""
        trashing.trash(by=caller(cast.ben), resource=cast.view)
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        with refused(Conflict, "above_in_trash", "Shop", "All data"):
            trashing.restore(by=caller(cast.ben), resource=cast.view)
        trashing.restore(by=caller(cast.ben), resource=cast.account)
        assert (holds(cast.ben, cast.property), holds(cast.ben, cast.view)) == (EDITS, set())
        trashing.restore(by=caller(cast.ben), resource=cast.view)
        assert holds(cast.ben, cast.view) == EDITS

    def test_who_was_removed_meanwhile_stays_out_and_the_last_manager_in(self, cast: Cast) -> None:
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        with refused(Conflict, "last_manager", "Shop"):
            removal.remove(by=OPERATOR, who=[cast.alice], at=cast.account)
        with refused(Conflict, "last_manager", "Shop"):
            people.suspend(by=OPERATOR, user=cast.alice)
        removal.remove(by=OPERATOR, who=[cast.cleo], at=cast.account)
        trashing.restore(by=caller(cast.alice), resource=cast.account)
        assert holds(cast.cleo, cast.account) == set()

    def test_who_is_suspended_restores_nothing(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        people.suspend(by=OPERATOR, user=cast.ben)
        with refused(Forbidden, "suspended"):
            trashing.restore(by=caller(cast.ben), resource=cast.account)


class TestSeeing:
    def test_the_trash_shows_what_one_may_restore_with_who_and_until_when(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.view)
        trashing.trash(by=caller(cast.ben, NOW + SECOND), resource=cast.account, reason="closed")
        shop, data = seeing.trash(by=caller(cast.alice))
        assert (shop.resource.name, str(shop.by), shop.reason, shop.ends_at - shop.since, shop.above) == ("Shop", "Ben", "closed", DAYS, "")
        assert (data.resource.name, data.above) == ("All data", "Shop")
        assert [seeing.trash(by=caller(who)) for who in (cast.cleo, cast.dan)] == [(), ()]
        assert len(seeing.trash(by=OPERATOR)) == 2

    def test_home_says_that_something_can_be_restored(self, cast: Cast) -> None:
        assert home(by=caller(cast.alice)).trash == 0
        trashing.trash(by=caller(cast.ben), resource=cast.view)
        assert [home(by=caller(who)).trash for who in (cast.alice, cast.cleo, cast.dan)] == [1, 0, 0]

    def test_what_would_go_is_counted_before(self, cast: Cast) -> None:
        invite(cast)
        requests.ask(by=caller(cast.cleo), at=ResourceRef("view", "1001"), permissions=["edit"])
        found = seeing.trashing(by=caller(cast.ben), ref=ResourceRef("account", "100"))
        assert (found.types, found.people) == ((("property", 1), ("view", 1)), 3)
        assert (found.invitations, found.requests, found.has_to_be_typed) == (1, 1, False)
        host = resource(None, "host", "h1", "Agency")
        resources.create(by=OPERATOR, new=NewResource(ResourceRef("host_account", "7"), "Client", host), administrator=cast.ben)
        assert seeing.trashing(by=caller(cast.ben), ref=ResourceRef("host_account", "7")).has_to_be_typed
        with refused(Forbidden, "lacks_permission"):
            seeing.trashing(by=caller(cast.cleo), ref=ResourceRef("account", "100"))


class TestPurging:
    def test_it_goes_for_good_at_the_second_with_everything_below_and_by_the_system(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example", on=cast.view))
        accept(link, cast.dan)
        invite(cast)
        requests.ask(by=caller(cast.cleo), at=ResourceRef("view", "1001"), permissions=["edit"])
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        assert (seeing.due(by=system(DAYS - SECOND)), list(seeing.due(by=system()))) == ([], [cast.account])
        assert not purging.purge(by=system(DAYS - SECOND), resource=cast.account)
        assert purging.purge(by=system(), resource=cast.account)
        tables = (Resource, Binding, Invitation, PlannedBinding, AccessRequest)
        assert [table.objects.exists() for table in tables] == [False] * len(tables)
        event = Event.objects.get(action="resource.purged")
        assert (event.channel, event.actor, event.details["resource"], event.details["count"]) == ("system", None, "Shop", 3)
        assert faults() == []
        with refused(NotFound, "not_found"):
            purging.purge(by=system(), resource=cast.account)

    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_so_do_its_requests_to_be_linked_whatever_became_of_them(self, cast: Cast, withdrawn: bool) -> None:  # noqa: FBT001 - a case
        kiosk = resource(cast.dan, "account", "77", "Kiosk")
        link_requests.ask_organization(by=caller(cast.dan), account=kiosk, organization="acme")
        if withdrawn:
            link_requests.withdraw(by=caller(cast.dan), request=LinkRequest.objects.get().pk)
        trashing.trash(by=caller(cast.dan), resource=kiosk)
        assert purging.purge(by=OPERATOR, resource=kiosk, early=True)
        assert not LinkRequest.objects.exists()
        assert faults() == []

    def test_of_a_property_the_rest_of_the_account_keeps_what_it_has(self, cast: Cast) -> None:
        """An invitation that held nothing else is revoked, one that holds more goes on with the rest."""
        gone = invite(cast, on=cast.view)
        kept = invite(cast, "fay@else.example", on=cast.view)
        invite(cast, "fay@else.example", on=cast.account)
        accept(link_of(invite(cast, "dan@acme.example", on=cast.view)), cast.dan)
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        assert purging.purge(by=system(), resource=cast.property)
        states = dict(Invitation.objects.values_list("pk", "state"))
        assert (states[gone.invitation], states[kept.invitation]) == ("revoked", "pending")
        assert set(Resource.objects.values_list("pk", flat=True)) == {cast.account}
        assert holds(cast.ben, cast.account) == EDITS
        assert activity(by=caller(cast.alice)).entries[0].action == "resource.purged"
        assert faults() == []

    def test_its_assets_go_with_it_and_are_applied_nowhere_any_more(self, cast: Cast) -> None:
        own = made(cast.alice, "filter", cast.account, "No robots")
        made(cast.alice, "goal", cast.view, "Paid")
        applied_assets.apply(by=caller(cast.alice), asset=own, to=cast.view)
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        purging.purge(by=system(), resource=cast.property)
        assert list(Asset.objects.values_list("pk", flat=True)) == [own]
        assert not AppliedAsset.objects.exists()
        assert faults() == []

    def test_r_prv_8_its_id_is_free_then_and_gives_no_old_rights(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        purging.purge(by=system(), resource=cast.account)
        again = resource(cast.dan, "account", "100", "Shop")
        assert again not in {cast.account, cast.property, cast.view}
        assert [holds(who, again) for who in (cast.alice, cast.ben, cast.cleo)] == [set()] * 3

    def test_what_was_restored_stays_and_nobody_but_the_instance_purges(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        trashing.restore(by=caller(cast.ben), resource=cast.property)
        assert not purging.purge(by=system(), resource=cast.property)
        with refused(Conflict, "not_in_trash"):
            purging.purge(by=OPERATOR, resource=cast.property, early=True)
        with refused(Forbidden, "not_the_instance"):
            purging.purge(by=caller(cast.alice), resource=cast.property)
        assert seeing.due(by=caller(cast.alice, NOW + DAYS)) == ()

    def test_an_operator_may_do_so_early_at_the_command_line(self, cast: Cast) -> None:
        trashing.trash(by=caller(cast.ben), resource=cast.property)
        assert purging.purge(by=OPERATOR, resource=cast.property, early=True)
        assert not Resource.objects.filter(pk=cast.property).exists()

    @pytest.mark.parametrize("first", ["account", "view"])
    def test_two_marks_on_one_way_each_count_by_themselves(self, cast: Cast, first: str) -> None:
        """What lies below goes with what is above it; what went before it is simply gone."""
        one, other = (cast.account, cast.view) if first == "account" else (cast.view, cast.account)
        trashing.trash(by=caller(cast.ben), resource=cast.view)
        trashing.trash(by=caller(cast.ben), resource=cast.account)
        assert list(seeing.due(by=system())) == [cast.account, cast.view]
        assert purging.purge(by=system(), resource=one)
        assert Resource.objects.filter(pk=other).exists() == (first == "view")
        assert faults() == []
