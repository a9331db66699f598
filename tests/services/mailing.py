"""Letters in tests: a mail server is set up, and what waits in the outbox is read as its reader would."""

from keyholder.domain.events import Event
from keyholder.domain.letters import LetterKind
from keyholder.services import proofs, scopes
from keyholder.services.acting import acting
from keyholder.services.proofs import Purpose
from keyholder.storage.models import Letter, MailSettings
from tests.cast import OPERATOR

PURPOSES = {LetterKind.PASSWORD_RESET: Purpose.RESET, LetterKind.ADDRESS_PROOF: Purpose.VERIFICATION}


def begin() -> None:
    """Set a mail server up; nothing is sent, letters wait."""
    with acting(OPERATOR, scopes.of_instance) as act:
        act.ledger.add(MailSettings(host="mail.acme.example", port=25, security="none", sender="keyholder@acme.example"))
        act.record(Event("blueprint.changed", "mail_settings", details={"blueprint": "mail"}))


def letters(kind: LetterKind) -> list[Letter]:
    """Return the letters of a kind that wait, oldest first."""
    return list(Letter.objects.filter(kind=kind.value, state="waiting").order_by("pk"))


def secret(letter: Letter) -> str:
    """Return the secret that the mailed letter holds in its link."""
    return proofs.mailed(PURPOSES[LetterKind(letter.kind)], letter.about, letter.generation)
