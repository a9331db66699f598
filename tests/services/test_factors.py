"""Second factors: who has one is asked for it on every way in, a code counts once, guesses are limited (R-OIDC-12, R-RAT-1, R-RAT-2)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from keyholder.domain import codes
from keyholder.domain.events import Channel
from keyholder.domain.factors import Kind
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import OrganizationRole
from keyholder.domain.refusals import Forbidden, Invalid, NotFound, TooMany
from keyholder.services import seals
from keyholder.services.caller import Caller
from keyholder.services.commands import bindings, factors, group_members, organization_roles, people, second_factor_rules, signing_in
from keyholder.services.commands.factors import NewAuthenticator
from keyholder.services.commands.signing_in import Admission, How
from keyholder.services.factors import Step
from keyholder.services.queries import factors as queries
from keyholder.services.queries import second_factor_rules as rules
from keyholder.services.seals import Use
from keyholder.storage.models import Authenticator, Event, Passkey, RecoveryCode, User
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.refusing import refused

DOOR = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
SECRET = b"12345678901234567890"
RANDOM = bytes(range(100))
LATER = NOW + timedelta(minutes=5)


def code_at(at: datetime, secret: bytes = SECRET) -> str:
    return codes.totp(secret, codes.step_at(at))


def set_up(user: PrincipalId, name: str = "Telephone", secret: bytes = SECRET) -> tuple[str, ...]:
    """Have somebody set an authenticator up."""
    new = NewAuthenticator(name, codes.secret_of(secret), code_at(NOW, secret), RANDOM)
    return factors.add_authenticator(by=caller(user), new=new)


def admitted(user: PrincipalId, how: str = How.PROVIDER, at: datetime = NOW) -> Admission:
    return signing_in.admit(by=replace(DOOR, at=at), user=user, how=how)


def confirm(user: PrincipalId, code: str, at: datetime = LATER) -> None:
    factors.confirm_code(by=replace(DOOR, at=at), admission=Admission(user, How.PASSWORD, Step.SECOND), code=code)


class TestSigningIn:
    @pytest.mark.parametrize("how", [how for how in How if how is not How.PASSKEY])
    def test_r_oidc_12_who_has_one_is_not_in_before_it_is_proven(self, cast: Cast, how: How) -> None:
        set_up(cast.ben)
        assert admitted(cast.ben, how).step is Step.SECOND
        assert not Event.objects.filter(action="sign_in.succeeded").exists()
        assert User.objects.get(pk=cast.ben).last_login is None

    def test_r_oidc_12_by_the_password_as_well(self, cast: Cast) -> None:
        people.set_password(by=OPERATOR, user=cast.ben, password="seven quiet herons wait")
        set_up(cast.ben)
        admission = signing_in.sign_in(by=DOOR, email="ben@acme.example", password="seven quiet herons wait")
        assert (admission.step, admission.is_in) == (Step.SECOND, False)

    def test_a_code_lets_ben_in_and_the_log_says_by_what(self, cast: Cast) -> None:
        set_up(cast.ben)
        confirm(cast.ben, f" {code_at(LATER)[:3]} {code_at(LATER)[3:]} ")
        event = Event.objects.get(action="sign_in.succeeded")
        assert (event.actor, event.details["how"]) == (cast.ben, "password and code")
        assert User.objects.get(pk=cast.ben).last_login == LATER

    def test_r_rat_2_a_code_counts_once_in_whatever_writing(self, cast: Cast) -> None:
        set_up(cast.ben)
        confirm(cast.ben, code_at(LATER))
        for writing in (code_at(LATER), "-".join(code_at(LATER)), code_at(LATER - timedelta(seconds=30))):
            with refused(Invalid, "code"):
                confirm(cast.ben, writing)

    def test_r_rat_2_the_code_by_which_it_was_set_up_is_used(self, cast: Cast) -> None:
        set_up(cast.ben)
        with refused(Invalid, "code"):
            confirm(cast.ben, code_at(NOW), NOW)

    def test_a_recovery_code_works_once_and_the_log_says_how_many_are_left(self, cast: Cast) -> None:
        made = set_up(cast.ben)
        confirm(cast.ben, made[3].lower())
        assert Event.objects.get(action="user.recovery_code_used").details["left"] == 9
        with refused(Invalid, "code"):
            confirm(cast.ben, made[3])

    def test_nobody_else_s_code_lets_ben_in(self, cast: Cast) -> None:
        set_up(cast.ben)
        hers = set_up(cast.cleo, secret=b"another secret of hers")
        RecoveryCode.objects.filter(user=cast.ben).delete()
        for code in (code_at(LATER, b"another secret of hers"), hers[0]):
            with refused(Invalid, "code"):
                confirm(cast.ben, code)
        assert RecoveryCode.objects.filter(user=cast.cleo, used_at__isnull=True).count() == 10

    def test_r_rat_1_codes_can_not_be_guessed(self, cast: Cast, settings: Any) -> None:
        settings.SIGN_IN_ATTEMPTS = 3
        set_up(cast.ben)
        for _guess in range(2):
            with refused(Invalid, "code"):
                confirm(cast.ben, "000000", NOW)
        with refused(TooMany, "too_many_attempts"):
            confirm(cast.ben, code_at(NOW), NOW)

    def test_who_got_in_may_be_mistaken_anew(self, cast: Cast, settings: Any) -> None:
        settings.SIGN_IN_ATTEMPTS = 2
        made = set_up(cast.ben)
        for code in made[:5]:
            confirm(cast.ben, code)

    def test_r_ses_2_who_was_suspended_meanwhile_is_told_what_everybody_is_told(self, cast: Cast) -> None:
        set_up(cast.ben)
        people.suspend(by=OPERATOR, user=cast.ben)
        for act in (lambda: confirm(cast.ben, code_at(LATER)), lambda: admitted(cast.ben), lambda: admitted(PrincipalId(999))):
            with refused(Invalid, "wrong_password"):
                act()


class TestOnesOwn:
    def test_the_secret_is_kept_sealed_and_told_nowhere(self, cast: Cast) -> None:
        """R-KEY-2, R-LOG-2."""
        made = set_up(cast.ben)
        kept = Authenticator.objects.get().secret
        text = codes.secret_of(SECRET)
        assert seals.unseal(kept, Use.AUTHENTICATOR) == text
        everything = str([*Authenticator.objects.values(), *RecoveryCode.objects.values(), *Event.objects.values()])
        assert [word for word in (text, *made, *map(codes.normal, made)) if word in everything] == []

    def test_a_wrong_first_code_sets_nothing_up(self, cast: Cast) -> None:
        with refused(Invalid, "code"):
            factors.add_authenticator(by=caller(cast.ben), new=NewAuthenticator("x", codes.secret_of(SECRET), "000000", RANDOM))
        assert not Authenticator.objects.exists()

    def test_a_second_one_brings_no_new_codes_and_takes_none(self, cast: Cast) -> None:
        made = set_up(cast.ben)
        assert set_up(cast.ben, "Tablet", b"of another device ..") == ()
        confirm(cast.ben, made[0])
        own = queries.own(by=caller(cast.ben))
        assert ([factor.name for factor in own.factors], own.codes_left, own.has_code, own.has_passkey) == (
            ["Telephone", "Tablet"],
            9,
            True,
            False,
        )

    def test_new_recovery_codes_end_the_old_ones(self, cast: Cast) -> None:
        old = set_up(cast.ben)
        new = factors.make_recovery_codes(by=caller(cast.ben), random=bytes(reversed(RANDOM)))
        with refused(Invalid, "code"):
            confirm(cast.ben, old[0])
        confirm(cast.ben, new[0])

    def test_who_has_no_factor_has_no_recovery_codes(self, cast: Cast) -> None:
        with refused(NotFound, "not_found"):
            factors.make_recovery_codes(by=caller(cast.ben), random=RANDOM)

    def test_renamed_and_removed_and_its_codes_go_with_the_last_one(self, cast: Cast) -> None:
        set_up(cast.ben)
        number = Authenticator.objects.get().pk
        for _again in range(2):
            factors.rename(by=caller(cast.ben), kind=Kind.AUTHENTICATOR, number=number, name="Old one")
        assert Event.objects.filter(action="user.factor_renamed").count() == 1
        set_up(cast.ben, "Tablet", b"of another device ..")
        factors.remove(by=caller(cast.ben), kind=Kind.AUTHENTICATOR, number=number)
        assert RecoveryCode.objects.count() == 10
        factors.remove(by=caller(cast.ben), kind=Kind.AUTHENTICATOR, number=Authenticator.objects.get().pk)
        assert (RecoveryCode.objects.count(), admitted(cast.ben).step) == (0, Step.NOTHING)

    @pytest.mark.parametrize("act", [factors.remove, lambda **where: factors.rename(name="Mine", **where)], ids=["remove", "rename"])
    def test_r_ten_1_another_s_is_not_there(self, cast: Cast, act: Callable[..., None]) -> None:
        set_up(cast.ben)
        with refused(NotFound, "not_found"):
            act(by=caller(cast.cleo), kind=Kind.AUTHENTICATOR, number=Authenticator.objects.get().pk)

    def test_ben_proves_himself_once_more_by_a_code(self, cast: Cast) -> None:
        set_up(cast.ben)
        factors.prove_code(by=caller(cast.ben, LATER), code=code_at(LATER))
        with refused(Invalid, "code"):
            factors.prove_code(by=caller(cast.ben, LATER), code=code_at(LATER))


class TestAskedFor:
    def asked(self, cast: Cast) -> None:
        second_factor_rules.choose(by=caller(cast.alice), organization=cast.acme, asked=True)

    def test_managers_without_one_set_it_up_at_the_next_sign_in(self, cast: Cast) -> None:
        """Semantics 7: admins, and who manages a linked account, directly or by a group; nobody else."""
        people.set_password(by=OPERATOR, user=cast.alice, password="seven quiet herons wait")
        self.asked(cast)
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        steps = {name: admitted(getattr(cast, name)).step for name in ("alice", "ben", "cleo", "dan")}
        assert steps == {"alice": Step.ENROL, "ben": Step.NOTHING, "cleo": Step.ENROL, "dan": Step.NOTHING}

    def test_user_admins_too_and_those_of_nested_groups(self, cast: Cast) -> None:
        self.asked(cast)
        organization_roles.appoint(by=OPERATOR, organization=cast.acme, user=cast.dan, role=OrganizationRole.USER_ADMIN)
        assert admitted(cast.dan).step is Step.ENROL
        bindings.grant(by=OPERATOR, to=[cast.analysts], on=cast.account, permissions=["manage_users"])
        group_members.add(by=OPERATOR, group=cast.interns, members=[cast.ben])
        assert admitted(cast.ben).step is Step.ENROL

    def test_alice_sets_hers_up_at_the_door_and_is_in(self, cast: Cast) -> None:
        self.asked(cast)
        new = NewAuthenticator("Telephone", codes.secret_of(SECRET), code_at(NOW), RANDOM)
        made = factors.enrol(by=DOOR, admission=admitted(cast.alice), new=new)
        assert len(made) == 10
        assert Event.objects.get(action="sign_in.succeeded").details["how"] == "provider and code"
        assert admitted(cast.alice).step is Step.SECOND

    def test_r_oidc_12_who_was_asked_for_a_first_one_sets_no_second_one_up_at_the_door(self, cast: Cast) -> None:
        """Two browsers were asked, and Alice has set hers up in one: the other, be it whose it is, has proven only one thing."""
        self.asked(cast)
        held, other = admitted(cast.alice), admitted(cast.alice)
        new = NewAuthenticator("Telephone", codes.secret_of(SECRET), code_at(NOW), RANDOM)
        factors.enrol(by=DOOR, admission=held, new=new)
        with refused(Invalid, "wrong_password"):
            factors.enrol(by=DOOR, admission=other, new=new)
        with refused(Invalid, "wrong_password"):
            factors.enrol_passkey(by=DOOR, admission=other, name="Laptop", challenge={}, answer="{}", random=RANDOM)
        assert (Authenticator.objects.count(), Passkey.objects.count()) == (1, 0)

    def test_a_passkey_alone_is_two_things_at_once(self, cast: Cast) -> None:
        self.asked(cast)
        assert admitted(cast.alice, How.PASSKEY).is_in

    def test_asking_no_more_and_twice(self, cast: Cast) -> None:
        for asked in (True, True, False, False):
            second_factor_rules.choose(by=caller(cast.alice), organization=cast.acme, asked=asked)
            assert rules.is_asked(by=caller(cast.cleo), of=cast.acme) is asked
        told = Event.objects.filter(action__startswith="organization.second").values_list("action", flat=True)
        assert sorted(told) == ["organization.second_factor_asked", "organization.second_factor_left"]

    def test_only_an_admin_chooses(self, cast: Cast) -> None:
        with refused(Forbidden, "not_admin"):
            second_factor_rules.choose(by=caller(cast.cleo), organization=cast.acme, asked=True)
        with refused(NotFound, "not_found"):
            second_factor_rules.choose(by=caller(cast.dan), organization=cast.acme, asked=True)
