"""The outbox as its page shows it: letters in words, and the tabs of the mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keyholder.domain.letters import LetterKind, LetterState
from keyholder.interfaces.console.parts.navigation import Tab
from keyholder.interfaces.console.shown.paging import query
from keyholder.interfaces.http.wording import words
from keyholder.services.queries.outbox import LetterView, Outbox

KINDS: Mapping[LetterKind, object] = {
    LetterKind.INVITATION: gettext_lazy("Invitation"),
    LetterKind.INVITATION_ANSWERED: gettext_lazy("Answer to an invitation"),
    LetterKind.ACCESS_GIVEN: gettext_lazy("Notice of access"),
    LetterKind.PASSWORD_RESET: gettext_lazy("Link for a new password"),
    LetterKind.PASSWORD_CHANGED: gettext_lazy("Notice of a new password"),
    LetterKind.ADDRESS_PROOF: gettext_lazy("Proof of an address"),
    LetterKind.ADDRESS_CHANGED: gettext_lazy("Notice of a new address"),
    LetterKind.FACTOR_CHANGED: gettext_lazy("Notice about a second factor"),
    LetterKind.REQUEST_MADE: gettext_lazy("Request for access"),
    LetterKind.REQUEST_ANSWERED: gettext_lazy("Answer to a request"),
    LetterKind.RESOURCE_TRASHED: gettext_lazy("Something was put into the trash"),
    LetterKind.LINK_ASKED: gettext_lazy("Request for a link to an organization"),
    LetterKind.LINK_ANSWERED: gettext_lazy("Answer to a request for a link"),
    LetterKind.TEST: gettext_lazy("Test mail"),
}
STATES: Mapping[LetterState, object] = {
    LetterState.WAITING: gettext_lazy("Waiting"),
    LetterState.DEAD: gettext_lazy("Given up"),
    LetterState.SENT: gettext_lazy("Sent"),
    LetterState.WITHDRAWN: gettext_lazy("Withdrawn"),
}
MOVABLE = frozenset({LetterState.WAITING, LetterState.DEAD})
"""What can be sent again or discarded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One letter."""

    number: int
    recipient: str
    kind: str
    posted: datetime
    attempts: int
    why: str
    next: datetime | None
    """When it is tried again; None where its turn has come."""
    settled: datetime | None


def state(text: str) -> LetterState:
    """Return which letters an address asks for: those that wait, for what is none."""
    return LetterState(text) if text in set(LetterState) else LetterState.WAITING


def pages(dead: int, *, in_outbox: bool) -> tuple[Tab, ...]:
    """Lead from the mail server to the outbox and back."""
    return (
        Tab(_("Mail server"), reverse("console:mail"), current=not in_outbox),
        Tab(_("Outbox"), reverse("console:mail-outbox"), dead or None, current=in_outbox),
    )


def states(found: Outbox, current: LetterState) -> tuple[Tab, ...]:
    """Lead from one list of letters to another."""
    url = reverse("console:mail-outbox")
    kept = {each: "" if each is LetterState.WAITING else each.value for each in STATES}
    return tuple(Tab(str(STATES[s]), url + query({"state": kept[s]}), found.counts[s], current=s is current) for s in STATES)


def rows(found: Outbox, now: datetime) -> tuple[Row, ...]:
    """Show the letters of a page."""
    return tuple(_row(letter, now) for letter in found.letters)


def done(act: str, number: int) -> str:
    """Say what became of the letters that were ticked."""
    if act == "retry":
        return ngettext("%(count)d letter is sent again.", "%(count)d letters are sent again.", number) % {"count": number}
    return ngettext("%(count)d letter was discarded.", "%(count)d letters were discarded.", number) % {"count": number}


def _row(letter: LetterView, now: datetime) -> Row:
    why = words(letter.why) if letter.why is not None else ""
    upcoming = letter.due_at if letter.due_at > now else None
    return Row(
        letter.number,
        letter.recipient,
        str(KINDS[letter.kind]),
        letter.posted_at,
        letter.attempts,
        why,
        upcoming,
        letter.settled_at,
    )
