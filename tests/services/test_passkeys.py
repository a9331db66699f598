"""Passkeys: made once, proven for one challenge at our own address by whoever unlocked them; a copy is found out by its count."""

from dataclasses import replace
from typing import Any

import pytest

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.refusals import Conflict, Invalid, TooMany
from keyholder.services import passkeys
from keyholder.services.caller import Caller
from keyholder.services.commands import factors, people
from keyholder.services.commands.signing_in import Admission, How
from keyholder.services.factors import Step
from keyholder.services.queries import factors as queries
from keyholder.storage.models import Event, Passkey, RecoveryCode
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.refusing import refused
from tests.services.software_key import SoftwareKey

DOOR = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
RANDOM = bytes(range(32))
CODES = bytes(range(100))


def make(user: PrincipalId, key: SoftwareKey, name: str = "Laptop") -> tuple[str, ...]:
    """Have somebody set a passkey up."""
    asked = passkeys.ask_for_new(user, RANDOM)
    return factors.add_passkey(by=caller(user), name=name, challenge=asked.challenge, answer=key.made(asked.options), random=CODES)


def prove(user: PrincipalId, key: SoftwareKey, **changed: Any) -> None:
    """Have somebody prove a passkey at the second step."""
    asked = passkeys.ask_for_one(user, RANDOM)
    answer = replace(key, **changed).proven(asked.options)
    admission = Admission(user, How.PASSWORD, Step.SECOND)
    factors.confirm_passkey(by=DOOR, admission=admission, challenge=asked.challenge, answer=answer)


@pytest.fixture
def key() -> SoftwareKey:
    """Return Ben's device."""
    return SoftwareKey()


@pytest.fixture
def ben(cast: Cast, key: SoftwareKey) -> PrincipalId:
    """Let Ben have a passkey."""
    make(cast.ben, key)
    return cast.ben


def test_a_passkey_is_set_up_with_recovery_codes_and_listed(cast: Cast, key: SoftwareKey) -> None:
    assert len(make(cast.ben, key)) == 10
    assert make(cast.ben, SoftwareKey(b"another"), "Key ring") == ()
    own = queries.own(by=caller(cast.ben))
    assert [(factor.kind.value, factor.name) for factor in own.factors] == [("passkey", "Laptop"), ("passkey", "Key ring")]
    assert own.has_passkey
    assert Event.objects.filter(action="user.factor_added").count() == 2


def test_it_lets_ben_in_at_the_second_step(ben: PrincipalId, key: SoftwareKey) -> None:
    prove(ben, key)
    assert Event.objects.get(action="sign_in.succeeded").details["how"] == "password and passkey"
    assert Passkey.objects.get().used_at == NOW


def test_it_lets_ben_in_alone_without_his_saying_who_he_is(ben: PrincipalId, key: SoftwareKey) -> None:
    asked = passkeys.ask_for_one(None, RANDOM)
    admission = factors.sign_in_with_passkey(by=DOOR, challenge=asked.challenge, answer=key.proven(asked.options))
    assert (admission.user, admission.is_in) == (ben, True)
    assert Event.objects.get(action="sign_in.succeeded").details["how"] == "passkey"


def test_ben_proves_himself_once_more_by_it(ben: PrincipalId, key: SoftwareKey) -> None:
    asked = passkeys.ask_for_one(ben, RANDOM)
    factors.prove_passkey(by=caller(ben), challenge=asked.challenge, answer=key.proven(asked.options))


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9000"},
        {"rp": "evil.example"},
        {"seen": False},
        {"private": SoftwareKey().private},
        {"credential": b"of nobody"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_does_not_prove_it_lets_nobody_in(ben: PrincipalId, key: SoftwareKey, changed: dict[str, Any]) -> None:
    """Another origin, another site, nobody seen, another key, an unknown credential."""
    with refused(Invalid, "passkey"):
        prove(ben, key, **changed)


def test_an_answer_fits_its_own_challenge_only(ben: PrincipalId, key: SoftwareKey) -> None:
    answer = key.proven(passkeys.ask_for_one(ben, RANDOM).options)
    other = passkeys.ask_for_one(ben, bytes(reversed(RANDOM))).challenge
    for challenge in (other, {}):
        with refused(Invalid, "passkey"):
            factors.prove_passkey(by=caller(ben), challenge=challenge, answer=answer)


def test_a_copy_is_found_out_by_its_count(ben: PrincipalId, key: SoftwareKey) -> None:
    prove(ben, key, count=5)
    for count in (5, 4, 0):
        with refused(Invalid, "passkey"):
            prove(ben, key, count=count)
    prove(ben, key, count=6)


def test_one_that_does_not_count_stays_at_nought(ben: PrincipalId, key: SoftwareKey) -> None:
    prove(ben, key)
    prove(ben, key)


def test_another_s_passkey_proves_nothing(cast: Cast, ben: PrincipalId) -> None:
    hers = SoftwareKey(b"hers")
    make(cast.cleo, hers)
    with refused(Invalid, "passkey"):
        prove(ben, hers)
    asked = passkeys.ask_for_one(None, RANDOM)
    with refused(Invalid, "passkey"):
        factors.prove_passkey(by=caller(ben), challenge=asked.challenge, answer=hers.proven(asked.options))
    assert RecoveryCode.objects.filter(user=cast.cleo).count() == 10


def test_a_passkey_is_somebody_s_once(cast: Cast, ben: PrincipalId, key: SoftwareKey) -> None:
    with refused(Conflict, "passkey_known"):
        make(cast.cleo, key)


@pytest.mark.parametrize("answer", ["", "[]", "{}", "null", '{"id": 1}', "x" * 30_000])
def test_what_is_no_answer_makes_and_proves_nothing(ben: PrincipalId, answer: str) -> None:
    challenge = passkeys.ask_for_new(ben, RANDOM).challenge
    with refused(Invalid, "passkey"):
        factors.add_passkey(by=caller(ben), name="x", challenge=challenge, answer=answer, random=CODES)
    with refused(Invalid, "passkey"):
        factors.sign_in_with_passkey(by=DOOR, challenge=challenge, answer=answer)


def test_an_answer_without_a_key_makes_nothing(cast: Cast, key: SoftwareKey) -> None:
    asked = passkeys.ask_for_new(cast.ben, RANDOM)
    with refused(Invalid, "passkey"):
        factors.add_passkey(by=caller(cast.ben), name="x", challenge=asked.challenge, answer=key.empty(asked.options), random=CODES)


def test_r_ses_2_the_suspended_do_not_get_in(ben: PrincipalId, key: SoftwareKey) -> None:
    people.suspend(by=OPERATOR, user=ben)
    asked = passkeys.ask_for_one(None, RANDOM)
    with refused(Invalid, "wrong_password"):
        factors.sign_in_with_passkey(by=DOOR, challenge=asked.challenge, answer=key.proven(asked.options))


def test_r_rat_1_it_is_limited_too(ben: PrincipalId, settings: Any) -> None:
    settings.SIGN_IN_ATTEMPTS = 1
    for kind in (Invalid, TooMany):
        with pytest.raises(kind):
            factors.sign_in_with_passkey(by=DOOR, challenge={}, answer="{}")
