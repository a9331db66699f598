"""Second factors: a letter tells what becomes of them; an operator alone removes those of who lost theirs (semantics 7)."""

import pytest

from keyholder.domain import codes
from keyholder.domain.factors import Kind
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import LetterKind
from keyholder.domain.refusals import Conflict, Forbidden
from keyholder.services import passkeys, reset_links
from keyholder.services.commands import bindings, factors, lost_factors, people, resets, signing_in
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.commands.signing_in import How
from keyholder.services.factors import Step
from keyholder.services.queries import factors as queries
from keyholder.storage.models import Authenticator, Event, Passkey, RecoveryCode, Session, User
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services import mailing
from tests.services.refusing import refused
from tests.services.sessions import session_of
from tests.services.software_key import SoftwareKey

SECRET = b"12345678901234567890"
CODES = bytes(range(100))


@pytest.fixture
def mail(cast: Cast) -> Cast:
    """Let the instance mail, and Ben's address be proven."""
    mailing.begin()
    User.objects.filter(pk=cast.ben).update(email_verified=True)
    return cast


def set_up(user: PrincipalId, name: str = "Telephone") -> None:
    """Have somebody set an authenticator up."""
    new = NewAuthenticator(name, codes.secret_of(SECRET), codes.totp(SECRET, codes.step_at(NOW)), CODES)
    factors.add_authenticator(by=caller(user), new=new)


def told() -> list[tuple[str, object, object]]:
    """Return what the letters say, oldest first, and forget them."""
    found = mailing.letters(LetterKind.FACTOR_CHANGED)
    for letter in found:
        letter.delete()
    return [(letter.recipient, letter.details["what"], letter.details["factor"]) for letter in found]


class TestTold:
    """A letter for each change, to the address if it is proven."""

    def test_set_up_made_anew_and_removed(self, mail: Cast) -> None:
        set_up(mail.ben)
        assert told() == [("ben@acme.example", "added", "Telephone")], "one letter, though its recovery codes come with it"
        factors.make_recovery_codes(by=caller(mail.ben), random=CODES)
        assert told() == [("ben@acme.example", "codes", "")]
        factors.remove(by=caller(mail.ben), kind=Kind.AUTHENTICATOR, number=Authenticator.objects.get().pk)
        assert told() == [("ben@acme.example", "removed", "Telephone")]

    def test_a_passkey(self, mail: Cast) -> None:
        asked = passkeys.ask_for_new(mail.ben, bytes(range(32)))
        answer = SoftwareKey().made(asked.options)
        factors.add_passkey(by=caller(mail.ben), name="Laptop", challenge=asked.challenge, answer=answer, random=CODES)
        assert told() == [("ben@acme.example", "added", "Laptop")]

    def test_an_address_that_nobody_proved_is_told_nothing(self, mail: Cast) -> None:
        set_up(mail.cleo)
        lost_factors.remove(by=OPERATOR, user=mail.cleo)
        assert told() == []


class TestLost:
    def test_an_operator_removes_all_of_it_and_ends_the_sessions(self, mail: Cast) -> None:
        people.appoint_operator(by=OPERATOR, user=mail.alice)
        set_up(mail.ben)
        Passkey.objects.create(user_id=mail.ben, name="Laptop", credential="x", key="x", added_at=NOW)
        session_of(mail.ben)
        told()
        assert queries.has_any(by=caller(mail.alice), user=mail.ben)
        lost_factors.remove(by=caller(mail.alice), user=mail.ben, reason="Telephone lost")
        assert [rows.objects.count() for rows in (Authenticator, Passkey, RecoveryCode, Session)] == [0, 0, 0, 0]
        assert told() == [("ben@acme.example", "lost", "")]
        event = Event.objects.get(action="user.factors_removed")
        assert (event.actor, event.details["subject"], event.reason) == (mail.alice, "Ben", "Telephone lost")
        assert signing_in.admit(by=caller(None), user=mail.ben, how=How.PROVIDER).step is Step.NOTHING

    def test_the_password_stays_and_an_organization_asks_anew(self, mail: Cast) -> None:
        """He comes in by his password, and sets another one up where one is asked for."""
        from keyholder.services.commands import second_factor_rules

        bindings.grant(by=OPERATOR, to=[mail.ben], on=mail.account, permissions=["manage_users"])
        second_factor_rules.choose(by=caller(mail.alice), organization=mail.acme, asked=True)
        set_up(mail.ben)
        before = User.objects.get(pk=mail.ben).password
        lost_factors.remove(by=OPERATOR, user=mail.ben)
        assert User.objects.get(pk=mail.ben).password == before
        assert signing_in.admit(by=caller(None), user=mail.ben, how=How.PASSWORD).step is Step.ENROL

    def test_who_only_administers_can_not_and_is_not_told_who_has_one(self, mail: Cast) -> None:
        set_up(mail.ben)
        with refused(Forbidden, "not_operator"):
            lost_factors.remove(by=caller(mail.alice), user=mail.ben)
        with refused(Forbidden, "not_operator"):
            queries.has_any(by=caller(mail.alice), user=mail.ben)

    def test_r112_no_reset_link_removes_it(self, mail: Cast) -> None:
        set_up(mail.ben)
        ticket = reset_links.read(resets.copy_link(by=OPERATOR, user=mail.ben, random=bytes(32)))
        assert ticket is not None
        resets.use(by=caller(None), ticket=ticket, password="seven quiet herons wait")
        assert Authenticator.objects.filter(user=mail.ben).exists()

    def test_an_operator_s_own_is_removed_by_another_or_by_the_command_line(self, mail: Cast) -> None:
        """A session that was left open is not enough to be rid of it."""
        for one in (mail.alice, mail.ben):
            people.appoint_operator(by=OPERATOR, user=one)
            set_up(one)
        with refused(Conflict, "own_factors"):
            lost_factors.remove(by=caller(mail.alice), user=mail.alice)
        lost_factors.remove(by=caller(mail.ben), user=mail.alice)
        lost_factors.remove(by=OPERATOR, user=mail.ben)
        assert not Authenticator.objects.exists()

    def test_who_has_none_has_none_to_be_removed(self, mail: Cast) -> None:
        with refused(Conflict, "no_factor", "Ben"):
            lost_factors.remove(by=OPERATOR, user=mail.ben)
