"""Taking over: the first proof of a mailbox makes the account its owner's, and ends what was prepared before (semantics 6, R-OIDC-4)."""

from django.contrib.auth.hashers import make_password

from keyholder.domain.identifiers import PrincipalId
from keyholder.services import sessions
from keyholder.services.act import Act
from keyholder.services.address_proofs import drop_pending, mark_proven
from keyholder.storage.models import Authenticator, Identity, Passkey, RecoveryCode, User

FACTORS = (Authenticator, Passkey, RecoveryCode)


def take_over(act: Act, row: User, hashed: str = "") -> bool:
    """Note the first proof of an address; void the password, factors, sessions, links to providers and whatever waits for a proof.

    ``hashed`` is the new password as it is stored, where one was chosen with the proof. Returns whether it was the first proof: of an
    address that was proven before nothing changes. The act holds the lock of the instance's tenant.
    """
    if row.email_verified:
        return False
    row.password = hashed or make_password(None)
    row.save(update_fields=["password"])
    sessions.end_all(PrincipalId(row.pk))
    for factor in FACTORS:
        factor.objects.filter(user=row).delete()
    drop_pending(act, row)
    act.ledger.remove_all(Identity.objects.filter(user=row))
    mark_proven(act, row)
    return True
