"""Signing in with a password: slow to guess, telling nothing, ended when it has to end (R-RAT-1, R-ENU-1, R-PWD-2, R-SES-2)."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from pytest_django.fixtures import Settings

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.principals import Status
from keyholder.domain.refusals import Invalid, Refusal, Refusals, TooMany
from keyholder.domain.state import OrganizationState, State, UserState
from keyholder.services import guessing
from keyholder.services.caller import Caller
from keyholder.services.commands import organization_roles, people, signing_in, state
from keyholder.storage.models import Event, Session, SignInAttempt, User
from keyholder.storage.session_rows import SessionStore
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.refusing import refused

PASSWORD = "correct horse battery staple"
FULL = os.environ.get("KEYHOLDER_SOAK") == "full"
GUESSES = 10_000 if FULL else 60
DOOR = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
"""Nobody yet, at the console."""
SPELLINGS = ("alice@acme.example", "ALICE@acme.example", " Alice@ACME.example ", "aLiCe@acme\u3002example", "alice@\uff41cme.example")


@dataclass
class Hasher:
    """Counts how often a password is hashed, and takes one as right."""

    hashed: int = 0

    def make(self, password: str | None) -> str:
        self.hashed += 1
        return f"!{password}"

    def check(self, password: str, _encoded: str) -> bool:
        self.hashed += 1
        return password == PASSWORD


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Hasher:
    """Put a counter in the place of the slow hasher."""
    counter = Hasher()
    monkeypatch.setattr(signing_in, "make_password", counter.make)
    monkeypatch.setattr(signing_in, "check_password", counter.check)
    return counter


def sign_in(email: str = "alice@acme.example", password: str = PASSWORD, by: Caller = DOOR) -> PrincipalId:
    """Sign in at the console."""
    return signing_in.sign_in(by=by, email=email, password=password).user


def answer(email: str, password: str, by: Caller = DOOR) -> str:
    """Return what somebody is told who does not get in."""
    with pytest.raises(Refusal) as refusal:
        sign_in(email, password, by)
    return f"{type(refusal.value).__name__} {refusal.value.code} {refusal.value.place} {refusal.value}"


@pytest.fixture
def passworded(cast: Cast) -> Cast:
    """Give Alice a password that the counter takes as hashed; nobody else has one."""
    User.objects.filter(pk=cast.alice).update(password="hashed")
    return cast


class TestAnswers:
    def test_r_enu_1_the_same_answer_after_the_same_work(self, passworded: Cast, hasher: Hasher) -> None:
        """R-ENU-1: whoever is unknown, wrong, without a password, suspended or unreadable; hashed once in each case."""
        User.objects.filter(pk=passworded.ben).update(password="hashed", status="suspended")
        cases = {
            "unknown": ("eve@acme.example", PASSWORD),
            "no address": ("alice", PASSWORD),
            "nothing": ("", ""),
            "wrong": ("alice@acme.example", "wrong"),
            "without a password": ("cleo@acme.example", PASSWORD),
            "suspended": ("ben@acme.example", PASSWORD),
            "too long": ("alice@acme.example", PASSWORD * 100),
            "no text": ("alice@acme.example", "\ud800"),
            "not even an address": ("\ud800\x00" + "\u0390" * 900, PASSWORD),
        }
        told = {}
        for case, (email, password) in cases.items():
            before = hasher.hashed
            told[case] = (answer(email, password), hasher.hashed - before)
        assert set(told.values()) == {("Invalid wrong_password  This address and this password do not belong together.", 1)}

    def test_who_belongs_gets_in_and_it_is_told(self, passworded: Cast, hasher: Hasher) -> None:
        """R044: by any spelling of the address."""
        assert {sign_in(spelling) for spelling in SPELLINGS} == {passworded.alice}
        event = Event.objects.filter(action="sign_in.succeeded").order_by("pk")[0]
        assert (event.actor, event.actor_name, event.subject, event.address) == (passworded.alice, "Alice", passworded.alice, "192.0.2.1")
        row = User.objects.get(pk=passworded.alice)
        assert (row.last_login, row.last_seen_at) == (NOW, NOW)

    def test_r_eml_8_a_name_signs_nobody_in(self, passworded: Cast, hasher: Hasher) -> None:
        """Ben may call himself by Alice's address: hers signs in Alice, and his name nobody; nobody is looked up by a name."""
        people.rename_user(by=OPERATOR, user=passworded.ben, name="alice@acme.example")
        people.rename_user(by=OPERATOR, user=passworded.alice, name="boss@acme.example")
        assert sign_in("alice@acme.example") == passworded.alice
        assert answer("boss@acme.example", PASSWORD).startswith("Invalid wrong_password")
        assert answer("boss", PASSWORD).startswith("Invalid wrong_password")

    @pytest.mark.parametrize("change", [{"status": "suspended"}, {"password": "another"}], ids=str)
    def test_r_ses_2_whatever_changes_while_the_password_is_looked_at_counts(
        self, passworded: Cast, hasher: Hasher, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
    ) -> None:
        def slowly(password: str, encoded: str) -> bool:
            User.objects.filter(pk=passworded.alice).update(**change)
            return hasher.check(password, encoded)

        monkeypatch.setattr(signing_in, "check_password", slowly)
        assert answer("alice@acme.example", PASSWORD).startswith("Invalid wrong_password")
        assert not Event.objects.filter(action="sign_in.succeeded").exists()


