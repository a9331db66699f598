"""Changing an address: proven before it counts, told to the old one, dropped by whatever makes it doubtful (R-EML-7, I-ID-3)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.letters import LetterKind
from keyholder.domain.policies import Policy, PolicyMode
from keyholder.domain.refusals import Conflict, Invalid, TooMany
from keyholder.services import address_proofs
from keyholder.services.caller import Caller
from keyholder.services.commands import address_changes, organizations, people, requests
from keyholder.services.queries import address_changes as queries
from keyholder.storage.models import AccessRequest, AddressChange, Event, Letter, User
from keyholder.storage.replay import discrepancies
from tests.cast import NOW, OPERATOR, Cast, caller, person
from tests.services import mailing
from tests.services.happened import chains_hold
from tests.services.refusing import refused

DOOR = Caller(None, NOW, Channel.CONSOLE, address="192.0.2.1")
NEW = "Benedict@Acme.example"
VIEW = ResourceRef("view", "1001")


@pytest.fixture
def mail(cast: Cast) -> Cast:
    """Let the instance mail."""
    mailing.begin()
    return cast


def ask(cast: Cast, address: str = NEW) -> Letter:
    """Let Ben ask for an address and return the letter with its proof."""
    address_changes.ask(by=caller(cast.ben), email=address)
    return mailing.letters(LetterKind.ADDRESS_PROOF)[-1]


def prove(letter: Letter, at: datetime = NOW) -> None:
    """Use a proof as whoever asked for it, signed in."""
    asked = AddressChange.objects.filter(pk=letter.about).first()
    by = replace(DOOR, at=at) if asked is None else caller(PrincipalId(asked.user_id), at)
    address_changes.prove(by=by, number=letter.about, generation=letter.generation)


def anothers(address: str) -> queries.WaitingChange:
    """Return what is shown of an address that Ben wants to who is not signed in as Ben."""
    return queries.WaitingChange("Ben", address, is_anothers=True)


def gone(letter: Letter, at: datetime = NOW) -> None:
    """Expect a proof that opens nothing any more."""
    assert queries.waiting(by=replace(DOOR, at=at), number=letter.about, generation=letter.generation) is None
    with refused(Invalid, "proof_gone"):
        prove(letter, at)


def test_r_eml_7_nothing_changes_before_the_new_address_is_proven(mail: Cast) -> None:
    letter = ask(mail)
    assert (letter.recipient, User.objects.get(pk=mail.ben).email) == (NEW, "ben@acme.example")
    prove(letter)
    row = User.objects.get(pk=mail.ben)
    assert (row.email, row.canonical, row.email_verified) == (NEW, "benedict@acme.example", True)
    assert "benedict@acme.example" in row.search_key
    (notice,) = mailing.letters(LetterKind.ADDRESS_CHANGED)
    assert notice.recipient == "ben@acme.example"
    gone(letter)


def test_who_has_his_old_address_now_asks_for_themselves(mail: Cast) -> None:
    """What Ben asked goes by his new address, and is told to nobody as somebody else's; one request of his is enough at a place."""
    for by, address in ((caller(mail.ben), ""), (DOOR, NEW)):
        requests.ask(by=by, at=VIEW, email=address)
    requests.ask(by=DOOR, at=ResourceRef("account", "100"), email=NEW)
    prove(ask(mail))
    assert sorted(AccessRequest.objects.filter(state="open").values_list("person", "resource", "shown"), key=str) == [
        (mail.ben, mail.view, NEW),
        (None, mail.account, NEW),
    ]
    requests.ask(by=caller(person("Benny", "ben@acme.example")), at=VIEW)
    requests.ask(by=DOOR, at=VIEW, email=NEW)
    assert AccessRequest.objects.filter(state="open", resource=mail.view).count() == 2
    assert (chains_hold(), list(discrepancies())) == (True, [])


def test_r_oidc_4_whoever_has_the_mailbox_gives_it_to_nobody_else(mail: Cast) -> None:
    """Ben asks for an address that is somebody else's: their click, without being signed in as Ben, does not put it into his hands."""
    letter = ask(mail, "victim@acme.example")
    for by in (DOOR, caller(mail.cleo)):
        assert queries.waiting(by=by, number=letter.about, generation=1) == anothers("victim@acme.example")
        with refused(Invalid, "not_signed_in"):
            address_changes.prove(by=by, number=letter.about, generation=letter.generation)
    assert User.objects.get(pk=mail.ben).email == "ben@acme.example"
    prove(letter)


def test_i_id_3_the_log_holds_the_proof_with_the_row_it_changed(mail: Cast) -> None:
    prove(ask(mail))
    event = Event.objects.filter(action="user.address_changed").earliest("pk")
    ((noun, number, before, after),) = event.changes
    assert (noun, number, before["email_verified"], after["email_verified"]) == ("user", mail.ben, False, True)


