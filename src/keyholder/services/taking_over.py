"""Taking over: the first proof of a mailbox makes the account its owner's, and ends what was prepared before (semantics 6, R-OIDC-4)."""

from django.contrib.auth.hashers import make_password

from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import LetterKind
from keyholder.services import letters, sessions
from keyholder.services.act import Act
from keyholder.storage.models import Identity, User

PENDING = (LetterKind.PASSWORD_RESET, LetterKind.ADDRESS_PROOF)


def take_over(act: Act, row: User) -> bool:
    """Mark the address as verified; where it was not, void the password, the sessions, the links to providers and what is pending.

    Returns whether this was the first proof. Without an event of its own.
    """
    if not act.ledger.change(row, email_verified=True):
        return False
    row.password = make_password(None)
    row.save(update_fields=["password"])
    sessions.end_all(PrincipalId(row.pk))
    act.ledger.remove_all(Identity.objects.filter(user=row))
    for kind in PENDING:
        letters.withdraw(act, kind, row.pk)
    return True
