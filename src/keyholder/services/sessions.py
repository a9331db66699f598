"""Sessions: a person's, those with a step to go as well, ended in the transaction that acknowledges it (R-SES-2)."""

import hashlib

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage import session_rows
from keyholder.storage.models import Session

HANDLE = 24
"""Characters by which a page names a session; its key never leaves the cookie."""


def end_all(user: PrincipalId, *, keep: str = "") -> int:
    """Delete every session of a person, but the one with the key ``keep``, and return how many there were."""
    return session_rows.delete_of(user, keep=keep)


def end_named(user: PrincipalId, handle: str) -> bool:
    """Delete the session of a person that has this handle; say whether there was one."""
    keys = Session.objects.filter(user=user).values_list("pk", flat=True)
    return bool(session_rows.delete([key for key in keys if handle_of(key) == handle]))


def handle_of(key: str) -> str:
    """Return by what a page names a session, which does not tell the key."""
    return hashlib.sha256(f"session {key}".encode()).hexdigest()[:HANDLE]