def test_ben_proves_the_address_that_he_has(mail: Cast) -> None:
    """I-ID-3."""
    prove(ask(mail, "ben@acme.example"))
    assert User.objects.get(pk=mail.ben).email_verified
    assert Event.objects.get(action="user.address_proven").details["address"] == "ben@acme.example"
    assert mailing.letters(LetterKind.ADDRESS_CHANGED) == []
    with refused(Conflict, "proven"):
        ask(mail, "BEN@acme.example")


def test_r_enu_1_an_address_of_somebody_else_is_asked_for_alike_and_refused_to_who_has_it(mail: Cast) -> None:
    """Whoever opens that letter has the mailbox: they learn nothing new."""
    letter = ask(mail, "CLEO@acme.example")
    with refused(Conflict, "address_taken"):
        prove(letter)
    assert User.objects.get(pk=mail.ben).canonical == "ben@acme.example"


def test_r_eml_7_it_dies_after_twenty_four_hours(mail: Cast) -> None:
    letter = ask(mail)
    gone(letter, NOW + timedelta(hours=24))
    prove(letter, NOW + timedelta(hours=24) - timedelta(seconds=1))


def test_r_eml_7_it_dies_with_a_suspension_and_with_a_new_password(mail: Cast) -> None:
    letter = ask(mail)
    people.suspend(by=OPERATOR, user=mail.ben)
    people.activate(by=OPERATOR, user=mail.ben)
    gone(letter)
    letter = ask(mail)
    people.set_password(by=caller(mail.ben), user=mail.ben, password="seven quiet herons wait")
    gone(letter)
    assert mailing.letters(LetterKind.ADDRESS_PROOF) == [], "what still waited was taken back"


def test_r_eml_7_a_suspension_by_a_state_file_ends_it_too(mail: Cast) -> None:
    from keyholder.domain.principals import Status
    from keyholder.domain.state import State, UserState
    from keyholder.services.commands import state

    letter = ask(mail)
    state.apply(by=OPERATOR, state=State(users=(UserState("ben@acme.example", "ben@acme.example", "Ben", Status.SUSPENDED),)))
    people.activate(by=OPERATOR, user=mail.ben)
    gone(letter)


def test_another_one_takes_the_place_of_the_first_and_it_can_be_dropped(mail: Cast) -> None:
    first, second = ask(mail), ask(mail, "bb@acme.example")
    gone(first)
    assert queries.waiting(by=DOOR, number=second.about, generation=1) == anothers("bb@acme.example")
    address_changes.drop(by=caller(mail.ben))
    gone(second)
    assert AddressChange.objects.count() == 0


def test_r_eml_6_an_organization_of_his_keeps_the_address_out(mail: Cast) -> None:
    policy = Policy(PolicyMode.ENFORCED, allowed_domains=("acme.example",))
    organizations.set_policy(by=caller(mail.alice), organization=mail.acme, policy=policy)
    letter = ask(mail, "ben@else.example")
    with refused(Conflict, "policy", "Acme"):
        prove(letter)
    prove(ask(mail))


def test_r_rat_1_letters_are_limited(mail: Cast, settings: object) -> None:
    settings.SIGN_IN_ATTEMPTS = 2  # type: ignore[attr-defined]  # pytest-django's
    for number in range(2):
        ask(mail, f"ben{number}@acme.example")
    with refused(TooMany, "too_many_attempts"):
        ask(mail)


def test_without_a_mail_server_no_address_is_proven(cast: Cast) -> None:
    with refused(Conflict, "not_mailing"):
        address_changes.ask(by=caller(cast.ben), email=NEW)


def test_what_is_no_address_is_refused(mail: Cast) -> None:
    with refused(Invalid, "address"):
        address_changes.ask(by=caller(mail.ben), email="ben")


def test_what_changes_at_the_very_moment_counts(mail: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real, looks = address_proofs.waiting, []

    def look(*arguments: int) -> object:
        looks.append(arguments)
        return real(*arguments) if len(looks) == 1 else None  # type: ignore[arg-type]  # what it was given

    letter = ask(mail)
    monkeypatch.setattr(address_changes, "waiting", look)
    with refused(Invalid, "proof_gone"):
        prove(letter)


def test_i_id_3_an_address_that_was_proven_is_verified_as_such(mail: Cast) -> None:
    from keyholder.services.queries.verification import verify

    prove(ask(mail))
    assert User.objects.get(pk=mail.ben).email_verified
    assert verify(by=OPERATOR, only=["I-ID-3"]) == ()
