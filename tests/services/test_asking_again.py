"""Asking for a new invitation where a link leads no further: those who manage the place learn of it, and answer (R106, R110)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from keyholder.domain.invitations import Link, Way
from keyholder.domain.refusals import Invalid, NotFound, TooMany
from keyholder.domain.windows import Window
from keyholder.services.commands import accepting, asking_again, bindings, invitations, organization_roles, people, requests
from keyholder.services.commands.inviting import Invited, Sent, Wish
from keyholder.services.queries.requests import to_decide
from keyholder.storage.models import AccessRequest, Letter, PlannedBinding, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, holds
from tests.services.happened import actions, last
from tests.services.inviting_people import (
    EVE,
    READ,
    WEEK,
    come,
    invite,
    link_of,
    mailed_link_of,
    nobody,
    person_of,
    random,
    row,
    set_mail_up,
)
from tests.services.refusing import refused

LATER = NOW + WEEK + timedelta(minutes=1)


def replaced(cast: Cast, sent: Invited) -> None:
    invitations.new_link(by=caller(cast.alice), invitation=sent.invitation, random=random())


def revoked(cast: Cast, sent: Invited) -> None:
    invitations.revoke(by=caller(cast.alice), invitation=sent.invitation)


def declined(_cast: Cast, sent: Invited) -> None:
    accepting.decline(by=nobody(), link=link_of(sent))


def expired(_cast: Cast, _sent: Invited) -> None:
    """Time alone does it."""


ENDS: tuple[Callable[[Cast, Invited], None], ...] = (replaced, revoked, declined, expired)


def answered(cast: Cast) -> Invited:
    """Let Alice approve, as it was asked, the one request that waits."""
    (found,) = to_decide(by=caller(cast.alice, LATER))
    wish = {"permissions": found.permissions.shown, "role": found.role}
    sent = requests.approve(by=caller(cast.alice, LATER), request=found.number, random=random(), **wish)  # type: ignore[arg-type]  # the two above
    assert sent is not None
    return sent


def stuck(cast: Cast) -> Invited:
    """Let Ben invite Eve, and lose the right to."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    sent = invite(cast, by=cast.ben)
    bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
    return sent


