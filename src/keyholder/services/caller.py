"""The caller: who acts now, when, and through which door. Made by a door, handed to every command and query as ``by=``."""

from dataclasses import dataclass
from datetime import datetime

from keyholder.domain.events import Channel
from keyholder.domain.identifiers import OrganizationId, PrincipalId, TenantId

OWN_CHANNELS = frozenset({Channel.CLI, Channel.IMPORT, Channel.SYSTEM})
"""The channels by which the instance itself acts."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An organization that lets people to its pages only through a provider by which a session has not been proven."""

    organization: OrganizationId
    tenant: TenantId
    name: str
    provider: str
    """What the provider is called."""
    key: str
    """Under which one goes to it; empty for one that is not set up here any more."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or service account, or the instance itself (``principal`` is None): the operator's command line.

    For the instance authority is not asked, rules are (semantics 2). ``at`` is the moment of the act, in UTC; every window is judged by it.
    Nobody who comes by another door is the instance: without a principal they are not signed in, and may nothing (I-AZ-10).
    """

    principal: PrincipalId | None
    at: datetime
    channel: Channel
    name: str = ""
    request_id: str = ""
    address: str = ""
    closed: tuple[Closed, ...] = ()
    """The organizations whose pages this session does not open, because it was not begun through their provider."""

    @property
    def is_instance(self) -> bool:
        """Whether this is the operator's command line or the system."""
        return self.principal is None and self.channel in OWN_CHANNELS
