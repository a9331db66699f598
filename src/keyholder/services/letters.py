"""Letters: posting them in the transaction that they tell about, and taking them back before they went (semantics 6)."""

from collections.abc import Mapping, Sequence
from threading import Event as Bell

from django.conf import settings

from keyholder.domain.letters import Letter, LetterKind, LetterState
from keyholder.services import proofs
from keyholder.services.act import Act
from keyholder.services.authority import name_of
from keyholder.services.proofs import Purpose
from keyholder.storage import outbox
from keyholder.storage.models import Letter as LetterRow
from keyholder.storage.models import MailSettings, User

BELL = Bell()
"""Rings when a letter was posted in this process: whoever sends need not wait for its next look."""
LINKS: Mapping[LetterKind, tuple[Purpose, str]] = {
    LetterKind.INVITATION: (Purpose.INVITATION, "/invitation/"),
    LetterKind.PASSWORD_RESET: (Purpose.RESET, "/reset/"),
    LetterKind.ADDRESS_PROOF: (Purpose.VERIFICATION, "/verify/"),
}
"""The kinds whose link holds a secret: what it is for, and the page that takes it."""


def is_mailing() -> bool:
    """Say whether a mail server is set up; where none is, nothing is posted and links are handed over by hand."""
    return MailSettings.objects.exists()


def post(act: Act, letter: Letter) -> bool:
    """Put a letter into the outbox, to be kept or lost with the act; where nothing can be mailed, say so by False and keep nothing."""
    if not is_mailing():
        return False
    _row(act, letter).save(force_insert=True)
    outbox.after_commit(BELL.set)
    return True


def post_all(act: Act, letters: Sequence[Letter]) -> bool:
    """Put several letters into the outbox at once, as :func:`post` does with one: as many queries for one as for many."""
    if not is_mailing():
        return False
    LetterRow.objects.bulk_create([_row(act, letter) for letter in letters])
    outbox.after_commit(BELL.set)
    return True


def signed(act: Act) -> dict[str, object]:
    """Return who acts, for a letter's details: name and address; empty for the command line, which every language calls its own way."""
    if act.by.principal is None:
        return {"by": "", "by_address": ""}
    address = User.objects.filter(pk=act.by.principal).values_list("email", flat=True).first()
    return {"by": act.by.name or name_of(act.by.principal), "by_address": address or ""}


def withdraw(act: Act, kind: LetterKind, about: int) -> int:
    """Take back the letters of a kind about one thing that still wait, and return how many there were."""
    waiting = LetterRow.objects.filter(kind=kind.value, about=about, state=LetterState.WAITING.value)
    return waiting.update(state=LetterState.WITHDRAWN.value, settled_at=act.at, leased_until=None)


def withdraw_to(act: Act, address: str) -> int:
    """Take back every letter to an address that has not gone, given up or not, and return how many there were."""
    left = [LetterState.WAITING.value, LetterState.DEAD.value]
    return outbox.discard(LetterRow.objects.filter(recipient=address, state__in=left), act.at)


def link(letter: Letter) -> str:
    """Return the address that a letter's link leads to; empty where it has none.

    Made when the mail is built, from the configured public address and never from a request (R-HST-1); a secret is in no row.
    """
    if letter.kind in LINKS:
        purpose, page = LINKS[letter.kind]
        return f"{settings.PUBLIC_URL}{page}{proofs.mailed(purpose, letter.about, letter.generation)}/"
    return f"{settings.PUBLIC_URL}{letter.path}" if letter.path else ""


def _row(act: Act, letter: Letter) -> LetterRow:
    return LetterRow(
        kind=letter.kind.value,
        recipient=letter.recipient,
        name=letter.name,
        language=letter.language,
        about=letter.about,
        generation=letter.generation,
        path=letter.path,
        details=dict(letter.details),
        posted_at=act.at,
        due_at=act.at,
        request_id=act.by.request_id,
    )
