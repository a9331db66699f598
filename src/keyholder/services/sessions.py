"""Sessions: ending all of a person's at once, in the transaction that acknowledges it (R-SES-2)."""

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage import session_rows


def end_all(user: PrincipalId) -> int:
    """Delete every session of a person and return how many there were."""
    return session_rows.delete_of(user)