class TestDeadEnds:
    @pytest.mark.parametrize("end", ENDS)
    def test_r106_r110_who_holds_the_link_asks_and_what_alice_approves_is_a_new_one(
        self, cast: Cast, end: Callable[[Cast, Invited], None]
    ) -> None:
        """In the name of the invited address, for what was planned; the letter tells Alice."""
        set_mail_up()
        sent = invite(cast, wish=Wish(["edit"], language="lv"))
        link = link_of(sent)
        end(cast, sent)
        before = last()
        assert asking_again.ask(by=nobody(LATER), link=link, reason="Please") is False
        asked = AccessRequest.objects.get()
        assert (asked.canonical, asked.person_id, asked.resource_id, asked.permissions) == (EVE, None, cast.view, "edit")
        assert (asked.reason, asked.language, actions(before)) == ("Please", "lv", ["request.made"])
        assert Letter.objects.filter(kind="request_made").values_list("recipient", flat=True).get() == "alice@acme.example"
        new = answered(cast)
        assert new.outcome is {"replaced": Sent.RENEWED, "expired": Sent.RENEWED}.get(end.__name__, Sent.INVITED)
        person = person_of(come(mailed_link_of(new), LATER))
        assert "edit" in holds(person, cast.view)

    def test_a_link_that_is_switched_off_lets_one_ask_as_well(self, cast: Cast, settings: Settings) -> None:
        sent = invite(cast)
        settings.COPIED_LINKS = False
        asking_again.ask(by=nobody(), link=link_of(sent))
        assert AccessRequest.objects.get().canonical == EVE

    def test_r105_who_is_signed_in_asks_as_themselves(self, cast: Cast) -> None:
        """Somebody with another address asks to have that one let in; the invitation stays as it is."""
        sent = invite(cast)
        assert asking_again.ask(by=caller(cast.dan), link=link_of(sent)) is False
        asked = AccessRequest.objects.get()
        assert (asked.person_id, asked.permissions, row(sent).state) == (cast.dan, "read_analyze", "pending")

    def test_with_a_used_link_somebody_else_asks_by_an_address_of_their_own(self, cast: Cast) -> None:
        sent = invite(cast)
        come(link_of(sent))
        asking_again.ask(by=nobody(), link=link_of(sent), email="Ivo@else.example")
        assert AccessRequest.objects.get().shown == "Ivo@else.example"
        with refused(Invalid, "address"):
            asking_again.ask(by=nobody(), link=link_of(sent), email="nobody")

    def test_twice_is_once_and_r_rat_1_there_are_limits(self, cast: Cast) -> None:
        sent = invite(cast)
        revoked(cast, sent)
        for _ in range(requests.FROM_ONE_ASKER):
            asking_again.ask(by=nobody(), link=link_of(sent))
        assert AccessRequest.objects.count() == 1
        with refused(TooMany, "too_many_requests"):
            asking_again.ask(by=nobody(), link=link_of(sent))

    def test_there_is_nothing_to_ask_for_without_an_invitation(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            asking_again.ask(by=nobody(), link=Link(4711, 1, Way.MAILED))


class TestWhoIsTold:
    """The standing managers, and whoever invited, be it for a while only, as long as they may grant there."""

    @staticmethod
    def told() -> list[str]:
        return sorted(Letter.objects.filter(kind="request_made").values_list("recipient", flat=True))

    @pytest.fixture(autouse=True)
    def mail(self, cast: Cast) -> None:
        """Set a mail server up, and let Ben manage users until tomorrow: he is no standing manager."""
        set_mail_up()
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"], window=Window(ends_at=LATER + WEEK))

    def test_r110_the_inviter_who_is_no_standing_manager_is_asked_as_well(self, cast: Cast) -> None:
        """R110: and may answer."""
        sent = invite(cast, by=cast.ben)
        revoked(cast, sent)
        asking_again.ask(by=nobody(LATER), link=link_of(sent))
        assert self.told() == ["alice@acme.example", "ben@acme.example"]
        (found,) = to_decide(by=caller(cast.ben, LATER))
        requests.refuse(by=caller(cast.ben, LATER), request=found.number)

    def test_everybody_is_asked_once(self, cast: Cast) -> None:
        sent = invite(cast)
        invite(cast, by=cast.ben)
        revoked(cast, sent)
        asking_again.ask(by=nobody(LATER), link=link_of(sent))
        assert self.told() == ["alice@acme.example", "ben@acme.example"]

    @pytest.mark.parametrize(
        "gone",
        [
            lambda cast: bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"]),
            lambda cast: people.suspend(by=OPERATOR, user=cast.ben),
            lambda cast: organization_roles.suspend_person(by=OPERATOR, organization=cast.acme, user=cast.ben),
        ],
    )
    def test_who_may_not_give_anything_there_any_more_is_told_nothing(self, cast: Cast, gone: Callable[[Cast], None]) -> None:
        sent = invite(cast, by=cast.ben)
        revoked(cast, sent)
        gone(cast)
        asking_again.ask(by=nobody(LATER), link=link_of(sent))
        assert self.told() == ["alice@acme.example"]

    def test_nor_who_would_read_of_a_place_that_is_not_theirs(self, cast: Cast) -> None:
        """Cleo invited to the property, Ben to the account: what is asked for is at the account, of which Cleo manages nothing."""
        bindings.grant(by=OPERATOR, to=[cast.cleo], on=cast.property, permissions=["manage_users"])
        sent = invite(cast, by=cast.cleo, on=cast.property)
        invite(cast, by=cast.ben, on=cast.account)
        revoked(cast, sent)
        asking_again.ask(by=nobody(LATER), link=link_of(sent))
        assert self.told() == ["alice@acme.example", "ben@acme.example"]

    def test_who_asks_themselves_is_not_told(self, cast: Cast) -> None:
        sent = invite(cast, by=cast.ben)
        revoked(cast, sent)
        asking_again.ask(by=caller(cast.ben, LATER), link=link_of(sent))
        assert self.told() == ["alice@acme.example"]


class TestWhatIsAskedFor:
    def test_several_places_are_asked_for_at_the_account(self, cast: Cast) -> None:
        sent = invite(cast)
        invite(cast, on=cast.property)
        revoked(cast, sent)
        asking_again.ask(by=nobody(), link=link_of(sent))
        asked = AccessRequest.objects.get()
        assert (asked.resource_id, asked.permissions, asked.role) == (cast.account, "", "")

    def test_no_place_as_well(self, cast: Cast) -> None:
        """R109: so is an invitation without permissions, and one whose place is in the trash."""
        for wish, address in ((Wish(), EVE), (READ, "ivo@else.example")):
            sent = invite(cast, address, wish=wish)
            if wish is READ:
                Resource.objects.filter(pk=cast.view).update(trashed_at=NOW)
            revoked(cast, sent)
            asking_again.ask(by=nobody(), link=link_of(sent))
        assert set(AccessRequest.objects.values_list("resource", "permissions")) == {(cast.account, "")}

    def test_what_the_blueprint_does_not_know_any_more_is_left_open(self, cast: Cast) -> None:
        sent = invite(cast)
        PlannedBinding.objects.update(permissions="levitate")
        revoked(cast, sent)
        asking_again.ask(by=nobody(), link=link_of(sent))
        assert AccessRequest.objects.values_list("resource", "permissions").get() == (cast.view, "")


class TestNobodyCanGive:
    def test_the_managers_are_asked_to_take_it_over_once_and_the_link_stays_good(self, cast: Cast) -> None:
        """Semantics 6; without a name and a password first."""
        set_mail_up()
        sent, before = stuck(cast), last()
        for _ in range(2):
            assert asking_again.ask(by=nobody(), link=link_of(sent)) is True
        assert (row(sent).awaiting, row(sent).state, actions(before)) == (True, "pending", ["invitation.awaits"])
        told = Letter.objects.filter(kind="invitation_answered")
        assert [(letter.recipient, letter.details["answer"]) for letter in told] == [("alice@acme.example", "awaiting")]
        assert not AccessRequest.objects.exists()
        invitations.take_over(by=caller(cast.alice), invitation=sent.invitation)
        assert "read_analyze" in holds(person_of(come(link_of(sent))), cast.view)

    def test_who_is_signed_in_with_another_address_asks_for_themselves(self, cast: Cast) -> None:
        sent = stuck(cast)
        assert asking_again.ask(by=caller(cast.dan), link=link_of(sent)) is False
        assert (row(sent).awaiting, AccessRequest.objects.get().person_id) == (False, cast.dan)

    def test_the_invited_person_asks_signed_in(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        sent = invite(cast, "dan@acme.example", by=cast.ben)
        bindings.take(by=OPERATOR, of=[cast.ben], on=cast.account, permissions=["manage_users"])
        assert asking_again.ask(by=caller(cast.dan), link=link_of(sent)) is True
        assert row(sent).awaiting
