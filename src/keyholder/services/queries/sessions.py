"""Sessions as pages list them: one's own, and those of somebody for an operator (R-SES-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from keyholder.domain.identifiers import PrincipalId
from keyholder.services import sessions
from keyholder.services.caller import Caller
from keyholder.services.queries.seeing import authority_of
from keyholder.storage.models import Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session: where, since when, and when it was used last."""

    handle: str
    browser: str
    address: str
    since: datetime | None
    seen_at: datetime | None
    is_this: bool = False


def own(*, by: Caller, key: str) -> tuple[OpenSession, ...]:
    """Return the caller's own sessions that are not over, this one first, then the one used last."""
    found = [_shown(row, key) for row in _open(by, PrincipalId(by.principal or 0))]
    return tuple(sorted(found, key=lambda one: not one.is_this))


def of_person(*, by: Caller, user: PrincipalId) -> tuple[OpenSession, ...]:
    """Return the sessions of a person that are not over. Raises Forbidden for anybody but an operator."""
    authority_of(by).require_operator()
    return tuple(_shown(row, "") for row in _open(by, user))


def _open(by: Caller, user: PrincipalId) -> Iterable[Session]:
    begun = by.at - timedelta(hours=settings.SESSION_LONGEST_HOURS)
    used = by.at - timedelta(hours=settings.SESSION_HOURS)
    return Session.objects.filter(user=user, is_open=True).exclude(since__lte=begun).exclude(seen_at__lte=used).order_by("-seen_at", "pk")


def _shown(row: Session, key: str) -> OpenSession:
    return OpenSession(sessions.handle_of(row.pk), row.browser, row.address, row.since, row.seen_at, is_this=row.pk == key)
