"""The store of sessions: Django's database sessions, with whose each is, since when, and from where, noted on its row."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from keyholder.domain.identifiers import PrincipalId
from keyholder.storage.models import Session

PENDING = "pending"
"""Under which a session holds who has proven one thing and has another still to prove."""
SINCE, ADDRESS, BROWSER = "since", "address", "browser"


class SessionStore(DatabaseStore):
    """Django's database sessions, with the person noted on each row, also of who has a step to go: both end together (R-SES-2)."""

    seen_at: datetime | None = None
    """When the session was used last, as its row says: it changes without the session being written anew."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        """Return the row, and remember when it was used last."""
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # the stub forgets it
        self.seen_at = row.seen_at if row is not None else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Make the row and note whose session it is."""
        row = cast("Session", super().create_model_instance(data))
        user = data.get(SESSION_KEY)
        whose = user or data.get(PENDING, {}).get("user")
        row.user = int(whose) if whose else None
        row.is_open = bool(user)
        row.since = datetime.fromisoformat(data[SINCE]) if SINCE in data else None
        row.address, row.browser = data.get(ADDRESS, ""), data.get(BROWSER, "")
        row.seen_at = self.seen_at or row.since
        return row

    def touch(self, at: datetime) -> None:
        """Note that the session was used."""
        self.seen_at = at
        Session.objects.filter(pk=self.session_key).update(seen_at=at)


def delete_of(user: PrincipalId, *, keep: str = "") -> int:
    """Delete every session of a person but one, also one with a step to go, and return how many there were."""
    return Session.objects.filter(user=user).exclude(pk=keep).delete()[0]


def delete(keys: Collection[str]) -> int:
    """Delete these sessions and return how many there were."""
    return Session.objects.filter(pk__in=keys).delete()[0]
