"""The last manager, and giving up what one has oneself (R055, R056, semantics 4)."""

from datetime import timedelta

import pytest

from keyholder.domain.identifiers import ResourceRef
from keyholder.domain.refusals import Conflict, NotFound
from keyholder.domain.windows import Window
from keyholder.services.commands import bindings, invitations, people, removal, requests
from keyholder.services.queries.giving_up import giving_up
from keyholder.storage.models import AccessRequest, Binding, Resource
from tests.cast import NOW, OPERATOR, Cast, caller, holds, person
from tests.services.happened import actions, last
from tests.services.inviting_people import accept, invite, link_of, row
from tests.services.refusing import refused
from tests.sound import faults

TOMORROW = NOW + timedelta(days=1)


class TestTheLastManager:
    def test_r055_stays_and_is_told_why(self, cast: Cast) -> None:
        with refused(Conflict, "last_manager", "Shop", "Manage Users"):
            removal.remove(by=caller(cast.alice), who=[cast.alice], at=cast.account)
        with refused(Conflict, "last_manager", "Shop", "Manage Users"):
            removal.give_up(by=caller(cast.alice), on=cast.account)
        assert "manage_users" in holds(cast.alice, cast.account)

    @pytest.mark.parametrize(
        ("what", "stands"),
        [("suspended", False), ("ends", False), ("begins later", False), ("below", False), ("a machine", False), ("stands", True)],
    )
    def test_r055_r056_who_counts_beside_her(self, cast: Cast, what: str, stands: bool) -> None:  # noqa: FBT001 - a column of the table
        """Only an active person who manages the account itself, from now on and without an end (semantics 4)."""
        machine = people.create_service_account(by=OPERATOR, name="reporter")
        window = {"ends": Window(ends_at=TOMORROW), "begins later": Window(starts_at=TOMORROW)}.get(what, Window())
        on = cast.property if what == "below" else cast.account
        bindings.grant(by=OPERATOR, to=[machine if what == "a machine" else cast.ben], on=on, permissions=["manage_users"], window=window)
        if what == "suspended":
            people.suspend(by=OPERATOR, user=cast.ben)
        if stands:
            removal.remove(by=caller(cast.alice), who=[cast.alice], at=cast.account)
        else:
            with refused(Conflict, "last_manager"):
                removal.remove(by=caller(cast.alice), who=[cast.alice], at=cast.account)

    def test_an_account_that_awaits_a_manager_lets_people_go(self, cast: Cast) -> None:
        Binding.objects.filter(principal=cast.alice, resource=cast.account).update(permissions="edit", mask=4)
        Resource.objects.filter(pk=cast.account).update(awaiting_manager=True)
        removal.remove(by=OPERATOR, who=[cast.ben, cast.alice], at=cast.account)


class TestGivingUp:
    def test_everybody_gives_up_what_they_have_at_one_place(self, cast: Cast) -> None:
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["edit"], window=Window(ends_at=TOMORROW))
        before = last()
        removal.give_up(by=caller(cast.ben), on=cast.account, reason="enough")
        assert (set(Binding.objects.filter(principal=cast.ben).values_list("resource_id", flat=True)), actions(before)) == (
            {cast.view},
            ["access.given_up", "access.given_up"],
        )

    def test_what_is_not_ones_own_is_explained(self, cast: Cast) -> None:
        with refused(Conflict, "inherited", "Cleo", "Web", "Shop"):
            removal.give_up(by=caller(cast.cleo), on=cast.property)
        removal.give_up(by=caller(cast.cleo), on=cast.account)
        with refused(Conflict, "inherited", "Cleo", "Web", "Analysts"):
            removal.give_up(by=caller(cast.cleo), on=cast.property)
        for nobody in (cast.dan, None):
            with refused(NotFound, "not_found"):
                removal.give_up(by=caller(nobody), on=cast.account)

    def test_below_it_nothing_is_ones_own_either(self, cast: Cast) -> None:
        """Dan holds the view only: the account exists for him by name, and there is nothing of his to give up."""
        bindings.grant(by=OPERATOR, to=[cast.dan], on=cast.view, permissions=["edit"])
        with refused(NotFound, "not_found"):
            removal.give_up(by=caller(cast.dan), on=cast.account)


class TestLeaving:
    """Who gives up the last of their own in an account has left it, as if somebody had removed them (R-INV-12)."""

    @pytest.fixture
    def ben(self, cast: Cast) -> Cast:
        """Let Ben manage the account as well."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
        return cast

    def test_r_inv_12_his_part_in_what_he_sent_goes_with_him(self, ben: Cast) -> None:
        """I-INV-5: alone it is revoked, beside somebody else it stays and gives what that one gives."""
        alone, together = invite(ben, by=ben.ben), invite(ben, "fay@else.example", by=ben.ben)
        invite(ben, "fay@else.example", on=ben.property)
        own = invite(ben, "ben@acme.example", on=ben.property)
        requests.ask(by=caller(ben.ben), at=ResourceRef("view", "1001"), permissions=["edit"])
        assert giving_up(by=caller(ben.ben), on=ben.account).is_waiting
        removal.give_up(by=caller(ben.ben), on=ben.account)
        assert [row(sent).state for sent in (alone, together, own)] == ["revoked", "pending", "revoked"]
        fay = person("Fay", "fay@else.example")
        accept(link_of(together), fay)
        assert [held.resource_id for held in Binding.objects.filter(principal=fay)] == [ben.property]
        assert AccessRequest.objects.get().state == "withdrawn"
        assert faults() == []

    def test_with_something_left_below_he_is_still_there(self, ben: Cast) -> None:
        """What he may not give any more stays pending, for somebody to take over."""
        bindings.grant(by=OPERATOR, to=[ben.ben], on=ben.property, permissions=["edit"])
        sent = invite(ben, by=ben.ben)
        assert not giving_up(by=caller(ben.ben), on=ben.account).is_waiting
        removal.give_up(by=caller(ben.ben), on=ben.account)
        assert row(sent).state == "pending"
        assert invitations.take_over(by=caller(ben.alice), invitation=sent.invitation) == 1
        removal.give_up(by=caller(ben.ben), on=ben.property)
        assert row(sent).state == "pending", "Alice gives it now"
