"""Invitations: their states, how long they live, and what a link says to who holds it. Pure rules on values (semantics 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class InvitationState(StrEnum):
    """What became of an invitation. That it has expired is no state: the clock says so whenever somebody looks."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class Standing(StrEnum):
    """How an invitation stands at a moment: its state, and *expired* for a pending one whose time is over (R107)."""

    PENDING = "pending"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class Says(StrEnum):
    """What a link says to who holds it; each has its own message (R106)."""

    CURRENT = "current"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DECLINED = "declined"
    OFF = "off"
    """It was handed over by hand, and the operator has switched such links off."""


class Way(StrEnum):
    """How somebody came to accept, which says what is proven about their address."""

    MAILED = "mailed"
    """By the mailed link: the mailbox is theirs."""
    COPIED = "copied"
    """By a link that somebody handed over: nothing is proven."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a secret turned out to be: of which invitation, of which generation, and how it travelled. It is no secret itself."""

    invitation: int
    generation: int
    way: Way


@dataclass(frozen=True, slots=True)
class Term:
    """When an invitation was sent, for how many days (the blueprint's rule), and what became of it since."""

    state: InvitationState
    generation: int
    sent_at: datetime
    days: int

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is too late (R104)."""
        return self.sent_at + timedelta(days=self.days)

    def standing(self, at: datetime) -> Standing:
        """Return how it stands at a moment: the second before its end it can be accepted, at its end it can't."""
        if self.state is InvitationState.PENDING and at >= self.expires_at:
            return Standing.EXPIRED
        return Standing(self.state.value)

    def says(self, link: Link, at: datetime, *, copied_links: bool = True) -> Says:
        """Return what a link to it says: what has become of the invitation comes before what has become of the link."""
        if self.state is not InvitationState.PENDING:
            return ENDED[self.state]
        if link.generation != self.generation:
            return Says.REPLACED
        if at >= self.expires_at:
            return Says.EXPIRED
        return Says.CURRENT if copied_links or link.way is Way.MAILED else Says.OFF


ENDED: Mapping[InvitationState, Says] = {
    InvitationState.ACCEPTED: Says.USED,
    InvitationState.DECLINED: Says.DECLINED,
    InvitationState.REVOKED: Says.REVOKED,
}
