"""Who is added is told by mail where that was asked for, once and only who gained something; what is needed no more is not sent (R045)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from keyholder.domain.identifiers import PrincipalId, ResourceRef
from keyholder.domain.letters import LetterKind
from keyholder.domain.mail_settings import Security
from keyholder.domain.refusals import Refusals
from keyholder.domain.windows import Window
from keyholder.services.caller import Caller
from keyholder.services.commands import additions, address_changes, bindings, mail_settings, outbox, people, requests, resets
from keyholder.services.letter_needs import is_needed
from keyholder.storage.models import AddressChange, Binding, Invitation, Letter, User
from tests.cast import NOW, OPERATOR, Cast, caller
from tests.services.inviting_people import WEEK, accept, invite, link_of, nobody


@pytest.fixture
def mailing(db: None) -> None:
    mail_settings.configure(by=OPERATOR, host="localhost", port=25, security=Security.NONE, sender="keyholder@acme.example")


def add(cast: Cast, *people: PrincipalId, notify: bool = True, window: Window = Window()) -> None:  # noqa: B008 - a frozen value
    additions.add(by=caller(cast.alice), to=people, on=cast.account, permissions=["edit"], window=window, notify=notify)


def test_r045_without_being_asked_nobody_is_mailed(cast: Cast, mailing: None) -> None:
    add(cast, cast.cleo, notify=False)
    assert not Letter.objects.exists()


def test_r045_who_gains_gets_one_letter_and_who_had_it_gets_none(cast: Cast, mailing: None) -> None:
    """Ben edits already; Cleo reads, and is named twice."""
    User.objects.filter(pk=cast.cleo).update(language="lv")
    ends = NOW + timedelta(days=9)
    add(cast, cast.cleo, cast.cleo)
    add(cast, cast.ben, cast.cleo)
    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient, letter.name, letter.language) == ("access_given", "cleo@acme.example", "Cleo", "lv")
    assert letter.path == "/admin/google_analytics/?at=account:100"
    assert letter.details == {
        "by": "Alice",
        "by_address": "alice@acme.example",
        "place": "Shop",
        "resource": cast.account,
        "type": "account",
        "what": ["edit"],
        "until": "",
        "groups": [],
    }  # fmt: skip - one line reads better
    add(cast, cast.ben, window=Window(ends_at=ends))
    assert Letter.objects.latest("pk").details["until"] == "2026-12-01T12:00:00Z"


def test_r045_a_letter_names_the_groups_that_somebody_joins_and_none_that_they_are_in(cast: Cast, mailing: None) -> None:
    """Cleo is an analyst; Ben is not."""
    given = {"on": cast.account, "permissions": ["manage_users"], "groups": [cast.analysts], "notify": True}
    additions.add(by=OPERATOR, to=[cast.ben, cast.cleo], **given)  # type: ignore[arg-type]  # of their own types
    assert [letter.details["groups"] for letter in Letter.objects.order_by("pk")] == [["Analysts"], []]


def test_r045_without_a_mail_server_they_are_added_all_the_same(cast: Cast) -> None:
    add(cast, cast.cleo)
    assert not Letter.objects.exists()


def test_r045_nobody_is_told_of_what_was_refused(cast: Cast, mailing: None) -> None:
    with pytest.raises(Refusals):
        add(cast, cast.cleo, cast.dan)
    assert not Letter.objects.exists()


def test_r045_a_role_is_told_by_its_name_and_the_command_line_by_none(cast: Cast, mailing: None) -> None:
    """Every language has its own word for who acts from the command line."""
    from tests.cast import resource

    host = resource(None, "host", "h1", "Agency")
    person = people.create_user(by=OPERATOR, email="eve@acme.example", name="Eve")
    additions.add(by=OPERATOR, to=[person], on=host, role="administrator", notify=True)
    details = Letter.objects.get().details
    assert (details["by"], details["by_address"], details["what"]) == ("", "", ["administrator"])


@pytest.mark.parametrize("lost", ["revoked", "suspended", "moved", "over"])
def test_i_ob_1_who_has_lost_it_meanwhile_is_not_told(cast: Cast, mailing: None, lost: str) -> None:
    """I-OB-1: nothing is delivered to somebody without the right when its turn comes."""
    add(cast, cast.cleo, window=Window(ends_at=NOW + timedelta(days=1)))
    bindings.revoke(by=OPERATOR, of=[cast.cleo], on=cast.account, window=Window())
    at = NOW
    if lost == "revoked":
        bindings.revoke(by=OPERATOR, of=[cast.cleo], on=cast.account)
    elif lost == "suspended":
        people.suspend(by=OPERATOR, user=cast.cleo)
    elif lost == "moved":
        User.objects.filter(pk=cast.cleo).update(email="cleo@elsewhere.example", canonical="cleo@elsewhere.example")
    else:
        at = NOW + timedelta(days=1)
    assert outbox.lease(by=Caller(None, at, OPERATOR.channel)) is None
    assert Letter.objects.get().state == "withdrawn"


def test_i_ob_1_who_still_has_it_is_told(cast: Cast, mailing: None) -> None:
    add(cast, cast.cleo)
    leased = outbox.lease(by=OPERATOR)
    assert leased is not None
    assert leased.letter.recipient == "cleo@acme.example"


Turn = tuple[LetterKind, Callable[[Cast], object], Callable[[Cast], object]]
TURNS: dict[str, Turn] = {
    "an invitation that was answered": (
        LetterKind.INVITATION,
        invite,
        lambda _c: Invitation.objects.update(state="declined", settled_at=NOW),
    ),
    "an invitation whose days are over": (
        LetterKind.INVITATION,
        invite,
        lambda _c: Invitation.objects.update(sent_at=NOW - WEEK),
    ),
    "an answer to who manages nothing any more": (
        LetterKind.INVITATION_ANSWERED,
        lambda c: accept(link_of(invite(c, "dan@acme.example", by=managing(c))), c.dan),
        lambda c: bindings.revoke(by=OPERATOR, of=[c.ben], on=c.account),
    ),
    "a request to who manages nothing any more": (
        LetterKind.REQUEST_MADE,
        lambda c: requests.ask(by=caller(c.dan), at=ResourceRef("account", "100")) if managing(c, alone=True) else None,
        lambda c: Binding.objects.filter(principal=c.ben).update(permissions="edit", mask=4),
    ),
    "a link for a password that was changed": (
        LetterKind.PASSWORD_RESET,
        lambda _c: resets.mail_asked(by=nobody(), email="ben@acme.example"),
        lambda c: User.objects.filter(pk=c.ben).update(password="!another"),
    ),
    "a proof that nobody waits for": (
        LetterKind.ADDRESS_PROOF,
        lambda c: address_changes.ask(by=caller(c.ben), email="bb@acme.example"),
        lambda _c: AddressChange.objects.all().delete(),
    ),
}
"""A letter of each kind that has a need, how it comes to be, and what takes the need away past every command."""


def managing(cast: Cast, *, alone: bool = False) -> PrincipalId:
    """Let Ben manage the users of the account, with Alice or instead of her."""
    bindings.grant(by=OPERATOR, to=[cast.ben], on=cast.account, permissions=["manage_users"])
    if alone:
        bindings.revoke(by=OPERATOR, of=[cast.alice], on=cast.account)
    return cast.ben


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_i_ob_1_what_is_needed_no_more_is_not_sent(cast: Cast, mailing: None, turn: Turn) -> None:
    """I-OB-1: a letter that tells what its reader may not know any more, or whose link opens nothing, is withdrawn at its turn."""
    kind, make, lose = turn
    make(cast)
    Letter.objects.exclude(kind=kind.value).delete()
    assert is_needed(Letter.objects.get(), NOW)
    lose(cast)
    assert outbox.lease(by=OPERATOR) is None
    assert Letter.objects.get().state == "withdrawn"