@pytest.mark.soak
class TestGuessing:
    def test_r_rat_1_one_account_by_any_spelling_from_anywhere(self, passworded: Cast, hasher: Hasher, settings: Settings) -> None:
        """R-RAT-1: as many guesses reach the hasher as are allowed for the account, however they are written and wherever from."""
        for number in range(GUESSES):
            by = replace(DOOR, address=f"192.0.2.{number % 250}", at=NOW + timedelta(microseconds=number))
            answer(SPELLINGS[number % len(SPELLINGS)], f"guess {number}", by)
        assert hasher.hashed == settings.SIGN_IN_ATTEMPTS

    def test_r_rat_1_many_accounts_from_one_address(self, passworded: Cast, hasher: Hasher, settings: Settings) -> None:
        for number in range(GUESSES):
            answer(f"somebody{number}@acme.example", "guess")
        assert hasher.hashed == min(GUESSES, settings.SIGN_IN_ATTEMPTS * guessing.FROM_ONE_ADDRESS)

    def test_r_rat_1_everything_from_everywhere(self, passworded: Cast, hasher: Hasher, settings: Settings) -> None:
        settings.SIGN_IN_ATTEMPTS, most = 1, guessing.FROM_EVERYBODY
        SignInAttempt.objects.bulk_create([SignInAttempt(key="everybody", at=NOW) for _ in range(most - 1)])
        for number in range(3):
            answer(f"somebody{number}@acme.example", "guess", replace(DOOR, address=f"192.0.2.{number}"))
        assert hasher.hashed == 1

    def test_waiting_helps_and_guessing_meanwhile_does_not_prolong_it(self, passworded: Cast, hasher: Hasher) -> None:
        for minute in range(20):
            if minute < 15:
                answer("alice@acme.example", "guess", replace(DOOR, at=NOW + timedelta(minutes=minute / 2)))
        with pytest.raises(TooMany) as refusal:
            sign_in(by=replace(DOOR, at=NOW + timedelta(minutes=9)))
        assert (refusal.value.seconds, "15 minutes" in str(refusal.value)) == (900, True)
        assert sign_in(by=replace(DOOR, at=NOW + timedelta(minutes=15))) == passworded.alice

    def test_who_got_in_begins_anew_and_the_address_does_not(self, passworded: Cast, hasher: Hasher, settings: Settings) -> None:
        for _round in range(settings.SIGN_IN_ATTEMPTS * guessing.FROM_ONE_ADDRESS // 5):
            for _guess in range(4):
                answer("alice@acme.example", "guess")
            sign_in()
        assert answer("alice@acme.example", "guess").startswith("TooMany")
        assert sign_in(by=replace(DOOR, address="192.0.2.2")) == passworded.alice

    def test_what_is_too_old_to_count_is_forgotten(self, passworded: Cast, hasher: Hasher) -> None:
        answer("alice@acme.example", "guess")
        answer("ben@acme.example", "guess", replace(DOOR, at=NOW + guessing.SPAN))
        assert set(SignInAttempt.objects.values_list("key", flat=True)) == {"account:ben@acme.example", "address:192.0.2.1", "everybody"}


class TestPasswords:
    def test_r_pwd_2_every_character_counts(self, cast: Cast) -> None:
        """R-PWD-2: two passwords of 200 characters that differ in the last one are two; kept with Argon2id."""
        long = "the quick brown fox jumps over the lazy dog " * 4 + "x" * 24
        people.set_password(by=caller(cast.alice), user=cast.alice, password=long)
        assert User.objects.get(pk=cast.alice).password.startswith("argon2$argon2id$")
        assert (len(long), sign_in(password=long)) == (200, cast.alice)
        for other in (f"{long[:-1]}y", long[:-1], f"{long}x"):
            assert answer("alice@acme.example", other).startswith("Invalid wrong_password")

    @pytest.mark.parametrize("bad", ["short", "password1234", "Qwerty123456", "alice@acme.example", "x" * 257, "\ud800" * 12], ids=ascii)
    def test_r_pwd_2_what_is_short_common_or_ones_own_address_is_refused(self, cast: Cast, bad: str) -> None:
        for act in (
            lambda: people.set_password(by=caller(cast.alice), user=cast.alice, password=bad),
            lambda: people.create_user(by=OPERATOR, email="alice@acme.example", password=bad),
        ):
            with refused(Invalid, "password"):
                act()

    @pytest.mark.parametrize("good", ["zwölf Zeichen", "            ,", "a" * 11 + "b" * 245, "\U0001f5dd" * 12], ids=ascii)
    def test_r_pwd_2_no_rule_says_what_it_has_to_be_made_of(self, cast: Cast, good: str) -> None:
        people.set_password(by=caller(cast.alice), user=cast.alice, password=good)
        assert sign_in(password=good) == cast.alice

    def test_a_person_may_begin_with_one(self, cast: Cast) -> None:
        eve = people.create_user(by=OPERATOR, email="eve@acme.example", password=PASSWORD)
        assert sign_in("eve@acme.example") == eve

    def test_it_is_in_no_event(self, cast: Cast) -> None:
        """I-AU-3: neither as it is nor hashed."""
        people.set_password(by=caller(cast.alice), user=cast.alice, password=PASSWORD)
        hashed = User.objects.get(pk=cast.alice).password
        for event in Event.objects.all():
            text = f"{event.details} {event.changes} {event.reason}"
            assert PASSWORD not in text
            assert hashed not in text


def at_the_door(user: PrincipalId) -> None:
    """Let somebody be signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user)
    session.save()


def suspend_by_file(cast: Cast) -> None:
    ben = UserState("ben@acme.example", "ben@acme.example", "Ben", status=Status.SUSPENDED)
    state.apply(by=OPERATOR, state=State(users=(ben,)))


def suspend_within_by_file(cast: Cast) -> None:
    state.apply(by=OPERATOR, state=State(organizations=(OrganizationState("acme", "Acme", suspended=("ben@acme.example",)),)))


ENDING: dict[str, Callable[[Cast], object]] = {
    "suspended everywhere": lambda cast: people.suspend(by=OPERATOR, user=cast.ben),
    "suspended within an organization": lambda cast: organization_roles.suspend_person(
        by=caller(cast.alice), organization=cast.acme, user=cast.ben
    ),
    "suspended by a state file": suspend_by_file,
    "suspended within by a state file": suspend_within_by_file,
    "a password of one's own": lambda cast: people.set_password(by=caller(cast.ben), user=cast.ben, password=PASSWORD),
    "a password by the operator": lambda cast: people.set_password(by=OPERATOR, user=cast.ben, password=PASSWORD),
}


class TestSessions:
    @pytest.mark.parametrize("how", ENDING)
    def test_r_ses_2_all_of_them_end_and_nobody_elses(self, cast: Cast, how: str) -> None:
        """R-SES-2, I-ID-5: in the transaction that acknowledges it."""
        for user in (cast.ben, cast.ben, cast.alice):
            at_the_door(user)
        ENDING[how](cast)
        assert list(Session.objects.values_list("user", flat=True)) == [cast.alice]

    def test_what_is_refused_ends_none(self, cast: Cast) -> None:
        at_the_door(cast.alice)
        with refused(Refusals, "last_manager"):
            people.suspend(by=OPERATOR, user=cast.alice)
        with refused(Invalid, "password"):
            people.set_password(by=caller(cast.alice), user=cast.alice, password="short")
        assert Session.objects.count() == 1

    def test_being_seen_is_noted_once_in_a_while(self, cast: Cast) -> None:
        for minutes, seen in ((0, 0), (14, 0), (15, 15), (16, 15)):
            signing_in.note_seen(by=caller(cast.ben, NOW + timedelta(minutes=minutes)))
            assert User.objects.get(pk=cast.ben).last_seen_at == NOW + timedelta(minutes=seen)
