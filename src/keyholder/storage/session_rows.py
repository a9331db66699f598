"""The store of sessions: Django's database sessions, with the person noted on each row."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage.models import Session


class SessionStore(DatabaseStore):
    """Django's database sessions, with the person noted on each row."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Make the row and note whose session it is."""
        row = cast("Session", super().create_model_instance(data))
        user = data.get(SESSION_KEY)
        row.user = int(user) if user else None
        return row


def delete_of(user: PrincipalId) -> int:
    """Delete every session of a person and return how many there were."""
    return Session.objects.filter(user=user).delete()[0]
