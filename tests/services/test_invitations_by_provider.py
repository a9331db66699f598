"""Accepting an invitation by what a provider has just proven (semantics 6 and 7, R105, R-INV-4)."""

import pytest

from keyholder.domain.addresses import Address
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.providers import External
from keyholder.domain.refusals import Conflict, Invalid
from keyholder.services.commands import accepting, bindings, identities, organization_roles, people, signing_in
from keyholder.services.commands.accepting import Answer
from keyholder.services.commands.inviting import Wish
from keyholder.services.queries.invitation_page import Visitor, invitation_page
from keyholder.services.queries.newcomers import contacts
from keyholder.storage.models import Identity, User
from tests.cast import OPERATOR, Cast, caller, holds
from tests.services.inviting_people import EVE, PASSWORD, accept, come, invite, link_of, nobody, person_of, row
from tests.services.refusing import refused
from tests.sound import faults


def said(address: str = EVE) -> External:
    return External("MTS ID", "https://id.example", "eve-1", Address.of(address), "Eve Adler")


class TestProven:
    def test_eve_is_shown_what_she_gets_and_takes_it_without_a_password(self, cast: Cast) -> None:
        """R105: the provider's verified address is the invited one; from then on she is who the provider says (R-OIDC-1)."""
        link = link_of(invite(cast, wish=Wish(["edit"])))
        page = invitation_page(by=nobody(), link=link, proven=EVE)
        assert (page.visitor, page.address, page.is_proving) == (Visitor.PROVEN, EVE, True)
        done = accepting.accept_as_proven(by=nobody(), link=link, seen=page.fingerprint, said=said(), name="Eve Adler")
        eve = User.objects.get(canonical=EVE)
        assert (done.answer, done.person, eve.email_verified, eve.has_usable_password()) == (Answer.ACCEPTED, eve.pk, True, False)
        assert holds(done.person, cast.view) >= {"edit"}  # type: ignore[arg-type]  # somebody has accepted
        assert Identity.objects.get(user=eve).subject == "eve-1"
        assert faults() == []

    def test_r_inv_4_another_address_is_told_apart_and_uses_nothing_up(self, cast: Cast) -> None:
        link = link_of(invite(cast, wish=Wish(["edit"])))
        assert invitation_page(by=nobody(), link=link, proven="mallory@else.example").visitor is Visitor.ANOTHER
        seen = invitation_page(by=nobody(), link=link, proven=EVE).fingerprint
        with refused(Conflict, "another_address", "mallory@else.example"):
            accepting.accept_as_proven(by=nobody(), link=link, seen=seen, said=said("mallory@else.example"), name="Mallory")
        assert not User.objects.filter(canonical="mallory@else.example").exists()
        assert accepting.accept_as_proven(by=nobody(), link=link, seen=seen, said=said(), name="Eve").answer is Answer.ACCEPTED

    def test_who_has_a_person_here_signs_in_first(self, cast: Cast) -> None:
        link = link_of(invite(cast, "dan@acme.example", wish=Wish(["edit"])))
        page = invitation_page(by=nobody(), link=link, proven="dan@acme.example")
        assert page.visitor is Visitor.HERE
        with refused(Conflict, "sign_in"):
            accepting.accept_as_proven(by=nobody(), link=link, seen=page.fingerprint, said=said("dan@acme.example"), name="Dan")

    def test_r_inv_9_what_was_not_shown_is_not_given(self, cast: Cast) -> None:
        link = link_of(invite(cast, wish=Wish(["edit"])))
        with refused(Conflict, "changed"):
            accepting.accept_as_proven(by=nobody(), link=link, seen="something else", said=said(), name="Eve")
        with pytest.raises(Invalid):
            accepting.accept_as_proven(by=nobody(), link=link, seen="", said=said(), name=" ")
        assert not User.objects.filter(canonical=EVE).exists()

    def test_nothing_is_made_while_nothing_can_be_given(self, cast: Cast) -> None:
        """Who gives is suspended: it waits for those who manage the account, and there is no person yet (R-INV-10)."""
        bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.view, permissions=["manage_users"])
        link = link_of(invite(cast, by=cast.ben, wish=Wish(["edit"])))
        people.suspend(by=OPERATOR, user=cast.ben)
        page = invitation_page(by=nobody(), link=link, proven=EVE)
        done = accepting.accept_as_proven(by=nobody(), link=link, seen=page.fingerprint, said=said(), name="Eve")
        assert (page.can_be_taken, done.answer, done.person) == (False, Answer.AWAITING, None)
        assert not User.objects.filter(canonical=EVE).exists()


def test_r109_who_was_invited_to_nothing_yet_is_told_whom_to_ask(cast: Cast) -> None:
    """R109, R110: whoever invited them, as long as they are active."""
    eve = person_of(come(link_of(invite(cast, wish=Wish()))))
    assert [one.id for one in contacts(by=caller(eve))] == [cast.alice]
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.ben, role=OrganizationRole.ADMIN)
    people.suspend(by=OPERATOR, user=cast.alice)
    assert contacts(by=caller(eve)) == ()


def test_r_inv_5_signing_in_with_the_invited_address_accepts_nothing(cast: Cast) -> None:
    """R-INV-5: by a password or by a provider that has verified the address: what Dan was invited to waits for his own click."""
    sent = invite(cast, "dan@acme.example", wish=Wish(["edit"]))
    people.set_password(by=OPERATOR, user=cast.dan, password=PASSWORD)
    assert signing_in.sign_in(by=nobody(), email="dan@acme.example", password=PASSWORD).is_in
    assert identities.enter(by=nobody(), said=said("dan@acme.example")).is_in
    assert (holds(cast.dan, cast.view), row(sent).state) == (set(), "pending")
    accept(link_of(sent), cast.dan)
    assert "edit" in holds(cast.dan, cast.view)
