"""Sessions of people in tests."""

from django.contrib.auth import SESSION_KEY

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage.session_rows import SessionStore


def session_of(user: PrincipalId) -> SessionStore:
    """Return a session in which somebody is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user)
    session.save()
    return session


def is_open(session: SessionStore) -> bool:
    """Say whether a session is still there."""
    return session.exists(str(session.session_key))
