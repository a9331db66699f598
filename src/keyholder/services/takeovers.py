"""Taking a person over: the first proof of a mailbox voids what was set up under its address before (semantics 6, R-INV-4)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.services import sessions
from keyholder.services.act import Act
from keyholder.storage import tenancy
from keyholder.storage.models import User


def take_over(act: Act, row: User, hashed: str) -> None:
    """Mark a person's address as proven, and give them another password: the old one and every session made before are void.

    ``hashed`` is the new password as it is stored. The caller's act holds the lock of the instance's tenant.
    """
    row.password = hashed
    row.save(update_fields=["password"])
    sessions.end_all(PrincipalId(row.pk))
    act.ledger.change(row, email_verified=True)
    act.record(
        Event("user.taken_over", "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}), tenant=tenancy.instance()
    )
