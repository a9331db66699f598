"""Address proofs: noting that an address was proven, and dropping one that waits for its proof (R-EML-7, I-ID-3)."""

from datetime import datetime

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.domain.letters import LetterKind
from keyholder.domain.principals import Status
from keyholder.services import letters
from keyholder.services.act import Act
from keyholder.storage import tenancy
from keyholder.storage.models import AddressChange, PasswordReset, User


def waiting(number: int, generation: int, at: datetime) -> AddressChange | None:
    """Return the change that waits for this very proof, of somebody who is not suspended."""
    rows = AddressChange.objects.select_related("user").filter(pk=number, generation=generation, expires_at__gt=at)
    return rows.filter(user__status=Status.ACTIVE.value).first()


def is_anothers(change: AddressChange, reader: PrincipalId | None) -> bool:
    """Say whether a proof would give an address to somebody else than who uses it: nobody takes over what another one's mailbox proves.

    The address that a person has already is proven by whoever has the mailbox, to whom the account is then.
    """
    return bool(change.canonical != change.user.canonical and change.user_id != reader)


def mark_proven(act: Act, row: User) -> None:
    """Note that a person proved the address they have, and tell it; where it was proven already nothing is told (I-ID-3)."""
    if act.ledger.change(row, email_verified=True):
        details = {"subject": row.name, "address": row.email}
        event = Event("user.address_proven", "user", row.pk, subject=PrincipalId(row.pk), details=details)
        act.record(event, tenant=tenancy.instance())


def drop_pending(act: Act, row: User) -> None:
    """Drop whatever address waits to be proven, with its letter, and take back letters with links that choose a password."""
    for pk in PasswordReset.objects.filter(user=row, digest="", used_at__isnull=True).values_list("pk", flat=True):
        letters.withdraw(act, LetterKind.PASSWORD_RESET, pk)
    for pk in AddressChange.objects.filter(user=row).values_list("pk", flat=True):
        letters.withdraw(act, LetterKind.ADDRESS_PROOF, pk)
    AddressChange.objects.filter(user=row).delete()
