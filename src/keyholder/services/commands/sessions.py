"""Sessions: ending one's own in another browser, and an operator ending somebody's (R-SES-3)."""

from keyholder.domain.events import Event
from keyholder.domain.identifiers import PrincipalId
from keyholder.services import scopes, sessions
from keyholder.services.acting import acting
from keyholder.services.authority import not_there
from keyholder.services.caller import Caller
from keyholder.services.commands.finding import user_row


def end_one(*, by: Caller, handle: str) -> None:
    """End one session of the caller's own, named by its handle. Raises NotFound for one that is nobody's, or another's."""
    with acting(by, scopes.of_instance) as act:
        row = user_row(PrincipalId(by.principal or 0))
        if not sessions.end_named(PrincipalId(row.pk), handle):
            raise not_there()
        act.record(Event("sign_in.session_ended", "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}))


def end_others(*, by: Caller, keep: str) -> int:
    """End every session of the caller's own but the one with this key, and return how many there were."""
    with acting(by, scopes.of_instance) as act:
        row = user_row(PrincipalId(by.principal or 0))
        ended = sessions.end_all(PrincipalId(row.pk), keep=keep)
        if ended:
            act.record(Event("sign_in.sessions_ended", "user", row.pk, subject=PrincipalId(row.pk), details={"subject": row.name}))
        return ended


def end_of(*, by: Caller, user: PrincipalId) -> int:
    """End every session of a person and return how many there were. Only an operator may."""
    with acting(by, scopes.of_instance) as act:
        act.authority.require_operator()
        row = user_row(user)
        ended = sessions.end_all(user)
        act.record(Event("sign_in.sessions_ended", "user", row.pk, subject=user, details={"subject": row.name}))
        return ended
