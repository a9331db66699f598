"""What a page about a reset link shows: whether the link still counts, and who may be given one how (semantics 7, R112)."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.addresses import mask
from keyholder.domain.identifiers import PrincipalId
from keyholder.services import letters, reset_links
from keyholder.services.caller import Caller
from keyholder.services.jurisdictions import known
from keyholder.services.queries.seeing import authority_of
from keyholder.services.reset_links import Ticket
from keyholder.storage.models import User


@dataclass(frozen=True, slots=True)
class OpenReset:
    """A link that still counts."""

    address: str
    """As strangers may see it."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Ways:
    """How a person can be given a link by the reader."""

    shown: bool
    mailed: bool


def opened(*, by: Caller, ticket: Ticket | None) -> OpenReset | None:
    """Return what the page of a link shows, None where the link does not count. Nothing is used up by looking."""
    found = reset_links.counting(ticket, by.at) if ticket else None
    return OpenReset(mask(found.user.email), found.expires_at) if found else None


def ways(*, by: Caller, of: PrincipalId) -> Ways | None:
    """Return how the reader can give a person a link; None where the reader has nothing to do with their password."""
    authority = authority_of(by)
    row = User.objects.filter(pk=of).first()
    if row is None or of == by.principal or of not in known(authority, [of]):
        return None
    return Ways(reset_links.may_be_shown(authority, row), letters.is_mailing())
